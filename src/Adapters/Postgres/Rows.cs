using DoaMarket.Kernel;
using Npgsql;

namespace DoaMarket.Postgres;

/// <summary>How rows read.</summary>
internal static class Rows
{
    public const string DocumentColumns = "key, version, wake_at, due_at, handled, failures, body";

    public const string MessageColumns =
        "m.seq, m.event_id, m.event_type, m.event_version, m.timestamp, m.source, m.correlation_id, m.causation_id, "
        + "m.saga_id, m.user_id, m.subject, m.traceparent, m.body";

    /// <summary>How many <see cref="MessageColumns"/> there are.</summary>
    public const int MessageWidth = 13;

    public static StoredDocument Document(DocumentKind kind, NpgsqlDataReader row) => new(
        new DocumentKey(kind, row.GetString(0)),
        row.GetInt64(1),
        kind.Read(row.GetFieldValue<byte[]>(6)),
        TimeOrNull(row, 2),
        TimeOrNull(row, 3),
        row.GetFieldValue<Guid[]>(4),
        row.GetInt32(5));

    /// <param name="row">A row.</param>
    /// <param name="at">Where <see cref="MessageColumns"/> begin in it.</param>
    public static JournalEntry Message(NpgsqlDataReader row, int at = 0) => new(
        row.GetInt64(at),
        new EventId(row.GetGuid(at + 1)),
        row.GetString(at + 2),
        row.GetString(at + 3),
        Time(row, at + 4),
        row.GetString(at + 5),
        new CorrelationId(row.GetGuid(at + 6)),
        row.IsDBNull(at + 7) ? null : new EventId(row.GetGuid(at + 7)),
        row.IsDBNull(at + 8) ? null : new SagaId(row.GetGuid(at + 8)),
        row.IsDBNull(at + 9) ? null : new UserId(row.GetString(at + 9)),
        TextOrNull(row, at + 10),
        TextOrNull(row, at + 11),
        row.GetString(at + 12));

    public static DateTimeOffset Time(NpgsqlDataReader row, int column) => row.GetFieldValue<DateTimeOffset>(column);

    public static DateTimeOffset? TimeOrNull(NpgsqlDataReader row, int column) =>
        row.IsDBNull(column) ? null : Time(row, column);

    public static string? TextOrNull(NpgsqlDataReader row, int column) =>
        row.IsDBNull(column) ? null : row.GetString(column);
}
