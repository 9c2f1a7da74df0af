using System.Collections.Concurrent;
using System.Text;
using System.Text.Json;
using DoaMarket.Kernel;

namespace DoaMarket.Sqlite;

/// <summary>
/// Queues in the store's own database. A delivery is a narrow row that points to its message; most are handed to their
/// receiver in memory right after the commit that made them durable, already claimed by this run of the process.
/// </summary>
public sealed class SqliteTransport : ITransport
{
    private readonly SqliteDatabase _database;
    private readonly MessageCatalog _catalog;
    private readonly TimeProvider _time;
    private readonly Dictionary<string, Mailbox> _mailboxes;
    private readonly Topology _topology;
    private readonly long _trustMs;

    /// <summary>
    /// A transport. Claims of earlier runs are void: nobody else can hold them, since the folder is locked.
    /// </summary>
    public SqliteTransport(
        SqliteDatabase database, Topology topology, MessageCatalog catalog, TimeProvider time, string run)
    {
        (_database, _topology, _catalog, _time, Run) = (database, topology, catalog, time, run);
        _trustMs = database.Options.TrustMs;
        _mailboxes = topology.Queues.ToDictionary(q => q.Queue, _ => new Mailbox(), StringComparer.Ordinal);
    }

    /// <summary>Names this run of the process in the claims it holds.</summary>
    internal string Run { get; }

    /// <summary>Frees what earlier runs had claimed. Called once, before the loops start.</summary>
    public async Task VoidOldClaims(CancellationToken stop) => await _database.Writer.Run(
        session => session.Execute(
            "UPDATE deliveries SET visible_at = 0, run = NULL WHERE run IS NOT NULL AND run <> $1", Run),
        null,
        stop);

    /// <summary>Gives back what was handed over and not begun, so that the next start takes it as fresh.</summary>
    public async Task GiveBack(CancellationToken stop) => await _database.Writer.Run(
        session => session.Execute(
            "UPDATE deliveries SET visible_at = 0, run = NULL, receives = 0 WHERE run = $1", Run),
        null,
        stop);

