using DoaMarket.Kernel;
using Npgsql;

namespace DoaMarket.Postgres;

/// <summary>
/// What one commit does with messages that a broker carries: its own go to the outbox, what has died is buried, and what
/// is redriven goes to the outbox, for its one queue. The rest the broker is told after the commit.
/// </summary>
internal sealed class OutboxChanges(PostgresOutbox outbox, UnitCommit commit) : IMessageChanges
{
    private const string Insert = """
        INSERT INTO messaging.outbox (committed_at, claimed_until, event_id, event_type, event_version, timestamp, source,
          correlation_id, causation_id, saga_id, user_id, subject, traceparent, environment, body, personal)
        SELECT $1, $2, event_id, event_type, event_version, timestamp, source,
          correlation_id, causation_id, saga_id, user_id, subject, traceparent, environment, body, personal
        FROM unnest($3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16) WITH ORDINALITY AS n (event_id,
          event_type, event_version, timestamp, source, correlation_id, causation_id, saga_id, user_id, subject,
          traceparent, environment, body, personal, place)
        ORDER BY place RETURNING seq
        """;

    // Redriven or discarded before: nothing happens, so that twice equals once.
    private const string Redrive = $"""
        WITH redriven AS (
          UPDATE messaging.dead_letters SET status = 'redriven' WHERE id = ANY($1) AND status = 'dead'
          RETURNING *, headers::json AS header)
        INSERT INTO messaging.outbox (committed_at, claimed_until, event_id, event_type, event_version, timestamp, source,
          correlation_id, causation_id, saga_id, user_id, traceparent, environment, body, personal, to_queue)
        SELECT $2, $3, event_id, event_type, header ->> 'eventVersion', sent_at, header ->> 'source',
          correlation_id, (header ->> 'causationId')::uuid, (header ->> 'sagaId')::uuid, header ->> 'userId',
          header -> 'metadata' ->> 'traceparent', header -> 'metadata' ->> 'environment', masked_body::json, body,
          source_queue
        FROM redriven RETURNING {PostgresOutbox.Columns}
        """;

    private readonly List<OutboxRow> _rows = [];

    /// <inheritdoc />
    public void Write(Script script)
    {
        if (commit.Messages.Count > 0)
        {
            Send(script);
        }

        var dead = commit.Settlements.OfType<Settlement.Dead>().Select(d => outbox.LetterOf(d, commit.At)).ToList();
        if (dead.Count > 0)
        {
            PostgresDeadLetters.Bury(script, dead);
        }

        var actions = PostgresDeadLetters.FirstOfEach(commit.DeadLetters);
        PostgresDeadLetters.Discard(script, actions);
        if (PostgresDeadLetters.Redriven(actions) is { Length: > 0 } ids)
        {
            script.Read(
                Redrive, row => _rows.Add(PostgresOutbox.Read(row)), Arg.Ids(ids), Arg.Time(commit.At),
                Arg.Time(commit.At + outbox.ClaimLasts));
        }
    }

    /// <inheritdoc />
    public ValueTask LookUp(CancellationToken stop)
    {
        _rows.Clear();
        return default; // found in the outbox when their claim has run out
    }

    /// <inheritdoc />
    public void End(bool isCommitted)
    {
        if (isCommitted && _rows.Count > 0)
        {
            outbox.HandOver(_rows);
        }
    }

    // Numbers are given out in the order of the messages.
    private void Send(Script script)
    {
        var (claimedUntil, place) = (commit.At + outbox.ClaimLasts, 0);
        script.Read(
            Insert,
            row =>
            {
                var message = commit.Messages[place++];
                _rows.Add(new(
                    row.GetInt64(0), commit.At, claimedUntil, WireMessage.Of(message.Envelope, message.Body),
                    message.PersonalBody, null));
            },
            [
                Arg.Time(commit.At), Arg.Time(claimedUntil),
                .. PostgresJournal.Values([.. commit.Messages.Select(m => WireMessage.Of(m.Envelope, m.Body))]),
                Arg.Texts(commit.Messages.Select(m => m.PersonalBody is { } body ? Arg.Utf8(body) : null)),
            ]);
    }
}
