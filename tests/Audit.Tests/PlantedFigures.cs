using DoaMarket.Contracts;

namespace DoaMarket.Audit.Tests;

/// <summary>Statistics that went wrong.</summary>
internal static class PlantedFigures
{
    public static readonly IReadOnlyList<(string Code, string What, Action<Picture> Plant)> All =
    [
        ("F1", "a day says one order more than there are", p => p.Figures.Miscounted = f => f with { Orders = f.Orders + 1 }),
        ("F1", "a day's refunds are a won short", p => p.Figures.Miscounted = f => f with { Refunded = f.Refunded - new Money(1) }),
        ("F2", "a refund was counted twice", p => p.Figures.Misheard = f => f with { Refunds = [.. f.Refunds, .. f.Refunds] }),
        ("F2", "a completed order was never heard of", p => p.Figures.Misheard = f => f with { CompletedMs = null }),
    ];
}
