using DoaMarket.Kernel;
using Npgsql;

namespace DoaMarket.Postgres;

/// <summary>The outbox of a database whose services are joined by a broker; any number of processes share it.</summary>
public sealed class PostgresOutbox(
    PostgresDatabase database, Topology topology, MessageCatalog catalog, KernelOptions options) : IOutbox
{
    internal const string Columns =
        "seq, committed_at, claimed_until, event_id, event_type, event_version, timestamp, source, correlation_id, "
        + "causation_id, saga_id, user_id, subject, traceparent, environment, body, personal, to_queue";

    internal const string All = $"SELECT {Columns} FROM messaging.outbox ORDER BY seq";

    private readonly Dictionary<string, QueueDefinition> _queues =
        topology.Queues.ToDictionary(q => q.Queue, StringComparer.Ordinal);

    private Action<IReadOnlyList<OutboxRow>>? _take;

    internal TimeSpan ClaimLasts => options.OutboxClaim;

    /// <inheritdoc />
    public void OnCommit(Action<IReadOnlyList<OutboxRow>> take) => _take += take;

    /// <inheritdoc />
    public async ValueTask<IReadOnlyList<OutboxRow>> Claim(
        int max, DateTimeOffset now, DateTimeOffset until, CancellationToken stop)
    {
        var rows = await database.Query(
            $"""
            WITH picked AS (
              SELECT seq AS number FROM messaging.outbox WHERE claimed_until <= $1
              ORDER BY seq LIMIT $2 FOR UPDATE SKIP LOCKED)
            UPDATE messaging.outbox SET claimed_until = $3 FROM picked WHERE seq = number RETURNING {Columns}
            """,
            Read, stop, Arg.Time(now), Arg.Number(max), Arg.Time(until));
        rows.Sort((a, b) => a.Sequence.CompareTo(b.Sequence));
        return rows;
    }

    /// <inheritdoc />
    public ValueTask Remove(IReadOnlyList<OutboxRow> rows, CancellationToken stop) => database.Ask(
        script => script.Do(
            "DELETE FROM messaging.outbox WHERE seq = ANY($1)", Arg.Numbers(rows.Select(r => r.Sequence))),
        stop);

    /// <inheritdoc />
    public async ValueTask<OutboxStatus> Status(int countAtMost, CancellationToken stop) => (await database.Query(
        "SELECT (SELECT count(*) FROM (SELECT 1 FROM messaging.outbox LIMIT $1) few)::integer, "
        + "(SELECT committed_at FROM messaging.outbox ORDER BY seq LIMIT 1)",
        row => new OutboxStatus(row.GetInt32(0), Rows.TimeOrNull(row, 1)), stop, Arg.Number(countAtMost)))[0];

    internal QueueDefinition QueueOf(string name) => _queues[name];

    internal DeadLetter LetterOf(Settlement.Dead dead, DateTimeOffset now) =>
        DeadLetter.Of(QueueOf(dead.Delivery.Queue), dead, now, catalog);

    internal void HandOver(IReadOnlyList<OutboxRow> rows) => _take?.Invoke(rows);

    internal static OutboxRow Read(NpgsqlDataReader row) => new(
        row.GetInt64(0), Rows.Time(row, 1), Rows.Time(row, 2),
        new WireMessage(
            new EventId(row.GetGuid(3)), row.GetString(4), row.GetString(5), Rows.Time(row, 6), row.GetString(7),
            new CorrelationId(row.GetGuid(8)),
            row.IsDBNull(9) ? null : new EventId(row.GetGuid(9)),
            row.IsDBNull(10) ? null : new SagaId(row.GetGuid(10)),
            row.IsDBNull(11) ? null : new UserId(row.GetString(11)),
            Rows.TextOrNull(row, 12), new MessageMetadata(Rows.TextOrNull(row, 13), Rows.TextOrNull(row, 14)),
            row.GetFieldValue<byte[]>(15)),
        Rows.TextOrNull(row, 16) is { } personal ? Arg.Utf8(personal) : null,
        Rows.TextOrNull(row, 17));
}
