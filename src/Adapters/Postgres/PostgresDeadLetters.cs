using DoaMarket.Kernel;
using Npgsql;

namespace DoaMarket.Postgres;

/// <summary>A delivery to be given up.</summary>
internal sealed record Burial(long Sequence, EventId EventId, int Attempts, string Reason, string Error);

/// <summary>
/// Messages that failed for good: kept whole, redriven once however often that is asked, or discarded with a reason.
/// </summary>
public sealed class PostgresDeadLetters(PostgresDatabase database) : IDeadLetters
{
    private const string Columns =
        "id, queue, source_queue, event_id, event_type, correlation_id, sent_at, dead_at, attempts, reason, error, headers, "
        + "body, masked_body, status, settled_because";

    private const string Select = $"SELECT {Columns} FROM messaging.dead_letters";

    // A message that dies again in the same queue is the same letter.
    private const string Again = """
        ON CONFLICT (id) DO UPDATE SET status = 'dead', attempts = excluded.attempts, reason = excluded.reason,
          error = excluded.error, dead_at = excluded.dead_at, headers = excluded.headers, body = excluded.body,
          masked_body = excluded.masked_body, settled_because = NULL
        """;

    // What a delivery of somebody else's has become meanwhile is not undone: where the row is gone, so is the letter.
    private const string BuryDelivered = $"""
        INSERT INTO messaging.dead_letters ({Columns})
        SELECT n.id, $1, d.queue, m.event_id, m.event_type, m.correlation_id, m.timestamp, $2, n.attempts, n.reason, n.error,
          messaging.headers(m), coalesce(d.personal, m.body::text), m.body::text, 'dead', NULL
        FROM unnest($4, $5, $6, $7, $8) AS n (seq, id, attempts, reason, error)
        JOIN messaging.deliveries d ON d.queue = $3 AND d.seq = n.seq
        JOIN messaging.messages m ON m.seq = d.seq
        {Again}
        """;

    private const string BuryReceived = $"""
        INSERT INTO messaging.dead_letters ({Columns})
        SELECT n.*, 'dead', NULL FROM unnest($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14) n
        {Again}
        """;

    private const string DiscardThem = """
        UPDATE messaging.dead_letters d SET status = 'discarded', settled_because = n.reason
        FROM unnest($1, $2) AS n (id, reason) WHERE d.id = n.id AND status = 'dead'
        """;

    internal const string AllWaiting = $"{Select} WHERE status = 'dead'";

    /// <inheritdoc />
    public async ValueTask<DeadLetterPage> Page(DeadLetterQuery query, CancellationToken stop)
    {
        var end = query.End;
        var letters = await database.Query(
            $"""
            {Select} WHERE status = $1 AND ($2 IS NULL OR queue = $2 OR source_queue = $2)
              AND ($3 IS NULL OR event_type = $3) AND ($4 IS NULL OR dead_at <= $4)
              AND ($8 IS NULL OR reason = $8)
              AND ($5 IS NULL OR (dead_at, id) {(query.OldestFirst ? ">" : "<")} ($5, $6))
            ORDER BY {(query.OldestFirst ? "dead_at, id" : "dead_at DESC, id DESC")} LIMIT $7
            """,
            Read, stop, Arg.Text(query.Status), Arg.Text(query.Queue), Arg.Text(query.EventType),
            Arg.Time(query.DeadUntil), Arg.Time(end?.DeadAt), Arg.Id(end?.Id), Arg.Number((long)query.Limit + 1),
            Arg.Text(query.Reason));
        return DeadLetterPage.Of(letters, query.Limit);
    }

    /// <inheritdoc />
    public async ValueTask<DeadLetter?> Find(Guid id, CancellationToken stop) =>
        (await database.Query($"{Select} WHERE id = $1", Read, stop, Arg.Id(id))).SingleOrDefault();

    /// <inheritdoc />
    public async ValueTask<IReadOnlyList<DeadLetterGroup>> Groups(string? queue, int limit, CancellationToken stop) =>
        await database.Query(
            """
            SELECT queue, event_type, reason, count(*), min(dead_at), max(dead_at), (array_agg(id ORDER BY dead_at DESC))[1]
            FROM messaging.dead_letters WHERE status = 'dead' AND ($1 IS NULL OR queue = $1 OR source_queue = $1)
            GROUP BY queue, event_type, reason ORDER BY count(*) DESC, max(dead_at) DESC LIMIT $2
            """,
            row => new DeadLetterGroup(
                row.GetString(0), row.GetString(1), row.GetString(2), row.GetInt64(3), Rows.Time(row, 4),
                Rows.Time(row, 5), row.GetGuid(6)),
            stop, Arg.Text(queue), Arg.Number(limit));

