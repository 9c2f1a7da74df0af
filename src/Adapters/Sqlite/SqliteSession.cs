using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace DoaMarket.Sqlite;

/// <summary>One connection with its prepared statements. Used by one thread at a time.</summary>
internal sealed class SqliteSession : IDisposable
{
    // Bounded by the number of SQL texts in this assembly.
    private readonly Dictionary<string, SqliteCommand> _prepared = new(StringComparer.Ordinal);

    public SqliteSession(string dataSource, bool readOnly)
    {
        Connection = new SqliteConnection(new SqliteConnectionStringBuilder
        {
            DataSource = dataSource,
            Pooling = false,
            Mode = readOnly ? SqliteOpenMode.ReadOnly : SqliteOpenMode.ReadWriteCreate,
            DefaultTimeout = 5,
        }.ToString());
        Connection.Open();
        Execute("PRAGMA cache_size=-64000"); // KiB: with UUIDv7 keys this keeps the hot pages in memory
        Execute("PRAGMA temp_store=MEMORY");
    }

    public SqliteConnection Connection { get; }

    /// <summary>
    /// True outside any transaction; inside a transaction it means that SQLite has rolled it back by itself.
    /// </summary>
    public bool IsAutocommit => raw.sqlite3_get_autocommit(Connection.Handle!) != 0;

    /// <summary>Runs a statement with positional parameters $1, $2, …; returns the number of rows changed.</summary>
    public int Execute(string sql, params ReadOnlySpan<object?> parameters) =>
        Prepare(sql, parameters).ExecuteNonQuery();

    /// <summary>Runs a query and maps its rows.</summary>
    public List<T> Query<T>(string sql, Func<SqliteDataReader, T> map, params ReadOnlySpan<object?> parameters)
    {
        using var reader = Prepare(sql, parameters).ExecuteReader();
        var rows = new List<T>();
        while (reader.Read())
        {
            rows.Add(map(reader));
        }

        return rows;
    }

    /// <summary>Runs a query whose rows are too many to hold at once; it has a statement of its own.</summary>
    public IEnumerable<T> Stream<T>(string sql, Func<SqliteDataReader, T> map)
    {
        using var command = Connection.CreateCommand();
#pragma warning disable CA2100 // every SQL text is a constant of this assembly or built from declared names
        command.CommandText = sql;
#pragma warning restore CA2100
        using var reader = command.ExecuteReader();
        while (reader.Read())
        {
            yield return map(reader);
        }
    }

    /// <summary>The first column of the first row, or null.</summary>
    public object? Scalar(string sql, params ReadOnlySpan<object?> parameters) =>
        Prepare(sql, parameters).ExecuteScalar() is { } value and not DBNull ? value : null;

    /// <inheritdoc />
    public void Dispose()
    {
        foreach (var command in _prepared.Values)
        {
            command.Dispose();
        }

        Connection.Dispose();
    }

    private SqliteCommand Prepare(string sql, ReadOnlySpan<object?> parameters)
    {
        if (!_prepared.TryGetValue(sql, out var command))
        {
            command = Connection.CreateCommand();
#pragma warning disable CA2100 // every SQL text is a constant of this assembly or built from declared names
            command.CommandText = sql;
#pragma warning restore CA2100
            for (var i = 0; i < parameters.Length; i++)
            {
                var parameter = command.CreateParameter();
                parameter.ParameterName = $"${i + 1}";
                command.Parameters.Add(parameter);
            }

            _prepared.Add(sql, command);
        }

        for (var i = 0; i < parameters.Length; i++)
        {
            command.Parameters[i].Value = parameters[i] ?? DBNull.Value;
        }

        return command;
    }
}
