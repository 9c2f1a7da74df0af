using DoaMarket.Kernel;
using Microsoft.Data.Sqlite;

namespace DoaMarket.Sqlite;

/// <summary>
/// Messages that failed for good: kept whole, redriven once however often that is asked, or discarded with a reason.
/// </summary>
internal static class SqliteDeadLetters
{
    private const string Columns =
        "d.id, d.queue, d.source_queue, d.dead_at, d.attempts, d.reason, d.error, d.status, d.personal, d.settled_because, "
        + SqliteRows.MessageColumns;

    public static void Bury(
        SqliteSession session, string queue, long sequence, int attempts, string reason, string error,
        DateTimeOffset now)
    {
        var message = (byte[])session.Scalar("SELECT event_id FROM messages WHERE seq = $1", sequence)!;
        var id = DeadLetter.IdOf(new EventId(new Guid(message, bigEndian: true)), queue);
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

    public static IEnumerable<DeadLetter> Waiting(SqliteSession session) => session.Stream(
        $"SELECT {Columns} FROM dead_letters d JOIN messages m ON m.seq = d.seq WHERE d.status = 'dead'", Read);

    public static DeadLetter? Find(SqliteSession session, Guid id) => session.Query(
        $"SELECT {Columns} FROM dead_letters d JOIN messages m ON m.seq = d.seq WHERE d.id = $1",
        Read, SqliteRows.Bytes(id)).SingleOrDefault();

    /// <summary>A page, in the order in which they were given up; the cursor is the last one's place in it.</summary>
    /// <exception cref="FormatException">The cursor is not one of ours.</exception>
    public static DeadLetterPage Page(SqliteSession session, DeadLetterQuery query)
    {
        var end = query.End;
        var letters = session.Query(
            $"""
            SELECT {Columns} FROM dead_letters d JOIN messages m ON m.seq = d.seq
            WHERE d.status = $1 AND ($2 IS NULL OR d.queue = $2 OR d.source_queue = $2)
              AND ($3 IS NULL OR m.event_type = $3) AND ($4 IS NULL OR d.dead_at <= $4)
              AND ($5 IS NULL OR (d.dead_at, d.id) {(query.OldestFirst ? ">" : "<")} ($5, $6))
            ORDER BY {(query.OldestFirst ? "d.dead_at, d.id" : "d.dead_at DESC, d.id DESC")} LIMIT $7
            """,
            Read, query.Status, query.Queue, query.EventType, SqliteRows.Ms(query.DeadUntil),
            SqliteRows.Ms(end?.DeadAt), end is { } last ? SqliteRows.Bytes(last.Id) : null, query.Limit + 1);
        return DeadLetterPage.Of(letters, query.Limit);
    }

    public static List<DeadLetterGroup> Groups(SqliteSession session, string? queue, int limit) => session.Query(
        """
        SELECT d.queue, m.event_type, d.reason, count(*), min(d.dead_at), max(d.dead_at), max(d.id)
        FROM dead_letters d JOIN messages m ON m.seq = d.seq
        WHERE d.status = 'dead' AND ($1 IS NULL OR d.queue = $1 OR d.source_queue = $1)
        GROUP BY d.queue, m.event_type, d.reason ORDER BY count(*) DESC, max(d.dead_at) DESC LIMIT $2
        """,
        row => new DeadLetterGroup(
            row.GetString(0), row.GetString(1), row.GetString(2), row.GetInt64(3), SqliteRows.Time(row, 4),
            SqliteRows.Time(row, 5), SqliteRows.Id(row, 6)),
        queue, limit);

    /// <summary>Does what a person asked for; the queue that has a message more, or null.</summary>
    public static string? Apply(SqliteSession session, DeadLetterAction action, DateTimeOffset now) => action switch
    {
        DeadLetterAction.Redrive redrive => Redrive(session, redrive.Id, now),
        DeadLetterAction.Discard discard => Discard(session, discard),
        _ => throw new ArgumentOutOfRangeException(nameof(action), action, "Not an action on dead letters."),
    };

    // Redriven or discarded before: nothing happens, so that twice equals once.
    private static string? Redrive(SqliteSession session, Guid id, DateTimeOffset now)
    {
        var key = SqliteRows.Bytes(id);
        if (session.Execute("UPDATE dead_letters SET status = 'redriven' WHERE id = $1 AND status = 'dead'", key) == 0)
        {
            return null;
        }

        session.Execute(
            """
            INSERT INTO deliveries (queue, seq, visible_at, run, receives, attempts, personal)
            SELECT source_queue, seq, $1, NULL, 0, 0, personal FROM dead_letters WHERE id = $2 ON CONFLICT (queue, seq) DO NOTHING
            """,
            SqliteRows.Ms(now), key);
        return (string)session.Scalar("SELECT source_queue FROM dead_letters WHERE id = $1", key)!;
    }

    private static string? Discard(SqliteSession session, DeadLetterAction.Discard discard)
    {
        session.Execute(
            "UPDATE dead_letters SET status = 'discarded', settled_because = $1 WHERE id = $2 AND status = 'dead'",
            discard.Reason, SqliteRows.Bytes(discard.Id));
        return null;
    }

    private static string DeadLetterQueueOf(string queue) =>
        queue[..queue.LastIndexOf("-queue", StringComparison.Ordinal)] + "-dlq";

    private static DeadLetter Read(SqliteDataReader row)
    {
        var message = SqliteRows.Message(row, 10);
        return new(
            SqliteRows.Id(row, 0), row.GetString(1), row.GetString(2), message.EventId, message.EventType,
            message.CorrelationId, message.Timestamp, SqliteRows.Time(row, 3), row.GetInt32(4), row.GetString(5),
            row.GetString(6), DeadLetter.HeadersOf(message), SqliteRows.TextOrNull(row, 8) ?? message.Body,
            message.Body, row.GetString(7), SqliteRows.TextOrNull(row, 9));
    }
}
