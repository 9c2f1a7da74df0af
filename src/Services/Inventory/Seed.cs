using DoaMarket.Kernel;

namespace DoaMarket.Inventory;

/// <summary>Decides <see cref="SeedStock"/>.</summary>
internal static class Seed
{
    public static IEnumerable<DocumentKey> StockNamed(SeedStock request) =>
        request.Items.Select(item => InventoryKinds.StockItems.Key(StockItem.KeyOf(item.ProductId, item.VariantId)));

    public static Decision Decide(Documents documents, Asked<SeedStock, SeedStockReply> asked, InventoryOptions options)
    {
        RefuseNonsense(asked.Body, options);
        var decision = Decision.On(asked);
        var added = 0;
        foreach (var seed in asked.Body.Items)
        {
            var item = new StockItem(
                seed.ProductId, seed.VariantId, OnHand: 0, Reserved: 0, seed.LowStockThreshold, seed.SellerId);
            switch (documents.Find(InventoryKinds.StockItems, item.Key))
            {
                case null:
                    decision.Move(item, StockReason.Received, seed.Quantity);
                    added++;
                    break;
                case { SellerId: null } known when seed.SellerId is not null:
                    decision.Put(InventoryKinds.StockItems, item.Key, known with { SellerId = seed.SellerId });
                    break;
                default:
                    break;
            }
        }

        return decision.Answer(new SeedStockReply(added, asked.Body.Items.Count - added));
    }

    // Seeds are written by programmers, not by customers: a wrong one is a bug, and says so.
    private static void RefuseNonsense(SeedStock request, InventoryOptions options)
    {
        if (request.Items.Count > SeedStock.MaxItems)
        {
            throw new InvalidOperationException(
                $"One request seeds {SeedStock.MaxItems} items at most, not {request.Items.Count}.");
        }

        var keys = new HashSet<string>(StringComparer.Ordinal);
        foreach (var item in request.Items)
        {
            var key = StockItem.KeyOf(item.ProductId, item.VariantId);
            var inRange = item.Quantity >= 0 && item.Quantity <= options.MaxOnHandUnits && item.LowStockThreshold >= 0;
            if (!inRange || !keys.Add(key))
            {
                throw new InvalidOperationException($"The seed of {key} is named twice, negative, or too large.");
            }
        }
    }
}
