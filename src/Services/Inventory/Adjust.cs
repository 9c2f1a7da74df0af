using DoaMarket.Contracts;
using DoaMarket.Kernel;

namespace DoaMarket.Inventory;

/// <summary>Decides <see cref="AdjustStock"/>.</summary>
internal static class Adjust
{
    public static IEnumerable<DocumentKey> StockNamed(AdjustStock request) =>
        [InventoryKinds.StockItems.Key(StockItem.KeyOf(request.ProductId, request.VariantId))];

    public static Decision Decide(
        Documents documents, Asked<AdjustStock, AdjustStockReply> asked, InventoryOptions options)
    {
        var (productId, variantId, delta, reason, by) = asked.Body;
        var decision = Decision.On(asked);
        if (delta == 0 || string.IsNullOrWhiteSpace(reason))
        {
            return decision.Answer(new AdjustStockReply.NothingToDo());
        }

        var item = documents.Find(InventoryKinds.StockItems, StockItem.KeyOf(productId, variantId));
        if (item is null)
        {
            return decision.Answer(new AdjustStockReply.UnknownItem());
        }

        if (by is { } seller && item.SellerId != seller)
        {
            return decision.Answer(new AdjustStockReply.NotTheirs());
        }

        var onHand = (long)item.OnHand + delta;
        if (onHand < item.Reserved)
        {
            return decision.Answer(new AdjustStockReply.BelowReserved(item.OnHand, item.Reserved));
        }

        if (delta > 0 && onHand > options.MaxOnHandUnits)
        {
            return decision.Answer(new AdjustStockReply.AboveLimit(options.MaxOnHandUnits));
        }

        var after = decision.Move(item, StockReason.Adjusted, delta);
        return decision
            .Send(new InventoryAdjusted(productId, variantId, delta, after.OnHand, reason))
            .Audit("adjust_stock", after.Key, $"{delta:+#;-#}: {reason}")
            .Answer(new AdjustStockReply.Adjusted(after.OnHand, after.Reserved, after.Available));
    }
}
