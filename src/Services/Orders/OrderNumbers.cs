using System.Globalization;

namespace DoaMarket.Orders;

/// <summary>The last order number given on a day, as people in Seoul count days.</summary>
/// <param name="Day">The day, yyyyMMdd; also the document's key.</param>
/// <param name="Last">The last number given.</param>
public sealed record OrderNumbers(string Day, int Last)
{
    /// <summary>Korea has had no daylight saving since 1988; a fixed offset needs no time zone data.</summary>
    private static readonly TimeSpan Seoul = TimeSpan.FromHours(9);

    /// <summary>The day of a moment.</summary>
    public static string DayOf(DateTimeOffset moment) =>
        moment.ToOffset(Seoul).ToString("yyyyMMdd", CultureInfo.InvariantCulture);

    /// <summary>The day's numbers with one more given.</summary>
    public OrderNumbers Next() => this with { Last = checked(Last + 1) };

    /// <summary>The last number as customers see it: "ORD-20260401-000001".</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"ORD-{Day}-{Last:D6}");
}
