using DoaMarket.Contracts;
using DoaMarket.Kernel;

namespace DoaMarket.Stats;

/// <summary>Stats: sales by day, product and seller, and how the sagas fare. It hears, and sends nothing.</summary>
public static class StatsModule
{
    /// <summary>Raised while a rebuild cannot go on.</summary>
    public const string RebuildStuck = "STATS_REBUILD_STUCK";

    /// <summary>The service with everything that it does.</summary>
    public static ServiceModule Create() => new ServiceModule(ShopTopology.Stats)
        .Owns(StatsKinds.Books, StatsKinds.Orders, StatsKinds.Days, StatsKinds.Products, StatsKinds.Names)

        // What is sold
        .Counts<OrderCreated>()
        .Counts<PaymentCompleted>()
        .Counts<OrderCompleted>()

        // What is taken back
        .Counts<OrderAmended>()
        .Counts<OrderCancelled>()
        .Counts<OrderReturned>()
        .Counts<PaymentRefunded>()
        .Counts<DepositReversed>()

        // Counting anew
        .OnRequest<OpenBooks, StatsBooks>(Rebuilding.Books, Rebuilding.Open)
        .OnRequest<BeginRebuild, StatsBooks>(Rebuilding.Books, Rebuilding.Begin)
        .OnRequest<ReplayPage, StatsBooks>(Rebuilding.OrdersOf, Rebuilding.Replay, then: Rebuilding.Touched)
        .OnRequest<FinishRebuild, StatsBooks>(Rebuilding.Books, Rebuilding.Finish);

    private static ServiceModule Counts<T>(this ServiceModule module) where T : IOrderMessage =>
        module.On<T>(Counting.BookOf, Counting.Decide, also: Counting.Books, then: Counting.Touched);
}
