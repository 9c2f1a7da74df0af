using DoaMarket.Kernel;
using DoaMarket.Postgres;

namespace DoaMarket.Conformance;

/// <summary>
/// What only a store behind a network can get into. SQLite runs in the process itself: its COMMIT has an answer, or the
/// process is gone.
/// </summary>
public sealed class PostgresOutageTests : IAsyncLifetime
{
    private Wire _wire = null!;
    private PostgresRig _rig = null!;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private DateTimeOffset Now => _rig.Clock.GetUtcNow();

    public async ValueTask InitializeAsync() =>
        (_rig, _wire) = await PostgresRig.OnAWire(new PostgresOptions { CommandTimeout = TimeSpan.FromSeconds(2) });

    public async ValueTask DisposeAsync()
    {
        _wire.Mend();
        await _rig.DisposeAsync();
        await _wire.DisposeAsync();
    }

    [Fact(Timeout = PostgresRig.LongestTestMs)]
    public async Task A_commit_whose_answer_is_lost_is_found_to_be_committed_and_its_messages_are_handed_over()
    {
        await _rig.Transport.Receive(Shelf.Queue, 10, Stop); // nothing waits, so messages go in memory
        await using var work = await _rig.Store.Begin(Shelf.Service, [Shelf.Boxes.Key("a")], Stop);
        _wire.Next(WireFault.LosesAnswer);

        Assert.Equal(CommitOutcome.Committed, await Commit(work));
        Assert.Equal(1, (await _rig.Store.Find(Shelf.Boxes.Key("a"), Stop))!.Version);
        Assert.False(Assert.Single(await _rig.Transport.Receive(Shelf.Queue, 10, Stop)).IsRedelivery);
        Assert.Single(await _rig.Transport.Receive(Shelf.Second, 10, Stop));
    }

    [Fact(Timeout = PostgresRig.LongestTestMs)]
    public async Task A_commit_that_never_reached_the_server_has_not_happened()
    {
        await using (var work = await _rig.Store.Begin(Shelf.Service, [Shelf.Boxes.Key("a")], Stop))
        {
            _wire.Next(WireFault.LosesRequest);
            await Assert.ThrowsAsync<StoreUnavailableException>(() => Commit(work));
        }

        Assert.Null(await _rig.Store.Find(Shelf.Boxes.Key("a"), Stop));
        await using var again = await _rig.Store.Begin(Shelf.Service, [Shelf.Boxes.Key("a")], Stop);
        Assert.Equal(CommitOutcome.Committed, await Commit(again));
    }

    // The server is away for longer than a batch's turn: whoever waits behind it must hear so, and the outcome stays open.
    [Fact(Timeout = PostgresRig.LongestTestMs)]
    public async Task A_commit_whose_outcome_cannot_be_asked_for_is_said_to_be_unknown_and_found_out_before_the_next_batch()
    {
        await _rig.Transport.Receive(Shelf.Queue, 10, Stop); // nothing waits, so messages go in memory
        await using (var work = await _rig.Store.Begin(Shelf.Service, [Shelf.Boxes.Key("a")], Stop))
        {
            _wire.CutAfterCommit();
            var error = await Assert.ThrowsAsync<StoreUnavailableException>(() => Commit(work));
            Assert.True(error.MayHaveCommitted);
        }

        await Refused(async () => await _rig.Store.Begin(Shelf.Service, [], Stop));
        _wire.Mend();
        await using var next = await BeginAgain();
        Assert.Equal(1, next.Documents[Shelf.Boxes.Key("a")].Version);
        Assert.False(Assert.Single(await _rig.Transport.Receive(Shelf.Queue, 10, Stop)).IsRedelivery);
    }

    [Fact(Timeout = PostgresRig.LongestTestMs)]
    public async Task A_commit_whose_outcome_was_unknown_cannot_happen_after_the_next_batch_has_begun()
    {
        await using (var work = await _rig.Store.Begin(Shelf.Service, [Shelf.Boxes.Key("a")], Stop))
        {
            _wire.Cut();
            var error = await Assert.ThrowsAsync<StoreUnavailableException>(() => Commit(work));
            Assert.True(error.MayHaveCommitted);
        }

        _wire.Mend();
        await using var again = await BeginAgain();
        Assert.Empty(again.Documents);
        Assert.Equal(CommitOutcome.Committed, await Commit(again));
        Assert.Equal(1L, await _rig.Sql("SELECT count(*) FROM messaging.messages"));
    }

