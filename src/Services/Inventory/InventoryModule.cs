using DoaMarket.Contracts;
using DoaMarket.Kernel;

namespace DoaMarket.Inventory;

/// <summary>Inventory: what is on hand, what is held for whom, and until when.</summary>
public static class InventoryModule
{
    /// <summary>The service with everything that it does.</summary>
    public static ServiceModule Create(InventoryOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        return new ServiceModule(ShopTopology.Inventory)
            .Owns(InventoryKinds.StockItems, InventoryKinds.Reservations, InventoryKinds.StockLedger)

            // Happy path
            .Ignores<OrderCreated>("reserving is commanded by the order's saga, with a deadline")
            .On<ReserveRequested>(
                InventoryKinds.ReservationOf, (d, m) => Reserve.Decide(d, m, options), also: Reserve.StockNamed)
            .On<ExtendRequested>(InventoryKinds.ReservationOf, (d, m) => Extend.Decide(d, m, options))
            .On<PaymentCompleted>(InventoryKinds.ReservationOf, Commit.Decide, then: InventoryKinds.StockOfReservation)

            // Compensation
            .On<ReleaseRequested>(InventoryKinds.ReservationOf, Release.Decide, then: InventoryKinds.StockOfReservation)
            .On<ReleaseLinesRequested>(
                InventoryKinds.ReservationOf, ReleaseLines.Decide, then: InventoryKinds.StockOfReservation)

            // Deadlines
            .OnDue(InventoryKinds.Reservations, Expire.Decide, then: due => due.State.StockKeys)

            // People and start-up
            .OnRequest<AdjustStock, AdjustStockReply>(Adjust.StockNamed, (d, asked) => Adjust.Decide(d, asked, options))
            .OnRequest<SeedStock, SeedStockReply>(Seed.StockNamed, (d, asked) => Seed.Decide(d, asked, options));
    }
}
