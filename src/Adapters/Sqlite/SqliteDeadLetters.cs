using System.Text.Json;
using DoaMarket.Kernel;
using Microsoft.Data.Sqlite;

namespace DoaMarket.Sqlite;

/// <summary>
/// Messages that failed for good: kept whole, redriven once however often that is asked, or discarded with a reason.
/// </summary>
internal static class SqliteDeadLetters
{
    private const string Columns =
        "d.id, d.queue, d.source_queue, d.dead_at, d.attempts, d.reason, d.error, d.status, d.personal, "
        + SqliteRows.MessageColumns;

    public static void Bury(
        SqliteSession session, string queue, long sequence, int attempts, string reason, string error,
        DateTimeOffset now)
    {
        var id = DerivedId.From(
            new Guid(
                (byte[])session.Scalar("SELECT event_id FROM messages WHERE seq = $1", sequence)!, bigEndian: true),
            queue);
        session.Execute(
            """
            INSERT INTO dead_letters (id, queue, source_queue, seq, personal, attempts, reason, error, dead_at, status)
            SELECT $1, $2, queue, seq, personal, $3, $4, $5, $6, 'dead' FROM deliveries WHERE queue = $7 AND seq = $8
            ON CONFLICT (id) DO UPDATE SET status = 'dead', attempts = excluded.attempts, reason = excluded.reason,
              error = excluded.error, dead_at = excluded.dead_at, settled_because = NULL
            """,
            SqliteRows.Bytes(id), DeadLetterQueueOf(queue), attempts, reason, error, SqliteRows.Ms(now), queue,
            sequence);
    }

    public static List<DeadLetter> List(SqliteSession session, string? queue, int limit) => session.Query(
        $"""
        SELECT {Columns} FROM dead_letters d JOIN messages m ON m.seq = d.seq
        WHERE d.status = 'dead' AND ($1 IS NULL OR d.queue = $1 OR d.source_queue = $1) ORDER BY d.dead_at DESC, d.seq DESC LIMIT $2
        """,
        Read, queue, limit);

    public static bool Redrive(SqliteSession session, Guid id, DateTimeOffset now)
    {
        var key = SqliteRows.Bytes(id);
        if (session.Execute("UPDATE dead_letters SET status = 'redriven' WHERE id = $1 AND status = 'dead'", key) == 0)
        {
            // Redriven before: once is enough.
            return session.Scalar("SELECT 1 FROM dead_letters WHERE id = $1", key) is not null;
        }

        session.Execute(
            """
            INSERT INTO deliveries (queue, seq, visible_at, run, receives, attempts, personal)
            SELECT source_queue, seq, $1, NULL, 0, 0, personal FROM dead_letters WHERE id = $2 ON CONFLICT (queue, seq) DO NOTHING
            """,
            SqliteRows.Ms(now), key);
        return true;
    }

    public static bool Discard(SqliteSession session, Guid id, string reason)
    {
        var key = SqliteRows.Bytes(id);
        session.Execute(
            "UPDATE dead_letters SET status = 'discarded', settled_because = $1 WHERE id = $2 AND status = 'dead'",
            reason, key);
        return session.Scalar("SELECT 1 FROM dead_letters WHERE id = $1", key) is not null;
    }

    private static string DeadLetterQueueOf(string queue) =>
        queue[..queue.LastIndexOf("-queue", StringComparison.Ordinal)] + "-dlq";

    private static DeadLetter Read(SqliteDataReader row)
    {
        var message = SqliteRows.Message(row, 9);
        var headers = JsonSerializer.Serialize(new Dictionary<string, string?>(StringComparer.Ordinal)
        {
            ["eventId"] = message.EventId.ToString(),
            ["eventType"] = message.EventType,
            ["eventVersion"] = message.EventVersion,
            ["timestamp"] = message.Timestamp.ToString("O"),
            ["source"] = message.Source,
            ["correlationId"] = message.CorrelationId.ToString(),
            ["causationId"] = message.CausationId?.ToString(),
            ["sagaId"] = message.SagaId?.ToString(),
            ["userId"] = message.UserId?.ToString(),
            ["traceparent"] = message.Traceparent,
        });
        return new(
            SqliteRows.Id(row, 0), row.GetString(1), row.GetString(2), message.EventId, message.EventType,
            message.CorrelationId, message.Timestamp, SqliteRows.Time(row, 3), row.GetInt32(4), row.GetString(5),
            row.GetString(6), headers, SqliteRows.TextOrNull(row, 8) ?? message.Body, row.GetString(7));
    }
}