    // The worst case: first it is asked how the commit ended, and then the commit arrives.
    [Fact(Timeout = PostgresRig.LongestTestMs)]
    public async Task A_commit_that_was_found_not_to_have_happened_cannot_happen_afterwards()
    {
        await using (var first = await _rig.Store.Begin(Shelf.Service, [], Stop))
        {
            await first.Commit(Shelf.Unit(Now, [Shelf.New("first", new("north", 1))]), Stop);
        }

        var session = await _rig.Sql(
            "SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND query = 'COMMIT'");
        await using var work = await _rig.Store.Begin(Shelf.Service, [], Stop);
        _wire.Next(WireFault.HoldsRequest);
        await Assert.ThrowsAsync<StoreUnavailableException>(() => Commit(work));

        _wire.LetGo();
        while (await _rig.Sql($"SELECT pid FROM pg_stat_activity WHERE pid = {session}") is not null)
        {
            await Task.Delay(20, Stop);
        }

        Assert.Null(await _rig.Store.Find(Shelf.Boxes.Key("a"), Stop));
        Assert.Equal(0L, await _rig.Sql("SELECT count(*) FROM messaging.messages"));
    }

    [Fact(Timeout = PostgresRig.LongestTestMs)]
    public async Task A_session_that_the_server_ends_costs_a_batch_its_turn_and_nothing_else()
    {
        for (var i = 0; i < 20; i++) // more than there are connections
        {
            await using var work = await _rig.Store.Begin(Shelf.Service, [Shelf.Boxes.Key("a")], Stop);
            await _rig.Sql(
                "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity "
                + "WHERE datname = current_database() AND state = 'idle in transaction'");
            await Assert.ThrowsAsync<StoreUnavailableException>(() => Commit(work));
        }

        await using var again = await _rig.Store.Begin(Shelf.Service, [Shelf.Boxes.Key("a")], Stop);
        Assert.Equal(CommitOutcome.Committed, await Commit(again));
    }

    [Fact(Timeout = PostgresRig.LongestTestMs)]
    public async Task Without_a_server_everything_says_so_and_with_it_all_goes_on()
    {
        await using (var work = await _rig.Store.Begin(Shelf.Service, [], Stop))
        {
            await Commit(work);
        }

        _wire.Cut();
        await Refused(async () => await _rig.Store.Begin(Shelf.Service, [Shelf.Boxes.Key("a")], Stop));
        await Refused(async () => await _rig.Store.Find(Shelf.Boxes.Key("a"), Stop));
        await Refused(async () => await _rig.Store.Due([Shelf.Boxes], Now, 1, Stop));
        await Refused(async () => await _rig.Transport.Receive(Shelf.Second, 1, Stop));

        _wire.Mend();
        Assert.NotNull(await _rig.Store.Find(Shelf.Boxes.Key("a"), Stop));
        Assert.Single(await _rig.Transport.Receive(Shelf.Second, 1, Stop));
    }

    // As the kernel does: connections that broke are found to be broken one by one.
    private async Task<IUnitOfWork> BeginAgain()
    {
        while (true)
        {
            try
            {
                return await _rig.Store.Begin(Shelf.Service, [Shelf.Boxes.Key("a")], Stop);
            }
            catch (StoreUnavailableException)
            {
                await Task.Delay(20, Stop);
            }
        }
    }

    private static Task<StoreUnavailableException> Refused(Func<Task> ask) =>
        Assert.ThrowsAsync<StoreUnavailableException>(ask);

    private async Task<CommitOutcome> Commit(IUnitOfWork work) =>
        await work.Commit(Shelf.Unit(Now, [Shelf.New("a", new("north", 1))], [Shelf.Message(1, Now)]), Stop);
}
