using DoaMarket.Kernel;

namespace DoaMarket.Simulation;

/// <summary>
/// A broker in memory that keeps the promises of a real one and no more: durable queues, at least once, unacknowledged
/// messages come again when their receiver is lost or takes too long, delayed copies, and messages that it gives up by itself.
/// It outlives the processes that connect to it.
/// </summary>
internal sealed class SimulatedBroker
{
    /// <summary>Returns after which it gives a message up: a backstop, as RabbitMQ's delivery limit.</summary>
    private const int DeliveryLimit = 20;

    private readonly Dictionary<string, Queue> _queues;
    private readonly List<Connection> _connections = [];
    private readonly Topology _topology;
    private readonly MessageCatalog _catalog;
    private readonly TimeProvider _time;
    private DateTimeOffset _awayUntil;
    private long _tags;

    public SimulatedBroker(Topology topology, MessageCatalog catalog, TimeProvider time)
    {
        (_topology, _catalog, _time) = (topology, catalog, time);
        _queues = topology.Queues.ToDictionary(q => q.Queue, q => new Queue(q), StringComparer.Ordinal);
    }

    private DateTimeOffset Now => _time.GetUtcNow();

    /// <summary>Whether nobody reaches it.</summary>
    public bool IsAway => Now < _awayUntil;

    /// <summary>What was not settled yet, delayed copies included.</summary>
    public IEnumerable<(string Queue, WireMessage Message)> Pending => _queues.Values.SelectMany(
        queue => queue.All.Select(m => (queue.Definition.Queue, WireMessage.Read(m.Bytes))));

    /// <summary>A process connects.</summary>
    public IBrokerConnection Connect()
    {
        var connection = new Connection(this);
        _connections.Add(connection);
        return connection;
    }

    /// <summary>
    /// All connections are lost, and nobody can connect before <paramref name="until"/>. What was in receivers' hands comes
    /// again.
    /// </summary>
    public void Restart(DateTimeOffset until)
    {
        _awayUntil = until;
        foreach (var queue in _queues.Values)
        {
            queue.Return(_ => true);
        }
    }

    /// <summary>Tells those who are connected that there may be something.</summary>
    public void WakeAll()
    {
        foreach (var queue in _queues.Keys)
        {
            Arrived(queue);
        }
    }

    private void Publish(OutboxRow row)
    {
        if (row.To is { } to)
        {
            Add(to, row.ForReceivers.Write(), 0, Now);
            return;
        }

        foreach (var queue in _topology.Route(row.Message.EventType))
        {
            Add(queue.Queue, row.ForReceivers.Write(), 0, Now);
        }

        Add(_topology.Of(_topology.JournalService).Queue, row.Message.Write(), 0, Now);
    }

    private void Add(string queue, byte[] bytes, int attempts, DateTimeOffset visibleAt)
    {
        _queues[queue].Add(new(bytes, attempts, Now, visibleAt));
        if (visibleAt <= Now)
        {
            Arrived(queue);
        }
    }

    private void Arrived(string queue)
    {
        foreach (var connection in _connections)
        {
            connection.Wake(queue);
        }
    }

    private List<Delivery> Receive(Connection connection, QueueDefinition definition, int max)
    {
        var (queue, received) = (_queues[definition.Queue], new List<Delivery>());
        if (IsAway)
        {
            return received;
        }

        queue.Return(u => Now - u.Since > definition.VisibilityTimeout);
        while (received.Count < max && queue.Take(Now) is { } message)
        {
            var tag = ++_tags;
            queue.InHand.Add(tag, new(message, connection, Now));
            received.Add(
                Delivery.Of(definition, message.Bytes, _catalog, message.Attempts, message.Returns > 0, tag, Now) with
                {
                    GivenUp = message.Returns > DeliveryLimit
                        ? $"It was given back {message.Returns} times."
                        : Now - message.SentAt > definition.Retention
                            ? $"Not handled within {definition.Retention.TotalDays:0} days."
                            : null,
                });
        }

        return received;
    }

    // The receipt of a message that has been given to somebody else, or came back with its connection, is void.
    private void Settle(Settlement settlement)
    {
        var queue = _queues[settlement.Delivery.Queue];
        if (!IsAway && queue.InHand.Remove((long)settlement.Delivery.Receipt, out var unsettled)
            && settlement is Settlement.Retry retry)
        {
            Add(queue.Definition.Queue, unsettled.Message.Bytes, retry.Attempts, retry.At);
        }
    }

