using System.Collections.Concurrent;

namespace DoaMarket.Gateways;

/// <summary>The state of one outside system's circuit breaker, for operators.</summary>
/// <param name="Gateway">Which system.</param>
/// <param name="State">closed, open or half_open.</param>
/// <param name="Since">Since when.</param>
/// <param name="OpenUntil">When one call may try; null unless open.</param>
public sealed record BreakerStatus(string Gateway, string State, DateTimeOffset Since, DateTimeOffset? OpenUntil)
{
    /// <summary>Calls that failed since one last succeeded.</summary>
    public int FailuresInARow { get; init; }

    /// <summary>When a call failed last.</summary>
    public DateTimeOffset? LastFailureAt { get; init; }

    /// <summary>How it failed.</summary>
    public string? LastFailure { get; init; }
}

/// <summary>All circuit breakers of this process.</summary>
public sealed class Breakers
{
    private readonly ConcurrentDictionary<string, BreakerStatus> _byGateway = new(StringComparer.Ordinal);

    /// <summary>Told after each change of state.</summary>
    public event Action<BreakerStatus>? Changed;

    /// <summary>Every breaker's state, by name.</summary>
    public IReadOnlyList<BreakerStatus> All => [.. _byGateway.Values.OrderBy(b => b.Gateway, StringComparer.Ordinal)];

    /// <summary>Whether calls to this system are being held back.</summary>
    public bool IsOpen(string gateway) => _byGateway.TryGetValue(gateway, out var status) && status.State == "open";

    /// <summary>Takes a breaker's state in.</summary>
    public void Set(BreakerStatus status)
    {
        var isChange = _byGateway.TryGetValue(status.Gateway, out var before) && before.State != status.State;
        _byGateway[status.Gateway] = status;
        if (isChange)
        {
            Changed?.Invoke(status);
        }
    }
}
