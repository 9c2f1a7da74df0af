using System.Diagnostics.CodeAnalysis;
using DoaMarket.Contracts;
using DoaMarket.Kernel;

namespace DoaMarket.Simulation;

/// <summary>The store and the broker at one moment, as nobody outside of a simulation can see them.</summary>
internal sealed class WorldSnapshot(IStoreSnapshot store, SimulatedBroker broker) : IStoreSnapshot
{
    private static readonly string Journal = ShopTopology.Topology.Of(ShopTopology.Journal).Queue;

    public IEnumerable<StoredDocument> Scan(DocumentKind kind) => store.Scan(kind);

    /// <summary>The journal, and what is on its way to it.</summary>
    public IEnumerable<JournalEntry> Messages()
    {
        var written = new HashSet<EventId>();
        foreach (var entry in store.Messages())
        {
            written.Add(entry.EventId);
            yield return entry;
        }

        foreach (var (_, message) in broker.Pending.Where(p => p.Queue == Journal))
        {
            if (written.Add(message.EventId))
            {
                yield return (message with { Subject = SubjectOf(message) }).ToJournal();
            }
        }
    }

    public IEnumerable<(string Queue, EventId EventId)> Pending() => store.Pending()
        .Concat(broker.Pending.Where(p => p.Queue != Journal).Select(p => (p.Queue, p.Message.EventId)));

    public IEnumerable<OutboxRow> Outbox() => store.Outbox();

    public IEnumerable<DeadLetter> DeadLetters() => store.DeadLetters();

    public ValueTask DisposeAsync() => store.DisposeAsync();

    [SuppressMessage("Performance", "CA1859", Justification = "IMessage.Subject is explicit in most messages.")]
    private static string? SubjectOf(WireMessage message) => message.Open(ShopMessages.Catalog).Data.Subject;
}
