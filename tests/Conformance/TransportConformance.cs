using System.Text;
using DoaMarket.Kernel;

namespace DoaMarket.Conformance;

/// <summary>What every transport must do. An adapter inherits it and says only how it is started.</summary>
public abstract class TransportConformance : IAsyncLifetime
{
    private const int LongestTestMs = 120_000;
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

    [Fact(Timeout = LongestTestMs)]
    public async Task A_message_goes_to_every_queue_that_listens()
    {
        await Send(Shelf.Message(1, Now));
        var here = Assert.Single(await Receive(Shelf.Queue, 10));
        var there = Assert.Single(await Receive(Shelf.Second, 10));
        Assert.Equal(here.Envelope!.EventId, there.Envelope!.EventId);
        Assert.Equal(new BoxMoved("box-1"), here.Envelope.Data);
        Assert.Equal("00-trace-01", there.Envelope.Metadata.Traceparent);
        Assert.Equal(new UserId("u-1"), there.Envelope.UserId);
        Assert.False(here.IsRedelivery);
    }

    [Fact(Timeout = LongestTestMs)]
    public async Task The_journal_is_read_page_by_page()
    {
        Assert.Equal(0, await _rig.Journal.Head(Stop));
        for (var i = 1; i <= 3; i++)
        {
            await Send(Shelf.Message(i, Now));
        }

        var head = await _rig.Journal.Head(Stop);
        var first = await _rig.Journal.After(0, head, ["box.moved"], 2, Stop);
        var rest = await _rig.Journal.After(first[^1].Sequence, head, ["box.moved"], 2, Stop);
        Assert.Equal(["box-1", "box-2", "box-3"], first.Concat(rest).Select(e => e.Subject));
        Assert.Empty(await _rig.Journal.After(0, head, ["box.sold"], 2, Stop));
        Assert.Equal(2, (await _rig.Journal.After(0, rest[0].Sequence - 1, ["box.moved"], 9, Stop)).Count);
    }

    [Fact(Timeout = LongestTestMs)]
    public async Task Personal_data_reaches_the_receiver_and_not_the_journal()
    {
        await Send(Shelf.Message(1, Now, secret: "홍길동"));
        Assert.Equal("홍길동", ((BoxMoved)Assert.Single(await Receive(Shelf.Second, 10)).Envelope!.Data).Secret);
        await _rig.Crash();
        Assert.Equal("홍길동", ((BoxMoved)Assert.Single(await Receive(Shelf.Queue, 10)).Envelope!.Data).Secret);
        Assert.DoesNotContain("홍길동", Assert.Single(await _rig.Journal.ByCorrelation(new(Shelf.Id(0)), 10, Stop)).Body, StringComparison.Ordinal);
    }

    [Fact(Timeout = LongestTestMs)]
    public async Task What_is_being_handled_is_not_handed_out_again_within_the_visibility_timeout()
    {
        await Send(Shelf.Message(1, Now));
        Assert.Single(await Receive(Shelf.Queue, 10));
        _rig.Clock.Advance(Shelf.Queue.VisibilityTimeout - TimeSpan.FromSeconds(1));
        await NothingComes(Shelf.Queue);
        // It is noticed within seconds: PostgreSQL looks from the beginning of a queue every five.
        _rig.Clock.Advance(TimeSpan.FromSeconds(7));
        var again = Assert.Single(await Receive(Shelf.Queue, 10));
        Assert.True(again.IsRedelivery);
        Assert.Equal(0, again.Attempts); // it was received twice; no handling is on record as failed
    }

    [Fact(Timeout = LongestTestMs)]
    public async Task A_crash_gives_back_at_once_what_was_being_handled()
    {
        await Send(Shelf.Message(1, Now));
        Assert.Single(await Receive(Shelf.Queue, 10));
        await _rig.Crash();
        Assert.True(Assert.Single(await Receive(Shelf.Queue, 10)).IsRedelivery);
    }

    [Fact(Timeout = LongestTestMs)]
    public async Task What_is_settled_never_comes_again()
    {
        await Send(Shelf.Message(1, Now));
        var delivery = Assert.Single(await Receive(Shelf.Queue, 10));
        await Settle(new Settlement.Done(delivery));
        await _rig.Crash();
        _rig.Clock.Advance(TimeSpan.FromHours(1));
        await NothingComes(Shelf.Queue);
        Assert.Single(await Receive(Shelf.Second, 10)); // the other queue has its own delivery
    }

