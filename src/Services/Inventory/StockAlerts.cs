using DoaMarket.Kernel;

namespace DoaMarket.Inventory;

/// <summary>
/// A shortage as an alert, open exactly while it lasts: somebody should order more. It opens and closes with a
/// crossing, so that a sale within the threshold costs nothing.
/// </summary>
internal static class StockAlerts
{
    /// <summary>Nothing is left to sell; subject is the item's key.</summary>
    public const string OutOfStock = "OUT_OF_STOCK";

    /// <summary>The item's threshold was reached; subject is the item's key.</summary>
    public const string LowStock = "LOW_STOCK";

    private enum Level
    {
        Plenty,
        Low,
        None,
    }

    /// <summary>Raises and resolves what the change from one state of an item to the next calls for.</summary>
    public static void Tell(Decision decision, StockItem before, StockItem after)
    {
        var (was, now) = (LevelOf(before), LevelOf(after));
        if (was == now)
        {
            return;
        }

        if (was != Level.Plenty)
        {
            decision.Resolve(NameOf(was), after.Key, $"{after.Available} can be sold.");
        }

        if (now == Level.None)
        {
            decision.Raise(new Alert(
                OutOfStock, AlertSeverity.P3, after.Key,
                $"Nothing of {after.Key} is left to sell: order more, then adjust the stock."));
        }
        else if (now == Level.Low)
        {
            decision.Raise(new Alert(
                LowStock, AlertSeverity.P4, after.Key,
                $"{after.Available} of {after.Key} can still be sold; its threshold is {after.LowStockThreshold}."));
        }
    }

    private static string NameOf(Level level) => level == Level.None ? OutOfStock : LowStock;

    private static Level LevelOf(StockItem item) =>
        item.Available <= 0 ? Level.None : item.Available <= item.LowStockThreshold ? Level.Low : Level.Plenty;
}
