using System.Collections.Concurrent;
using DoaMarket.Kernel;
using Microsoft.Extensions.Logging;

namespace DoaMarket.RabbitMq;

/// <summary>
/// Queues in RabbitMQ. A process holds two connections: one that publishes what its outboxes hand over, and one by
/// which the messages of its services come (docs/adr/0034-rabbitmq-topology.md).
/// </summary>
public sealed class RabbitMqBroker : IBroker, IAsyncDisposable
{
    private readonly BrokerAddress _address;
    private readonly BrokerTopology _topology;
    private readonly Dictionary<string, Subscription> _subscriptions;
    private readonly Publisher _publisher;
    private readonly Receiver _receiver;
    private readonly QueueReports _reports;
    private readonly ConcurrentDictionary<string, DateTimeOffset> _unattendedSince = new(StringComparer.Ordinal);
    private readonly TimeProvider _time;

    private RabbitMqBroker(
        BrokerAddress address, string process, RabbitMqOptions options, Topology topology, MessageCatalog catalog,
        TimeProvider time, ILogger log)
    {
        (_address, _time, _topology) = (address, time, new BrokerTopology(topology, options));
        _subscriptions = topology.Queues.ToDictionary(
            q => q.Queue, q => new Subscription(q, _topology, catalog, options, time), StringComparer.Ordinal);
        _publisher = new Publisher(address, _topology, options, log);
        _reports = new QueueReports(process, _topology, options, time);
        _receiver = new Receiver(address, _topology, _subscriptions.Values, _reports, options, time, log);
    }

    /// <summary>Connects and declares the queues; <see cref="Run"/> lets messages come.</summary>
    /// <param name="url">amqp://user:password@host:5672/virtual-host, or amqps://.</param>
    /// <param name="process">Tells this process from all others.</param>
    /// <param name="options">Bounds and intervals.</param>
    /// <param name="topology">Queues and rules.</param>
    /// <param name="catalog">How payloads are read.</param>
    /// <param name="time">The clock.</param>
    /// <param name="log">Where it tells of losses.</param>
    /// <param name="stop">Gives up.</param>
    /// <exception cref="InvalidOperationException">RabbitMQ cannot be used. The text says what to do.</exception>
    public static async Task<RabbitMqBroker> Open(
        string url, string process, RabbitMqOptions options, Topology topology, MessageCatalog catalog,
        TimeProvider time, ILogger<RabbitMqBroker> log, CancellationToken stop)
    {
        var address = new BrokerAddress(url, options);
        var broker = new RabbitMqBroker(address, process, options, topology, catalog, time, log);
        try
        {
            await broker._publisher.Open(stop);
            return broker;
        }
        catch (Exception error) when (BrokerAddress.IsLost(error))
        {
            await broker.DisposeAsync();
            throw address.Refusal(error);
        }
    }

    /// <summary>Whether nothing comes at this moment, since the connection is lost.</summary>
    public bool IsAway => _receiver.AwaySince is not null;

    /// <summary>Receives, and connects again when the connection is lost, until stopped.</summary>
    public Task Run(CancellationToken stop) => _receiver.Run(stop);

    /// <inheritdoc />
    public async ValueTask<IReadOnlyList<OutboxRow>> Publish(IReadOnlyList<OutboxRow> rows, CancellationToken stop)
    {
        ArgumentNullException.ThrowIfNull(rows);
        var now = _time.GetUtcNow();
        var posts = rows.SelectMany(row => BrokerMessage.Of(row, _topology, now).Select(post => (row, post))).ToList();
        var confirmed = await _publisher.Publish([.. posts.Select(p => p.post)], stop);
        var missing = posts.Where((_, i) => !confirmed[i]).Select(p => p.row.Sequence).ToHashSet();
        return [.. rows.Where(row => !missing.Contains(row.Sequence))];
    }

    /// <inheritdoc />
    public ValueTask<IReadOnlyList<Delivery>> Receive(QueueDefinition queue, int max, CancellationToken stop) =>
        new(_subscriptions[queue.Queue].Take(max));

    /// <inheritdoc />
    public void OnArrival(QueueDefinition queue, Action wake) => _subscriptions[queue.Queue].Wake += wake;

