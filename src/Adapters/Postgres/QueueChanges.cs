using DoaMarket.Kernel;
using Npgsql;

namespace DoaMarket.Postgres;

/// <summary>
/// What one commit does to the queues in this database. Messages go to receivers of this process in memory where there is
/// room, and wait for any node where there is none.
/// </summary>
internal sealed class QueueChanges : IMessageChanges
{
    // A message that was sent before stands, with its time, and is delivered once more to those who do not have it waiting.
    private const string Deliver = """
        WITH found AS (
          SELECT n.*, m.seq, m.timestamp, messaging.same_type(m.event_type, n.event_type)
          FROM unnest($1, $2, $3, $4, $5, $6) WITH ORDINALITY AS n (event_id, event_type, queue, visible_at, in_memory,
            personal, place)
          JOIN messaging.messages m ON m.event_id = n.event_id),
        added AS (
          INSERT INTO messaging.deliveries (queue, seq, visible_at, node, receives, attempts, personal)
          SELECT queue, seq, visible_at, CASE WHEN in_memory THEN $7 END, in_memory::integer, 0, personal FROM found
          WHERE queue IS NOT NULL ORDER BY place ON CONFLICT (queue, seq) DO NOTHING RETURNING queue, seq)
        SELECT f.place, f.seq, f.timestamp FROM found f JOIN added a ON a.queue = f.queue AND a.seq = f.seq
        """;

    private const string Delivered = """
        SELECT n.place, m.seq, m.timestamp FROM unnest($1, $2, $3) WITH ORDINALITY AS n (event_id, queue, in_memory, place)
        JOIN messaging.messages m ON m.event_id = n.event_id
        JOIN messaging.deliveries d ON d.queue = n.queue AND d.seq = m.seq AND (d.node = $4 OR NOT n.in_memory)
        """;

    private const string TryAgain = """
        UPDATE messaging.deliveries d SET visible_at = n.visible_at, attempts = n.attempts, node = NULL
        FROM unnest($2, $3, $4) AS n (seq, visible_at, attempts) WHERE d.queue = $1 AND d.seq = n.seq
        """;

    // Redriven or discarded before: nothing happens, so that twice equals once.
    private const string Redrive = """
        WITH redriven AS (
          UPDATE messaging.dead_letters SET status = 'redriven' WHERE id = ANY($1) AND status = 'dead'
          RETURNING source_queue, event_id, body)
        INSERT INTO messaging.deliveries (queue, seq, visible_at, receives, attempts, personal)
        SELECT r.source_queue, m.seq, $2, 0, 0, nullif(r.body, m.body::text)
        FROM redriven r JOIN messaging.messages m ON m.event_id = r.event_id
        ON CONFLICT (queue, seq) DO NOTHING RETURNING queue, seq
        """;

    private readonly PostgresDatabase _database;
    private readonly PostgresTransport _transport;
    private readonly UnitCommit _commit;
    private readonly int _node;
    private readonly List<Way> _ways = [];
    private readonly List<(Way Way, long Sequence, DateTimeOffset SentAt)> _added = [];
    private readonly List<(string Queue, long Sequence)> _redriven = [];

    public QueueChanges(PostgresDatabase database, PostgresTransport transport, int node, UnitCommit commit)
    {
        (_database, _transport, _node, _commit) = (database, transport, node, commit);
        foreach (var message in commit.Messages)
        {
            foreach (var queue in message.Queues)
            {
                _ways.Add(new(message, queue, transport.TakeRoom(queue.Queue)));
            }

            if (message.Queues.Count == 0)
            {
                _ways.Add(new(message, null, InMemory: false)); // nobody listens; its id is checked all the same
            }
        }
    }

    /// <inheritdoc />
    public void Write(Script script)
    {
        if (_ways.Count > 0)
        {
            Send(script);
        }

        foreach (var ofQueue in _commit.Settlements.GroupBy(s => s.Delivery.Queue, StringComparer.Ordinal))
        {
            Settle(script, _transport.QueueOf(ofQueue.Key), [.. ofQueue]);
        }

        var actions = PostgresDeadLetters.FirstOfEach(_commit.DeadLetters);
        PostgresDeadLetters.Discard(script, actions);
        if (PostgresDeadLetters.Redriven(actions) is { Length: > 0 } ids)
        {
            script.Read(
                Redrive, row => _redriven.Add((row.GetString(0), row.GetInt64(1))), Arg.Ids(ids), Arg.Time(_commit.At));
        }
    }

