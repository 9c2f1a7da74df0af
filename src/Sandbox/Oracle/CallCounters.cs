using System.Collections.Concurrent;
using DoaMarket.Sandbox.Faults;

namespace DoaMarket.Sandbox.Oracle;

/// <summary>How often each operation was called since the sandbox started, by outcome. In memory.</summary>
internal sealed class CallCounters
{
    // Keys are the operations and statuses of this assembly: bounded by the source code.
    private readonly ConcurrentDictionary<(string Target, string Operation, string Outcome), long> _counts = [];

    public void Count(FaultPoint point, string outcome) =>
        _counts.AddOrUpdate((point.Target, point.Operation, outcome), 1, static (_, count) => count + 1);

    public IReadOnlyList<object> Listing() =>
    [
        .. _counts.OrderBy(entry => entry.Key).Select(entry => (object)new
        {
            target = entry.Key.Target,
            operation = entry.Key.Operation,
            outcome = entry.Key.Outcome,
            count = entry.Value,
        }),
    ];
}
