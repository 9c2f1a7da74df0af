using System.Text;
using DoaMarket.Kernel;
using DoaMarket.RabbitMq;
using DoaMarket.Servers;
using RabbitMQ.Client;

namespace DoaMarket.Conformance;

/// <summary>What others see in RabbitMQ, and what becomes of what they put there; several processes at work.</summary>
public sealed class RabbitMqMessageTests
{
    private const int LongestTestMs = 120_000;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact(Timeout = LongestTestMs)]
    public async Task Whoever_binds_a_queue_hears_of_events_with_their_trace()
    {
        await using var rig = await RabbitMqRig.First((await RabbitMqServer.Shared).Url);
        await using var channel = await rig.Channel();
        var queue = (await channel.QueueDeclareAsync(cancellationToken: Stop)).QueueName;
        await channel.QueueBindAsync(queue, rig.Prefix + "doa.events", "box.moved", cancellationToken: Stop);
        await rig.Send([1]);
        BasicGetResult? got = null;
        await rig.Until(async () => (got = await channel.BasicGetAsync(queue, autoAck: true, Stop)) is not null);
        var properties = got!.BasicProperties;
        Assert.Equal(
            ("box.moved", Shelf.Id(1).ToString(), "shelf-service", "application/json", true),
            (properties.Type, properties.MessageId, properties.AppId, properties.ContentType, properties.Persistent));
        Assert.Equal("00-trace-01", Encoding.UTF8.GetString((byte[])properties.Headers!["traceparent"]!));
        Assert.Equal(Shelf.Id(1), WireMessage.Read(got.Body).EventId.Value);
    }

    [Fact(Timeout = LongestTestMs)]
    public async Task What_is_no_message_comes_as_it_is_and_again_byte_by_byte_with_its_headers()
    {
        await using var rig = await RabbitMqRig.First((await RabbitMqServer.Shared).Url);
        byte[] bytes = [.. "no JSON "u8, 0, 255, 254];
        await using var channel = await rig.Channel();
        await channel.BasicPublishAsync(
            "", rig.Prefix + Shelf.Queue.Queue, mandatory: true,
            new BasicProperties { Headers = new Dictionary<string, object?> { ["from"] = "a neighbour" }, Priority = 3 }, bytes,
            Stop);
        for (var attempts = 0; attempts < 2; attempts++)
        {
            var delivery = Assert.Single(await rig.Receive(Shelf.Queue));
            Assert.Equal((null, attempts, attempts > 0), (delivery.Envelope, delivery.Attempts, delivery.IsRedelivery));
            Assert.Equal(bytes, delivery.Wire!.Body);
            var arrival = (Arrival)delivery.Receipt;
            Assert.Equal("a neighbour", Encoding.UTF8.GetString((byte[])arrival.Properties.Headers!["from"]!));
            Assert.Equal(3, arrival.Properties.Priority);
            await rig.Broker.Settle(
                [new Settlement.Retry(delivery, rig.Clock.GetUtcNow().AddMilliseconds(100), attempts + 1)], Stop);
        }
    }

    [Fact(Timeout = LongestTestMs)]
    public async Task Somebody_elses_dead_letter_comes_as_given_up()
    {
        await using var rig = await RabbitMqRig.First((await RabbitMqServer.Shared).Url);
        var sent = Shelf.Message(1, rig.Clock.GetUtcNow());
        await using var channel = await rig.Channel();
        await channel.BasicPublishAsync(
            "", rig.Prefix + Shelf.Queue.DeadLetterQueue, WireMessage.Of(sent.Envelope, sent.Body).Write(), Stop);
        Assert.Contains("Somebody", Assert.Single(await rig.Receive(Shelf.Queue)).GivenUp, StringComparison.Ordinal);
    }

    [Fact(Timeout = LongestTestMs)]
    public async Task Two_processes_share_the_work_and_what_one_leaves_the_other_does()
    {
        await using var rig = await RabbitMqRig.First((await RabbitMqServer.Shared).Url, new() { Prefetch = 10 });
        await using var other = await rig.Neighbour(Shelf.Queue);
        await rig.Send(Enumerable.Range(1, 100));
        await rig.Quiet();
        var (here, there) = (await rig.Receive(Shelf.Queue, atLeast: 10), await other.Receive(Shelf.Queue, atLeast: 10));
        Assert.Empty(here.Select(d => d.EventId).Intersect(there.Select(d => d.EventId)));
        await other.Crash();
        var seen = here.Select(d => d.EventId).ToHashSet();
        await rig.Settle(here);
        await rig.Until(async () => // whichever of the two RabbitMQ gives the last ones to
        {
            foreach (var process in new[] { rig, other })
            {
                var received = await process.Broker.Receive(Shelf.Queue, 100, Stop);
                Assert.All(received, d => Assert.True(seen.Add(d.EventId)));
                await process.Settle(received);
            }

            return seen.Count == 100;
        });
    }

    [Fact(Timeout = LongestTestMs)]
    public async Task While_one_batch_is_handled_the_next_has_come_and_no_more()
    {
        var kernel = new KernelOptions { MaxDeliveriesPerBatch = 10 };
        await using var rig = await RabbitMqRig.First(
            (await RabbitMqServer.Shared).Url, new() { Prefetch = RabbitMqOptions.PrefetchFor(kernel) });
        await rig.Send(Enumerable.Range(1, 50));
        await rig.Quiet();
        var inHand = await rig.Broker.Receive(Shelf.Queue, kernel.MaxDeliveriesPerBatch, Stop);
        var next = await rig.Broker.Receive(Shelf.Queue, kernel.MaxDeliveriesPerBatch, Stop);
        Assert.Equal((10, 10), (inHand.Count, next.Count));
        Assert.Empty(await rig.Broker.Receive(Shelf.Queue, kernel.MaxDeliveriesPerBatch, Stop));
        await rig.Settle(inHand);
        Assert.Equal(10, (await rig.Receive(Shelf.Queue, atLeast: 10)).Count);
    }

    [Fact(Timeout = LongestTestMs)]
    public async Task A_process_that_does_not_receive_hears_how_old_the_others_messages_are()
    {
        await using var rig = await RabbitMqRig.First((await RabbitMqServer.Shared).Url, new() { ReportLasts = TimeSpan.FromMinutes(5) });
        await using var other = await rig.Neighbour(); // listens to nothing
        var sentAt = rig.Clock.GetUtcNow();
        await rig.Send([1]);
        await rig.Quiet();
        rig.Clock.Advance(TimeSpan.FromMinutes(2));
        await rig.Until(async () => await other.Broker.OldestSentAt(Shelf.Queue, Stop) == sentAt);
        var status = (await other.Broker.Status(Stop)).Single(s => s.Queue == Shelf.Queue.Queue);
        Assert.Equal((1L, 0L, sentAt), (status.Waiting, status.InFlight, status.OldestSentAt));
        await rig.Settle(await rig.Receive(Shelf.Queue));
        await rig.Until(async () => await other.Broker.OldestSentAt(Shelf.Queue, Stop) is null);
    }

    [Fact(Timeout = LongestTestMs)]
    public async Task A_queue_that_nobody_receives_from_ages_from_when_it_was_seen()
    {
        await using var rig = await RabbitMqRig.First((await RabbitMqServer.Shared).Url);
        var second = rig.Prefix + Shelf.Second.Queue;
        await using var other = await rig.Neighbour(Shelf.Queue);
        await rig.Send([1]);
        await rig.Quiet();
        await rig.Leave();
        rig.Clock.Advance(TimeSpan.FromSeconds(10)); // what it has told is too old
        await other.Until(async () => await other.Ready(second) == 1);
        var seenAt = rig.Clock.GetUtcNow();
        Assert.Equal(seenAt, await other.Broker.OldestSentAt(Shelf.Second, Stop));
        rig.Clock.Advance(TimeSpan.FromSeconds(30));
        Assert.Equal(seenAt, await other.Broker.OldestSentAt(Shelf.Second, Stop));
    }

    [Fact(Timeout = LongestTestMs)]
    public async Task What_a_process_commits_last_is_published_before_it_leaves()
    {
        await using var rig = await RabbitMqRig.First((await RabbitMqServer.Shared).Url);
        await using var other = await rig.Neighbour(Shelf.Queue);
        await rig.Leave(last: () => rig.Send([1, 2]));

        var received = await other.Receive(Shelf.Queue, atLeast: 2); // which has a store of its own, and no access to this one
        Assert.Equal([Shelf.Id(1), Shelf.Id(2)], received.Select(d => d.EventId.Value).ToHashSet());
    }
}
