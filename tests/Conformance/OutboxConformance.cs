using System.Text;
using DoaMarket.Kernel;

namespace DoaMarket.Conformance;

/// <summary>A store whose messages go to a broker. Each adapter has its own.</summary>
public interface IOutboxRig : IAsyncDisposable
{
    HandClock Clock { get; }

    IStore Store { get; }

    IOutbox Outbox { get; }

    IJournal Journal { get; }

    IDeadLetters DeadLetters { get; }

    /// <summary>How long a row belongs to the process that committed it.</summary>
    TimeSpan Claim { get; }

    /// <summary>Ends the process without a word and starts it again on what is durable.</summary>
    Task Crash();
}

/// <summary>What every store must do that works with a broker. An adapter inherits it and says only how it is started.</summary>
public abstract class OutboxConformance : IAsyncLifetime
{
    private readonly List<OutboxRow> _taken = [];
    private IOutboxRig _rig = null!;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private DateTimeOffset Now => _rig.Clock.GetUtcNow();

    protected abstract Task<IOutboxRig> StartRig();

    public async ValueTask InitializeAsync()
    {
        _rig = await StartRig();
        _rig.Outbox.OnCommit(_taken.AddRange);
    }

    public async ValueTask DisposeAsync()
    {
        await _rig.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    [Fact]
    public async Task A_commit_hands_its_messages_over_when_they_are_durable_in_the_order_of_commits()
    {
        await Send(Shelf.Message(1, Now), Shelf.Message(2, Now));
        await Send(Shelf.Message(3, Now));
        Assert.Equal([Shelf.Id(1), Shelf.Id(2), Shelf.Id(3)], _taken.Select(r => r.Message.EventId.Value));
        Assert.Equal(3, _taken.DistinctBy(r => r.Sequence).Count());
        Assert.All(_taken, r => Assert.Equal((Now, Now + _rig.Claim, null), (r.CommittedAt, r.ClaimedUntil, r.To)));
        Assert.Equal(new OutboxStatus(3, Now), await _rig.Outbox.Status(100, Stop));
        Assert.Equal(2, (await _rig.Outbox.Status(2, Stop)).Rows); // counted no further than asked
    }

    [Fact]
    public async Task A_commit_that_is_refused_leaves_nothing_in_the_outbox()
    {
        await Commit(Shelf.Unit(Now, [Shelf.New("a", new("north", 1))]), CommitOutcome.Committed);
        await Commit(Shelf.Unit(Now, [Shelf.New("a", new("south", 1))], [Shelf.Message(1, Now)]), CommitOutcome.Conflict);
        Assert.Empty(_taken);
        Assert.Equal(new OutboxStatus(0, null), await _rig.Outbox.Status(100, Stop));
    }

    [Fact]
    public async Task What_a_process_committed_is_its_own_until_its_claim_runs_out()
    {
        await Send(Shelf.Message(1, Now));
        await _rig.Crash();
        Assert.Empty(await Claim());
        _rig.Clock.Advance(_rig.Claim - TimeSpan.FromSeconds(1));
        Assert.Empty(await Claim());
        _rig.Clock.Advance(TimeSpan.FromSeconds(2));
        var row = Assert.Single(await Claim());
        Assert.Equal((Shelf.Id(1), Now + _rig.Claim), (row.Message.EventId.Value, row.ClaimedUntil));
        Assert.Empty(await Claim()); // it is held again
        _rig.Clock.Advance(_rig.Claim + TimeSpan.FromSeconds(1));
        Assert.Single(await Claim());
    }

    [Fact]
    public async Task A_row_comes_back_as_it_was_committed()
    {
        await Send(Shelf.Message(1, Now, secret: "홍길동"), Shelf.Message(2, Now));
        _rig.Clock.Advance(_rig.Claim);
        var claimed = await Claim();
        foreach (var (before, after) in _taken.Zip(claimed))
        {
            Assert.Equal(before.Message.Write(), after.Message.Write());
            Assert.Equal(before.PersonalBody, after.PersonalBody);
            Assert.Equal((before.Sequence, before.CommittedAt, before.To), (after.Sequence, after.CommittedAt, after.To));
            Assert.Equal(before.Message.Subject, after.Message.Subject);
        }

        Assert.DoesNotContain("홍길동", Encoding.UTF8.GetString(claimed[0].Message.Write()), StringComparison.Ordinal);
        Assert.Contains("홍길동", Encoding.UTF8.GetString(claimed[0].ForReceivers.Write()), StringComparison.Ordinal);
        Assert.Null(claimed[1].PersonalBody);
    }

    [Fact]
    public async Task Claims_take_the_oldest_first_and_no_more_than_asked()
    {
        await Send([.. Enumerable.Range(1, 30).Select(i => Shelf.Message(i, Now))]);
        _rig.Clock.Advance(_rig.Claim);
        var first = await Claim(max: 20);
        var rest = await Claim(max: 20);
        Assert.Equal(Enumerable.Range(1, 30).Select(Shelf.Id), first.Concat(rest).Select(r => r.Message.EventId.Value));
        Assert.Equal((20, 10), (first.Count, rest.Count));
    }

    [Fact]
    public async Task Two_who_claim_at_once_never_get_the_same_row()
    {
        await Send([.. Enumerable.Range(1, 200).Select(i => Shelf.Message(i, Now))]);
        _rig.Clock.Advance(_rig.Claim);
        var claims = await Task.WhenAll(Enumerable.Range(0, 8).Select(async _ => await Claim(max: 25)));
        Assert.Equal(200, claims.SelectMany(c => c).DistinctBy(r => r.Sequence).Count());
        Assert.Equal(200, claims.Sum(c => c.Count));
    }

    [Fact]
    public async Task What_is_removed_never_comes_again_and_its_number_is_not_given_again()
    {
        await Send(Shelf.Message(1, Now), Shelf.Message(2, Now));
        var first = _taken[0];
        await _rig.Outbox.Remove([first], Stop);
        await _rig.Outbox.Remove([first], Stop); // another process had it, too
        Assert.Equal(1, (await _rig.Outbox.Status(100, Stop)).Rows);
        await _rig.Outbox.Remove([_taken[1]], Stop);
        await Send(Shelf.Message(3, Now));
        Assert.Equal(3, _taken.DistinctBy(r => r.Sequence).Count());
        _rig.Clock.Advance(_rig.Claim);
        Assert.Equal(Shelf.Id(3), Assert.Single(await Claim()).Message.EventId.Value);
    }

    [Fact]
    public async Task A_message_that_is_sent_again_is_a_row_of_its_own()
    {
        await Send(Shelf.Message(1, Now));
        await Send(Shelf.Message(1, Now, again: true));
        await _rig.Outbox.Remove([_taken[0]], Stop);
        Assert.Equal(1, (await _rig.Outbox.Status(100, Stop)).Rows);
    }

    [Fact]
    public async Task A_commit_writes_no_journal_and_the_journals_queue_does_once()
    {
        await Send(Shelf.Message(1, Now, secret: "홍길동"));
        Assert.Equal(0, await _rig.Journal.Head(Stop));
        var message = _taken[0].Message;
        await _rig.Journal.Append([message], Stop);
        await _rig.Journal.Append([message with { Timestamp = Now.AddSeconds(9) }], Stop); // it came twice
        var entry = Assert.Single(await _rig.Journal.BySubject("box-1", 10, Stop));
        Assert.Equal((message.EventId, message.Timestamp), (entry.EventId, entry.Timestamp));
        Assert.Equal(("00-trace-01", new UserId("u-1")), (entry.Traceparent, entry.UserId!.Value));
        Assert.Equal(Encoding.UTF8.GetString(message.Body), entry.Body);
    }

    [Fact]
    public async Task A_dead_delivery_is_buried_whole_in_the_commit_and_redriven_to_its_queue_alone()
    {
        var sent = Shelf.Message(1, Now, secret: "홍길동");
        var wire = WireMessage.Of(sent.Envelope, sent.PersonalBody!);
        var delivery = Delivery.Of(Shelf.Queue, wire.Write(), Shelf.Catalog, 2, true, "receipt", Now);
        await Commit(
            Shelf.Unit(Now, settlements: [new Settlement.Dead(delivery, 3, "it broke", "at Shelf")]), CommitOutcome.Committed);
        var letter = Assert.Single((await _rig.DeadLetters.Page(new(10), Stop)).Letters);
        Assert.Equal(("shelf-service-dlq", 3, "it broke"), (letter.Queue, letter.Attempts, letter.Reason));
        Assert.Contains("홍길동", letter.Body, StringComparison.Ordinal);
        Assert.DoesNotContain("홍길동", letter.MaskedBody, StringComparison.Ordinal);

        for (var i = 0; i < 2; i++)
        {
            await Commit(
                Shelf.Unit(Now) with { DeadLetters = [new DeadLetterAction.Redrive(letter.Id)] }, CommitOutcome.Committed);
        }

        var row = Assert.Single(_taken); // twice equals once
        Assert.Equal(Shelf.Queue.Queue, row.To);
        Assert.Equal(wire.Write(), row.ForReceivers.Write());
        Assert.Empty(await _rig.DeadLetters.Waiting(Stop));
    }

    [Fact]
    public async Task Settling_what_was_taken_in_or_comes_again_changes_nothing_in_the_store()
    {
        var sent = Shelf.Message(1, Now);
        var bytes = WireMessage.Of(sent.Envelope, sent.Body).Write();
        var delivery = Delivery.Of(Shelf.Queue, bytes, Shelf.Catalog, 0, false, "receipt", Now);
        await Commit(
            Shelf.Unit(Now, settlements: [new Settlement.Done(delivery), new Settlement.Retry(delivery, Now, 1)]),
            CommitOutcome.Committed);
        Assert.Empty(_taken);
        Assert.Empty(await _rig.DeadLetters.Waiting(Stop));
    }

    [Fact]
    public async Task A_snapshot_has_what_waits_in_the_outbox()
    {
        await Send(Shelf.Message(1, Now));
        await using var snapshot = await _rig.Store.Snapshot(Stop);
        Assert.Equal(Shelf.Id(1), Assert.Single(snapshot.Outbox()).Message.EventId.Value);
        Assert.Empty(snapshot.Pending());
    }

    private async Task<IReadOnlyList<OutboxRow>> Claim(int max = 100) =>
        await _rig.Outbox.Claim(max, Now, Now + _rig.Claim, Stop);

    private Task Send(params OutgoingMessage[] messages) =>
        Commit(Shelf.Unit(Now, messages: messages), CommitOutcome.Committed);

    private async Task Commit(UnitCommit commit, CommitOutcome expected)
    {
        await using var work = await _rig.Store.Begin(Shelf.Service, [], Stop);
        Assert.Equal(expected, await work.Commit(commit, Stop));
    }
}
