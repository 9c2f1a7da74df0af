using DoaMarket.Kernel;
using DoaMarket.Postgres;
using DoaMarket.Servers;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

namespace DoaMarket.Conformance;

/// <summary>PostgreSQL, a database of its own; a rig is one node, and there may be others.</summary>
public sealed class PostgresRig : IRig
{
    /// <summary>What is awaited in a test comes sooner, or never.</summary>
    public const int LongestTestMs = 120_000;

    private readonly string _database;
    private readonly string _through;
    private readonly PostgresOptions _options;
    private readonly bool _isFirst, _isQuiet;
    private PostgresDatabase _open = null!;
    private PostgresNode _node = null!;
    private CancellationTokenSource _stop = new();
    private Task _running = Task.CompletedTask;

    private PostgresRig(string database, string through, HandClock clock, PostgresOptions options, bool isFirst, bool isQuiet) =>
        (_database, _through, Clock, _options, _isFirst, _isQuiet) = (database, through, clock, options, isFirst, isQuiet);

    public HandClock Clock { get; }

    public IStore Store { get; private set; } = null!;

    public ITransport Transport { get; private set; } = null!;

    public IJournal Journal { get; private set; } = null!;

    public IDeadLetters DeadLetters { get; private set; } = null!;

    /// <summary>What its receivers do when something arrives.</summary>
    public Action Arrived { get; set; } = () => { };

    public static async Task<IRig> Start() => await First();

    /// <summary>The first node on a new database.</summary>
    public static async Task<PostgresRig> First()
    {
        var database = await (await PostgresServer.Shared).CreateDatabase();
        return await new PostgresRig(database, database, new(), new(), isFirst: true, isQuiet: false).Open();
    }

    /// <summary>
    /// A node that reaches its new database by a wire, and sends nothing by it but what the test asks for: no heartbeats.
    /// </summary>
    public static async Task<(PostgresRig Rig, Wire Wire)> OnAWire(PostgresOptions options)
    {
        var database = await (await PostgresServer.Shared).CreateDatabase();
        var (wire, through) = Wire.To(database);
        return (await new PostgresRig(database, through, new(), options, isFirst: true, isQuiet: true).Open(), wire);
    }

    /// <summary>
    /// A node whose transactions are serializable, as whoever runs the server may decide for a role or a database.
    /// </summary>
    public static async Task<PostgresRig> Serializable()
    {
        var database = await (await PostgresServer.Shared).CreateDatabase();
        var through = database + ";Options=-c default_transaction_isolation=serializable";
        return await new PostgresRig(database, through, new(), new(), isFirst: true, isQuiet: true).Open();
    }

    /// <summary>A further node on the same database.</summary>
    /// <param name="isDeaf">True when it hears no notices, and sends none.</param>
    public Task<PostgresRig> Neighbour(bool isDeaf = false) =>
        new PostgresRig(_database, _database, Clock, _options, isFirst: false, isQuiet: isDeaf).Open();

    // The process is gone, and ten seconds later everybody knows.
    public async Task Crash()
    {
        await Vanish();
        await Sql("UPDATE messaging.nodes SET heartbeat_at = heartbeat_at - interval '11 seconds'");
        Clock.Advance(TimeSpan.FromSeconds(6)); // queues are looked through from their beginning
        await Open();
    }

    /// <summary>The process is gone, and nobody knows yet.</summary>
    public async Task Vanish()
    {
        await Halt();
        await _open.DisposeAsync();
    }

    /// <summary>The process ends in good order.</summary>
    public async Task Leave()
    {
        await Halt();
        await ((PostgresTransport)Transport).GiveBack(CancellationToken.None);
        await _node.Leave(CancellationToken.None);
        await _open.DisposeAsync();
    }

    /// <summary>Somebody who has sent a message and not committed yet.</summary>
    /// <param name="queue">Where it is delivered; null nowhere.</param>
    public async Task<SlowWriter> Writing(string? queue = null)
    {
        var connection = new NpgsqlConnection(_database + ";Pooling=false");
        await connection.OpenAsync();
        var transaction = await connection.BeginTransactionAsync();
        await using var command = new NpgsqlCommand(
            """
            INSERT INTO messaging.messages (event_id, event_type, event_version, timestamp, source, correlation_id, body)
            VALUES (gen_random_uuid(), 'box.moved', 'v1', '2001-01-01T00:00:00Z', 'slow', gen_random_uuid(), '{}')
            RETURNING seq
            """,
            connection);
        var sequence = (long)(await command.ExecuteScalarAsync())!;
        if (queue is not null)
        {
            command.CommandText = "INSERT INTO messaging.deliveries (queue, seq, visible_at, receives, attempts) "
                + "VALUES ($1, $2, '2001-01-01T00:00:00Z', 0, 0)";
            command.Parameters.Add(new() { Value = queue });
            command.Parameters.Add(new() { Value = sequence });
            await command.ExecuteNonQueryAsync();
        }

        return new(connection, transaction);
    }

    /// <summary>Runs a statement beside the adapter.</summary>
    public async Task<object?> Sql(string sql)
    {
        await using var connection = new NpgsqlConnection(_database + ";Pooling=false");
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        return await command.ExecuteScalarAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (!_stop.IsCancellationRequested)
        {
            await Vanish();
        }

        _stop.Dispose();
        if (_isFirst)
        {
            await (await PostgresServer.Shared).DropDatabase(_database);
        }
    }

    private async Task Halt()
    {
        await _stop.CancelAsync();
        await _running;
    }

    private async Task<PostgresRig> Open()
    {
        _stop.Dispose();
        _stop = new();
        _open = await PostgresDatabase.Open(_through, _options, [Shelf.Boxes, Shelf.Labels], CancellationToken.None);
        _node = await PostgresNode.Join(_open, "test", NullLogger<PostgresNode>.Instance, CancellationToken.None);
        var transport = new PostgresTransport(
            _open, _node, Shelf.Topology, Shelf.Catalog, Clock, NullLogger<PostgresTransport>.Instance);
        transport.OnArrival(Shelf.Queue, () => Arrived()); // somebody listens, so messages are handed over in memory
        (Store, Transport, Journal) = (new PostgresStore(_open, _node, transport), transport, new PostgresJournal(_open));
        DeadLetters = new PostgresDeadLetters(_open);
        _running = _isQuiet ? Task.CompletedTask : Run(_stop.Token);
        return this;
    }

    private async Task Run(CancellationToken stop)
    {
        try
        {
            await Task.WhenAll(_node.Run(stop), ((PostgresTransport)Transport).Run(stop));
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // the ordinary end
        }
    }
}

/// <summary>An open transaction.</summary>
public sealed class SlowWriter(NpgsqlConnection connection, NpgsqlTransaction transaction) : IAsyncDisposable
{
    /// <summary>When it has sent the message, as it says.</summary>
    public DateTimeOffset SentAt { get; } = new(2001, 1, 1, 0, 0, 0, TimeSpan.Zero);

    public Task Commit() => transaction.CommitAsync();

    public async ValueTask DisposeAsync()
    {
        await transaction.DisposeAsync();
        await connection.DisposeAsync();
    }
}
