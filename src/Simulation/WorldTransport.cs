using DoaMarket.Kernel;

namespace DoaMarket.Simulation;

/// <summary>The real queues, with everything that a network and a broker may do to messages on their way.</summary>
internal sealed class WorldTransport(World world, ITransport transport) : IBroker
{
    private static readonly TimeSpan LongestDelay = TimeSpan.FromMinutes(3);
    private readonly List<(DateTimeOffset At, Delivery Delivery)> _onTheWay = [];
    private readonly HashSet<(string Queue, EventId Id)> _inHand = [];

    public async ValueTask<IReadOnlyList<Delivery>> Receive(QueueDefinition queue, int max, CancellationToken stop)
    {
        if (world.Broker is { IsAway: false } && world.Hits(Fault.BrokerRestart, FaultCells.StepOf(queue.Service)))
        {
            world.RestartBroker();
        }

        var fresh = await transport.Receive(queue, max, stop);
        if (fresh.Count == 0 && _onTheWay.Count == 0)
        {
            return fresh;
        }

        var step = FaultCells.StepOf(queue.Service);
        var received = TakeArrived(queue);
        foreach (var delivery in fresh)
        {
            Pass(queue, step, world.Poisoned(delivery, step), received);
        }

        if (received.Count > 1 && world.Hits(Fault.Reorder, step))
        {
            world.Chance.Shuffle(received);
        }

        return received;
    }

    public async ValueTask<IReadOnlyList<OutboxRow>> Publish(IReadOnlyList<OutboxRow> rows, CancellationToken stop)
    {
        var (sent, lost) = (new List<OutboxRow>(rows.Count), new HashSet<long>());
        foreach (var row in rows)
        {
            var step = FaultCells.OfSource(row.Message.Source);
            if (world.Broker is { IsAway: false } && world.Hits(Fault.BrokerRestart, step))
            {
                await ((IBroker)transport).Publish(sent, stop); // they have arrived, and nobody says so
                world.RestartBroker();
                return [];
            }

            var isUnconfirmed = world.Hits(Fault.PublishUnconfirmed, step);
            if (isUnconfirmed)
            {
                lost.Add(row.Sequence);
            }

            if (!isUnconfirmed || world.Chance.OneIn(2))
            {
                sent.Add(row);
            }
        }

        return [.. (await ((IBroker)transport).Publish(sent, stop)).Where(r => !lost.Contains(r.Sequence))];
    }

    public void OnArrival(QueueDefinition queue, Action wake) => transport.OnArrival(queue, wake);

    public ValueTask Settle(IReadOnlyList<Settlement> settlements, CancellationToken stop)
    {
        foreach (var settlement in settlements)
        {
            var step = world.Acting;
            _inHand.Remove((settlement.Delivery.Queue, settlement.Delivery.EventId));
            if (settlement is Settlement.Done && world.Hits(Fault.LostAck, step))
            {
                Later(settlement.Delivery with { IsRedelivery = true, Attempts = settlement.Delivery.Attempts });
            }
        }

        return transport.Settle(settlements, stop);
    }

    public ValueTask<DateTimeOffset?> OldestSentAt(QueueDefinition queue, CancellationToken stop) =>
        transport.OldestSentAt(queue, stop);

    public ValueTask<IReadOnlyList<QueueStatus>> Status(CancellationToken stop) => transport.Status(stop);

    public ValueTask DropExpired(CancellationToken stop) => transport.DropExpired(stop);

    private void Pass(QueueDefinition queue, FlowStep step, Delivery delivery, List<Delivery> received)
    {
        if (world.Hits(Fault.Lose, step))
        {
            // Its claim runs out, and it is given to another.
            world.WakeAt(queue.Service, world.Clock.Now + queue.VisibilityTimeout + TimeSpan.FromSeconds(1));
            return;
        }

        if (world.Hits(Fault.Delay, step))
        {
            Later(delivery);
            return;
        }

        received.Add(delivery);
        if (!_inHand.Add((delivery.Queue, delivery.EventId)))
        {
            world.Hit(Fault.TwoWorkers, step);
        }

        if (world.Hits(Fault.Duplicate, step))
        {
            Later(delivery);
        }
    }

    private void Later(Delivery delivery)
    {
        var at = world.Clock.Now + world.Chance.UpTo(LongestDelay);
        _onTheWay.Add((at, delivery));
        world.WakeAt(
            Contracts.ShopTopology.Topology.Queues.First(q => q.Queue == delivery.Queue).Service, at);
    }

    private List<Delivery> TakeArrived(QueueDefinition queue)
    {
        var arrived = new List<Delivery>();
        for (var i = 0; i < _onTheWay.Count; i++)
        {
            if (_onTheWay[i].At <= world.Clock.Now && _onTheWay[i].Delivery.Queue == queue.Queue)
            {
                arrived.Add(_onTheWay[i].Delivery);
                _onTheWay.RemoveAt(i--);
            }
        }

        return arrived;
    }
}
