using System.Text;
using Npgsql;
using NpgsqlTypes;

namespace DoaMarket.Postgres;

/// <summary>Values as parameters of statements; those in the plural are arrays, for statements about many rows.</summary>
internal static class Arg
{
    public static NpgsqlParameter Text(string? value) => Of(value, NpgsqlDbType.Text);

    public static NpgsqlParameter Texts(IEnumerable<string?> values) => Many(values, NpgsqlDbType.Text);

    public static NpgsqlParameter Number(long? value) => Of(value, NpgsqlDbType.Bigint);

    public static NpgsqlParameter Numbers(IEnumerable<long> values) => Many(values, NpgsqlDbType.Bigint);

    public static NpgsqlParameter Numbers(IEnumerable<long?> values) => Many(values, NpgsqlDbType.Bigint);

    public static NpgsqlParameter Int(int value) => Of(value, NpgsqlDbType.Integer);

    public static NpgsqlParameter Ints(IEnumerable<int> values) => Many(values, NpgsqlDbType.Integer);

    public static NpgsqlParameter Id(Guid? value) => Of(value, NpgsqlDbType.Uuid);

    public static NpgsqlParameter Ids(IEnumerable<Guid> values) => Many(values, NpgsqlDbType.Uuid);

    public static NpgsqlParameter Ids(IEnumerable<Guid?> values) => Many(values, NpgsqlDbType.Uuid);

    public static NpgsqlParameter Time(DateTimeOffset? value) => Of(value?.UtcDateTime, NpgsqlDbType.TimestampTz);

    public static NpgsqlParameter Times(IEnumerable<DateTimeOffset> values) =>
        Many(values.Select(v => v.UtcDateTime), NpgsqlDbType.TimestampTz);

    public static NpgsqlParameter Times(IEnumerable<DateTimeOffset?> values) =>
        Many(values.Select(v => v?.UtcDateTime), NpgsqlDbType.TimestampTz);

    public static NpgsqlParameter Span(TimeSpan value) => Of(value, NpgsqlDbType.Interval);

    public static NpgsqlParameter Bool(bool value) => Of(value, NpgsqlDbType.Boolean);

    public static NpgsqlParameter Bools(IEnumerable<bool> values) => Many(values, NpgsqlDbType.Boolean);

    public static NpgsqlParameter Jsons(IEnumerable<byte[]> values) => Many(values, NpgsqlDbType.Json);

    /// <summary>UTF-8 as a string.</summary>
    public static string Utf8(byte[] text) => Encoding.UTF8.GetString(text);

    /// <summary>A string as UTF-8.</summary>
    public static byte[] Utf8(string text) => Encoding.UTF8.GetBytes(text);

    /// <summary>Text that anybody may have written: PostgreSQL takes no NUL.</summary>
    public static string Readable(string text) => text.Replace('\0', '\uFFFD');

    private static NpgsqlParameter Of(object? value, NpgsqlDbType type) =>
        new() { Value = value ?? DBNull.Value, NpgsqlDbType = type };

    private static NpgsqlParameter Many<T>(IEnumerable<T> values, NpgsqlDbType type) =>
        new() { Value = values as T[] ?? [.. values], NpgsqlDbType = NpgsqlDbType.Array | type };
}