    /// <inheritdoc />
    public async ValueTask<IReadOnlyList<Delivery>> Receive(QueueDefinition queue, int max, CancellationToken stop)
    {
        var mailbox = _mailboxes[queue.Queue];
        var deliveries = new List<Delivery>();
        while (deliveries.Count < max && mailbox.HandedOver.TryDequeue(out var delivery))
        {
            deliveries.Add(delivery);
        }

        var now = _time.GetUtcNow();
        if (deliveries.Count < max && mailbox.MayHaveVisible(SqliteRows.Ms(now), _trustMs))
        {
            try
            {
                await Claim(queue, mailbox, max - deliveries.Count, now, deliveries, stop);
            }
            catch (StoreUnavailableException)
            {
                mailbox.HasBacklog = true; // it is looked for again
                if (deliveries.Count == 0)
                {
                    throw;
                }
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
    public ValueTask<DateTimeOffset?> OldestSentAt(QueueDefinition queue, CancellationToken stop) =>
        new(_database.Read(session => OldestSentAt(session, queue)));

    /// <inheritdoc />
    public ValueTask<IReadOnlyList<QueueStatus>> Status(CancellationToken stop) =>
        new(_database.Read<IReadOnlyList<QueueStatus>>(session => [.. _topology.Queues
            .Where(q => q.Service != _topology.JournalService) // here the journal is the table of messages itself
            .Select(q => StatusOf(session, q))]));

    /// <inheritdoc />
    public async ValueTask DropExpired(CancellationToken stop) => await _database.Writer.Run(
        session =>
        {
            var now = _time.GetUtcNow();
            foreach (var queue in _topology.Queues)
            {
                var expired = session.Query(
                    "SELECT d.seq FROM deliveries d JOIN messages m ON m.seq = d.seq "
                    + "WHERE d.queue = $1 AND m.timestamp < $2",
                    row => row.Number(0), queue.Queue, SqliteRows.Ms(now - queue.Retention));
                foreach (var sequence in expired)
                {
                    Bury(
                        session, queue.Queue, sequence, 0, $"Not handled within {queue.Retention.TotalDays:0} days.",
                        "", now);
                    session.Execute("DELETE FROM deliveries WHERE queue = $1 AND seq = $2", queue.Queue, sequence);
                }

                SqliteDeadLetters.DropExpired(session, queue, now);
            }

            return true;
        },
        null,
        stop);

    /// <summary>
    /// Whether a delivery may go in memory: not past those that wait in the database, and not beyond the bound.
    /// </summary>
    internal bool HasRoom(string queue, List<Delivery> handOver)
    {
        var mailbox = _mailboxes[queue];
        return mailbox.Wake is not null && !mailbox.HasBacklog
            && mailbox.HandedOver.Count + handOver.Count < _database.Options.MaxHandedOver;
    }

    /// <summary>Makes a dead letter of a delivery.</summary>
    internal void Bury(
        SqliteSession session, string queue, long sequence, int attempts, string reason, string error, DateTimeOffset now)
    {
        var (entry, personal) = session.Query(
            $"SELECT {SqliteRows.MessageColumns}, d.personal FROM deliveries d JOIN messages m ON m.seq = d.seq "
            + "WHERE d.queue = $1 AND d.seq = $2",
            row => (SqliteRows.Message(row), SqliteRows.TextOrNull(row, 13)), queue, sequence).SingleOrDefault();
        if (entry is not null)
        {
            var message = WireMessage.Of(entry, Encoding.UTF8.GetBytes(personal ?? entry.Body));
            SqliteDeadLetters.Bury(session, DeadLetter.Of(
                _topology.Queues.First(q => q.Queue == queue), message, entry.Body, attempts, reason, error, now));
        }
    }

    internal void NoteBacklog(string queue) => _mailboxes[queue].HasBacklog = true;

    /// <summary>Notes that a delivery becomes visible by time alone: when its claim expires, or its wait ends.</summary>
    internal void NoteVisible(string queue, DateTimeOffset at) => _mailboxes[queue].VisibleAt(SqliteRows.Ms(at));

    /// <summary>Puts durable deliveries before their receivers. Runs on the writer's thread, in commit order.</summary>
    internal void HandOver(List<Delivery> deliveries)
    {
        foreach (var delivery in deliveries)
        {
            _mailboxes[delivery.Queue].HandedOver.Enqueue(delivery);
        }

        foreach (var mailbox in _mailboxes.Values)
        {
            if (mailbox.HasBacklog || !mailbox.HandedOver.IsEmpty)
            {
                mailbox.Wake?.Invoke();
            }
        }
    }

    private QueueStatus StatusOf(SqliteSession session, QueueDefinition queue)
    {
        var (waiting, retrying, inFlight) = session.Query(
            "SELECT count(*), count(*) FILTER (WHERE attempts > 0), "
            + "count(*) FILTER (WHERE run IS NOT NULL AND visible_at > $2) FROM deliveries WHERE queue = $1",
            row => (row.Number(0), row.Number(1), row.Number(2)),
            queue.Queue, SqliteRows.Ms(_time.GetUtcNow()))[0];
        return new(queue.Queue, queue.Service, waiting, retrying, OldestSentAt(session, queue), inFlight);
    }

    private static DateTimeOffset? OldestSentAt(SqliteSession session, QueueDefinition queue) => session.Query(
        "SELECT m.timestamp FROM deliveries d JOIN messages m ON m.seq = d.seq "
        + "WHERE d.queue = $1 ORDER BY d.seq LIMIT 1",
        row => (DateTimeOffset?)SqliteRows.Time(row, 0), queue.Queue).FirstOrDefault();

    private async ValueTask Claim(
        QueueDefinition queue, Mailbox mailbox, int max, DateTimeOffset now, List<Delivery> to, CancellationToken stop)
    {
        mailbox.HasBacklog = false; // set again by a commit that adds to the backlog while we look
        var claimed = await _database.Writer.Run(
            session =>
            {
                var claimed = session.Query(
                    """
                    UPDATE deliveries SET run = $1, receives = receives + 1, visible_at = $2 WHERE queue = $3 AND seq IN (
                      SELECT seq FROM deliveries WHERE queue = $3 AND visible_at <= $4 ORDER BY seq LIMIT $5)
                    RETURNING seq, receives, attempts, personal
                    """,
                    row => (
                        Sequence: row.Number(0), Receives: (int)row.Number(1), Attempts: (int)row.Number(2),
                        Personal: SqliteRows.TextOrNull(row, 3)),
                    Run, SqliteRows.Ms(now + queue.VisibilityTimeout), queue.Queue, SqliteRows.Ms(now), max);
                if (claimed.Count == max)
                {
                    mailbox.HasBacklog = true;
                }
                else
                {
                    var next = session.Number("SELECT min(visible_at) FROM deliveries WHERE queue = $1", queue.Queue);
                    mailbox.Looked(SqliteRows.Ms(now), next ?? long.MaxValue);
                }

                return claimed;
            },
            null,
            stop);
        claimed.Sort(static (a, b) => a.Sequence.CompareTo(b.Sequence));
        var messages = _database.Read(session => Messages(session, claimed.Select(c => c.Sequence)));
        to.AddRange(claimed.Zip(messages, (c, message) => Delivery.Of(
            queue, message, c.Personal, _catalog, c.Receives, c.Attempts, c.Sequence)));
    }

    private static List<JournalEntry> Messages(SqliteSession session, IEnumerable<long> sequences)
    {
        var messages = new List<JournalEntry>();
        foreach (var sequence in sequences)
        {
            session.Query(
                $"SELECT {SqliteRows.MessageColumns} FROM messages m WHERE m.seq = $1",
                static row => SqliteRows.Message(row), messages, sequence);
        }

        return messages;
    }

    private sealed class Mailbox
    {
        private volatile bool _hasBacklog = true; // at the start nobody knows what waits
        private long _nextVisible;
        private long _lookedAt;

        public ConcurrentQueue<Delivery> HandedOver { get; } = new();

        public bool HasBacklog
        {
            get => _hasBacklog;
            set => _hasBacklog = value;
        }

        public Action? Wake { get; set; }

        /// <summary>Whether something may be visible in the database: by a commit, by time, or by hand.</summary>
        public bool MayHaveVisible(long now, long trustMs)
        {
            var lookedAt = Volatile.Read(ref _lookedAt);
            return HasBacklog || now >= Volatile.Read(ref _nextVisible) || now - lookedAt >= trustMs || now < lookedAt;
        }

        /// <summary>A delivery becomes visible by time alone. Runs on the writer's thread, like <see cref="Looked"/>.</summary>
        public void VisibleAt(long at) => Volatile.Write(ref _nextVisible, Math.Min(_nextVisible, at));

        /// <summary>The database was looked into, and this is when something becomes visible next.</summary>
        public void Looked(long now, long nextVisible)
        {
            Volatile.Write(ref _lookedAt, now);
            Volatile.Write(ref _nextVisible, nextVisible);
        }
    }
}
