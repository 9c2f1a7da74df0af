using DoaMarket.Kernel;
using Npgsql;

namespace DoaMarket.Postgres;

/// <summary>A delivery to be given up.</summary>
internal sealed record Burial(long Sequence, EventId EventId, int Attempts, string Reason, string Error);

/// <summary>
/// Messages that failed for good: kept whole, redriven once however often that is asked, or discarded with a reason.
/// </summary>
internal static class PostgresDeadLetters
{
    private const string Columns = Rows.MessageColumns
        + ", d.id, d.queue, d.source_queue, d.dead_at, d.attempts, d.reason, d.error, d.status, d.personal, d.settled_because";

    private const string Select =
        $"SELECT {Columns} FROM messaging.dead_letters d JOIN messaging.messages m ON m.seq = d.seq";

    // What a delivery of somebody else's has become meanwhile is not undone: where the row is gone, so is the letter.
    private const string Insert = """
        INSERT INTO messaging.dead_letters
          (id, queue, source_queue, seq, personal, attempts, reason, error, dead_at, status)
        SELECT n.id, $1, d.queue, d.seq, d.personal, n.attempts, n.reason, n.error, $2, 'dead'
        FROM unnest($4, $5, $6, $7, $8) AS n (seq, id, attempts, reason, error)
        JOIN messaging.deliveries d ON d.queue = $3 AND d.seq = n.seq
        ON CONFLICT (id) DO UPDATE SET status = 'dead', attempts = excluded.attempts, reason = excluded.reason,
          error = excluded.error, dead_at = excluded.dead_at, settled_because = NULL
        """;

    // Redriven or discarded before: nothing happens, so that twice equals once.
    private const string Redrive = """
        WITH redriven AS (
          UPDATE messaging.dead_letters SET status = 'redriven' WHERE id = ANY($1) AND status = 'dead'
          RETURNING source_queue, seq, personal)
        INSERT INTO messaging.deliveries (queue, seq, visible_at, receives, attempts, personal)
        SELECT source_queue, seq, $2, 0, 0, personal FROM redriven ON CONFLICT (queue, seq) DO NOTHING RETURNING queue, seq
        """;

    private const string Discard = """
        UPDATE messaging.dead_letters d SET status = 'discarded', settled_because = n.reason
        FROM unnest($1, $2) AS n (id, reason) WHERE d.id = n.id AND status = 'dead'
        """;

    /// <summary>Gives deliveries up; their rows are to be deleted afterwards.</summary>
    public static void Bury(
        Script script, QueueDefinition queue, IReadOnlyList<Burial> burials, DateTimeOffset now) => script.Do(
        Insert, Arg.Text(queue.DeadLetterQueue), Arg.Time(now), Arg.Text(queue.Queue),
        Arg.Numbers(burials.Select(b => b.Sequence)),
        Arg.Ids(burials.Select(b => DeadLetter.IdOf(b.EventId, queue.Queue))),
        Arg.Ints(burials.Select(b => b.Attempts)), Arg.Texts(burials.Select(b => Arg.Readable(b.Reason))),
        Arg.Texts(burials.Select(b => Arg.Readable(b.Error))));

    /// <summary>Does what people asked for; tells queue and number of what is redriven.</summary>
    public static void Act(
        Script script, IReadOnlyList<DeadLetterAction> actions, DateTimeOffset now, Action<NpgsqlDataReader> redriven)
    {
        var first = actions.DistinctBy(a => a.Id).ToList(); // what comes after it finds the letter settled
        if (first.OfType<DeadLetterAction.Redrive>().Select(a => a.Id).ToList() is { Count: > 0 } ids)
        {
            script.Read(Redrive, redriven, Arg.Ids(ids), Arg.Time(now));
        }

        if (first.OfType<DeadLetterAction.Discard>().ToList() is { Count: > 0 } discards)
        {
            script.Do(Discard, Arg.Ids(discards.Select(d => d.Id)), Arg.Texts(discards.Select(d => Arg.Readable(d.Reason))));
        }
    }

    public static async ValueTask<DeadLetter?> Find(PostgresDatabase database, Guid id, CancellationToken stop) =>
        (await database.Query($"{Select} WHERE d.id = $1", Read, stop, Arg.Id(id))).SingleOrDefault();

    /// <summary>Those that wait for a person.</summary>
    public static string Waiting => $"{Select} WHERE d.status = 'dead'";

    /// <summary>A page, in the order in which they were given up.</summary>
    /// <exception cref="FormatException">The cursor is not one of ours.</exception>
    public static async ValueTask<DeadLetterPage> Page(
        PostgresDatabase database, DeadLetterQuery query, CancellationToken stop)
    {
        var end = query.End;
        var letters = await database.Query(
            $"""
            {Select} WHERE d.status = $1 AND ($2 IS NULL OR d.queue = $2 OR d.source_queue = $2)
              AND ($3 IS NULL OR m.event_type = $3) AND ($4 IS NULL OR d.dead_at <= $4)
              AND ($5 IS NULL OR (d.dead_at, d.id) {(query.OldestFirst ? ">" : "<")} ($5, $6))
            ORDER BY {(query.OldestFirst ? "d.dead_at, d.id" : "d.dead_at DESC, d.id DESC")} LIMIT $7
            """,
            Read, stop, Arg.Text(query.Status), Arg.Text(query.Queue), Arg.Text(query.EventType),
            Arg.Time(query.DeadUntil), Arg.Time(end?.DeadAt), Arg.Id(end?.Id), Arg.Number((long)query.Limit + 1));
        return DeadLetterPage.Of(letters, query.Limit);
    }

    public static async ValueTask<IReadOnlyList<DeadLetterGroup>> Groups(
        PostgresDatabase database, string? queue, int limit, CancellationToken stop) => await database.Query(
        """
        SELECT d.queue, m.event_type, d.reason, count(*), min(d.dead_at), max(d.dead_at), 
          (array_agg(d.id ORDER BY d.dead_at DESC))[1]
        FROM messaging.dead_letters d JOIN messaging.messages m ON m.seq = d.seq
        WHERE d.status = 'dead' AND ($1 IS NULL OR d.queue = $1 OR d.source_queue = $1)
        GROUP BY d.queue, m.event_type, d.reason ORDER BY count(*) DESC, max(d.dead_at) DESC LIMIT $2
        """,
        row => new DeadLetterGroup(
            row.GetString(0), row.GetString(1), row.GetString(2), row.GetInt64(3), Rows.Time(row, 4),
            Rows.Time(row, 5), row.GetGuid(6)),
        stop, Arg.Text(queue), Arg.Number(limit));

    public static DeadLetter Read(NpgsqlDataReader row)
    {
        const int at = Rows.MessageWidth;
        var message = Rows.Message(row);
        return new(
            row.GetGuid(at), row.GetString(at + 1), row.GetString(at + 2), message.EventId, message.EventType,
            message.CorrelationId, message.Timestamp, Rows.Time(row, at + 3), row.GetInt32(at + 4),
            row.GetString(at + 5), row.GetString(at + 6), DeadLetter.HeadersOf(message),
            Rows.TextOrNull(row, at + 8) ?? message.Body, message.Body, row.GetString(at + 7),
            Rows.TextOrNull(row, at + 9));
    }
}
