using DoaMarket.Kernel;

namespace DoaMarket.Journal;

/// <summary>
/// Puts messages in an order in which causes stand before effects. Stores of several services number their messages
/// independently, so the numbers alone do not say it.
/// </summary>
public static class CausalOrder
{
    /// <summary>The same messages; among those whose causes have been told, the earliest comes first.</summary>
    public static IReadOnlyList<JournalEntry> Of(IReadOnlyList<JournalEntry> entries)
    {
        var known = entries.Select(e => e.EventId).ToHashSet();
        var effects = entries
            .Where(e => e.CausationId is { } cause && known.Contains(cause))
            .ToLookup(e => e.CausationId!.Value);
        var ready = new PriorityQueue<JournalEntry, (DateTimeOffset, long)>(entries
            .Where(e => e.CausationId is not { } cause || !known.Contains(cause))
            .Select(e => (e, (e.Timestamp, e.Sequence))));
        var ordered = new List<JournalEntry>(entries.Count);
        while (ready.TryDequeue(out var next, out _))
        {
            ordered.Add(next);
            foreach (var effect in effects[next.EventId])
            {
                ready.Enqueue(effect, (effect.Timestamp, effect.Sequence));
            }
        }

        return ordered;
    }
}
