using System.Globalization;
using DoaMarket.Contracts;
using DoaMarket.Kernel;
using DoaMarket.Postgres;

namespace DoaMarket.Host.Server.Modes;

/// <summary>
/// The mode "postgres" on one screen: one PostgreSQL database for documents and messages, a schema per service, and any
/// number of processes that work on it.
/// </summary>
public sealed class Postgres : IFoundation
{
    private readonly PostgresDatabase _database;
    private readonly PostgresNode _node;
    private readonly PostgresTransport _transport;
    private readonly ILogger _log;

    private Postgres(PostgresDatabase database, PostgresNode node, TimeProvider time, ILoggerFactory logs)
    {
        (_database, _node, _log) = (database, node, logs.CreateLogger<Postgres>());
        _transport = new PostgresTransport(
            database, node, ShopTopology.Topology, ShopMessages.Catalog, time, logs.CreateLogger<PostgresTransport>());
        Store = new PostgresStore(database, node, _transport);
        Journal = new PostgresJournal(database);
        DeadLetters = new PostgresDeadLetters(database);
        Work = [node.Run, _transport.Run];
    }

    /// <inheritdoc />
    public IStore Store { get; }

    /// <inheritdoc />
    public ITransport Transport => _transport;

    /// <inheritdoc />
    public IDeadLetters DeadLetters { get; }

    /// <inheritdoc />
    public IJournal Journal { get; }

    /// <inheritdoc />
    public string Place => $"{_database} as node {_node.Id}";

    /// <inheritdoc />
    public bool IsShared => true;

    /// <inheritdoc />
    public string? NodeOf(string service) => Number(_node.Id);

    /// <inheritdoc />
    public IReadOnlyList<Func<CancellationToken, Task>> Work { get; }

    /// <summary>Connects, makes or changes tables where that is needed, and takes a number among the nodes.</summary>
    /// <exception cref="InvalidOperationException">The database cannot be used. The text says what to do.</exception>
    public static async Task<Postgres> Open(
        string connectionString, PostgresOptions options, IEnumerable<ServiceModule> modules, TimeProvider time,
        ILoggerFactory logs, CancellationToken stop)
    {
        var kinds = modules.SelectMany(m => m.Kinds).ToList();
        var database = await PostgresDatabase.Open(connectionString, options, kinds, stop);
        try
        {
            var name = $"{Environment.MachineName}:{Environment.ProcessId}";
            return new(
                database, await PostgresNode.Join(database, name, logs.CreateLogger<PostgresNode>(), stop), time, logs);
        }
        catch
        {
            await database.DisposeAsync();
            throw;
        }
    }

    /// <inheritdoc />
    public async ValueTask<IReadOnlySet<string>> Nodes(string service, CancellationToken stop) =>
        (await _node.Present(stop)).Select(Number).ToHashSet(StringComparer.Ordinal);

    /// <inheritdoc />
    public Task Begin(CancellationToken stop) => Task.CompletedTask; // claims of nodes that are gone are void by themselves

    /// <inheritdoc />
    public async Task GiveBack()
    {
        try
        {
            await _transport.GiveBack(CancellationToken.None);
            await _node.Leave(CancellationToken.None);
        }
        catch (StoreUnavailableException error)
        {
            _log.LogWarning("What this node had claimed is free for others in ten seconds: {Reason}", error.Message);
        }
    }

    /// <inheritdoc />
    public ValueTask DisposeAsync() => _database.DisposeAsync();

    private static string Number(int node) => node.ToString(CultureInfo.InvariantCulture);
}
