using System.Text.Json.Serialization;
using DoaMarket.Contracts;

namespace DoaMarket.Inventory;

/// <summary>The stock of one product's variant, in units.</summary>
/// <param name="ProductId">The product.</param>
/// <param name="VariantId">The variant; null when the product has none.</param>
/// <param name="OnHand">What lies in the warehouse, the reserved units included.</param>
/// <param name="Reserved">What is held for orders that are not paid yet.</param>
/// <param name="LowStockThreshold">
/// At this many available units somebody should order more; 0 means only when all are gone.
/// </param>
/// <param name="SellerId">Whose it is; null when only operators look after it.</param>
public sealed record StockItem(
    ProductId ProductId, VariantId? VariantId, int OnHand, int Reserved, int LowStockThreshold,
    SellerId? SellerId = null)
{
    /// <summary>What can still be sold.</summary>
    [JsonIgnore]
    public int Available => OnHand - Reserved;

    /// <summary>The item's key: "P-1001", or "P-1001/red-L".</summary>
    [JsonIgnore]
    public string Key => KeyOf(ProductId, VariantId);

    /// <summary>
    /// The key of a product's variant. A slash within a product's id is escaped, so that a product "a/b" is never
    /// taken for the variant "b" of "a".
    /// </summary>
    public static string KeyOf(ProductId product, VariantId? variant)
    {
        var escaped = product.Value
            .Replace("%", "%25", StringComparison.Ordinal)
            .Replace("/", "%2F", StringComparison.Ordinal);
        return variant is { } v ? $"{escaped}/{v.Value}" : escaped;
    }

    /// <summary>The item after a change, asserted to be sound: what would be oversold is never written.</summary>
    /// <exception cref="InvalidOperationException">More than is there, or less than none, would be held.</exception>
    internal StockItem Changed(int onHandDelta, int reservedDelta)
    {
        var after = this with { OnHand = checked(OnHand + onHandDelta), Reserved = checked(Reserved + reservedDelta) };
        return after.Reserved >= 0 && after.Reserved <= after.OnHand
            ? after
            : throw new InvalidOperationException(
                $"{Key}: 0 ≤ reserved ≤ on hand would be broken by {after.Reserved} of {after.OnHand}.");
    }
}
