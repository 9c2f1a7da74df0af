using DoaMarket.Contracts;
using DoaMarket.Kernel;
using DoaMarket.Postgres;

namespace DoaMarket.Host.Server.Modes.PerService;

/// <summary>One service's own database, with the outbox that feeds the broker.</summary>
internal sealed class ServiceDatabase : IAsyncDisposable
{
    /// <summary>Stands for the service's name in a connection string.</summary>
    public const string Placeholder = "{service}";

    private ServiceDatabase(string service, PostgresDatabase database, PostgresNode node, KernelOptions options)
    {
        (Service, Database, Node) = (service, database, node);
        Outbox = new PostgresOutbox(database, ShopTopology.Topology, ShopMessages.Catalog, options);
        Store = new PostgresStore(database, node, Outbox);
        DeadLetters = new PostgresDeadLetters(database);
        Journal = new PostgresJournal(database);
    }

    /// <summary>Whose it is.</summary>
    public string Service { get; }

    /// <summary>The database.</summary>
    public PostgresDatabase Database { get; }

    /// <summary>This process among those that work on it.</summary>
    public PostgresNode Node { get; }

    /// <summary>Messages that the broker does not have yet.</summary>
    public PostgresOutbox Outbox { get; }

    /// <summary>Documents.</summary>
    public PostgresStore Store { get; }

    /// <summary>Messages that failed for good.</summary>
    public PostgresDeadLetters DeadLetters { get; }

    /// <summary>Remarks; and the messages, in the journal's own database.</summary>
    public PostgresJournal Journal { get; }

    /// <summary>The connection string of one service's database.</summary>
    public static string NameOf(string connectionString, string service) =>
        connectionString.Replace(Placeholder, service, StringComparison.Ordinal);

    /// <summary>Connects, makes or changes tables where that is needed, and takes a number among the nodes.</summary>
    /// <exception cref="InvalidOperationException">The database cannot be used. The text says what to do.</exception>
    public static async Task<ServiceDatabase> Open(
        string service, string connectionString, ShopOptions options, IReadOnlyList<DocumentKind> kinds, string process,
        ILoggerFactory logs, CancellationToken stop)
    {
        var database = await PostgresDatabase.Open(
            NameOf(connectionString, service), options.Postgres, kinds, stop);
        try
        {
            var node = await PostgresNode.Join(database, process, logs.CreateLogger<PostgresNode>(), stop);
            return new(service, database, node, options.Kernel);
        }
        catch
        {
            await database.DisposeAsync();
            throw;
        }
    }

    /// <inheritdoc />
    public ValueTask DisposeAsync() => Database.DisposeAsync();
}
