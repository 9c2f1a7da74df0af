using System.Globalization;
using Microsoft.Data.Sqlite;

namespace DoaMarket.Sandbox.Store;

/// <summary>Times are stored as Unix milliseconds.</summary>
internal static class StoredTime
{
    private static readonly TimeSpan SeoulOffset = TimeSpan.FromHours(9);

    public static long NowMs(this TimeProvider clock) => clock.GetUtcNow().ToUnixTimeMilliseconds();

    public static string? TextOrNull(this SqliteDataReader row, int column) =>
        row.IsDBNull(column) ? null : row.GetString(column);

    public static long? NumberOrNull(this SqliteDataReader row, int column) =>
        row.IsDBNull(column) ? null : row.GetInt64(column);

    /// <summary>ISO 8601 in UTC, with milliseconds.</summary>
    public static string Utc(long unixMs) => DateTimeOffset.FromUnixTimeMilliseconds(unixMs)
        .ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);

    /// <summary>ISO 8601 in Seoul time, as Toss Payments writes it.</summary>
    public static string Seoul(long unixMs) => DateTimeOffset.FromUnixTimeMilliseconds(unixMs)
        .ToOffset(SeoulOffset).ToString("yyyy-MM-dd'T'HH:mm:sszzz", CultureInfo.InvariantCulture);

    /// <summary>Reads a Seoul time without an offset, the form Toss Payments takes in queries.</summary>
    public static bool TryReadSeoul(string? text, out long unixMs)
    {
        bool read = DateTime.TryParseExact(
            text, ["yyyy-MM-dd'T'HH:mm:ss", "yyyy-MM-dd'T'HH:mm:ss.fff"], CultureInfo.InvariantCulture,
            DateTimeStyles.None, out DateTime local);
        unixMs = read ? new DateTimeOffset(local, SeoulOffset).ToUnixTimeMilliseconds() : 0;
        return read;
    }
}
