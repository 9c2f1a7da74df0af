using DoaMarket.Kernel;

namespace DoaMarket.Conformance;

/// <summary>
/// What PostgreSQL ends because of somebody else, 40P01 and 40001. SQLite has one writer and no transactions beside each
/// other: neither can occur there.
/// </summary>
public sealed class PostgresConflictTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    // The suite's case about two that wait for each other would pass as well where they wait for one another in turn.
    [Fact(Timeout = PostgresRig.LongestTestMs)]
    public async Task Two_units_of_work_that_wait_for_each_other_are_a_deadlock_to_the_server_and_a_conflict_to_the_kernel()
    {
        await using var rig = await PostgresRig.First();
        await Commit(rig, [Shelf.New("a", new("north", 0)), Shelf.New("b", new("north", 0))]);
        await using var one = await rig.Store.Begin(Shelf.Service, [Shelf.Boxes.Key("a")], Stop);
        await using var two = await rig.Store.Begin(Shelf.Service, [Shelf.Boxes.Key("b")], Stop);
        var waiting = Commit(rig, one, [Shelf.Write("b", 1, new("south", 1))]);
        await Eventually(async () => await Count(rig, "pg_locks WHERE NOT granted") == 1);
        var outcomes = await Task.WhenAll(waiting, Commit(rig, two, [Shelf.Write("a", 1, new("south", 2))]));

        Assert.Equal([CommitOutcome.Committed, CommitOutcome.Conflict], outcomes.Order());
        var page = await rig.Store.Query(new(Shelf.Boxes, "by_shelf", ["south"], 10), Stop);
        Assert.Equal(outcomes[0] == CommitOutcome.Committed ? "b" : "a", Assert.Single(page.Documents).Key.Id);
        await Eventually(async () => await Count(rig, "pg_stat_database WHERE datname = current_database() AND deadlocks = 1") == 1);
    }

    // Each looks for what the other writes: no version and no key tells that they contradict each other.
    [Fact(Timeout = PostgresRig.LongestTestMs)]
    public async Task A_commit_that_cannot_be_serialized_is_a_conflict_and_the_reloaded_one_is_not()
    {
        await using var rig = await PostgresRig.Serializable();
        await using var one = await rig.Store.Begin(Shelf.Service, [Shelf.Boxes.Key("a")], Stop);
        await using var two = await rig.Store.Begin(Shelf.Service, [Shelf.Boxes.Key("b")], Stop);
        Assert.Equal(CommitOutcome.Committed, await Commit(rig, one, [Shelf.New("b", new("north", 1))], message: 1));
        Assert.Equal(CommitOutcome.Conflict, await Commit(rig, two, [Shelf.New("a", new("north", 2))], message: 2));

        Assert.Null(await rig.Store.Find(Shelf.Boxes.Key("a"), Stop));
        var sent = Assert.Single(await rig.Journal.ByCorrelation(new(Shelf.Id(0)), 10, Stop));
        Assert.Equal(Shelf.Id(1), sent.EventId.Value);
        await using var again = await rig.Store.Begin(Shelf.Service, [Shelf.Boxes.Key("b")], Stop);
        Assert.Equal("b", Assert.Single(again.Documents).Key.Id);
        Assert.Equal(CommitOutcome.Committed, await Commit(rig, again, [Shelf.New("a", new("north", 2))], message: 2));
    }

    // Before the commit there is no outcome to tell: the batch is kept, and loaded again.
    [Fact(Timeout = PostgresRig.LongestTestMs)]
    public async Task A_load_that_cannot_be_serialized_says_that_nothing_was_written()
    {
        await using var rig = await PostgresRig.Serializable();
        await Commit(rig, [Shelf.New("a", new("north", 0))]);
        await using var one = await rig.Store.Begin(Shelf.Service, [Shelf.Boxes.Key("a")], Stop);
        var waiting = rig.Store.Begin(Shelf.Service, [Shelf.Boxes.Key("a")], Stop).AsTask();
        await Eventually(async () => await Count(rig, "pg_locks WHERE NOT granted") == 1);
        Assert.Equal(CommitOutcome.Committed, await Commit(rig, one, [Shelf.Write("a", 1, new("south", 1))]));

        var error = await Assert.ThrowsAsync<StoreUnavailableException>(() => waiting);
        Assert.False(error.MayHaveCommitted);
        await using var again = await rig.Store.Begin(Shelf.Service, [Shelf.Boxes.Key("a")], Stop);
        Assert.Equal(2, Assert.Single(again.Documents.Values).Version);
    }

    private static async Task<CommitOutcome> Commit(PostgresRig rig, DocumentWrite[] documents)
    {
        await using var work = await rig.Store.Begin(Shelf.Service, [], Stop);
        return await Commit(rig, work, documents);
    }

    private static async Task<CommitOutcome> Commit(
        PostgresRig rig, IUnitOfWork work, DocumentWrite[] documents, int? message = null)
    {
        var now = rig.Clock.GetUtcNow();
        return await work.Commit(
            Shelf.Unit(now, documents, message is { } id ? [Shelf.Message(id, now)] : []), Stop);
    }

    private static async Task<long> Count(PostgresRig rig, string of) => (long)(await rig.Sql($"SELECT count(*) FROM {of}"))!;

    private static async Task Eventually(Func<Task<bool>> isSo)
    {
        while (!await isSo())
        {
            await Task.Delay(20, Stop);
        }
    }
}
