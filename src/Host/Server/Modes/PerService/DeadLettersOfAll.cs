using DoaMarket.Kernel;

namespace DoaMarket.Host.Server.Modes.PerService;

/// <summary>The dead letters of all services' databases, as if they lay in one.</summary>
internal sealed class DeadLettersOfAll(IReadOnlyCollection<ServiceDatabase> databases) : IDeadLetters
{
    /// <inheritdoc />
    // A cursor is a time and an id, which mean the same in every database.
    public async ValueTask<DeadLetterPage> Page(DeadLetterQuery query, CancellationToken stop)
    {
        var letters = new List<DeadLetter>();
        var isMore = false;
        foreach (var database in databases)
        {
            var page = await database.DeadLetters.Page(query, stop);
            letters.AddRange(page.Letters);
            isMore |= page.NextCursor is not null;
        }

        List<DeadLetter> sorted = query.OldestFirst
            ? [.. letters.OrderBy(l => l.DeadAt).ThenBy(l => l.Id)]
            : [.. letters.OrderByDescending(l => l.DeadAt).ThenByDescending(l => l.Id)];
        return isMore && sorted.Count == query.Limit
            ? DeadLetterPage.Of([.. sorted, sorted[^1]], query.Limit) // one database has more than it showed
            : DeadLetterPage.Of(sorted, query.Limit);
    }

    /// <inheritdoc />
    public async ValueTask<DeadLetter?> Find(Guid id, CancellationToken stop)
    {
        foreach (var database in databases)
        {
            if (await database.DeadLetters.Find(id, stop) is { } letter)
            {
                return letter;
            }
        }

        return null;
    }

    /// <inheritdoc />
    public async ValueTask<IReadOnlyList<DeadLetterGroup>> Groups(string? queue, int limit, CancellationToken stop)
    {
        var groups = new List<DeadLetterGroup>();
        foreach (var database in databases)
        {
            groups.AddRange(await database.DeadLetters.Groups(queue, limit, stop));
        }

        return [.. groups.OrderByDescending(g => g.Count).ThenByDescending(g => g.LastDeadAt).Take(limit)];
    }

    /// <inheritdoc />
    public async ValueTask<IReadOnlyDictionary<string, long>> Waiting(CancellationToken stop)
    {
        var waiting = new Dictionary<string, long>(StringComparer.Ordinal);
        foreach (var database in databases)
        {
            foreach (var (queue, count) in await database.DeadLetters.Waiting(stop))
            {
                waiting[queue] = waiting.GetValueOrDefault(queue) + count;
            }
        }

        return waiting;
    }
}
