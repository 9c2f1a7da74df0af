using DoaMarket.EndToEnd.Harness;

namespace DoaMarket.EndToEnd.Chaos;

/// <summary>How the shops that are hurt are set up.</summary>
internal static class Hurtful
{
    private static readonly TimeSpan ClientPatience = TimeSpan.FromSeconds(10);

    /// <summary>Deadlines outlast a restart, parcels wait long enough for changes of mind.</summary>
    public static Settings Pace { get; } = Harness.Pace.Enduring.With(
        ("Shipping:HoldBeforeDispatch", "00:00:01.5"), ("Sandbox:MoveEvery", "00:00:00.8"),
        ("Sandbox:DepositAfter", "00:00:01.5"));

    /// <summary>Deadlines as short as circuit breaks allow, so that they pass.</summary>
    public static Settings ShortDeadlines { get; } = Pace.With(
        ("Orders:ReserveInventoryWithin", "00:00:05"), ("Orders:ProcessPaymentWithin", "00:00:05"),
        ("Orders:PrepareShippingWithin", "00:00:05"));

    /// <summary>A shop as it usually is.</summary>
    public static Func<string, Task<Plan>> Usual(Settings settings) => folder => Task.FromResult(Plan(folder, settings));

    /// <summary>A shop with a sandbox apart; everything lies in one folder.</summary>
    public static Plan Plan(string folder, Settings settings) => new(settings)
    {
        Data = Path.Combine(folder, "data"),
        IsSandboxApart = true,
        Launch = Launch.Plain with { LogFolder = Path.Combine(folder, "logs") },
        ClientPatience = ClientPatience,
    };
}
