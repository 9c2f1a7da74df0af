using System.Globalization;
using Microsoft.Data.Sqlite;

namespace DoaMarket.Sandbox.Store;

/// <summary>Prepared statements on a connection of its own. Parameters are <c>$1</c>, <c>$2</c>, … in order.</summary>
internal sealed class SqlSession(SqliteConnection connection) : IDisposable
{
    private readonly Dictionary<string, SqliteCommand> _prepared = new(StringComparer.Ordinal);

    public SqliteConnection Connection => connection;

    /// <summary>Opens a connection that is closed with the session.</summary>
    public static SqlSession Open(string dataFile, SqliteOpenMode mode)
    {
        SqliteConnectionStringBuilder settings = new() { DataSource = dataFile, Mode = mode, Pooling = false };
        SqliteConnection opened = new(settings.ConnectionString);
        opened.Open();
        SqlSession session = new(opened);
        session.Run("PRAGMA busy_timeout = 5000");
        return session;
    }

    /// <summary>Runs a statement and gives the number of rows it changed.</summary>
    public int Run(string sql, params object?[] values) => Bind(sql, values).ExecuteNonQuery();

    /// <summary>Runs a query whose result has one whole number.</summary>
    public long Number(string sql, params object?[] values) =>
        Convert.ToInt64(Bind(sql, values).ExecuteScalar(), CultureInfo.InvariantCulture);

    /// <summary>The first row of a query, or the default of <typeparamref name="T"/>.</summary>
    public T? Row<T>(string sql, Func<SqliteDataReader, T> map, params object?[] values)
    {
        using SqliteDataReader reader = Bind(sql, values).ExecuteReader();
        return reader.Read() ? map(reader) : default;
    }

    /// <summary>Every row of a query; the caller bounds it with LIMIT.</summary>
    public List<T> Rows<T>(string sql, Func<SqliteDataReader, T> map, params object?[] values)
    {
        using SqliteDataReader reader = Bind(sql, values).ExecuteReader();
        List<T> rows = [];
        while (reader.Read())
        {
            rows.Add(map(reader));
        }

        return rows;
    }

    public void Dispose()
    {
        foreach (SqliteCommand command in _prepared.Values)
        {
            command.Dispose();
        }

        connection.Dispose();
    }

    // The cache holds only literals of this assembly, so its size is bounded by the source code.
    private SqliteCommand Bind(string sql, object?[] values)
    {
        if (!_prepared.TryGetValue(sql, out SqliteCommand? command))
        {
            command = connection.CreateCommand();
            command.CommandText = sql;
            for (int i = 0; i < values.Length; i++)
            {
                command.Parameters.Add(new SqliteParameter { ParameterName = $"${i + 1}" });
            }

            _prepared.Add(sql, command);
        }

        for (int i = 0; i < values.Length; i++)
        {
            command.Parameters[i].Value = values[i] ?? DBNull.Value;
        }

        return command;
    }
}
