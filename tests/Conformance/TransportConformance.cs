using System.Text;
using DoaMarket.Kernel;

namespace DoaMarket.Conformance;

/// <summary>What every transport must do. An adapter inherits it and says only how it is started.</summary>
public abstract class TransportConformance : IAsyncLifetime
{
    private IRig _rig = null!;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private DateTimeOffset Now => _rig.Clock.GetUtcNow();

    protected abstract Task<IRig> StartRig();

    public async ValueTask InitializeAsync() => _rig = await StartRig();

    public async ValueTask DisposeAsync()
    {
        await _rig.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    [Fact]
    public async Task A_message_goes_to_every_queue_that_listens()
    {
        await Send(Shelf.Message(1, Now));
        var here = Assert.Single(await _rig.Transport.Receive(Shelf.Queue, 10, Stop));
        var there = Assert.Single(await _rig.Transport.Receive(Shelf.Second, 10, Stop));
        Assert.Equal(here.Envelope!.EventId, there.Envelope!.EventId);
        Assert.Equal(new BoxMoved("box-1"), here.Envelope.Data);
        Assert.Equal("00-trace-01", there.Envelope.Metadata.Traceparent);
        Assert.Equal(new UserId("u-1"), there.Envelope.UserId);
        Assert.False(here.IsRedelivery);
    }

    [Fact]
    public async Task Personal_data_reaches_the_receiver_and_not_the_journal()
    {
        await Send(Shelf.Message(1, Now, secret: "홍길동"));
        Assert.Equal("홍길동", ((BoxMoved)Assert.Single(await _rig.Transport.Receive(Shelf.Second, 10, Stop)).Envelope!.Data).Secret);
        await _rig.Crash();
        Assert.Equal("홍길동", ((BoxMoved)Assert.Single(await _rig.Transport.Receive(Shelf.Queue, 10, Stop)).Envelope!.Data).Secret);
        Assert.DoesNotContain("홍길동", Assert.Single(await _rig.Journal.ByCorrelation(new(Shelf.Id(0)), 10, Stop)).Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_being_handled_is_not_handed_out_again_within_the_visibility_timeout()
    {
        await Send(Shelf.Message(1, Now));
        Assert.Single(await _rig.Transport.Receive(Shelf.Queue, 10, Stop));
        _rig.Clock.Advance(Shelf.Queue.VisibilityTimeout - TimeSpan.FromSeconds(1));
        Assert.Empty(await _rig.Transport.Receive(Shelf.Queue, 10, Stop));
        _rig.Clock.Advance(TimeSpan.FromSeconds(2));
        var again = Assert.Single(await _rig.Transport.Receive(Shelf.Queue, 10, Stop));
        Assert.True(again.IsRedelivery);
        Assert.Equal(0, again.Attempts); // it was received twice; no handling is on record as failed
    }

    [Fact]
    public async Task A_crash_gives_back_at_once_what_was_being_handled()
    {
        await Send(Shelf.Message(1, Now));
        Assert.Single(await _rig.Transport.Receive(Shelf.Queue, 10, Stop));
        await _rig.Crash();
        Assert.True(Assert.Single(await _rig.Transport.Receive(Shelf.Queue, 10, Stop)).IsRedelivery);
    }

    [Fact]
    public async Task What_is_settled_never_comes_again()
    {
        await Send(Shelf.Message(1, Now));
        var delivery = Assert.Single(await _rig.Transport.Receive(Shelf.Queue, 10, Stop));
        await Settle(new Settlement.Done(delivery));
        await _rig.Crash();
        _rig.Clock.Advance(TimeSpan.FromHours(1));
        Assert.Empty(await _rig.Transport.Receive(Shelf.Queue, 10, Stop));
        Assert.Single(await _rig.Transport.Receive(Shelf.Second, 10, Stop)); // the other queue has its own delivery
    }

    [Fact]
    public async Task A_retry_comes_when_it_is_due_with_its_attempts()
    {
        await Send(Shelf.Message(1, Now));
        var delivery = Assert.Single(await _rig.Transport.Receive(Shelf.Queue, 10, Stop));
        await Settle(new Settlement.Retry(delivery, Now.AddSeconds(5), Attempts: 1));
        _rig.Clock.Advance(TimeSpan.FromSeconds(4));
        Assert.Empty(await _rig.Transport.Receive(Shelf.Queue, 10, Stop));
        _rig.Clock.Advance(TimeSpan.FromSeconds(2));
        var again = Assert.Single(await _rig.Transport.Receive(Shelf.Queue, 10, Stop));
        Assert.Equal((1, true), (again.Attempts, again.IsRedelivery));
    }

    [Fact]
    public async Task An_attempt_on_record_survives_a_crash()
    {
        await Send(Shelf.Message(1, Now));
        await _rig.Transport.RecordAttempt(Assert.Single(await _rig.Transport.Receive(Shelf.Queue, 10, Stop)), Stop);
        await _rig.Crash();
        Assert.Equal(1, Assert.Single(await _rig.Transport.Receive(Shelf.Queue, 10, Stop)).Attempts);
    }

    [Fact]
    public async Task A_dead_letter_keeps_bytes_headers_and_error()
    {
        await Bury(Shelf.Message(1, Now, secret: "홍길동"));
        var dead = Assert.Single(await _rig.Transport.DeadLetters(null, 10, Stop));
        Assert.Equal(("shelf-service-dlq", 3, "it broke"), (dead.Queue, dead.Attempts, dead.Reason));
        Assert.Contains("at Shelf", dead.Error, StringComparison.Ordinal);
        Assert.Contains("홍길동", dead.Body, StringComparison.Ordinal);
        Assert.Contains(Shelf.Id(1).ToString(), dead.Headers, StringComparison.Ordinal);
        Assert.Single(await _rig.Transport.DeadLetters("shelf-service-dlq", 10, Stop));
        Assert.Empty(await _rig.Transport.DeadLetters("scale-service-dlq", 10, Stop));
    }

    [Fact]
    public async Task Redriving_twice_equals_once_and_begins_afresh()
    {
        await Bury(Shelf.Message(1, Now));
        var dead = Assert.Single(await _rig.Transport.DeadLetters(null, 10, Stop));
        Assert.True(await _rig.Transport.Redrive(dead.Id, Stop));
        Assert.True(await _rig.Transport.Redrive(dead.Id, Stop));
        Assert.Empty(await _rig.Transport.DeadLetters(null, 10, Stop));
        _rig.Clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(0, Assert.Single(await _rig.Transport.Receive(Shelf.Queue, 10, Stop)).Attempts);
        Assert.False(await _rig.Transport.Redrive(Shelf.Id(404), Stop));
    }

    [Fact]
    public async Task A_discarded_dead_letter_is_not_redriven()
    {
        await Bury(Shelf.Message(1, Now));
        var dead = Assert.Single(await _rig.Transport.DeadLetters(null, 10, Stop));
        Assert.True(await _rig.Transport.Discard(dead.Id, "a test message", Stop));
        await _rig.Transport.Redrive(dead.Id, Stop);
        _rig.Clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Empty(await _rig.Transport.Receive(Shelf.Queue, 10, Stop));
    }

    [Fact]
    public async Task A_message_sent_again_is_one_row_in_the_journal_and_is_delivered_again()
    {
        await Send(Shelf.Message(1, Now));
        await Settle(new Settlement.Done(Assert.Single(await _rig.Transport.Receive(Shelf.Queue, 10, Stop))));
        await Send(Shelf.Message(1, Now, again: true));
        Assert.Equal(Shelf.Id(1), Assert.Single(await _rig.Transport.Receive(Shelf.Queue, 10, Stop)).EventId.Value);
        Assert.Single(await _rig.Journal.ByCorrelation(new(Shelf.Id(0)), 10, Stop));
    }

    [Fact]
    public async Task A_message_that_cannot_be_read_is_delivered_with_the_reason()
    {
        await Send(Shelf.Message(1, Now, body: Encoding.UTF8.GetBytes("""{"box":1,"colour":"red"}""")));
        await _rig.Crash();
        var delivery = Assert.Single(await _rig.Transport.Receive(Shelf.Queue, 10, Stop));
        Assert.Null(delivery.Envelope);
        Assert.False(string.IsNullOrWhiteSpace(delivery.Unreadable));
    }

    [Fact]
    public async Task A_backlog_beyond_what_is_handed_over_in_memory_arrives_whole()
    {
        for (var batch = 0; batch < 10; batch++)
        {
            await Send([.. Enumerable.Range(1 + (batch * 200), 200).Select(i => Shelf.Message(i, Now))]);
        }

        var seen = new HashSet<EventId>();
        for (var round = 0; round < 100 && seen.Count < 2_000; round++)
        {
            var deliveries = await _rig.Transport.Receive(Shelf.Queue, 256, Stop);
            Assert.True(deliveries.Count <= 256);
            Assert.All(deliveries, d => Assert.True(seen.Add(d.EventId)));
            await Settle([.. deliveries.Select(d => new Settlement.Done(d))]);
            _rig.Clock.Advance(TimeSpan.FromMilliseconds(300));
        }

        Assert.Equal(2_000, seen.Count);
    }

    [Fact]
    public async Task Depth_and_age_of_a_queue_are_told()
    {
        await Send(Shelf.Message(1, Now));
        var sentAt = Now;
        _rig.Clock.Advance(TimeSpan.FromSeconds(10));
        await Send(Shelf.Message(2, Now));
        var status = Assert.Single(await _rig.Transport.Status(Stop), s => s.Queue == Shelf.Queue.Queue);
        Assert.Equal((2L, 0L, sentAt, 0L), (status.Waiting, status.Retrying, status.OldestSentAt, status.DeadLetters));
        Assert.Equal(sentAt, await _rig.Transport.OldestSentAt(Shelf.Queue, Stop));
    }

    [Fact]
    public async Task What_nobody_handled_within_the_retention_is_dead_lettered_not_lost()
    {
        await Send(Shelf.Message(1, Now));
        _rig.Clock.Advance(Shelf.Queue.Retention + TimeSpan.FromMinutes(1));
        await _rig.Transport.DropExpired(Stop);
        Assert.Equal(2, (await _rig.Transport.DeadLetters(null, 10, Stop)).Count); // one per queue
        Assert.Equal(0, (await _rig.Transport.Status(Stop)).Sum(s => s.Waiting));
    }

    private async Task Send(params OutgoingMessage[] messages)
    {
        await using var work = await _rig.Store.Begin(Shelf.Service, [], Stop);
        Assert.Equal(CommitOutcome.Committed, await work.Commit(Shelf.Unit(Now, messages: messages), Stop));
    }

    private async Task Settle(params Settlement[] settlements)
    {
        await using var work = await _rig.Store.Begin(Shelf.Service, [], Stop);
        Assert.Equal(CommitOutcome.Committed, await work.Commit(Shelf.Unit(Now, settlements: settlements), Stop));
        await _rig.Transport.Settle(settlements, Stop);
    }

    private async Task Bury(OutgoingMessage message)
    {
        await Send(message);
        var delivery = Assert.Single(await _rig.Transport.Receive(Shelf.Queue, 10, Stop));
        await Settle(new Settlement.Dead(delivery, 3, "it broke", "System.Exception: it broke\n   at Shelf"));
    }
}

/// <summary>The embedded transport.</summary>
public sealed class SqliteTransportConformance : TransportConformance
{
    protected override Task<IRig> StartRig() => SqliteRig.Start();
}
