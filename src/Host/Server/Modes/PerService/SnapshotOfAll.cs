using DoaMarket.Contracts;
using DoaMarket.Kernel;
using EventId = DoaMarket.Kernel.EventId;

namespace DoaMarket.Host.Server.Modes.PerService;

/// <summary>
/// A view of each service's database, each consistent in itself. They are taken one after another, so of a shop at work
/// one may know more than another; of one at rest they are one.
/// </summary>
internal sealed class SnapshotOfAll(IReadOnlyDictionary<string, IStoreSnapshot> snapshots) : IStoreSnapshot
{
    /// <inheritdoc />
    public IEnumerable<StoredDocument> Scan(DocumentKind kind) => snapshots[kind.Service].Scan(kind);

    /// <inheritdoc />
    public IEnumerable<JournalEntry> Messages() => snapshots[ShopTopology.Journal].Messages();

    /// <inheritdoc />
    public IEnumerable<(string Queue, EventId EventId)> Pending() => snapshots.Values.SelectMany(s => s.Pending());

    /// <inheritdoc />
    public IEnumerable<OutboxRow> Outbox() => snapshots.Values.SelectMany(s => s.Outbox());

    /// <inheritdoc />
    public IEnumerable<DeadLetter> DeadLetters() => snapshots.Values.SelectMany(s => s.DeadLetters());

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        foreach (var snapshot in snapshots.Values)
        {
            await snapshot.DisposeAsync();
        }
    }
}
