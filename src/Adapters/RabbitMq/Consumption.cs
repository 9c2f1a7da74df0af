using DoaMarket.Kernel;
using RabbitMQ.Client;
using RabbitMQ.Client.Events;

namespace DoaMarket.RabbitMq;

/// <summary>A message as it came, and the handle by which it is settled.</summary>
/// <param name="Consumption">By which it came; with it the handle becomes void.</param>
/// <param name="Tag">Its number there.</param>
internal sealed record Arrival(
    Consumption Consumption, ulong Tag, IReadOnlyBasicProperties Properties, byte[] Body, bool IsReturned,
    DateTimeOffset SentAt);

/// <summary>What a process holds of a queue.</summary>
/// <param name="Held">Messages that are not settled.</param>
/// <param name="InHand">Those of them that are being handled.</param>
/// <param name="Retrying">Those of them that failed at least once.</param>
/// <param name="OldestSentAt">When the oldest of them was sent; null when there are none.</param>
internal sealed record Holding(long Held, long InHand, long Retrying, DateTimeOffset? OldestSentAt);

/// <summary>
/// What comes out of one queue by one channel, for as long as that lives. Messages that have arrived wait here for the
/// service's loop; those that it has taken are in hand until they are settled. When the channel is lost, all of them
/// come again, to whomever.
/// </summary>
internal sealed class Consumption : AsyncDefaultBasicConsumer, IAsyncDisposable
{
    private readonly Lock _gate = new();
    private readonly Queue<Arrival> _arrived = [];
    private readonly SortedDictionary<ulong, (Arrival Arrival, DateTimeOffset Since)> _inHand = [];
    private readonly TimeProvider _time;
    private readonly Action _wake;
    private volatile bool _isCancelled;

    private Consumption(IChannel channel, TimeProvider time, Action wake)
        : base(channel) => (_time, _wake) = (time, wake);

    /// <summary>Whether nothing comes by it any more, and nothing can be settled.</summary>
    public bool IsLost => _isCancelled || !Channel.IsOpen;

    /// <summary>Begins.</summary>
    public static async Task<Consumption> Begin(
        IConnection connection, string queue, RabbitMqOptions options, TimeProvider time, Action wake,
        CancellationToken stop)
    {
        var consumption = new Consumption(await connection.CreateChannelAsync(cancellationToken: stop), time, wake);
        await consumption.Channel.BasicQosAsync(0, (ushort)options.Prefetch, global: false, stop);
        await consumption.Channel.BasicConsumeAsync(queue, autoAck: false, consumption, stop);
        return consumption;
    }

    /// <summary>Takes what has arrived, oldest first.</summary>
    public void Take(int max, List<Arrival> to)
    {
        lock (_gate)
        {
            while (!IsLost && to.Count < max && _arrived.TryDequeue(out var arrival))
            {
                _inHand.Add(arrival.Tag, (arrival, _time.GetUtcNow()));
                to.Add(arrival);
            }
        }
    }

    /// <summary>Whether it is still in hand: it was neither settled nor given to somebody else.</summary>
    public bool Has(ulong tag)
    {
        lock (_gate)
        {
            return !IsLost && _inHand.ContainsKey(tag);
        }
    }

    /// <summary>Ends messages. Those that are not in hand any more are left out.</summary>
    public async ValueTask Acknowledge(IEnumerable<ulong> tags, CancellationToken stop)
    {
        var (together, alone) = Drop([.. tags]);
        if (together is { } last)
        {
            await Channel.BasicAckAsync(last, multiple: true, stop);
        }

        foreach (var tag in alone)
        {
            await Channel.BasicAckAsync(tag, multiple: false, stop);
        }
    }

    /// <summary>Gives messages back, to come again at once.</summary>
    public async ValueTask Return(IEnumerable<ulong> tags, CancellationToken stop)
    {
        foreach (var tag in tags)
        {
            if (Drop(tag))
            {
                await Channel.BasicNackAsync(tag, multiple: false, requeue: true, stop);
            }
        }
    }

    /// <summary>Gives back what has been in hand for longer than one handling may take.</summary>
    public ValueTask ReturnOverdue(TimeSpan longest, CancellationToken stop)
    {
        ulong[] overdue;
        lock (_gate)
        {
            var limit = _time.GetUtcNow() - longest;
            overdue = [.. _inHand.Where(h => h.Value.Since < limit).Select(h => h.Key)];
        }

        return Return(overdue, stop);
    }

    /// <summary>What is held at this moment.</summary>
    public Holding Holding()
    {
        lock (_gate)
        {
            var all = _inHand.Values.Select(h => h.Arrival).Concat(_arrived).ToList();
            return new(
                all.Count, _inHand.Count, all.Count(a => BrokerMessage.AttemptsOf(a.Properties) > 0),
                all.Min(a => (DateTimeOffset?)a.SentAt));
        }
    }

    /// <inheritdoc />
    public override Task HandleBasicDeliverAsync(
        string consumerTag, ulong deliveryTag, bool redelivered, string exchange, string routingKey,
        IReadOnlyBasicProperties properties, ReadOnlyMemory<byte> body, CancellationToken cancellationToken = default)
    {
        // Body and properties are the client's own again when this has returned.
        var kept = new BasicProperties(properties);
        var arrival = new Arrival(
            this, deliveryTag, kept, body.ToArray(), BrokerMessage.IsReturned(redelivered, kept),
            BrokerMessage.SentAtOf(kept) ?? _time.GetUtcNow());
        lock (_gate)
        {
            _arrived.Enqueue(arrival);
        }

        _wake();
        return Task.CompletedTask;
    }

    /// <inheritdoc />
    // The queue was deleted, or its node is gone.
    public override Task HandleBasicCancelAsync(string consumerTag, CancellationToken cancellationToken = default)
    {
        _isCancelled = true;
        return base.HandleBasicCancelAsync(consumerTag, cancellationToken);
    }

    /// <inheritdoc />
    public ValueTask DisposeAsync() => Channel.DisposeAsync();

    // Tags count up and messages are taken in their order: everything below what stays in hand is ended by one word.
    private (ulong? Together, List<ulong> Alone) Drop(ulong[] tags)
    {
        lock (_gate)
        {
            var dropped = tags.Where(tag => !IsLost && _inHand.Remove(tag)).Order().ToList();
            var lowest = _inHand.Count > 0 ? _inHand.Keys.First() : ulong.MaxValue;
            var together = dropped.TakeWhile(tag => tag < lowest).ToList();
            return together.Count > 1
                ? (together[^1], dropped[together.Count..])
                : (null, dropped);
        }
    }

    private bool Drop(ulong tag)
    {
        lock (_gate)
        {
            return !IsLost && _inHand.Remove(tag);
        }
    }
}
