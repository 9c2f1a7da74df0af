using DoaMarket.Kernel;
using DoaMarket.Sqlite;

namespace DoaMarket.Conformance;

/// <summary>SQLite in a file of its own.</summary>
public sealed class SqliteRig : IRig
{
    private readonly string _folder = Path.Combine(Path.GetTempPath(), "doa-conformance-" + Guid.NewGuid().ToString("N"));
    private SqliteDatabase _database = null!;
    private int _runs;

    public HandClock Clock { get; } = new();

    public IStore Store { get; private set; } = null!;

    public ITransport Transport { get; private set; } = null!;

    public IJournal Journal { get; private set; } = null!;

    public IDeadLetters DeadLetters { get; private set; } = null!;

    public static async Task<IRig> Start()
    {
        var rig = new SqliteRig();
        await rig.Open();
        return rig;
    }

    // Closing the file rolls nothing back that was committed and keeps nothing that was not: to what follows it is a crash.
    public async Task Crash()
    {
        _database.Dispose();
        await Open();
    }

    public ValueTask DisposeAsync()
    {
        _database.Dispose();
        Directory.Delete(_folder, recursive: true);
        return default;
    }

    private async Task Open()
    {
        _database = SqliteDatabase.Open(new SqliteOptions { Folder = _folder }, [Shelf.Boxes, Shelf.Labels]);
        var transport = new SqliteTransport(_database, Shelf.Topology, Shelf.Catalog, Clock, $"run-{++_runs}");
        await transport.VoidOldClaims(CancellationToken.None);
        transport.OnArrival(Shelf.Queue, () => { }); // somebody listens, so messages are handed over in memory
        (Store, Transport, Journal) = (new SqliteStore(_database, transport), transport, new SqliteJournal(_database));
        DeadLetters = new SqliteDeadLetters(_database);
    }
}
