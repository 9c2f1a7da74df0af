using SQLitePCL;

namespace DoaMarket.Sqlite;

/// <summary>SQLite refused a statement (https://www.sqlite.org/rescode.html).</summary>
internal sealed class SqliteException(int extendedCode, string message) : Exception(message)
{
    /// <summary>The result code with its details.</summary>
    public int ExtendedCode => extendedCode;

    /// <summary>The result code.</summary>
    public int Code => extendedCode & 0xFF;

    public static SqliteException Of(int result, sqlite3 connection) =>
        new(result, $"SQLite error {result}: {raw.sqlite3_errmsg(connection).utf8_to_string()}");

    public static void ThrowIfFailed(int result, sqlite3 connection)
    {
        if (result != raw.SQLITE_OK)
        {
            throw Of(result, connection);
        }
    }
}
