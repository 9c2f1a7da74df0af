namespace DoaMarket.Simulation;

/// <summary>What will happen, by time, and, at the same moment, in the order in which it was written down.</summary>
internal sealed class Agenda
{
    private readonly PriorityQueue<Action, (long Ticks, long Number)> _entries = new();
    private long _number;

    /// <summary>When the next entry is due; null when there is none.</summary>
    public DateTimeOffset? NextAt =>
        _entries.TryPeek(out _, out var at) ? new DateTimeOffset(at.Ticks, TimeSpan.Zero) : null;

    /// <summary>Writes an entry.</summary>
    public void Add(DateTimeOffset at, Action act) => _entries.Enqueue(act, (at.UtcTicks, ++_number));

    /// <summary>Takes the next entry out.</summary>
    public Action Take() => _entries.Dequeue();
}
