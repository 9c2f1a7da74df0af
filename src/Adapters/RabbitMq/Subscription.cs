using DoaMarket.Kernel;
using RabbitMQ.Client;

namespace DoaMarket.RabbitMq;

/// <summary>A service's queue, and what RabbitMQ has given up of it, while the process receives from them.</summary>
internal sealed class Subscription(
    QueueDefinition queue, BrokerTopology topology, MessageCatalog catalog, RabbitMqOptions options, TimeProvider time)
{
    private volatile Consumption? _messages, _deadLetters;

    /// <summary>The queue.</summary>
    public QueueDefinition Queue { get; } = queue;

    /// <summary>Wakes the receivers; null while there are none.</summary>
    public Action? Wake { get; set; }

    /// <summary>Whether something is wrong with what it receives by.</summary>
    public bool IsLost =>
        Wake is not null && (_messages is not { IsLost: false } || _deadLetters is not { IsLost: false });

    /// <summary>Begins to receive on a new connection; what was held by the earlier one comes again.</summary>
    public async Task Begin(IConnection connection, CancellationToken stop)
    {
        _deadLetters = await Consumption.Begin(
            connection, topology.DeadNameOf(Queue), options, time, () => Wake?.Invoke(), stop);
        _messages = await Consumption.Begin(
            connection, topology.NameOf(Queue.Queue), options, time, () => Wake?.Invoke(), stop);
    }

    /// <summary>Whatever has arrived.</summary>
    public List<Delivery> Take(int max)
    {
        var arrivals = new List<Arrival>();
        _messages?.Take(max, arrivals);
        var ownCount = arrivals.Count;
        _deadLetters?.Take(max, arrivals);
        return [.. arrivals.Select((a, i) => DeliveryOf(a, i >= ownCount))];
    }

    /// <summary>Ends the visibility of what has been in hand for too long.</summary>
    public async ValueTask ReturnOverdue(CancellationToken stop)
    {
        foreach (var consumption in Consumptions())
        {
            await consumption.ReturnOverdue(Queue.VisibilityTimeout, stop);
        }
    }

    /// <summary>What the process holds of it.</summary>
    public Holding Holding()
    {
        var all = Consumptions().Select(c => c.Holding()).ToList();
        return new(
            all.Sum(h => h.Held), all.Sum(h => h.InHand), all.Sum(h => h.Retrying), all.Min(h => h.OldestSentAt));
    }

    private IEnumerable<Consumption> Consumptions() => new[] { _messages, _deadLetters }.OfType<Consumption>();

    private Delivery DeliveryOf(Arrival arrival, bool isDeadLetter)
    {
        var now = time.GetUtcNow();
        var delivery = Delivery.Of(
            Queue, arrival.Body, catalog, BrokerMessage.AttemptsOf(arrival.Properties), arrival.IsReturned, arrival,
            now);
        return isDeadLetter
            ? delivery with { GivenUp = BrokerMessage.ReasonOf(arrival.Properties, Queue) }
            : now - arrival.SentAt > Queue.Retention
                ? delivery with { GivenUp = $"Not handled within {Queue.Retention.TotalDays:0} days." }
                : delivery;
    }
}
