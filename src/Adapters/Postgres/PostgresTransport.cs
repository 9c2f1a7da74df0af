using DoaMarket.Kernel;
using Microsoft.Extensions.Logging;

namespace DoaMarket.Postgres;

/// <summary>
/// Queues in the store's own database, shared by all nodes. A delivery is a narrow row that points to its message; most
/// are handed to a receiver of the same process in memory right after the commit that made them durable, claimed already.
/// </summary>
public sealed class PostgresTransport : ITransport
{
    private const int ExpiredPerRound = 1_000;

    private const string Claim = $"""
        WITH picked AS (
          SELECT seq FROM messaging.deliveries d
          WHERE queue = $1 AND seq > $2 AND (visible_at <= $3 OR ($4 AND node IS NOT NULL AND NOT EXISTS (
            SELECT FROM messaging.nodes n WHERE n.id = d.node AND n.heartbeat_at > clock_timestamp() - $5)))
          ORDER BY seq LIMIT $6 FOR UPDATE OF d SKIP LOCKED),
        claimed AS (
          UPDATE messaging.deliveries d SET node = $7, receives = receives + 1, visible_at = $8
          FROM picked p WHERE d.queue = $1 AND d.seq = p.seq RETURNING d.seq, d.receives, d.attempts, d.personal)
        SELECT {Rows.MessageColumns}, c.receives, c.attempts, c.personal
        FROM claimed c JOIN messaging.messages m ON m.seq = c.seq ORDER BY c.seq
        """;

    private const string FreeAll = """
        WITH freed AS (
          UPDATE messaging.deliveries SET visible_at = $1, node = NULL, receives = 0 WHERE node = $2 RETURNING queue, seq)
        SELECT queue, min(seq) FROM freed GROUP BY queue
        """;

    private const string QueueStates = """
        SELECT d.queue, d.waiting, d.retrying, d.in_flight, m.timestamp
        FROM (SELECT queue, count(*) AS waiting, count(*) FILTER (WHERE attempts > 0) AS retrying,
                count(*) FILTER (WHERE node IS NOT NULL AND visible_at > $1) AS in_flight, min(seq) AS first
              FROM messaging.deliveries GROUP BY queue) d
        JOIN messaging.messages m ON m.seq = d.first
        """;

    private readonly PostgresDatabase _database;
    private readonly PostgresNode _node;
    private readonly Topology _topology;
    private readonly MessageCatalog _catalog;
    private readonly TimeProvider _time;
    private readonly Dictionary<string, Mailbox> _mailboxes;
    private readonly Dictionary<string, QueueDefinition> _queues;
    private readonly ArrivalNotices _notices;

    /// <summary>A transport; <see cref="Run"/> lets it hear of other nodes' messages at once.</summary>
    public PostgresTransport(
        PostgresDatabase database, PostgresNode node, Topology topology, MessageCatalog catalog, TimeProvider time,
        ILogger<PostgresTransport> log)
    {
        (_database, _node, _topology, _catalog, _time) = (database, node, topology, catalog, time);
        _queues = topology.Queues.ToDictionary(q => q.Queue, StringComparer.Ordinal);
        _mailboxes = topology.Queues.ToDictionary(q => q.Queue, _ => new Mailbox(database.Options), StringComparer.Ordinal);
        _notices = new ArrivalNotices(database, node.Id, Arrived, log);
    }

    /// <summary>Names of all queues.</summary>
    internal IReadOnlyCollection<string> QueueNames => _mailboxes.Keys;

    /// <summary>Tells other nodes of messages for them, and hears of theirs, until stopped.</summary>
    public Task Run(CancellationToken stop) => _notices.Run(stop);

    /// <summary>Gives back what was handed over and not begun, so that another node takes it as fresh.</summary>
    public async ValueTask GiveBack(CancellationToken stop)
    {
        var lowest = new Dictionary<string, long>(StringComparer.Ordinal);
        await _database.Tell(
            script => script.Read(
                FreeAll, row => lowest.Add(row.GetString(0), row.GetInt64(1)), Arg.Time(_time.GetUtcNow()),
                Arg.Int(_node.Id)),
            stop);
        foreach (var (queue, sequence) in lowest)
        {
            _notices.Tell(queue, sequence);
        }

        await _notices.Send(stop);
    }

    /// <inheritdoc />
    public async ValueTask<IReadOnlyList<Delivery>> Receive(QueueDefinition queue, int max, CancellationToken stop)
    {
        var mailbox = _mailboxes[queue.Queue];
        var deliveries = new List<Delivery>();
        mailbox.Take(max, deliveries);
        var now = _time.GetUtcNow();
        if (deliveries.Count < max && mailbox.NextScan(now) is { } scan)
        {
            try
            {
                await Look(queue, mailbox, scan, max - deliveries.Count, deliveries, now, stop);
            }
            catch (StoreUnavailableException)
            {
                mailbox.NoteWaiting(lowest: 0);
                if (deliveries.Count == 0)
                {
                    throw;
                } // What was handed over is not lost for it; the rest is looked for again.
            }
        }

        return deliveries;
    }

    /// <inheritdoc />
    public void OnArrival(QueueDefinition queue, Action wake) => _mailboxes[queue.Queue].Wake += wake;

    /// <inheritdoc />
    // Done in the commit itself.
    public ValueTask Settle(IReadOnlyList<Settlement> settlements, CancellationToken stop) => default;

