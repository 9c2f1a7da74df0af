using DoaMarket.Kernel;

namespace DoaMarket.Sqlite;

/// <summary>
/// Messages that failed for good: kept whole, redriven once however often that is asked, or discarded with a reason.
/// </summary>
public sealed class SqliteDeadLetters(SqliteDatabase database) : IDeadLetters
{
    private const string Columns =
        "id, queue, source_queue, event_id, event_type, correlation_id, sent_at, dead_at, attempts, reason, error, headers, "
        + "body, masked_body, status, settled_because";

    /// <inheritdoc />
    public ValueTask<DeadLetterPage> Page(DeadLetterQuery query, CancellationToken stop) =>
        new(database.Read(session => Page(session, query)));

    /// <inheritdoc />
    public ValueTask<DeadLetter?> Find(Guid id, CancellationToken stop) => new(database.Read(session => Find(session, id)));

    /// <inheritdoc />
    public ValueTask<IReadOnlyList<DeadLetterGroup>> Groups(string? queue, int limit, CancellationToken stop) =>
        new(database.Read<IReadOnlyList<DeadLetterGroup>>(session => session.Query(
            """
            SELECT queue, event_type, reason, count(*), min(dead_at), max(dead_at), max(id) FROM failed_messages
            WHERE status = 'dead' AND ($1 IS NULL OR queue = $1 OR source_queue = $1)
            GROUP BY queue, event_type, reason ORDER BY count(*) DESC, max(dead_at) DESC LIMIT $2
            """,
            row => new DeadLetterGroup(
                row.Text(0), row.Text(1), row.Text(2), row.Number(3), SqliteRows.Time(row, 4),
                SqliteRows.Time(row, 5), row.Id(6)),
            queue, limit)));

    /// <inheritdoc />
    public ValueTask<IReadOnlyDictionary<string, long>> Waiting(CancellationToken stop) =>
        new(database.Read<IReadOnlyDictionary<string, long>>(session => session.Query(
            "SELECT queue, count(*) FROM failed_messages WHERE status = 'dead' GROUP BY queue",
            row => KeyValuePair.Create(row.Text(0), row.Number(1)))
            .ToDictionary(StringComparer.Ordinal)));

    /// <summary>Writes one; a message that dies again in the same queue is the same letter.</summary>
    internal static void Bury(SqliteSession session, DeadLetter letter) => session.Execute(
        """
        INSERT INTO failed_messages (id, queue, source_queue, event_id, event_type, correlation_id, sent_at, dead_at, attempts,
          reason, error, headers, body, masked_body, status)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, 'dead')
        ON CONFLICT (id) DO UPDATE SET status = 'dead', attempts = excluded.attempts, reason = excluded.reason,
          error = excluded.error, dead_at = excluded.dead_at, headers = excluded.headers, body = excluded.body,
          masked_body = excluded.masked_body, settled_because = NULL
        """,
        letter.Id, letter.Queue, letter.SourceQueue, letter.EventId.Value,
        letter.EventType, letter.CorrelationId.Value, SqliteRows.Ms(letter.SentAt),
        SqliteRows.Ms(letter.DeadAt), letter.Attempts, letter.Reason, letter.Error, letter.Headers, letter.Body,
        letter.MaskedBody);

    /// <summary>
    /// Does what a person asked for. The letter that is to be sent again, or null: a letter that was redriven or discarded
    /// before stays as it is, so that twice equals once.
    /// </summary>
    internal static DeadLetter? Apply(SqliteSession session, DeadLetterAction action) => action switch
    {
        DeadLetterAction.Redrive redrive =>
            Settle(session, redrive.Id, DeadLetter.Redriven, null) ? Find(session, redrive.Id) : null,
        DeadLetterAction.Discard discard when Settle(session, discard.Id, DeadLetter.Discarded, discard.Reason) => null,
        DeadLetterAction.Discard => null,
        _ => throw new ArgumentOutOfRangeException(nameof(action), action, "Not an action on dead letters."),
    };

    /// <summary>Discards what nobody acted upon.</summary>
    internal static void DropExpired(SqliteSession session, QueueDefinition queue, DateTimeOffset now) => session.Execute(
        "UPDATE failed_messages SET status = 'discarded', settled_because = $1 "
        + "WHERE status = 'dead' AND queue = $2 AND dead_at < $3",
        $"Nobody acted within {queue.DeadLetterRetention.TotalDays:0} days.", queue.DeadLetterQueue,
        SqliteRows.Ms(now - queue.DeadLetterRetention));

    internal static IEnumerable<DeadLetter> Waiting(SqliteSession session) =>
        session.Stream($"SELECT {Columns} FROM failed_messages WHERE status = 'dead'", Read);

    internal static IEnumerable<DeadLetter> All(SqliteSession session) =>
        session.Stream($"SELECT {Columns} FROM failed_messages ORDER BY id", Read);

    private static bool Settle(SqliteSession session, Guid id, string status, string? reason) => session.Execute(
        "UPDATE failed_messages SET status = $1, settled_because = $2 WHERE id = $3 AND status = 'dead'",
        status, reason, id) > 0;

    private static DeadLetter? Find(SqliteSession session, Guid id) => session.Query(
        $"SELECT {Columns} FROM failed_messages WHERE id = $1", Read, id).SingleOrDefault();

    private static DeadLetterPage Page(SqliteSession session, DeadLetterQuery query)
    {
        var end = query.End;
        var letters = session.Query(
            $"""
            SELECT {Columns} FROM failed_messages
            WHERE status = $1 AND ($2 IS NULL OR queue = $2 OR source_queue = $2)
              AND ($3 IS NULL OR event_type = $3) AND ($4 IS NULL OR dead_at <= $4)
              AND ($8 IS NULL OR reason = $8)
              AND ($5 IS NULL OR (dead_at, id) {(query.OldestFirst ? ">" : "<")} ($5, $6))
            ORDER BY {(query.OldestFirst ? "dead_at, id" : "dead_at DESC, id DESC")} LIMIT $7
            """,
            Read, query.Status, query.Queue, query.EventType, SqliteRows.Ms(query.DeadUntil),
            SqliteRows.Ms(end?.DeadAt), end?.Id, query.Limit + 1, query.Reason);
        return DeadLetterPage.Of(letters, query.Limit);
    }

    private static DeadLetter Read(SqliteStatement row) => new(
        row.Id(0), row.Text(1), row.Text(2), new EventId(row.Id(3)), row.Text(4),
        new CorrelationId(row.Id(5)), SqliteRows.Time(row, 6), SqliteRows.Time(row, 7), (int)row.Number(8),
        row.Text(9), row.Text(10), row.Text(11), row.Text(12), row.Text(13), row.Text(14),
        SqliteRows.TextOrNull(row, 15));
}