    /// <inheritdoc />
    public async ValueTask<IReadOnlyDictionary<string, long>> Waiting(CancellationToken stop) => (await database.Query(
        "SELECT queue, count(*) FROM messaging.dead_letters WHERE status = 'dead' GROUP BY queue",
        row => KeyValuePair.Create(row.GetString(0), row.GetInt64(1)), stop)).ToDictionary(StringComparer.Ordinal);

    /// <summary>Discards letters of a queue that nobody acted upon within its retention.</summary>
    public ValueTask DropExpired(QueueDefinition queue, DateTimeOffset now, CancellationToken stop) =>
        database.Tell(script => DropExpired(script, queue, now), stop);

    /// <summary>Gives deliveries of this database up; their rows are to be deleted afterwards.</summary>
    internal static void Bury(
        Script script, QueueDefinition queue, IReadOnlyList<Burial> burials, DateTimeOffset now) => script.Do(
        BuryDelivered, Arg.Text(queue.DeadLetterQueue), Arg.Time(now), Arg.Text(queue.Queue),
        Arg.Numbers(burials.Select(b => b.Sequence)),
        Arg.Ids(burials.Select(b => DeadLetter.IdOf(b.EventId, queue.Queue))),
        Arg.Ints(burials.Select(b => b.Attempts)), Arg.Texts(burials.Select(b => Arg.Readable(b.Reason))),
        Arg.Texts(burials.Select(b => Arg.Readable(b.Error))));

    /// <summary>Gives deliveries of a broker up.</summary>
    internal static void Bury(Script script, IReadOnlyList<DeadLetter> letters)
    {
        var once = letters.DistinctBy(l => l.Id).ToList(); // one statement cannot write a row twice
        script.Do(
            BuryReceived, Arg.Ids(once.Select(l => l.Id)), Arg.Texts(once.Select(l => l.Queue)),
            Arg.Texts(once.Select(l => l.SourceQueue)), Arg.Ids(once.Select(l => l.EventId.Value)),
            Arg.Texts(once.Select(l => l.EventType)), Arg.Ids(once.Select(l => l.CorrelationId.Value)),
            Arg.Times(once.Select(l => l.SentAt)), Arg.Times(once.Select(l => l.DeadAt)),
            Arg.Ints(once.Select(l => l.Attempts)), Arg.Texts(once.Select(l => Arg.Readable(l.Reason))),
            Arg.Texts(once.Select(l => Arg.Readable(l.Error))), Arg.Texts(once.Select(l => l.Headers)),
            Arg.Texts(once.Select(l => Arg.Readable(l.Body))), Arg.Texts(once.Select(l => Arg.Readable(l.MaskedBody))));
    }

    /// <summary>The first action on each letter: what comes after it finds the letter settled.</summary>
    internal static IReadOnlyList<DeadLetterAction> FirstOfEach(IReadOnlyList<DeadLetterAction> actions) =>
        [.. actions.DistinctBy(a => a.Id)];

    /// <summary>The letters that are to be sent again.</summary>
    internal static Guid[] Redriven(IReadOnlyList<DeadLetterAction> actions) =>
        [.. actions.OfType<DeadLetterAction.Redrive>().Select(a => a.Id)];

    /// <summary>Gives letters up.</summary>
    internal static void Discard(Script script, IReadOnlyList<DeadLetterAction> actions)
    {
        if (actions.OfType<DeadLetterAction.Discard>().ToList() is { Count: > 0 } discards)
        {
            script.Do(
                DiscardThem, Arg.Ids(discards.Select(d => d.Id)), Arg.Texts(discards.Select(d => Arg.Readable(d.Reason))));
        }
    }

    /// <summary>Discards what nobody acted upon.</summary>
    internal static void DropExpired(Script script, QueueDefinition queue, DateTimeOffset now) => script.Do(
        "UPDATE messaging.dead_letters SET status = 'discarded', settled_because = $1 "
        + "WHERE status = 'dead' AND queue = $2 AND dead_at < $3",
        Arg.Text($"Nobody acted within {queue.DeadLetterRetention.TotalDays:0} days."),
        Arg.Text(queue.DeadLetterQueue), Arg.Time(now - queue.DeadLetterRetention));

    internal static DeadLetter Read(NpgsqlDataReader row) => new(
        row.GetGuid(0), row.GetString(1), row.GetString(2), new EventId(row.GetGuid(3)), row.GetString(4),
        new CorrelationId(row.GetGuid(5)), Rows.Time(row, 6), Rows.Time(row, 7), row.GetInt32(8), row.GetString(9),
        row.GetString(10), row.GetString(11), row.GetString(12), row.GetString(13), row.GetString(14),
        Rows.TextOrNull(row, 15));
}