    /// <inheritdoc />
    public async ValueTask LookUp(CancellationToken stop)
    {
        _added.Clear();
        await _database.Ask(
            script => script.Read(
                Delivered, Added, Arg.Ids(_ways.Select(w => w.EventId)), Arg.Texts(_ways.Select(w => w.Queue?.Queue)),
                Arg.Bools(_ways.Select(w => w.InMemory)), Arg.Int(_node)),
            stop);
        if (_commit.DeadLetters.Any(a => a is DeadLetterAction.Redrive))
        {
            _redriven.AddRange(_transport.QueueNames.Select(q => (q, 0L))); // which one, the answer would have said
        }
    }

    /// <inheritdoc />
    public void End(bool isCommitted)
    {
        var handedOver = new HashSet<Way>(ReferenceEqualityComparer.Instance);
        if (isCommitted)
        {
            foreach (var (way, sequence, sentAt) in _added.Where(a => a.Way.InMemory))
            {
                handedOver.Add(way);
                // With the time in the journal: whoever counts by time must find there what was heard.
                var envelope = way.Message.Envelope with { Timestamp = sentAt };
                _transport.HandOver(
                    new(way.Queue!.Queue, envelope.EventId, envelope, null, sentAt, 0, IsRedelivery: false, sequence));
            }

            var waiting = _added.Where(a => !a.Way.InMemory).Select(a => (a.Way.Queue!.Queue, a.Sequence));
            foreach (var ofQueue in waiting.Concat(_redriven).GroupBy(w => w.Queue, StringComparer.Ordinal))
            {
                _transport.NoteWaiting(ofQueue.Key, ofQueue.Min(w => w.Sequence));
            }

            _transport.NoteRetries(_commit.Settlements.OfType<Settlement.Retry>());
        }

        foreach (var way in _ways.Where(w => w.InMemory && !handedOver.Contains(w)))
        {
            _transport.GiveRoom(way.Queue!.Queue);
        }
    }

    private void Send(Script script)
    {
        PostgresJournal.Write(script, [.. _commit.Messages.Select(m => WireMessage.Of(m.Envelope, m.Body))]);
        script.Read(
            Deliver,
            Added,
            Arg.Ids(_ways.Select(w => w.EventId)),
            Arg.Texts(_ways.Select(w => w.Message.Envelope.EventType)),
            Arg.Texts(_ways.Select(w => w.Queue?.Queue)),
            Arg.Times(_ways.Select(w => w.InMemory ? _commit.At + w.Queue!.VisibilityTimeout : _commit.At)),
            Arg.Bools(_ways.Select(w => w.InMemory)),
            Arg.Texts(_ways.Select(w => w.Message.PersonalBody is { } body ? Arg.Utf8(body) : null)),
            Arg.Int(_node));
    }

    private void Settle(Script script, QueueDefinition queue, List<Settlement> settlements)
    {
        if (settlements.OfType<Settlement.Retry>().ToList() is { Count: > 0 } retries)
        {
            script.Do(
                TryAgain, Arg.Text(queue.Queue), Arg.Numbers(retries.Select(Sequence)),
                Arg.Times(retries.Select(r => r.At)), Arg.Ints(retries.Select(r => r.Attempts)));
        }

        if (settlements.OfType<Settlement.Dead>().ToList() is { Count: > 0 } dead)
        {
            PostgresDeadLetters.Bury(
                script, queue,
                [.. dead.Select(d => new Burial(Sequence(d), d.Delivery.EventId, d.Attempts, d.Reason, d.Error))],
                _commit.At);
        }

        if (settlements.Where(s => s is not Settlement.Retry).ToList() is { Count: > 0 } over)
        {
            PostgresTransport.Remove(script, queue, over.Select(Sequence));
        }
    }

    private void Added(NpgsqlDataReader row) =>
        _added.Add((_ways[(int)row.GetInt64(0) - 1], row.GetInt64(1), Rows.Time(row, 2)));

    private static long Sequence(Settlement settlement) => (long)settlement.Delivery.Receipt;

    /// <summary>A message on its way to one queue; to none, where nobody listens.</summary>
    private sealed record Way(OutgoingMessage Message, QueueDefinition? Queue, bool InMemory)
    {
        public Guid EventId => Message.Envelope.EventId.Value;
    }
}
