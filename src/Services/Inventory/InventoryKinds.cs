using DoaMarket.Contracts;
using DoaMarket.Kernel;

namespace DoaMarket.Inventory;

/// <summary>The documents that Inventory owns, and how the messages about an order name them.</summary>
public static class InventoryKinds
{
    /// <summary>Stock items by <see cref="StockItem.KeyOf"/>; listed by product.</summary>
    public static readonly DocumentKind<StockItem> StockItems =
        new DocumentKind<StockItem>(ShopTopology.Inventory, "stock_items", InventoryJson.Default.StockItem)
            .Column("product_id", item => item.ProductId.Value)
            .Index("by_product", "product_id");

    /// <summary>
    /// Reservations by order. Their timer yields to older messages: after an outage the payment of a reservation may
    /// still lie in the queue, and what is paid in time must not expire.
    /// </summary>
    public static readonly DocumentKind<Reservation> Reservations =
        new DocumentKind<Reservation>(
            ShopTopology.Inventory,
            "reservations",
            InventoryJson.Default.Reservation,
            wakeAt: r => r.Status == ReservationStatus.Held ? r.ExpiresAt : null,
            trail: r => r.Trail,
            timerYieldsToOlderMessages: true)
            .Column("status", r => r.StatusName);

    /// <summary>Ledger rows by an id derived from what caused them; listed by item in the order of time.</summary>
    public static readonly DocumentKind<StockLedgerRow> StockLedger =
        new DocumentKind<StockLedgerRow>(ShopTopology.Inventory, "stock_ledger", InventoryJson.Default.StockLedgerRow)
            .Column("item", row => row.ItemKey)
            .Column("at", row => row.At.ToUnixTimeMilliseconds())
            .Index("by_item", "item", "at");

    /// <summary>The reservation of the order that a message is about.</summary>
    internal static DocumentKey ReservationOf<T>(Incoming<T> m) where T : IOrderMessage =>
        Reservations.Key(m.Message.OrderId);

    /// <summary>The stock items that the order's reservation claims.</summary>
    internal static IEnumerable<DocumentKey> StockOfReservation<T>(Documents documents, Incoming<T> m)
        where T : IOrderMessage =>
        documents.Find(Reservations, m.Message.OrderId)?.StockKeys ?? [];
}
