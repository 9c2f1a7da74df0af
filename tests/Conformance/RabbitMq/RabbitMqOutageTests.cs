using DoaMarket.Kernel;
using DoaMarket.RabbitMq;
using DoaMarket.Servers;
using RabbitMQ.Client;

namespace DoaMarket.Conformance;

/// <summary>What is lost on the way to RabbitMQ, or RabbitMQ itself for a while, is nobody's loss.</summary>
public sealed class RabbitMqOutageTests
{
    private const int LongestTestMs = 120_000;

    /// <summary>Tells the message from heartbeats and reports, which go by the same wire.</summary>
    private const string Published = "box.moved";

    // Consumers are not looked after meanwhile.
    private static readonly RabbitMqOptions Still = new()
    {
        ReportInterval = TimeSpan.FromHours(1),
        ConfirmTimeout = TimeSpan.FromSeconds(1),
        ConnectTimeout = TimeSpan.FromSeconds(2),
    };

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact(Timeout = LongestTestMs)]
    public async Task A_broker_that_is_killed_and_started_again_has_lost_nothing()
    {
        await using var server = await RabbitMqServer.StartOwn();
        await using var rig = await RabbitMqRig.First(server.Url);
        // Version 3.10 forgets a queue when it is killed within the first second of it.
        await Task.Delay(TimeSpan.FromSeconds(2), Stop);
        await rig.Send(Enumerable.Range(1, 50));
        await rig.Quiet();
        var inHand = await rig.Broker.Receive(Shelf.Queue, 10, Stop);
        Assert.Equal(10, inHand.Count);
        await rig.Settle(inHand.Take(5));
        await server.Kill();
        await rig.Send(Enumerable.Range(51, 50)); // orders are taken while it is away
        await rig.Settle(inHand.Skip(5)); // their acknowledgement reaches nobody
        await server.Start();

        // All but the five that were settled; those may come once more, since nothing says that a broker has their acknowledgement.
        var awaited = Enumerable.Range(1, 100).Select(i => new EventId(Shelf.Id(i))).ToHashSet();
        awaited.ExceptWith(inHand.Take(5).Select(d => d.EventId));
        var seen = new HashSet<EventId>();
        await rig.Until(async () =>
        {
            var received = await rig.Broker.Receive(Shelf.Queue, 100, Stop);
            seen.UnionWith(received.Select(d => d.EventId));
            await rig.Settle(received);
            return seen.IsSupersetOf(awaited);
        });
        Assert.Superset(awaited, seen);
        await rig.Quiet();
        Assert.Equal(100, (await rig.Journal.ByCorrelation(new(Shelf.Id(0)), 200, Stop)).Count);
    }

    [Fact(Timeout = LongestTestMs)]
    public async Task Three_connections_that_are_cut_dead_letter_nothing()
    {
        var (wire, url) = Wire.ToUrl((await RabbitMqServer.Shared).Url);
        await using var cut = wire;
        await using var rig = await RabbitMqRig.First(url, new() { ConnectTimeout = TimeSpan.FromSeconds(2) });
        await rig.Send([1]);
        for (var i = 0; i < 3; i++)
        {
            var delivery = Assert.Single(await rig.Receive(Shelf.Queue));
            Assert.Equal((0, null), (delivery.Attempts, delivery.GivenUp));
            wire.Cut();
            await rig.Until(() => Task.FromResult(rig.Broker.IsAway));
            wire.Mend();
        }

        Assert.True(Assert.Single(await rig.Receive(Shelf.Queue)).IsRedelivery);
    }

    [Fact(Timeout = LongestTestMs)]
    public async Task What_is_not_confirmed_is_published_again()
    {
        var (wire, url) = Wire.ToUrl((await RabbitMqServer.Shared).Url);
        await using var cut = wire;
        await using var rig = await RabbitMqRig.First(url, Still);
        wire.Next(WireFault.LosesAnswer, Published);
        await rig.Send([1]);
        await rig.Until(async () => (await rig.Outbox.Status(1, Stop)).Rows == 0);
        var twice = await rig.Receive(Shelf.Queue, atLeast: 2);
        Assert.Equal([Shelf.Id(1), Shelf.Id(1)], twice.Select(d => d.EventId.Value));
    }

    [Fact(Timeout = LongestTestMs)]
    public async Task What_does_not_reach_the_broker_is_published_again()
    {
        var (wire, url) = Wire.ToUrl((await RabbitMqServer.Shared).Url);
        await using var cut = wire;
        await using var rig = await RabbitMqRig.First(url, Still);
        wire.Next(WireFault.LosesRequest, Published);
        await rig.Send([1]);
        Assert.Equal(Shelf.Id(1), Assert.Single(await rig.Receive(Shelf.Queue)).EventId.Value);
    }

    [Fact(Timeout = LongestTestMs)]
    public async Task While_the_broker_is_away_old_messages_may_wait_there()
    {
        var (wire, url) = Wire.ToUrl((await RabbitMqServer.Shared).Url);
        await using var cut = wire;
        await using var rig = await RabbitMqRig.First(url, new() { ConnectTimeout = TimeSpan.FromSeconds(2) });
        Assert.Null(await rig.Broker.OldestSentAt(Shelf.Queue, Stop));
        var before = rig.Clock.GetUtcNow();
        wire.Cut();
        await rig.Until(() => Task.FromResult(rig.Broker.IsAway));
        rig.Clock.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(before, await rig.Broker.OldestSentAt(Shelf.Queue, Stop));
        await Assert.ThrowsAsync<StoreUnavailableException>(async () => await rig.Broker.Status(Stop));
        wire.Mend();
        await rig.Until(() => Task.FromResult(!rig.Broker.IsAway));
        Assert.Equal(before, await rig.Broker.OldestSentAt(Shelf.Queue, Stop)); // senders are catching up
        rig.Clock.Advance(new RabbitMqOptions().CatchUpAfterLoss);
        Assert.Null(await rig.Broker.OldestSentAt(Shelf.Queue, Stop));
    }

    [Fact(Timeout = LongestTestMs)]
    public async Task A_message_that_finds_no_queue_is_returned_and_finds_it_when_it_is_declared_anew()
    {
        await using var rig = await RabbitMqRig.ThatOnlySends((await RabbitMqServer.Shared).Url);
        await using (var channel = await rig.Channel())
        {
            await channel.QueueDeleteAsync(rig.Prefix + Shelf.Queue.Queue, cancellationToken: Stop);
        }

        var now = rig.Clock.GetUtcNow();
        var sent = Shelf.Message(1, now);
        var row = new OutboxRow(1, now, now, WireMessage.Of(sent.Envelope, sent.Body), null, Shelf.Queue.Queue);
        Assert.Empty(await rig.Broker.Publish([row], Stop));
        Assert.Equal([row], await rig.Broker.Publish([row], Stop));
        await rig.Until(async () => await rig.Ready(rig.Prefix + Shelf.Queue.Queue) == 1);
    }

    [Fact(Timeout = LongestTestMs)]
    public async Task A_queue_that_is_deleted_is_declared_and_consumed_again()
    {
        await using var rig = await RabbitMqRig.First((await RabbitMqServer.Shared).Url);
        await using (var channel = await rig.Channel())
        {
            await channel.QueueDeleteAsync(rig.Prefix + Shelf.Queue.Queue, cancellationToken: Stop);
        }

        await rig.Until(() => Task.FromResult(rig.Broker.IsAway));
        await rig.Until(() => Task.FromResult(!rig.Broker.IsAway));
        await rig.Send([1]);
        Assert.Single(await rig.Receive(Shelf.Queue));
    }

    [Fact(Timeout = LongestTestMs)]
    public async Task A_full_queue_takes_nothing_and_the_outbox_keeps_it()
    {
        await using var rig = await RabbitMqRig.First(
            (await RabbitMqServer.Shared).Url, new() { MaxQueueLength = 5, Prefetch = 1 });
        var now = rig.Clock.GetUtcNow();
        var rows = Enumerable.Range(1, 60).Select(i => new OutboxRow(
            i, now, now, WireMessage.Of(Shelf.Message(i, now).Envelope, "{}"u8.ToArray()), null, Shelf.Queue.Queue)).ToList();
        var taken = 0;
        foreach (var row in rows)
        {
            taken += (await rig.Broker.Publish([row], Stop)).Count;
        }

        Assert.InRange(taken, 5, 59);
    }

    [Fact(Timeout = LongestTestMs)]
    public async Task What_is_handed_out_too_often_comes_as_given_up()
    {
        await using var rig = await RabbitMqRig.First((await RabbitMqServer.Shared).Url, new() { DeliveryLimit = 2 });
        await rig.Send([1]);
        await rig.Quiet();
        Delivery delivery;
        var times = 0;
        while ((delivery = Assert.Single(await rig.Receive(Shelf.Queue))).GivenUp is null)
        {
            times++;
            await rig.Crash();
        }

        Assert.Equal(3, times);
        Assert.Contains("too often", delivery.GivenUp, StringComparison.Ordinal);
        Assert.Equal(new BoxMoved("box-1"), delivery.Envelope!.Data);
        await rig.Settle([delivery]);
        await rig.Crash();
        await rig.Quiet();
        Assert.Empty(await rig.Broker.Receive(Shelf.Queue, 10, Stop));
    }
}
