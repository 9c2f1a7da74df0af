using System.Text;
using System.Text.Json;
using DoaMarket.Kernel;

namespace DoaMarket.Sqlite;

/// <summary>The outbox of an embedded database whose services are joined by a broker.</summary>
public sealed class SqliteOutbox(
    SqliteDatabase database, Topology topology, MessageCatalog catalog, KernelOptions options) : IOutbox
{
    private const string Columns =
        "seq, committed_at, claimed_until, event_id, event_type, event_version, timestamp, source, correlation_id, "
        + "causation_id, saga_id, user_id, subject, traceparent, environment, body, personal, to_queue";

    private readonly Dictionary<string, QueueDefinition> _queues =
        topology.Queues.ToDictionary(q => q.Queue, StringComparer.Ordinal);

    private Action<IReadOnlyList<OutboxRow>>? _take;

    /// <inheritdoc />
    public void OnCommit(Action<IReadOnlyList<OutboxRow>> take) => _take += take;

    /// <inheritdoc />
    public async ValueTask<IReadOnlyList<OutboxRow>> Claim(
        int max, DateTimeOffset now, DateTimeOffset until, CancellationToken stop)
    {
        var present = SqliteRows.Ms(now);
        if (database.Read(s => s.Number("SELECT 1 FROM outbox WHERE claimed_until <= $1 LIMIT 1", present)) is null)
        {
            return []; // the usual case costs no write
        }

        var rows = await database.Writer.Run(
            session => session.Query(
                $"""
                UPDATE outbox SET claimed_until = $1 WHERE seq IN (
                  SELECT seq FROM outbox WHERE claimed_until <= $2 ORDER BY seq LIMIT $3)
                RETURNING {Columns}
                """,
                Read, SqliteRows.Ms(until), present, max),
            null,
            stop);
        rows.Sort((a, b) => a.Sequence.CompareTo(b.Sequence));
        return rows;
    }

    /// <inheritdoc />
    public async ValueTask Remove(IReadOnlyList<OutboxRow> rows, CancellationToken stop) => await database.Writer.Run(
        session => session.Execute(
            "DELETE FROM outbox WHERE seq IN (SELECT value FROM json_each($1))",
            JsonSerializer.Serialize(rows.Select(r => r.Sequence))),
        null,
        stop);

    /// <inheritdoc />
    public ValueTask<OutboxStatus> Status(int countAtMost, CancellationToken stop) =>
        new(database.Read(session => session.Query(
            "SELECT (SELECT count(*) FROM (SELECT 1 FROM outbox LIMIT $1)), "
            + "(SELECT committed_at FROM outbox ORDER BY seq LIMIT 1)",
            row => new OutboxStatus((int)row.Number(0), SqliteRows.TimeOrNull(row, 1)), countAtMost)[0]));

    /// <summary>Writes a commit's messages, buries its dead, sends what is redriven. Returns the rows that it made.</summary>
    internal List<OutboxRow> Write(SqliteSession session, UnitCommit commit)
    {
        var rows = new List<OutboxRow>(commit.Messages.Count);
        foreach (var message in commit.Messages)
        {
            rows.Add(Insert(
                session, WireMessage.Of(message.Envelope, message.Body), message.PersonalBody, null, commit.At));
        }

        foreach (var dead in commit.Settlements.OfType<Settlement.Dead>())
        {
            SqliteDeadLetters.Bury(
                session, DeadLetter.Of(_queues[dead.Delivery.Queue], dead, commit.At, catalog));
        }

        foreach (var action in commit.DeadLetters)
        {
            if (SqliteDeadLetters.Apply(session, action) is { } letter)
            {
                var message = WireMessage.Read(letter.Headers, Encoding.UTF8.GetBytes(letter.MaskedBody));
                rows.Add(Insert(
                    session, message, Encoding.UTF8.GetBytes(letter.Body), letter.SourceQueue, commit.At));
            }
        }

        return rows;
    }

    /// <summary>Hands durable rows to whoever publishes them. Runs on the writer's thread, in the order of the commits.</summary>
    internal void HandOver(List<OutboxRow> rows)
    {
        if (rows.Count > 0)
        {
            _take?.Invoke(rows);
        }
    }

    internal static IEnumerable<OutboxRow> All(SqliteSession session) =>
        session.Stream($"SELECT {Columns} FROM outbox ORDER BY seq", Read);

    private OutboxRow Insert(
        SqliteSession session, WireMessage message, byte[]? personal, string? to, DateTimeOffset now)
    {
        var row = new OutboxRow(++database.LastOutboxRow, now, now + options.OutboxClaim, message, personal, to);
        session.Execute(
            $"INSERT INTO outbox ({Columns}) VALUES "
            + "($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18)",
            row.Sequence, SqliteRows.Ms(row.CommittedAt), SqliteRows.Ms(row.ClaimedUntil),
            message.EventId.Value, message.EventType, message.EventVersion,
            SqliteRows.Ms(message.Timestamp), message.Source, message.CorrelationId.Value,
            message.CausationId?.Value, message.SagaId?.Value, message.UserId?.Value,
            message.Subject, message.Metadata.Traceparent, message.Metadata.Environment,
            SqliteValue.Utf8(message.Body), SqliteValue.Utf8(personal), to);
        return row;
    }

    private static OutboxRow Read(SqliteStatement row) => new(
        row.Number(0), SqliteRows.Time(row, 1), SqliteRows.Time(row, 2),
        new WireMessage(
            new EventId(row.Id(3)), row.Text(4), row.Text(5), SqliteRows.Time(row, 6),
            row.Text(7), new CorrelationId(row.Id(8)),
            row.IsNull(9) ? null : new EventId(row.Id(9)),
            row.IsNull(10) ? null : new SagaId(row.Id(10)),
            row.IsNull(11) ? null : new UserId(row.Text(11)),
            SqliteRows.TextOrNull(row, 12),
            new MessageMetadata(SqliteRows.TextOrNull(row, 13), SqliteRows.TextOrNull(row, 14)),
            row.Bytes(15).ToArray()),
        row.IsNull(16) ? null : row.Bytes(16).ToArray(),
        SqliteRows.TextOrNull(row, 17));
}
