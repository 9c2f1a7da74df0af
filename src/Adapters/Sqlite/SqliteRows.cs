using System.Text;
using DoaMarket.Kernel;
using Microsoft.Data.Sqlite;

namespace DoaMarket.Sqlite;

/// <summary>
/// How values stand in rows: ids as 16 bytes in order of time, times as Unix milliseconds, documents as JSON text.
/// </summary>
internal static class SqliteRows
{
    public const string DocumentColumns = "key, version, wake_at, due_at, handled, failures, body";

    public const string MessageColumns =
        "m.seq, m.event_id, m.event_type, m.event_version, m.timestamp, m.source, m.correlation_id, m.causation_id, "
        + "m.saga_id, m.user_id, m.subject, m.traceparent, m.body";

    public static byte[] Bytes(Guid id) => id.ToByteArray(bigEndian: true);

    public static byte[]? Bytes(Guid? id) => id?.ToByteArray(bigEndian: true);

    public static Guid Id(SqliteDataReader row, int column) => new(row.GetFieldValue<byte[]>(column), bigEndian: true);

    public static long Ms(DateTimeOffset at) => at.ToUnixTimeMilliseconds();

    public static long? Ms(DateTimeOffset? at) => at?.ToUnixTimeMilliseconds();

    public static DateTimeOffset Time(SqliteDataReader row, int column) =>
        DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(column));

    public static DateTimeOffset? TimeOrNull(SqliteDataReader row, int column) =>
        row.IsDBNull(column) ? null : Time(row, column);

    public static string? TextOrNull(SqliteDataReader row, int column) =>
        row.IsDBNull(column) ? null : row.GetString(column);

    public static StoredDocument Document(DocumentKind kind, SqliteDataReader row) => new(
        new DocumentKey(kind, row.GetString(0)),
        row.GetInt64(1),
        kind.Read(Encoding.UTF8.GetBytes(row.GetString(6))),
        TimeOrNull(row, 2),
        TimeOrNull(row, 3),
        row.IsDBNull(4) ? [] : Ids(row.GetFieldValue<byte[]>(4)),
        row.GetInt32(5));

    /// <param name="row">A row.</param>
    /// <param name="at">Where <see cref="MessageColumns"/> begin in it.</param>
    public static JournalEntry Message(SqliteDataReader row, int at = 0) => new(
        row.GetInt64(at),
        new EventId(Id(row, at + 1)),
        row.GetString(at + 2),
        row.GetString(at + 3),
        Time(row, at + 4),
        row.GetString(at + 5),
        new CorrelationId(Id(row, at + 6)),
        row.IsDBNull(at + 7) ? null : new EventId(Id(row, at + 7)),
        row.IsDBNull(at + 8) ? null : new SagaId(Id(row, at + 8)),
        row.IsDBNull(at + 9) ? null : new UserId(row.GetString(at + 9)),
        TextOrNull(row, at + 10),
        TextOrNull(row, at + 11),
        row.GetString(at + 12));

    public static byte[]? Handled(IReadOnlyList<Guid> ids)
    {
        if (ids.Count == 0)
        {
            return null;
        }

        var bytes = new byte[ids.Count * 16];
        for (var i = 0; i < ids.Count; i++)
        {
            ids[i].TryWriteBytes(bytes.AsSpan(i * 16), bigEndian: true, out _);
        }

        return bytes;
    }

    private static Guid[] Ids(byte[] bytes)
    {
        var ids = new Guid[bytes.Length / 16];
        for (var i = 0; i < ids.Length; i++)
        {
            ids[i] = new Guid(bytes.AsSpan(i * 16, 16), bigEndian: true);
        }

        return ids;
    }
}
