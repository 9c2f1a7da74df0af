using DoaMarket.Kernel;
using Npgsql;

namespace DoaMarket.Postgres;

/// <summary>
/// What one commit does to the queues: messages that it sends, to receivers of this process in memory where there is
/// room, and what its receivers hear of afterwards.
/// </summary>
internal sealed class QueueChanges
{
    // A message that was sent before stands, with its time, and is delivered once more to those who do not have it waiting.
    private const string SendMessages = """
        INSERT INTO messaging.messages (event_id, event_type, event_version, timestamp, source, correlation_id,
          causation_id, saga_id, user_id, subject, traceparent, environment, body)
        SELECT event_id, event_type, event_version, timestamp, source, correlation_id,
          causation_id, saga_id, user_id, subject, traceparent, environment, body
        FROM unnest($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13) WITH ORDINALITY AS n (event_id, event_type,
          event_version, timestamp, source, correlation_id, causation_id, saga_id, user_id, subject, traceparent,
          environment, body, place)
        ORDER BY place ON CONFLICT (event_id) DO NOTHING
        """;

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

    private readonly PostgresTransport _transport;
    private readonly UnitCommit _commit;
    private readonly int _node;
    private readonly List<Way> _ways = [];
    private readonly List<(Way Way, long Sequence, DateTimeOffset SentAt)> _added = [];
    private readonly List<(string Queue, long Sequence)> _redriven = [];

    public QueueChanges(PostgresTransport transport, int node, UnitCommit commit)
    {
        (_transport, _node, _commit) = (transport, node, commit);
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

    /// <summary>Sends the messages.</summary>
    public void Write(Script script)
    {
        if (_ways.Count == 0)
        {
            return;
        }

        var sent = _commit.Messages;
        var envelopes = sent.Select(m => m.Envelope).ToList();
        script.Do(
            SendMessages,
            Arg.Ids(envelopes.Select(e => e.EventId.Value)),
            Arg.Texts(envelopes.Select(e => e.EventType)),
            Arg.Texts(envelopes.Select(e => e.EventVersion)),
            Arg.Times(envelopes.Select(e => e.Timestamp)),
            Arg.Texts(envelopes.Select(e => e.Source)),
            Arg.Ids(envelopes.Select(e => e.CorrelationId.Value)),
            Arg.Ids(envelopes.Select(e => e.CausationId?.Value)),
            Arg.Ids(envelopes.Select(e => e.SagaId?.Value)),
            Arg.Texts(envelopes.Select(e => e.UserId?.Value)),
            Arg.Texts(envelopes.Select(e => e.Data.Subject)),
            Arg.Texts(envelopes.Select(e => e.Metadata.Traceparent)),
            Arg.Texts(envelopes.Select(e => e.Metadata.Environment)),
            Arg.Jsons(sent.Select(m => m.Body)));
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

    /// <summary>A queue by its name.</summary>
    public QueueDefinition QueueOf(string name) => _transport.QueueOf(name);

    /// <summary>A dead letter has gone back to its queue.</summary>
    public void Redriven(NpgsqlDataReader row) => _redriven.Add((row.GetString(0), row.GetInt64(1)));

    /// <summary>The commit went through and its answer was lost: reads what was handed over in memory.</summary>
    public async ValueTask LookUp(PostgresDatabase database, CancellationToken stop)
    {
        _added.Clear();
        await database.Ask(
            script => script.Read(
                Delivered, Added, Arg.Ids(_ways.Select(w => w.EventId)), Arg.Texts(_ways.Select(w => w.Queue?.Queue)),
                Arg.Bools(_ways.Select(w => w.InMemory)), Arg.Int(_node)),
            stop);
        if (_commit.DeadLetters.Any(a => a is DeadLetterAction.Redrive))
        {
            _redriven.AddRange(_transport.QueueNames.Select(q => (q, 0L))); // which one, the answer would have said
        }
    }

    /// <summary>Tells the receivers, once it is known how the commit ended.</summary>
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

    private void Added(NpgsqlDataReader row) =>
        _added.Add((_ways[(int)row.GetInt64(0) - 1], row.GetInt64(1), Rows.Time(row, 2)));

    /// <summary>A message on its way to one queue; to none, where nobody listens.</summary>
    private sealed record Way(OutgoingMessage Message, QueueDefinition? Queue, bool InMemory)
    {
        public Guid EventId => Message.Envelope.EventId.Value;
    }
}
