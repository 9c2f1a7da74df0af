using System.Globalization;
using DoaMarket.Kernel;
using Npgsql;

namespace DoaMarket.Postgres;

/// <summary>
/// One PostgreSQL database, worked on by any number of processes: a schema per service for documents, the schema
/// "messaging" for messages. Two pools, so that readers cannot keep batches from committing.
/// </summary>
public sealed class PostgresDatabase : IAsyncDisposable
{
    private PostgresDatabase(string connectionString, PostgresOptions options)
    {
        Options = options;
        ConnectionString = connectionString;
        Durable = Pool(options.MaxConnections, "");
        // Claims and heartbeats need not outlive a crash of the server: a claim that is lost is made again.
        Quick = Pool(options.MaxReadConnections, " -c synchronous_commit=off");
    }

    internal PostgresOptions Options { get; }

    internal string ConnectionString { get; }

    /// <summary>For units of work.</summary>
    internal NpgsqlDataSource Durable { get; }

    /// <summary>For reads and claims.</summary>
    internal NpgsqlDataSource Quick { get; }

    /// <summary>Commits whose outcome has to be found out.</summary>
    internal UnknownCommits Unknown { get; } = new();

    /// <summary>Connects, and makes or changes tables where the declared kinds want it.</summary>
    /// <exception cref="InvalidOperationException">The database cannot be used. The text says what to do.</exception>
    public static async Task<PostgresDatabase> Open(
        string connectionString, PostgresOptions options, IReadOnlyList<DocumentKind> kinds, CancellationToken stop)
    {
        var database = new PostgresDatabase(Checked(connectionString), options);
        try
        {
            await PostgresSchema.Bring(database.ConnectionString, kinds, stop);
            return database;
        }
        catch (NpgsqlException error)
        {
            await database.DisposeAsync();
            var advice = error.SqlState == PostgresErrorCodes.InvalidCatalogName
                ? "Make it: CREATE DATABASE … ENCODING 'UTF8' TEMPLATE template0."
                : "Is the server running, and does the connection string (DOA__ConnectionStrings__Postgres) name it?";
            throw new InvalidOperationException($"{PostgresErrors.Unavailable(error).Message}. {advice}", error);
        }
        catch
        {
            await database.DisposeAsync();
            throw;
        }
    }

    /// <summary>Runs statements that read, or that need not outlive a crash of the server.</summary>
    /// <exception cref="StoreUnavailableException">The server cannot be used now.</exception>
    internal ValueTask Ask(Action<Script> write, CancellationToken stop) => Run(Quick, write, stop);

    /// <summary>Runs statements whose effect is durable afterwards.</summary>
    /// <exception cref="StoreUnavailableException">
    /// The server cannot be used now; whether it has run them is unknown, so they must bear being run twice.
    /// </exception>
    internal ValueTask Tell(Action<Script> write, CancellationToken stop) => Run(Durable, write, stop);

    /// <summary>Reads the rows of one statement.</summary>
    internal async ValueTask<List<T>> Query<T>(
        string sql, Func<NpgsqlDataReader, T> map, CancellationToken stop, params NpgsqlParameter[] parameters)
    {
        var rows = new List<T>();
        await Ask(script => script.Read(sql, row => rows.Add(map(row)), parameters), stop);
        return rows;
    }

    /// <summary>A connection of its own, to hear notices on; a dead server is noticed within half a minute.</summary>
    internal async ValueTask<NpgsqlConnection> Listening(CancellationToken stop)
    {
        var settings = new NpgsqlConnectionStringBuilder(ConnectionString) { Pooling = false, KeepAlive = 15 };
        var connection = new NpgsqlConnection(settings.ConnectionString);
        try
        {
            await connection.OpenAsync(stop);
            return connection;
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    /// <summary>Server and database, without secrets.</summary>
    public override string ToString()
    {
        var settings = new NpgsqlConnectionStringBuilder(ConnectionString);
        return string.Create(
            CultureInfo.InvariantCulture, $"PostgreSQL {settings.Host}:{settings.Port}/{settings.Database}");
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        await Durable.DisposeAsync();
        await Quick.DisposeAsync();
        Unknown.Dispose();
    }

    private static async ValueTask Run(NpgsqlDataSource pool, Action<Script> write, CancellationToken stop)
    {
        try
        {
            await using var connection = await pool.OpenConnectionAsync(stop);
            var script = new Script(connection);
            write(script);
            await script.Run(stop);
        }
        catch (NpgsqlException error) when (PostgresErrors.IsUnavailable(error))
        {
            throw PostgresErrors.Unavailable(error);
        }
    }

    private NpgsqlDataSource Pool(int connections, string further)
    {
        // Every statement goes by an index: a plan made while a table was empty must not scan it when it is full.
        var settings = new NpgsqlConnectionStringBuilder(ConnectionString);
        var session = $" -c jit=off -c enable_seqscan=off -c lock_timeout={Ms(Options.LockTimeout)} "
            + $"-c idle_in_transaction_session_timeout={Ms(Options.IdleInTransactionTimeout)}{further}";
        settings.Options = (settings.Options + session).TrimStart();
        settings.MaxPoolSize = connections;
        settings.CommandTimeout = (int)Options.CommandTimeout.TotalSeconds;
        settings.MaxAutoPrepare = 300; // more than there are SQL texts
        settings.AutoPrepareMinUsages = 2;
        settings.NoResetOnClose = true; // sessions hold no state of their own
        return NpgsqlDataSource.Create(settings);

        static long Ms(TimeSpan span) => (long)span.TotalMilliseconds;
    }

    private static string Checked(string connectionString)
    {
        try
        {
            var settings = new NpgsqlConnectionStringBuilder(connectionString);
            return settings.Database is { Length: > 0 } && settings.Host is { Length: > 0 }
                ? settings.ConnectionString
                : throw new InvalidOperationException(
                    "The connection string of PostgreSQL names no host or no database. "
                    + "Write DOA__ConnectionStrings__Postgres=Host=…;Database=…;Username=…;Password=…");
        }
        catch (ArgumentException error)
        {
            throw new InvalidOperationException(
                $"The connection string of PostgreSQL cannot be read: {error.Message} "
                + "Write DOA__ConnectionStrings__Postgres=Host=…;Database=…;Username=…;Password=…",
                error);
        }
    }
}
