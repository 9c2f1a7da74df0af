using DoaMarket.Contracts;

namespace DoaMarket.Inventory;

/// <summary>What an order wants of one item, all its lines for that item together.</summary>
/// <param name="Key">The item's key.</param>
/// <param name="ProductId">The product.</param>
/// <param name="VariantId">The variant, if any.</param>
/// <param name="Quantity">Units; a long, because the sum of several lines may exceed an int.</param>
internal sealed record WantedLine(string Key, ProductId ProductId, VariantId? VariantId, long Quantity)
{
    /// <summary>An order's lines, one per item, in the order of the items' keys.</summary>
    public static IReadOnlyList<WantedLine> Merge(IEnumerable<StockLine> lines)
    {
        var byKey = new SortedDictionary<string, WantedLine>(StringComparer.Ordinal);
        foreach (var line in lines)
        {
            var key = StockItem.KeyOf(line.ProductId, line.VariantId);
            byKey[key] = byKey.TryGetValue(key, out var same)
                ? same with { Quantity = same.Quantity + line.Quantity }
                : new WantedLine(key, line.ProductId, line.VariantId, line.Quantity);
        }

        return [.. byKey.Values];
    }

    /// <summary>How many units are missing when this many are available; 0 or less when there are enough.</summary>
    public long Shortfall(int available) => Quantity - available;

    /// <summary>The line as it is held. Only called once there is enough, so that the quantity fits an int.</summary>
    public ReservedLine Held() => new(ProductId, VariantId, checked((int)Quantity));

    /// <summary>The line as it is reported missing: with the units that are missing.</summary>
    public StockLine Missing(int available) =>
        new(ProductId, VariantId, (int)Math.Min(Shortfall(available), int.MaxValue));
}
