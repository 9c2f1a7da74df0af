using DoaMarket.Kernel;
using DoaMarket.Postgres;
using DoaMarket.Servers;
using Microsoft.Extensions.Logging.Abstractions;

namespace DoaMarket.Conformance;

/// <summary>PostgreSQL, a database of its own, with an outbox.</summary>
public sealed class PostgresOutboxRig : IOutboxRig
{
    private readonly string _database;
    private readonly KernelOptions _options = new();
    private PostgresDatabase _open = null!;

    private PostgresOutboxRig(string database) => _database = database;

    public HandClock Clock { get; } = new();

    public IStore Store { get; private set; } = null!;

    public IOutbox Outbox { get; private set; } = null!;

    public IJournal Journal { get; private set; } = null!;

    public IDeadLetters DeadLetters { get; private set; } = null!;

    public TimeSpan Claim => _options.OutboxClaim;

    public static async Task<IOutboxRig> Start()
    {
        var rig = new PostgresOutboxRig(await (await PostgresServer.Shared).CreateDatabase());
        await rig.Open();
        return rig;
    }

    public async Task Crash()
    {
        await _open.DisposeAsync();
        await Open();
    }

    public async ValueTask DisposeAsync()
    {
        await _open.DisposeAsync();
        await (await PostgresServer.Shared).DropDatabase(_database);
    }

    private async Task Open()
    {
        _open = await PostgresDatabase.Open(_database, new(), [Shelf.Boxes, Shelf.Labels], CancellationToken.None);
        var node = await PostgresNode.Join(_open, "test", NullLogger<PostgresNode>.Instance, CancellationToken.None);
        var outbox = new PostgresOutbox(_open, Shelf.Topology, Shelf.Catalog, _options);
        (Store, Outbox) = (new PostgresStore(_open, node, outbox), outbox);
        (Journal, DeadLetters) = (new PostgresJournal(_open), new PostgresDeadLetters(_open));
    }
}