    [Fact(Timeout = LongestTestMs)]
    public async Task A_retry_comes_when_it_is_due_with_its_attempts()
    {
        await Send(Shelf.Message(1, Now));
        var delivery = Assert.Single(await Receive(Shelf.Queue, 10));
        await Settle(new Settlement.Retry(delivery, Now.AddSeconds(4), Attempts: 1));
        await _rig.Wait(TimeSpan.FromSeconds(1));
        await NothingComes(Shelf.Queue);
        await _rig.Wait(TimeSpan.FromSeconds(4));
        var again = Assert.Single(await Receive(Shelf.Queue, 10));
        Assert.Equal((1, true), (again.Attempts, again.IsRedelivery));
    }

    [Fact(Timeout = LongestTestMs)]
    public async Task A_dead_letter_keeps_bytes_headers_and_error()
    {
        await Bury(Shelf.Message(1, Now, secret: "홍길동"));
        var dead = Assert.Single(await Dead());
        Assert.Equal(("shelf-service-dlq", 3, "it broke"), (dead.Queue, dead.Attempts, dead.Reason));
        Assert.Contains("at Shelf", dead.Error, StringComparison.Ordinal);
        Assert.Contains("홍길동", dead.Body, StringComparison.Ordinal);
        Assert.Contains(Shelf.Id(1).ToString(), dead.Headers, StringComparison.Ordinal);
        Assert.Single(await Dead("shelf-service-dlq"));
        Assert.Single(await Dead(Shelf.Queue.Queue));
        Assert.Empty(await Dead("scale-service-dlq"));
        Assert.Equal(dead, await _rig.DeadLetters.Find(dead.Id, Stop));
    }

    [Fact(Timeout = LongestTestMs)]
    public async Task An_error_of_any_text_can_be_kept()
    {
        await Bury(Shelf.Message(1, Now), "it \0 broke");
        Assert.Contains("broke", Assert.Single(await Dead()).Reason, StringComparison.Ordinal);
    }

    [Fact(Timeout = LongestTestMs)]
    public async Task Redriving_twice_equals_once_and_begins_afresh()
    {
        await Bury(Shelf.Message(1, Now));
        var dead = Assert.Single(await Dead());
        await Act(new DeadLetterAction.Redrive(dead.Id));
        await Act(new DeadLetterAction.Redrive(dead.Id));
        Assert.Empty(await Dead());
        _rig.Clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(0, Assert.Single(await Receive(Shelf.Queue, 10)).Attempts);
        Assert.Equal(DeadLetter.Redriven, (await _rig.DeadLetters.Find(dead.Id, Stop))!.Status);
        await Act(new DeadLetterAction.Redrive(Shelf.Id(404))); // there is none
        Assert.Null(await _rig.DeadLetters.Find(Shelf.Id(404), Stop));
    }

    [Fact(Timeout = LongestTestMs)]
    public async Task A_discarded_dead_letter_is_not_redriven()
    {
        await Bury(Shelf.Message(1, Now));
        var dead = Assert.Single(await Dead());
        await Act(new DeadLetterAction.Discard(dead.Id, "a test message"));
        await Act(new DeadLetterAction.Redrive(dead.Id));
        var settled = (await _rig.DeadLetters.Find(dead.Id, Stop))!;
        Assert.Equal((DeadLetter.Discarded, "a test message"), (settled.Status, settled.SettledBecause));
        _rig.Clock.Advance(TimeSpan.FromSeconds(1));
        await NothingComes(Shelf.Queue);
    }

    [Fact(Timeout = LongestTestMs)]
    public async Task A_message_sent_again_is_one_row_in_the_journal_and_is_delivered_again()
    {
        await Send(Shelf.Message(1, Now));
        await Settle(new Settlement.Done(Assert.Single(await Receive(Shelf.Queue, 10))));
        await Send(Shelf.Message(1, Now, again: true));
        Assert.Equal(Shelf.Id(1), Assert.Single(await Receive(Shelf.Queue, 10)).EventId.Value);
        Assert.Single(await _rig.Journal.ByCorrelation(new(Shelf.Id(0)), 10, Stop));
    }

    [Fact(Timeout = LongestTestMs)]
    public async Task A_message_that_cannot_be_read_is_delivered_with_the_reason()
    {
        await Send(Shelf.Message(1, Now, body: Encoding.UTF8.GetBytes("""{"box":1,"colour":"red"}""")));
        await _rig.Crash();
        var delivery = Assert.Single(await Receive(Shelf.Queue, 10));
        Assert.Null(delivery.Envelope);
        Assert.False(string.IsNullOrWhiteSpace(delivery.Unreadable));
    }

