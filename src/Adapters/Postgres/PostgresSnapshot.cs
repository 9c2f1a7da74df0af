using DoaMarket.Kernel;
using Npgsql;

namespace DoaMarket.Postgres;

/// <summary>One consistent view: a read-only transaction on a connection of its own, beside which writing goes on.</summary>
public sealed class PostgresSnapshot : IStoreSnapshot
{
    private readonly NpgsqlConnection _connection;

    private PostgresSnapshot(NpgsqlConnection connection) => _connection = connection;

    /// <summary>Whether a process works on the database.</summary>
    public bool IsInUse { get; private set; }

    /// <summary>A view of a database, whoever works on it.</summary>
    /// <exception cref="StoreUnavailableException">The server cannot be used now, or the database has no shop.</exception>
    public static async Task<PostgresSnapshot> Of(string connectionString, CancellationToken stop)
    {
        var settings = new NpgsqlConnectionStringBuilder(connectionString) { Pooling = false, CommandTimeout = 0 };
        var connection = new NpgsqlConnection(settings.ConnectionString);
        var snapshot = new PostgresSnapshot(connection);
        try
        {
            await connection.OpenAsync(stop);
            // The view is of the moment of the first query: here, not when somebody begins to read.
            await new Script(connection)
                .Do("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
                .Read(
                    "SELECT EXISTS (SELECT FROM messaging.nodes WHERE heartbeat_at > clock_timestamp() - $1)",
                    row => snapshot.IsInUse = row.GetBoolean(0), Arg.Span(new PostgresOptions().ClaimsVoidAfter))
                .Run(stop);
            return snapshot;
        }
        catch (NpgsqlException error)
        {
            await connection.DisposeAsync();
            throw error.SqlState == PostgresErrorCodes.UndefinedTable
                ? new StoreUnavailableException($"The database '{settings.Database}' has no shop.", error)
                : PostgresErrors.Unavailable(error);
        }
    }

    /// <inheritdoc />
    public IEnumerable<StoredDocument> Scan(DocumentKind kind) =>
        Stream($"{DocumentSql.Of(kind).Select} ORDER BY key", row => Rows.Document(kind, row));

    /// <inheritdoc />
    public IEnumerable<JournalEntry> Messages() => Stream(
        $"SELECT {Rows.MessageColumns} FROM messaging.messages m ORDER BY m.seq", row => Rows.Message(row));

    /// <inheritdoc />
    public IEnumerable<(string Queue, EventId EventId)> Pending() => Stream(
        "SELECT d.queue, m.event_id FROM messaging.deliveries d JOIN messaging.messages m ON m.seq = d.seq",
        row => (row.GetString(0), new EventId(row.GetGuid(1))));

    /// <inheritdoc />
    public IEnumerable<OutboxRow> Outbox() => Stream(PostgresOutbox.All, PostgresOutbox.Read);

    /// <inheritdoc />
    public IEnumerable<DeadLetter> DeadLetters() => Stream(PostgresDeadLetters.AllWaiting, PostgresDeadLetters.Read);

    /// <inheritdoc />
    public ValueTask DisposeAsync() => _connection.DisposeAsync();

    // Rows come as they are read, so that a shop of any size can be audited.
    private IEnumerable<T> Stream<T>(string sql, Func<NpgsqlDataReader, T> map)
    {
#pragma warning disable CA2100 // every SQL text is a constant of this assembly or built from declared names
        using var command = new NpgsqlCommand(sql, _connection);
#pragma warning restore CA2100
        using var reader = command.ExecuteReader();
        while (reader.Read())
        {
            yield return map(reader);
        }
    }
}
