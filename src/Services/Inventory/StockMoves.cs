using System.Globalization;
using DoaMarket.Contracts;
using DoaMarket.Kernel;

namespace DoaMarket.Inventory;

/// <summary>The only way in which stock changes: item, ledger row and news of a shortage together.</summary>
internal static class StockMoves
{
    /// <summary>Changes one item.</summary>
    public static StockItem Move(
        this Decision decision, StockItem item, StockReason reason, int quantity, OrderId? orderId = null,
        AmendId? amendId = null)
    {
        var (onHandDelta, reservedDelta) = Deltas(reason, quantity);
        var after = item.Changed(onHandDelta, reservedDelta);
        var row = new StockLedgerRow(
            item.ProductId, item.VariantId, reason, onHandDelta, reservedDelta, orderId, decision.Occasion.Now,
            amendId);

        // An occasion moves an item once at most (lines are merged), so the item's key makes the row's id unique.
        var rowId = decision.Occasion.Derive("ledger/" + item.Key);
        decision.Put(InventoryKinds.StockItems, item.Key, after)
            .Put(InventoryKinds.StockLedger, rowId.ToString("D", CultureInfo.InvariantCulture), row);
        TellShortage(decision, item, after);
        StockAlerts.Tell(decision, item, after);
        return after;
    }

    /// <summary>Changes every item that a reservation still claims.</summary>
    /// <exception cref="InvalidOperationException">An item is gone; none is ever deleted, so this is a bug.</exception>
    public static void MoveLines(
        this Decision decision, Documents documents, Reservation reservation, StockReason reason) =>
        decision.MoveLines(documents, reservation, reservation.Remaining, reason);

    /// <summary>Changes the items of some of a reservation's lines.</summary>
    /// <exception cref="InvalidOperationException">An item is gone; none is ever deleted, so this is a bug.</exception>
    public static void MoveLines(
        this Decision decision, Documents documents, Reservation reservation, IReadOnlyList<ReservedLine> lines,
        StockReason reason, AmendId? amendId = null)
    {
        foreach (var line in lines)
        {
            var key = StockItem.KeyOf(line.ProductId, line.VariantId);
            var item = documents.Find(InventoryKinds.StockItems, key)
                ?? throw new InvalidOperationException($"Order {reservation.OrderId} claims {key}, which is gone.");
            decision.Move(item, reason, line.Reserved, reservation.OrderId, amendId);
        }
    }

    private static (int OnHand, int Reserved) Deltas(StockReason reason, int quantity) => reason switch
    {
        StockReason.Received => (quantity, 0),
        StockReason.Adjusted => (quantity, 0),
        StockReason.Reserved => (0, quantity),
        StockReason.Released => (0, -quantity),
        StockReason.Expired => (0, -quantity),
        StockReason.Committed => (-quantity, -quantity),
        StockReason.Restocked => (quantity, 0),
        StockReason.WrittenOff => (0, 0),
        _ => throw new ArgumentOutOfRangeException(nameof(reason), reason, "Not a reason."),
    };

    /// <summary>
    /// Once per crossing, downwards only. An item that falls from above its threshold straight to zero is said to be
    /// out of stock, not low as well: it is the stronger news, and one message per line at most keeps a decision
    /// within <see cref="Decision.MaxMessages"/>.
    /// </summary>
    private static void TellShortage(Decision decision, StockItem before, StockItem after)
    {
        if (before.Available > 0 && after.Available == 0)
        {
            decision.Send(new OutOfStock(after.ProductId, after.VariantId));
        }
        else if (before.Available > after.LowStockThreshold && after.Available <= after.LowStockThreshold)
        {
            decision.Send(new LowStock(after.ProductId, after.VariantId, after.Available, after.LowStockThreshold));
        }
    }
}
