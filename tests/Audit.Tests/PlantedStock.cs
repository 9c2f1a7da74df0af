using DoaMarket.Contracts;
using DoaMarket.Inventory;
using DoaMarket.Kernel;

namespace DoaMarket.Audit.Tests;

/// <summary>What can go wrong with the stock of a partial cancel.</summary>
internal static class PlantedStock
{
    private static readonly AmendId Amend = new(DerivedId.From(Stories.Delivered.Value, "amend"));
    private static readonly StockItem Item = new(new(Stories.Item), null, OnHand: 17, Reserved: 0, LowStockThreshold: 2);
    private static readonly ReservedLine[] Line = [new(Item.ProductId, null, 1)];

    public static readonly IReadOnlyList<(string Code, string What, Action<Picture> Plant)> All =
    [
        ("S4", "a partial cancel's line is neither sold nor in stock", p =>
        {
            PartialCancel(p);
            p.Put(InventoryKinds.StockItems, Stories.Item, Item with { OnHand = 16 });
            p.Put(InventoryKinds.StockLedger, "lost", new(
                Item.ProductId, null, StockReason.Restocked, -1, 0, null, Picture.Noon));
        }),
        ("S5", "a partial cancel's line came back twice", p =>
        {
            PartialCancel(p);
            p.Put(InventoryKinds.StockLedger, "twice", new(
                Item.ProductId, null, StockReason.Restocked, 0, 0, Stories.Delivered, Picture.Noon, Amend));
        }),
        ("S5", "a partial cancel gave back more than it was answered", p =>
        {
            PartialCancel(p);
            Row(p, 2);
            p.Put(InventoryKinds.StockLedger, "hidden", new(
                Item.ProductId, null, StockReason.Restocked, -1, 0, null, Picture.Noon));
        }),
        ("O1", "a partial cancel's stock came back and nobody was told", p =>
        {
            PartialCancel(p);
            p.Journal.Remove(p.Message(Stories.Delivered, "inventory.restocked"));
        }),
    ];

    /// <summary>One of the two apples of the delivered order was cancelled before dispatch.</summary>
    public static void PartialCancel(Picture p)
    {
        var answer = p.Tell(new LinesReleased(Stories.Delivered, Amend, Line));
        p.Tell(new InventoryRestocked(Stories.Delivered, Line));
        Row(p, 1);
        p.Put(InventoryKinds.StockItems, Stories.Item, Item);
        p.Change(InventoryKinds.Reservations, Stories.Delivered, r => r with
        {
            LinesAnswers = [new(Amend, answer, Line, WereSold: true)],
        });
    }

    private static void Row(Picture p, int units) => p.Put(InventoryKinds.StockLedger, "amend", new(
        Item.ProductId, null, StockReason.Restocked, units, 0, Stories.Delivered, Picture.Noon, Amend));
}
