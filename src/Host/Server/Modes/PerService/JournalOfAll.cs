using DoaMarket.Contracts;
using DoaMarket.Kernel;
using DoaMarket.Postgres;

namespace DoaMarket.Host.Server.Modes.PerService;

/// <summary>The messages of the journal's own database, and the remarks that each service has written in its own.</summary>
internal sealed class JournalOfAll(IReadOnlyDictionary<string, ServiceDatabase> databases) : IJournal
{
    private readonly PostgresJournal _messages = databases[ShopTopology.Journal].Journal;

    /// <inheritdoc />
    public ValueTask Append(IReadOnlyList<WireMessage> messages, CancellationToken stop) => _messages.Append(messages, stop);

    /// <inheritdoc />
    public ValueTask<IReadOnlyList<JournalEntry>> ByCorrelation(CorrelationId id, int limit, CancellationToken stop) =>
        _messages.ByCorrelation(id, limit, stop);

    /// <inheritdoc />
    public ValueTask<IReadOnlyList<JournalEntry>> BySubject(string subject, int limit, CancellationToken stop) =>
        _messages.BySubject(subject, limit, stop);

    /// <inheritdoc />
    public ValueTask<long> Head(CancellationToken stop) => _messages.Head(stop);

    /// <inheritdoc />
    public ValueTask<IReadOnlyList<JournalEntry>> After(
        long sequence, long through, IReadOnlyList<string> types, int limit, CancellationToken stop) =>
        _messages.After(sequence, through, types, limit, stop);

    /// <inheritdoc />
    public async ValueTask<IReadOnlyList<NoteRow>> Notes(CorrelationId id, int limit, CancellationToken stop)
    {
        var notes = new List<NoteRow>();
        foreach (var database in databases.Values)
        {
            notes.AddRange(await database.Journal.Notes(id, limit, stop));
        }

        return [.. notes.OrderBy(n => n.At).Take(limit)];
    }
}
