using DoaMarket.Kernel;
using DoaMarket.Sqlite;

namespace DoaMarket.Conformance;

/// <summary>SQLite in a file of its own, with an outbox.</summary>
public sealed class SqliteOutboxRig : IOutboxRig
{
    private readonly string _folder = Path.Combine(Path.GetTempPath(), "doa-conformance-" + Guid.NewGuid().ToString("N"));
    private readonly KernelOptions _options = new();
    private SqliteDatabase _database = null!;

    public SqliteOutboxRig() => Open();

    public HandClock Clock { get; } = new();

    public IStore Store { get; private set; } = null!;

    public IOutbox Outbox { get; private set; } = null!;

    public IJournal Journal { get; private set; } = null!;

    public IDeadLetters DeadLetters { get; private set; } = null!;

    public TimeSpan Claim => _options.OutboxClaim;

    public Task Crash()
    {
        _database.Dispose();
        Open();
        return Task.CompletedTask;
    }

    public ValueTask DisposeAsync()
    {
        _database.Dispose();
        Directory.Delete(_folder, recursive: true);
        return default;
    }

    private void Open()
    {
        _database = SqliteDatabase.Open(new SqliteOptions { Folder = _folder }, [Shelf.Boxes, Shelf.Labels]);
        var outbox = new SqliteOutbox(_database, Shelf.Topology, Shelf.Catalog, _options);
        (Store, Outbox) = (new SqliteStore(_database, outbox), outbox);
        (Journal, DeadLetters) = (new SqliteJournal(_database), new SqliteDeadLetters(_database));
    }
}
