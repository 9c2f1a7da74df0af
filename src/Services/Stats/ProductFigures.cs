using System.Text.Json.Serialization;
using DoaMarket.Contracts;

namespace DoaMarket.Stats;

/// <summary>What was sold of a product, and what was taken back. The shipping fee is not in it.</summary>
/// <param name="SoldUnits">Units of paid orders, on the day of the payment.</param>
/// <param name="SoldAmount">Their price.</param>
/// <param name="ReversedUnits">Units cancelled or returned, on the day when that happened.</param>
/// <param name="ReversedAmount">Their price.</param>
public sealed record ProductFigures(long SoldUnits, Money SoldAmount, long ReversedUnits, Money ReversedAmount)
{
    /// <summary>Nothing.</summary>
    public static readonly ProductFigures Zero = new(0, Money.Zero, 0, Money.Zero);

    /// <summary>Sold less taken back; negative on a day on which more came back than went.</summary>
    [JsonIgnore]
    public long Units => SoldUnits - ReversedUnits;

    /// <summary>Sold less taken back.</summary>
    [JsonIgnore]
    public Money Amount => SoldAmount - ReversedAmount;

    /// <summary>Adds another's, <paramref name="times"/> 1, or takes them out, −1.</summary>
    public ProductFigures Plus(ProductFigures other, int times = 1) => new(
        SoldUnits + (times * other.SoldUnits),
        SoldAmount + (other.SoldAmount * times),
        ReversedUnits + (times * other.ReversedUnits),
        ReversedAmount + (other.ReversedAmount * times));
}

/// <summary>Which product, on which day, of which seller.</summary>
public readonly record struct ProductKey(DateOnly Day, SellerId SellerId, ProductId ProductId, VariantId? VariantId);

/// <summary>One product's day. A document of its own, so that none grows with the price list.</summary>
/// <param name="Generation">Which rebuild it belongs to; an older one's is as good as absent.</param>
/// <param name="Day">The day in Seoul.</param>
/// <param name="SellerId">Who sold it.</param>
/// <param name="ProductId">The product.</param>
/// <param name="VariantId">Its variant.</param>
/// <param name="Figures">The figures.</param>
public sealed record ProductDay(
    long Generation, DateOnly Day, SellerId SellerId, ProductId ProductId, VariantId? VariantId,
    ProductFigures Figures);

/// <summary>What a product was called in the newest order of it.</summary>
/// <param name="Generation">Which rebuild it belongs to.</param>
/// <param name="ProductId">The product.</param>
/// <param name="VariantId">Its variant.</param>
/// <param name="Name">The name.</param>
/// <param name="AtMs">When that order was placed, in Unix milliseconds.</param>
public sealed record ProductName(long Generation, ProductId ProductId, VariantId? VariantId, string Name, long AtMs)
{
    /// <summary>Whether this is to stand instead of another: the newer, and of equals the greater name.</summary>
    internal bool Outdates(ProductName? other) => other is null || other.Generation != Generation || AtMs > other.AtMs
        || (AtMs == other.AtMs && string.CompareOrdinal(Name, other.Name) > 0);
}
