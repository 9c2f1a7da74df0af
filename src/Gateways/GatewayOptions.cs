using System.ComponentModel.DataAnnotations;

namespace DoaMarket.Gateways;

/// <summary>How one outside system is called: where, how long, and when to leave it alone for a while.</summary>
public sealed record GatewayOptions : ICircuitOptions
{
    /// <summary>Base address, e.g. "https://api.tosspayments.com".</summary>
    [Required]
    public string BaseUrl { get; init; } = "";

    /// <summary>How long one call may take. A call that takes longer has an unknown outcome.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(4);

    /// <summary>
    /// Immediate further tries when the connection was refused, so that nothing can have been sent. Everything else is
    /// retried by the document that wants it, at one layer only.
    /// </summary>
    [Range(0, 3)]
    public int ConnectRetries { get; init; } = 1;

    /// <summary>Share of failed calls that opens the circuit.</summary>
    [Range(0.01, 1.0)]
    public double FailureRatio { get; init; } = 0.5;

    /// <summary>Calls within the window before the share counts.</summary>
    [Range(2, 10_000)]
    public int MinimumCalls { get; init; } = 10;

    /// <summary>The window over which calls are counted.</summary>
    public TimeSpan SamplingWindow { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How long the circuit stays open before one call may try.</summary>
    public TimeSpan Break { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How many calls run at once.</summary>
    [Range(1, 1_000)]
    public int MaxConcurrentCalls { get; init; } = 32;
}
