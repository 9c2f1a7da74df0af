using System.Buffers;
using System.Text;
using SQLitePCL;

namespace DoaMarket.Sqlite;

/// <summary>A prepared statement, and the row that it stands on. Parameters are $1, $2, … in order.</summary>
internal sealed class SqliteStatement : IDisposable
{
    private const int OnStackMaxBytes = 512, IdBytes = 16;
    private readonly sqlite3 _connection;
    private readonly sqlite3_stmt _statement;
    private readonly int[] _places; // SQLite numbers parameters as they occur in the text, not by their names

    public SqliteStatement(sqlite3 connection, string sql)
    {
        _connection = connection;
        SqliteException.ThrowIfFailed(
            raw.sqlite3_prepare_v3(connection, sql, raw.SQLITE_PREPARE_PERSISTENT, out _statement), connection);
        _places = new int[raw.sqlite3_bind_parameter_count(_statement)];
        for (var i = 0; i < _places.Length; i++)
        {
            _places[i] = raw.sqlite3_bind_parameter_index(_statement, $"${i + 1}");
        }
    }

    public void Bind(ReadOnlySpan<SqliteValue> values)
    {
        for (var i = 0; i < values.Length; i++)
        {
            SqliteException.ThrowIfFailed(Bind(_places[i], in values[i]), _connection);
        }
    }

    /// <summary>Goes to the next row; false when there is none.</summary>
    public bool Step()
    {
        var result = raw.sqlite3_step(_statement);
        if (result is raw.SQLITE_ROW or raw.SQLITE_DONE)
        {
            return result == raw.SQLITE_ROW;
        }

        throw SqliteException.Of(result, _connection);
    }

    /// <summary>Ends it, so that it can be run again. What went wrong in it was told by <see cref="Step"/>.</summary>
    public void Reset() => _ = raw.sqlite3_reset(_statement);

    public bool IsNull(int column) => raw.sqlite3_column_type(_statement, column) == raw.SQLITE_NULL;

    public long Number(int column) => raw.sqlite3_column_int64(_statement, column);

    public string Text(int column) => Encoding.UTF8.GetString(Bytes(column));

    public Guid Id(int column) => new(Bytes(column), bigEndian: true);

    /// <summary>A column's bytes, text as UTF-8; they are gone with the next step.</summary>
    public ReadOnlySpan<byte> Bytes(int column) => raw.sqlite3_column_blob(_statement, column);

    /// <inheritdoc />
    public void Dispose() => _statement.Dispose();

    private int Bind(int parameter, in SqliteValue value)
    {
        switch (value.Kind)
        {
            case SqliteValueKind.Number:
                return raw.sqlite3_bind_int64(_statement, parameter, value.Number);
            case SqliteValueKind.Text:
                return BindText(parameter, (string)value.Reference!);
            case SqliteValueKind.Utf8:
                return raw.sqlite3_bind_text(_statement, parameter, (byte[])value.Reference!);
            case SqliteValueKind.Bytes:
                return raw.sqlite3_bind_blob(_statement, parameter, (byte[])value.Reference!);
            case SqliteValueKind.Id:
                Span<byte> id = stackalloc byte[IdBytes];
                value.Id.TryWriteBytes(id, bigEndian: true, out _);
                return raw.sqlite3_bind_blob(_statement, parameter, id);
            default:
                return raw.sqlite3_bind_null(_statement, parameter);
        }
    }

    private int BindText(int parameter, string text)
    {
        var most = Encoding.UTF8.GetMaxByteCount(text.Length);
        var rented = most > OnStackMaxBytes ? ArrayPool<byte>.Shared.Rent(most) : null;
        var utf8 = rented is null ? stackalloc byte[OnStackMaxBytes] : rented;
        var result = raw.sqlite3_bind_text(_statement, parameter, utf8[..Encoding.UTF8.GetBytes(text, utf8)]);
        if (rented is not null)
        {
            ArrayPool<byte>.Shared.Return(rented);
        }

        return result;
    }
}