    private static QueueStatus StatusOf(Queue queue)
    {
        var all = queue.All.ToList();
        return new(
            queue.Definition.Queue, queue.Definition.Service, all.Count, all.Count(m => m.Attempts > 0), OldestSentAt(queue),
            queue.InHand.Count);
    }

    private static DateTimeOffset? OldestSentAt(Queue queue) => queue.All.Min(m => (DateTimeOffset?)m.SentAt);

    /// <summary>A message in a queue.</summary>
    private sealed class Message(byte[] bytes, int attempts, DateTimeOffset sentAt, DateTimeOffset visibleAt)
    {
        public byte[] Bytes { get; } = bytes;

        public int Attempts { get; } = attempts;

        public DateTimeOffset SentAt { get; } = sentAt;

        public DateTimeOffset VisibleAt { get; } = visibleAt;

        public int Returns { get; set; }
    }

    private sealed record Unsettled(Message Message, Connection Holder, DateTimeOffset Since);

    private sealed class Queue(QueueDefinition definition)
    {
        private readonly LinkedList<Message> _ready = [];
        private readonly List<Message> _delayed = [];

        public QueueDefinition Definition { get; } = definition;

        /// <summary>By receipt.</summary>
        public SortedDictionary<long, Unsettled> InHand { get; } = [];

        public IEnumerable<Message> All => _ready.Concat(_delayed).Concat(InHand.Values.Select(u => u.Message));

        public void Add(Message message)
        {
            if (message.VisibleAt > message.SentAt)
            {
                _delayed.Add(message);
            }
            else
            {
                _ready.AddLast(message);
            }
        }

        public Message? Take(DateTimeOffset now)
        {
            for (var i = 0; i < _delayed.Count; i++)
            {
                if (_delayed[i].VisibleAt <= now)
                {
                    _ready.AddLast(_delayed[i]);
                    _delayed.RemoveAt(i--);
                }
            }

            var first = _ready.First?.Value;
            if (first is not null)
            {
                _ready.RemoveFirst();
            }

            return first;
        }

        public void Return(Func<Unsettled, bool> which)
        {
            foreach (var (tag, unsettled) in InHand.Where(u => which(u.Value)).Reverse().ToList())
            {
                InHand.Remove(tag);
                unsettled.Message.Returns++;
                _ready.AddFirst(unsettled.Message);
            }
        }
    }

    private sealed class Connection(SimulatedBroker broker) : IBrokerConnection
    {
        private readonly Dictionary<string, Action> _wakes = new(StringComparer.Ordinal);

        public ValueTask<IReadOnlyList<OutboxRow>> Publish(IReadOnlyList<OutboxRow> rows, CancellationToken stop)
        {
            if (broker.IsAway)
            {
                return new([]);
            }

            foreach (var row in rows)
            {
                broker.Publish(row);
            }

            return new(rows);
        }

        public ValueTask<IReadOnlyList<Delivery>> Receive(QueueDefinition queue, int max, CancellationToken stop) =>
            new(broker.Receive(this, queue, max));

        public void OnArrival(QueueDefinition queue, Action wake)
        {
            _wakes.TryGetValue(queue.Queue, out var before);
            _wakes[queue.Queue] = before + wake;
        }

        public void Wake(string queue)
        {
            if (_wakes.TryGetValue(queue, out var wake))
            {
                wake();
            }
        }

        public ValueTask Settle(IReadOnlyList<Settlement> settlements, CancellationToken stop)
        {
            foreach (var settlement in settlements)
            {
                broker.Settle(settlement);
            }

            return default;
        }

        public ValueTask<DateTimeOffset?> OldestSentAt(QueueDefinition queue, CancellationToken stop) =>
            new(SimulatedBroker.OldestSentAt(broker._queues[queue.Queue]));

        public ValueTask<IReadOnlyList<QueueStatus>> Status(CancellationToken stop) =>
            new([.. broker._queues.Values.Select(SimulatedBroker.StatusOf)]);

        // What is too old is given up when it is received.
        public ValueTask DropExpired(CancellationToken stop) => default;

        public void Dispose()
        {
            broker._connections.Remove(this);
            foreach (var queue in broker._queues.Values)
            {
                queue.Return(u => u.Holder == this);
            }
        }
    }
}

/// <summary>One process's connection; when it is disposed of, what its process had in hand comes again.</summary>
internal interface IBrokerConnection : IBroker, IDisposable;