    [Fact(Timeout = LongestTestMs)]
    public async Task A_backlog_beyond_what_is_handed_over_in_memory_arrives_whole()
    {
        for (var batch = 0; batch < 10; batch++)
        {
            await Send([.. Enumerable.Range(1 + (batch * 200), 200).Select(i => Shelf.Message(i, Now))]);
        }

        var seen = new HashSet<EventId>();
        for (var round = 0; round < 100 && seen.Count < 2_000; round++)
        {
            var deliveries = await Receive(Shelf.Queue, 256);
            Assert.True(deliveries.Count <= 256);
            Assert.All(deliveries, d => Assert.True(seen.Add(d.EventId)));
            await Settle([.. deliveries.Select(d => new Settlement.Done(d))]);
            _rig.Clock.Advance(TimeSpan.FromMilliseconds(300));
        }

        Assert.Equal(2_000, seen.Count);
    }

    [Fact(Timeout = LongestTestMs)]
    public async Task Dead_letters_are_paged_both_ways_and_grouped_by_reason()
    {
        for (var i = 1; i <= 5; i++)
        {
            await Bury(Shelf.Message(i, Now), i < 3 ? "it broke" : "it is odd");
            _rig.Clock.Advance(TimeSpan.FromSeconds(1));
        }

        Assert.Equal([5, 4, 3, 2, 1], await Walk(oldestFirst: false));
        Assert.Equal([1, 2, 3, 4, 5], await Walk(oldestFirst: true));
        Assert.Empty((await _rig.DeadLetters.Page(new(10, EventType: "box.lost"), Stop)).Letters);
        Assert.Equal(2, (await _rig.DeadLetters.Page(new(10, DeadUntil: Now.AddSeconds(-4)), Stop)).Letters.Count);
        Assert.Equal(2, (await _rig.DeadLetters.Page(new(10, Reason: "it broke"), Stop)).Letters.Count);
        var groups = await _rig.DeadLetters.Groups(null, 10, Stop);
        Assert.Equal([("it is odd", 3L), ("it broke", 2L)], groups.Select(g => (g.Reason, g.Count)));
        await Assert.ThrowsAsync<FormatException>(
            async () => await _rig.DeadLetters.Page(new(10, Cursor: "nonsense"), Stop));

        async Task<List<int>> Walk(bool oldestFirst)
        {
            List<int> seen = [];
            string? cursor = null;
            do
            {
                var page = await _rig.DeadLetters.Page(new(2, Cursor: cursor, OldestFirst: oldestFirst), Stop);
                Assert.True(page.Letters.Count <= 2);
                seen.AddRange(page.Letters.Select(l => Enumerable.Range(1, 5).Single(i => Shelf.Id(i) == l.EventId.Value)));
                cursor = page.NextCursor;
            }
            while (cursor is not null);
            return seen;
        }
    }

    [Fact(Timeout = LongestTestMs)]
    public async Task Depth_and_age_of_a_queue_are_told()
    {
        await Send(Shelf.Message(1, Now));
        var sentAt = Now;
        _rig.Clock.Advance(TimeSpan.FromSeconds(10));
        await Send(Shelf.Message(2, Now));
        var status = Assert.Single(await _rig.Transport.Status(Stop), s => s.Queue == Shelf.Queue.Queue);
        Assert.Equal((2L, 0L, sentAt), (status.Waiting, status.Retrying, status.OldestSentAt));
        await Receive(Shelf.Second, 1);
        status = Assert.Single(await _rig.Transport.Status(Stop), s => s.Queue == Shelf.Second.Queue);
        Assert.Equal((2L, 1L), (status.Waiting, status.InFlight));
        Assert.Equal(sentAt, await _rig.Transport.OldestSentAt(Shelf.Queue, Stop));
    }

    [Fact(Timeout = LongestTestMs)]
    public async Task What_nobody_handled_within_the_retention_is_dead_lettered_not_lost()
    {
        await Send(Shelf.Message(1, Now));
        _rig.Clock.Advance(Shelf.Queue.Retention + TimeSpan.FromMinutes(1));
        await _rig.Transport.DropExpired(Stop);
        await BuryWhatIsGivenUp();
        Assert.Equal(2, (await Dead()).Count); // one per queue
        Assert.Equal(0, (await _rig.Transport.Status(Stop)).Sum(s => s.Waiting));
    }

