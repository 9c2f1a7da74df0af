using SQLitePCL;

namespace DoaMarket.Sqlite;

/// <summary>One connection with its prepared statements. Used by one thread at a time.</summary>
internal sealed class SqliteSession : IDisposable
{
    private const int BusyTimeoutMs = 5_000;

    // Bounded by the number of SQL texts in this assembly.
    private readonly Dictionary<string, SqliteStatement> _prepared = new(StringComparer.Ordinal);
    private readonly sqlite3 _connection;

    static SqliteSession()
    {
        Batteries_V2.Init();
        // Counting every allocation takes a lock and nobody asks. Refused when SQLite is in use here already: no harm.
        _ = raw.sqlite3_config(raw.SQLITE_CONFIG_MEMSTATUS, 0);
    }

    public SqliteSession(string dataSource, bool readOnly)
    {
        var mode = readOnly ? raw.SQLITE_OPEN_READONLY : raw.SQLITE_OPEN_READWRITE | raw.SQLITE_OPEN_CREATE;
        SqliteException.ThrowIfFailed(
            raw.sqlite3_open_v2(dataSource, out _connection, mode | raw.SQLITE_OPEN_NOMUTEX, null), _connection);
        _ = raw.sqlite3_extended_result_codes(_connection, 1);
        _ = raw.sqlite3_busy_timeout(_connection, BusyTimeoutMs);
        // Without it a statement that may use a partial index is planned anew for each value that is bound to it.
        _ = raw.sqlite3_db_config(_connection, raw.SQLITE_DBCONFIG_ENABLE_QPSG, 1, out _);
        Execute("PRAGMA cache_size=-64000"); // KiB: with UUIDv7 keys this keeps the hot pages in memory
        Execute("PRAGMA temp_store=MEMORY");
    }

    /// <summary>
    /// True outside any transaction; inside a transaction it means that SQLite has rolled it back by itself.
    /// </summary>
    public bool IsAutocommit => raw.sqlite3_get_autocommit(_connection) != 0;

    /// <summary>Runs a statement; returns the number of rows changed.</summary>
    public int Execute(string sql, params ReadOnlySpan<SqliteValue> parameters)
    {
        var statement = Prepare(sql, parameters);
        try
        {
            while (statement.Step())
            {
            }

            return raw.sqlite3_changes(_connection);
        }
        finally
        {
            statement.Reset();
        }
    }

    /// <summary>Runs a query and maps its rows.</summary>
    public List<T> Query<T>(string sql, Func<SqliteStatement, T> map, params ReadOnlySpan<SqliteValue> parameters)
    {
        var rows = new List<T>();
        Query(sql, map, rows, parameters);
        return rows;
    }

    /// <summary>Runs a query and adds its rows to a list.</summary>
    public void Query<T>(
        string sql, Func<SqliteStatement, T> map, List<T> rows, params ReadOnlySpan<SqliteValue> parameters)
    {
        var statement = Prepare(sql, parameters);
        try
        {
            while (statement.Step())
            {
                rows.Add(map(statement));
            }
        }
        finally
        {
            statement.Reset();
        }
    }

    /// <summary>Reads the rows of a query one after another while <paramref name="read"/> wants more.</summary>
    public void Each(string sql, Func<SqliteStatement, bool> read)
    {
        var statement = Prepare(sql, []);
        try
        {
            while (statement.Step() && read(statement))
            {
            }
        }
        finally
        {
            statement.Reset();
        }
    }

    /// <summary>Runs a query whose rows are too many to hold at once; it has a statement of its own.</summary>
    public IEnumerable<T> Stream<T>(string sql, Func<SqliteStatement, T> map)
    {
        using var statement = new SqliteStatement(_connection, sql);
        while (statement.Step())
        {
            yield return map(statement);
        }
    }

    /// <summary>The first column of the first row, or null.</summary>
    public long? Number(string sql, params ReadOnlySpan<SqliteValue> parameters)
    {
        var statement = Prepare(sql, parameters);
        try
        {
            return statement.Step() && !statement.IsNull(0) ? statement.Number(0) : null;
        }
        finally
        {
            statement.Reset();
        }
    }

    /// <inheritdoc />
    public void Dispose()
    {
        foreach (var statement in _prepared.Values)
        {
            statement.Dispose();
        }

        _connection.Dispose();
    }

    private SqliteStatement Prepare(string sql, ReadOnlySpan<SqliteValue> parameters)
    {
        if (!_prepared.TryGetValue(sql, out var statement))
        {
            _prepared.Add(sql, statement = new SqliteStatement(_connection, sql));
        }

        statement.Bind(parameters);
        return statement;
    }
}