    /// <inheritdoc />
    public async ValueTask Settle(IReadOnlyList<Settlement> settlements, CancellationToken stop)
    {
        ArgumentNullException.ThrowIfNull(settlements);
        var open = settlements.Select(s => (Settlement: s, Arrival: (Arrival)s.Delivery.Receipt))
            .Where(s => s.Arrival.Consumption.Has(s.Arrival.Tag)).ToList();
        var retries = open.Where(s => s.Settlement is Settlement.Retry).ToList();
        var copied = await _publisher.Publish(
            [.. retries.Select(r => CopyOf((Settlement.Retry)r.Settlement, r.Arrival))], stop);
        var lost = retries.Where((_, i) => !copied[i]).Select(r => r.Arrival).ToList();
        foreach (var ofOne in open.Select(s => s.Arrival).GroupBy(a => a.Consumption))
        {
            try
            {
                await ofOne.Key.Return(lost.Where(a => a.Consumption == ofOne.Key).Select(a => a.Tag), stop);
                await ofOne.Key.Acknowledge(ofOne.Except(lost).Select(a => a.Tag), stop);
            }
            catch (Exception error) when (BrokerAddress.IsLost(error))
            {
                // What is not acknowledged comes again; the receiver sees the loss by itself and tells of it.
            }
        }
    }

    /// <inheritdoc />
    /// <remarks>
    /// Of the messages that some process holds. While none holds any, it is when the queue was first seen not to be
    /// empty; while the connection is lost, and until those who send have caught up, messages may wait that nobody knows
    /// of, so it is when it was lost.
    /// </remarks>
    public async ValueTask<DateTimeOffset?> OldestSentAt(QueueDefinition queue, CancellationToken stop)
    {
        ArgumentNullException.ThrowIfNull(queue);
        var held = HoldingsOf(queue.Queue).Min(h => h.OldestSentAt);
        if (held is not null)
        {
            _unattendedSince.TryRemove(queue.Queue, out _);
        }

        if (_receiver.UnsureSince is { } lostAt)
        {
            return held < lostAt ? held : lostAt;
        }

        return held ?? await UnattendedSince(queue, stop);
    }

    /// <inheritdoc />
    public async ValueTask<IReadOnlyList<QueueStatus>> Status(CancellationToken stop)
    {
        var all = new List<QueueStatus>();
        foreach (var queue in _topology.Queues)
        {
            var holdings = HoldingsOf(queue.Queue);
            var ready = await _receiver.Ready(_topology.NameOf(queue.Queue), stop);
            var delayed = await _receiver.Ready(_topology.RetryNameOf(queue.Queue), stop);
            all.Add(new(
                queue.Queue, queue.Service, ready + delayed + holdings.Sum(h => h.Held),
                delayed + holdings.Sum(h => h.Retrying),
                await OldestSentAt(queue, stop), holdings.Sum(h => h.InHand)));
        }

        return all;
    }

    /// <inheritdoc />
    // RabbitMQ gives up what is too old by itself, and it then comes as given up.
    public ValueTask DropExpired(CancellationToken stop) => default;

    /// <summary>Server and virtual host, without secrets.</summary>
    public override string ToString() => _address.ToString();

    /// <summary>Closes the connections; what is held and not settled comes again, to whomever.</summary>
    public async ValueTask DisposeAsync()
    {
        await _receiver.DisposeAsync();
        await _publisher.DisposeAsync();
    }

    private List<Holding> HoldingsOf(string queue)
    {
        var subscription = _subscriptions[queue];
        var others = _reports.Of(queue);
        return subscription.Wake is null ? others : [subscription.Holding(), .. others];
    }

    private async ValueTask<DateTimeOffset?> UnattendedSince(QueueDefinition queue, CancellationToken stop)
    {
        var ready = await _receiver.Ready(_topology.NameOf(queue.Queue), stop);
        if (ready > 0)
        {
            return _unattendedSince.GetOrAdd(queue.Queue, _time.GetUtcNow());
        }

        _unattendedSince.TryRemove(queue.Queue, out _);
        return null;
    }

    private Post CopyOf(Settlement.Retry retry, Arrival arrival)
    {
        var (queue, wait) = (retry.Delivery.Queue, retry.At - _time.GetUtcNow());
        return wait > TimeSpan.Zero
            ? BrokerMessage.Again(arrival, _topology.RetryNameOf(queue), retry.Attempts, wait)
            : BrokerMessage.Again(arrival, _topology.NameOf(queue), retry.Attempts, null);
    }
}
