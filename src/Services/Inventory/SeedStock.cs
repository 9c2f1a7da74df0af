using DoaMarket.Contracts;
using DoaMarket.Kernel;

namespace DoaMarket.Inventory;

/// <summary>The first delivery of an item.</summary>
/// <param name="ProductId">The product.</param>
/// <param name="VariantId">The variant, if any.</param>
/// <param name="Quantity">Units received; zero lists the item as out of stock.</param>
/// <param name="LowStockThreshold">At this many available units `inventory.low_stock` is sent.</param>
/// <param name="SellerId">Whose it is; null when only operators look after it.</param>
public sealed record SeedItem(
    ProductId ProductId, VariantId? VariantId, int Quantity, int LowStockThreshold, SellerId? SellerId = null);

/// <summary>
/// Takes items into stock that are not there yet; those that are there keep their quantity, whatever it is, so that a
/// process may ask this at every start. One that was nobody's so far gets its seller.
/// </summary>
/// <param name="Items">At most <see cref="MaxItems"/>, each once; quantities and thresholds of zero or more.</param>
public sealed record SeedStock(IReadOnlyList<SeedItem> Items) : Request<SeedStockReply>
{
    /// <summary>How many items one request may name: it bounds the documents of one commit.</summary>
    public const int MaxItems = 40;
}

/// <summary>What came of it.</summary>
/// <param name="Added">How many items are new.</param>
/// <param name="AlreadyThere">How many were left alone.</param>
public sealed record SeedStockReply(int Added, int AlreadyThere);
