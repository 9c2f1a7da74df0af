using DoaMarket.Kernel;
using DoaMarket.Postgres;

namespace DoaMarket.Host.Server.Modes.PerService;

/// <summary>The services' stores as one. A unit of work is one service's; nothing spans two databases.</summary>
internal sealed class StoreOfAll(IReadOnlyDictionary<string, ServiceDatabase> databases) : IStore
{
    /// <inheritdoc />
    public StoreLimits Limits { get; } = databases.Values.First().Store.Limits;

    /// <inheritdoc />
    public ValueTask<IUnitOfWork> Begin(
        string service, IReadOnlyCollection<DocumentKey> keys, CancellationToken stop) =>
        Of(service).Begin(service, keys, stop);

    /// <inheritdoc />
    public async ValueTask<IReadOnlyList<DueDocument>> Due(
        IReadOnlyList<DocumentKind> kinds, DateTimeOffset now, int limit, CancellationToken stop)
    {
        var due = new List<DueDocument>();
        foreach (var ofService in kinds.GroupBy(k => k.Service, StringComparer.Ordinal))
        {
            due.AddRange(await Of(ofService.Key).Due([.. ofService], now, limit, stop));
        }

        return [.. due.OrderBy(d => d.WakeAt).Take(limit)];
    }

    /// <inheritdoc />
    public ValueTask<StoredDocument?> Find(DocumentKey key, CancellationToken stop) =>
        Of(key.Kind.Service).Find(key, stop);

    /// <inheritdoc />
    public async ValueTask<IReadOnlyList<StoredDocument>> Newer(
        IReadOnlyDictionary<DocumentKey, long> versions, CancellationToken stop)
    {
        var newer = new List<StoredDocument>();
        foreach (var ofService in versions.GroupBy(v => v.Key.Kind.Service, StringComparer.Ordinal))
        {
            newer.AddRange(await Of(ofService.Key).Newer(ofService.ToDictionary(), stop));
        }

        return newer;
    }

    /// <inheritdoc />
    public ValueTask<DocumentPage> Query(DocumentQuery query, CancellationToken stop) =>
        Of(query.Kind.Service).Query(query, stop);

    /// <inheritdoc />
    public async ValueTask<IStoreSnapshot> Snapshot(CancellationToken stop)
    {
        var snapshots = new Dictionary<string, IStoreSnapshot>(StringComparer.Ordinal);
        foreach (var (service, database) in databases)
        {
            snapshots.Add(service, await database.Store.Snapshot(stop));
        }

        return new SnapshotOfAll(snapshots);
    }

    private PostgresStore Of(string service) => databases[service].Store;
}
