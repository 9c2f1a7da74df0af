using System.Text;
using System.Text.Json;
using DoaMarket.Kernel;

namespace DoaMarket.Host.Ops;

/// <summary>
/// One list of what several services keep each for themselves: alerts, audit rows. The cursor says for each service
/// where its own list goes on.
/// </summary>
public static class MergedPages
{
    private const string AtTheEnd = "";

    /// <summary>Reads a page.</summary>
    /// <param name="queries">Each service's query, by the service's name; its limit and cursor are set here.</param>
    /// <param name="order">The order of the services' own lists, no finer: within it, theirs stays as it is.</param>
    /// <exception cref="FormatException">The cursor is not one of ours.</exception>
    public static async Task<(IReadOnlyList<(string Service, T State)> Page, string? NextCursor)> Read<T>(
        IStore store, IReadOnlyDictionary<string, DocumentQuery> queries, IComparer<T> order, int limit, string? cursor,
        CancellationToken stop)
    {
        var positions = cursor is null ? [] : Parse(cursor);
        var found = new List<(string Service, T State, bool IsLast)>();
        foreach (var (service, query) in queries)
        {
            if (positions.GetValueOrDefault(service) == AtTheEnd)
            {
                continue;
            }

            var page = await store.Query(
                query with { Limit = limit, Cursor = positions.GetValueOrDefault(service) }, stop);
            found.AddRange(page.Documents.Select((d, i) =>
                (service, (T)d.State, page.NextCursor is null && i == page.Documents.Count - 1)));
            if (page.Documents.Count == 0)
            {
                positions[service] = AtTheEnd;
            }
        }

        var merged = found.OrderBy(f => f.State, order).Take(limit).ToList();
        foreach (var taken in merged.GroupBy(m => m.Service, StringComparer.Ordinal))
        {
            positions[taken.Key] = taken.Any(t => t.IsLast)
                ? AtTheEnd
                : await After(store, queries[taken.Key], positions.GetValueOrDefault(taken.Key), taken.Count(), stop);
        }

        var more = queries.Keys.Any(service => positions.GetValueOrDefault(service) != AtTheEnd);
        return ([.. merged.Select(m => (m.Service, m.State))], more ? Write(positions) : null);
    }

    // The cursor after as many rows as went into the page: the store tells it at the end of a page of just that size.
    private static async Task<string> After(
        IStore store, DocumentQuery query, string? from, int count, CancellationToken stop) =>
        (await store.Query(query with { Limit = count, Cursor = from }, stop)).NextCursor ?? AtTheEnd;

    private static string Write(Dictionary<string, string> positions) =>
        Convert.ToBase64String(Encoding.UTF8.GetBytes(JsonSerializer.Serialize(positions)));

    private static Dictionary<string, string> Parse(string cursor)
    {
        try
        {
            var text = Encoding.UTF8.GetString(Convert.FromBase64String(cursor));
            return JsonSerializer.Deserialize<Dictionary<string, string>>(text) ?? [];
        }
        catch (Exception error) when (error is JsonException or FormatException)
        {
            throw new FormatException("The cursor is not one of ours.", error);
        }
    }
}
