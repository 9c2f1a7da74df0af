using DoaMarket.Contracts;
using DoaMarket.Kernel;
using DoaMarket.Sqlite;

namespace DoaMarket.Host.Server.Modes;

/// <summary>
/// The embedded mode on one screen: one SQLite file for documents and messages, every service in this process, nothing to
/// install.
/// </summary>
public sealed class Embedded : IFoundation
{
    private readonly SqliteDatabase _database;
    private readonly SqliteTransport _transport;

    /// <summary>Opens the database, making what is missing.</summary>
    /// <exception cref="InvalidOperationException">Another process has the folder. The text says what to do.</exception>
    public Embedded(SqliteOptions options, IEnumerable<ServiceModule> modules, TimeProvider time)
    {
        _database = SqliteDatabase.Open(options, [.. modules.SelectMany(m => m.Kinds)]);
        _transport = new SqliteTransport(
            _database, ShopTopology.Topology, ShopMessages.Catalog, time, run: Guid.NewGuid().ToString("N"));
        Place = Path.GetFullPath(options.Folder!);
        Store = new SqliteStore(_database, _transport);
        Journal = new SqliteJournal(_database);
        DeadLetters = new SqliteDeadLetters(_database);
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
    public string Place { get; }

    /// <inheritdoc />
    public bool IsShared => false;

    /// <inheritdoc />
    public string? NodeOf(string service) => null;

    /// <inheritdoc />
    public IReadOnlyList<Func<CancellationToken, Task>> Work { get; } = [];

    /// <inheritdoc />
    public ValueTask<IReadOnlySet<string>> Nodes(string service, CancellationToken stop) =>
        new(new HashSet<string>(StringComparer.Ordinal));

    /// <inheritdoc />
    public async Task Begin(CancellationToken stop) => await _transport.VoidOldClaims(stop);

    /// <inheritdoc />
    public async Task GiveBack() => await _transport.GiveBack(CancellationToken.None);

    /// <inheritdoc />
    public ValueTask DisposeAsync()
    {
        _database.Dispose();
        return ValueTask.CompletedTask;
    }
}
