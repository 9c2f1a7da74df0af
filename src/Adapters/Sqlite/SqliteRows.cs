using DoaMarket.Kernel;

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

    /// <summary>How many <see cref="MessageColumns"/> there are.</summary>
    public const int MessageWidth = 13;

    public static long Ms(DateTimeOffset at) => at.ToUnixTimeMilliseconds();

    public static long? Ms(DateTimeOffset? at) => at?.ToUnixTimeMilliseconds();

    public static DateTimeOffset Time(SqliteStatement row, int column) =>
        DateTimeOffset.FromUnixTimeMilliseconds(row.Number(column));

    public static DateTimeOffset? TimeOrNull(SqliteStatement row, int column) =>
        row.IsNull(column) ? null : Time(row, column);

    public static string? TextOrNull(SqliteStatement row, int column) =>
        row.IsNull(column) ? null : row.Text(column);

    public static StoredDocument Document(DocumentKind kind, SqliteStatement row) => new(
        new DocumentKey(kind, row.Text(0)),
        row.Number(1),
        kind.Read(row.Bytes(6)),
        TimeOrNull(row, 2),
        TimeOrNull(row, 3),
        Ids(row.Bytes(4)),
        (int)row.Number(5));

    /// <param name="row">A row.</param>
    /// <param name="at">Where <see cref="MessageColumns"/> begin in it.</param>
    public static JournalEntry Message(SqliteStatement row, int at = 0) => new(
        row.Number(at),
        new EventId(row.Id(at + 1)),
        row.Text(at + 2),
        row.Text(at + 3),
        Time(row, at + 4),
        row.Text(at + 5),
        new CorrelationId(row.Id(at + 6)),
        row.IsNull(at + 7) ? null : new EventId(row.Id(at + 7)),
        row.IsNull(at + 8) ? null : new SagaId(row.Id(at + 8)),
        row.IsNull(at + 9) ? null : new UserId(row.Text(at + 9)),
        TextOrNull(row, at + 10),
        TextOrNull(row, at + 11),
        row.Text(at + 12));

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

    private static Guid[] Ids(ReadOnlySpan<byte> bytes)
    {
        if (bytes.IsEmpty)
        {
            return [];
        }

        var ids = new Guid[bytes.Length / 16];
        for (var i = 0; i < ids.Length; i++)
        {
            ids[i] = new Guid(bytes.Slice(i * 16, 16), bigEndian: true);
        }

        return ids;
    }
}