    /// <inheritdoc />
    public async ValueTask<DateTimeOffset?> OldestSentAt(QueueDefinition queue, CancellationToken stop)
    {
        var mailbox = _mailboxes[queue.Queue];
        var from = mailbox.OldestFrom(_time.GetUtcNow());
        var found = await _database.Query(
            "SELECT d.seq, m.timestamp FROM messaging.deliveries d JOIN messaging.messages m ON m.seq = d.seq "
            + "WHERE d.queue = $1 AND d.seq >= $2 ORDER BY d.seq LIMIT 1",
            row => (Sequence: row.GetInt64(0), SentAt: Rows.Time(row, 1)), stop, Arg.Text(queue.Queue),
            Arg.Number(from));
        mailbox.OldestFound(from, found is [var oldest] ? oldest.Sequence : null);
        return found is [var first] ? first.SentAt : null;
    }

    /// <inheritdoc />
    public async ValueTask<IReadOnlyList<QueueStatus>> Status(CancellationToken stop)
    {
        var found = (await _database.Query(
            QueueStates,
            row => new QueueStatus(
                row.GetString(0), "", row.GetInt64(1), row.GetInt64(2), Rows.Time(row, 4), row.GetInt64(3)),
            stop, Arg.Time(_time.GetUtcNow()))).ToDictionary(q => q.Queue, StringComparer.Ordinal);
        return
        [
            .. _topology.Queues
                .Where(q => q.Service != _topology.JournalService) // here the journal is the table of messages itself
                .Select(q => (found.GetValueOrDefault(q.Queue) ?? new(q.Queue, "", 0, 0, null, 0))
                    with { Service = q.Service }),
        ];
    }

    /// <inheritdoc />
    public async ValueTask DropExpired(CancellationToken stop)
    {
        var now = _time.GetUtcNow();
        foreach (var queue in _topology.Queues)
        {
            while (await DropExpired(queue, now, stop) == ExpiredPerRound)
            {
                // as many rounds as it takes
            }

            await _database.Tell(script => PostgresDeadLetters.DropExpired(script, queue, now), stop);
        }
    }

    /// <summary>Ends deliveries.</summary>
    internal static void Remove(Script script, QueueDefinition queue, IEnumerable<long> sequences) => script.Do(
        "DELETE FROM messaging.deliveries WHERE queue = $1 AND seq = ANY($2)", Arg.Text(queue.Queue),
        Arg.Numbers(sequences));

    internal QueueDefinition QueueOf(string name) => _queues[name];

    internal bool TakeRoom(string queue) => _mailboxes[queue].TakeRoom();

    internal void GiveRoom(string queue) => _mailboxes[queue].GiveRoom();

    internal void HandOver(Delivery delivery) => _mailboxes[delivery.Queue].HandOver(delivery);

    /// <summary>Messages wait in the database, for whichever node is first.</summary>
    internal void NoteWaiting(string queue, long lowest)
    {
        _mailboxes[queue].NoteWaiting(lowest);
        _notices.Tell(queue, lowest);
    }

    internal void NoteRetries(IEnumerable<Settlement.Retry> retries)
    {
        foreach (var retry in retries)
        {
            _mailboxes[retry.Delivery.Queue].NoteRetry(retry.At);
        }
    }

    // Null is any queue: notices may have been missed.
    private void Arrived(string? queue, long lowest)
    {
        foreach (var (name, mailbox) in _mailboxes)
        {
            if ((queue is null || queue == name) && mailbox.Wake is not null)
            {
                mailbox.NoteWaiting(lowest);
            }
        }
    }

    private async ValueTask Look(
        QueueDefinition queue, Mailbox mailbox, Scan scan, int max, List<Delivery> to, DateTimeOffset now,
        CancellationToken stop)
    {
        const int receives = Rows.MessageWidth, attempts = receives + 1, personal = receives + 2;
        var before = to.Count;
        await _database.Ask(
            script => script.Read(
                Claim,
                row => to.Add(Delivery.Of(
                    queue, Rows.Message(row), Rows.TextOrNull(row, personal), _catalog, row.GetInt32(receives),
                    row.GetInt32(attempts), row.GetInt64(0))),
                Arg.Text(queue.Queue), Arg.Number(scan.Floor), Arg.Time(now), Arg.Bool(scan.IsFull),
                Arg.Span(_database.Options.ClaimsVoidAfter), Arg.Number(max), Arg.Int(_node.Id),
                Arg.Time(now + queue.VisibilityTimeout)),
            stop);
        var claimed = to.Count - before;
        mailbox.Scanned(scan, claimed == 0 ? 0 : (long)to[^1].Receipt, hasMore: claimed == max);
    }

    private async ValueTask<int> DropExpired(QueueDefinition queue, DateTimeOffset now, CancellationToken stop)
    {
        var expired = await _database.Query(
            "SELECT d.seq, m.event_id FROM messaging.deliveries d JOIN messaging.messages m ON m.seq = d.seq "
            + "WHERE d.queue = $1 AND m.timestamp < $2 ORDER BY d.seq LIMIT $3",
            row => new Burial(
                row.GetInt64(0), new(row.GetGuid(1)), 0,
                $"Not handled within {queue.Retention.TotalDays:0} days.", ""),
            stop, Arg.Text(queue.Queue), Arg.Time(now - queue.Retention), Arg.Number(ExpiredPerRound));
        if (expired.Count > 0)
        {
            await _database.Tell(
                script =>
                {
                    PostgresDeadLetters.Bury(script, queue, expired, now);
                    Remove(script, queue, expired.Select(e => e.Sequence));
                },
                stop);
        }

        return expired.Count;
    }
}