    // No more than this may be built upon, and nothing is: deciders tolerate disorder. It is what keeps a queue fair.
    [Fact(Timeout = LongestTestMs)]
    public async Task What_one_sends_to_a_queue_comes_in_its_order_while_nothing_disturbs_it()
    {
        for (var batch = 0; batch < 3; batch++)
        {
            await Send([.. Enumerable.Range(1 + (batch * 100), 100).Select(i => Shelf.Message(i, Now))]);
        }

        foreach (var queue in new[] { Shelf.Queue, Shelf.Second })
        {
            var seen = new List<Guid>();
            while (seen.Count < 300)
            {
                var some = await Receive(queue, 64);
                seen.AddRange(some.Select(d => d.EventId.Value));
                await Settle([.. some.Select(d => new Settlement.Done(d))]);
                _rig.Clock.Advance(TimeSpan.FromMilliseconds(300));
            }

            Assert.Equal(Enumerable.Range(1, 300).Select(Shelf.Id), seen);
        }
    }

    [Fact(Timeout = LongestTestMs)]
    public async Task What_is_tried_again_later_holds_up_nothing_that_was_sent_after_it()
    {
        await Send(Shelf.Message(1, Now), Shelf.Message(2, Now));
        var first = Assert.Single(await Receive(Shelf.Queue, 1));
        Assert.Equal(Shelf.Id(1), first.EventId.Value);
        await Settle(new Settlement.Retry(first, Now.AddSeconds(2), Attempts: 1));
        var second = Assert.Single(await Receive(Shelf.Queue, 10));
        Assert.Equal(Shelf.Id(2), second.EventId.Value);
        await Settle(new Settlement.Done(second));
        await _rig.Wait(TimeSpan.FromSeconds(3));
        Assert.Equal(Shelf.Id(1), Assert.Single(await Receive(Shelf.Queue, 10)).EventId.Value);
    }

    private async Task Send(params OutgoingMessage[] messages)
    {
        await using var work = await _rig.Store.Begin(Shelf.Service, [], Stop);
        Assert.Equal(CommitOutcome.Committed, await work.Commit(Shelf.Unit(Now, messages: messages), Stop));
        await _rig.Quiet();
    }

    // A broker brings messages, and brings back, when it has heard of it.
    private async Task<IReadOnlyList<Delivery>> Receive(QueueDefinition queue, int max)
    {
        await _rig.Quiet();
        var received = await _rig.Transport.Receive(queue, max, Stop);
        while (received.Count == 0 && _rig.TakesItsTime)
        {
            await Task.Delay(20, Stop);
            received = await _rig.Transport.Receive(queue, max, Stop);
        }

        return received;
    }

    private async Task NothingComes(QueueDefinition queue)
    {
        await _rig.Quiet();
        Assert.Empty(await _rig.Transport.Receive(queue, 10, Stop));
    }

    // As the loop does with what a broker has given up.
    private async Task BuryWhatIsGivenUp()
    {
        foreach (var queue in new[] { Shelf.Queue, Shelf.Second })
        {
            var given = await _rig.Transport.Receive(queue, 10, Stop);
            Assert.All(given, d => Assert.NotNull(d.GivenUp));
            await Settle([.. given.Select(d => new Settlement.Dead(d, d.Attempts, d.GivenUp!, ""))]);
        }
    }

    private async Task Settle(params Settlement[] settlements)
    {
        await using var work = await _rig.Store.Begin(Shelf.Service, [], Stop);
        Assert.Equal(CommitOutcome.Committed, await work.Commit(Shelf.Unit(Now, settlements: settlements), Stop));
        await _rig.Transport.Settle(settlements, Stop);
        await _rig.Quiet();
    }

    private async Task<IReadOnlyList<DeadLetter>> Dead(string? queue = null) =>
        (await _rig.DeadLetters.Page(new(10, queue), Stop)).Letters;

    private async Task Act(DeadLetterAction action)
    {
        await using var work = await _rig.Store.Begin(Shelf.Service, [], Stop);
        Assert.Equal(CommitOutcome.Committed, await work.Commit(Shelf.Unit(Now) with { DeadLetters = [action] }, Stop));
    }

    private async Task Bury(OutgoingMessage message, string reason = "it broke")
    {
        await Send(message);
        var delivery = Assert.Single(await Receive(Shelf.Queue, 10));
        await Settle(new Settlement.Dead(delivery, 3, reason, "System.Exception: it broke\n   at Shelf"));
    }
}
