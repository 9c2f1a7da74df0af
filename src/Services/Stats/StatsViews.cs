using DoaMarket.Contracts;

namespace DoaMarket.Stats;

/// <summary>Sales of a time.</summary>
/// <param name="StartDate">First day, Asia/Seoul.</param>
/// <param name="EndDate">Last day, included.</param>
/// <param name="Orders">Orders placed.</param>
/// <param name="PaidOrders">Orders paid.</param>
/// <param name="Gross">Won captured.</param>
/// <param name="Refunded">Won given back in this time, whenever the sale was.</param>
/// <param name="Net">Captured less given back: the revenue.</param>
/// <param name="AverageOrderValue">Won captured per paid order, rounded; 0 when nothing was paid.</param>
/// <param name="CancelledOrders">Orders cancelled in this time.</param>
/// <param name="ReturnedOrders">Orders returned in this time.</param>
public sealed record SalesBucket(
    DateOnly StartDate, DateOnly EndDate, long Orders, long PaidOrders, Money Gross, Money Refunded, Money Net,
    Money AverageOrderValue, long CancelledOrders, long ReturnedOrders)
{
    internal static SalesBucket Of(DateOnly start, DateOnly end, Figures f) => new(
        start, end, f.Orders, f.PaidOrders, f.Gross, f.Refunded, f.Net,
        f.PaidOrders == 0
            ? Money.Zero
            : new((long)Math.Round((decimal)f.Gross.Won / f.PaidOrders, MidpointRounding.AwayFromZero)),
        f.CancelledOrders, f.ReturnedOrders);
}

/// <summary>Sales by day, week (from Monday) or month.</summary>
/// <param name="Period">day, week or month.</param>
/// <param name="StartDate">First day asked for.</param>
/// <param name="EndDate">Last day asked for, included.</param>
/// <param name="TimeZone">Where days begin at midnight.</param>
/// <param name="Currency">KRW.</param>
/// <param name="SellerId">The seller; absent for the whole shop.</param>
/// <param name="Buckets">Every bucket, also an empty one; the first and the last may be cut by the dates.</param>
/// <param name="Total">All of it.</param>
public sealed record SalesView(
    string Period, DateOnly StartDate, DateOnly EndDate, string TimeZone, string Currency, SellerId? SellerId,
    IReadOnlyList<SalesBucket> Buckets, SalesBucket Total);

/// <summary>A product in a ranking.</summary>
/// <param name="Rank">1 is the first.</param>
/// <param name="ProductId">The product.</param>
/// <param name="VariantId">Its variant, if any.</param>
/// <param name="SellerId">Who sells it.</param>
/// <param name="Name">What it was called in its newest order.</param>
/// <param name="SoldUnits">Units of paid orders.</param>
/// <param name="ReversedUnits">Units cancelled or returned in this time.</param>
/// <param name="Units">Sold less reversed: what "quantity" ranks by.</param>
/// <param name="SoldAmount">Won, shipping fee not included.</param>
/// <param name="ReversedAmount">Won.</param>
/// <param name="Revenue">Sold less reversed: what "revenue" ranks by.</param>
public sealed record TopProduct(
    int Rank, ProductId ProductId, VariantId? VariantId, SellerId SellerId, string Name, long SoldUnits,
    long ReversedUnits, long Units, Money SoldAmount, Money ReversedAmount, Money Revenue);

/// <summary>The products that sold best.</summary>
/// <param name="By">revenue or quantity.</param>
/// <param name="StartDate">First day, Asia/Seoul.</param>
/// <param name="EndDate">Last day, included.</param>
/// <param name="SellerId">The seller; absent for the whole shop.</param>
/// <param name="Products">The ranking.</param>
public sealed record TopProductsView(
    string By, DateOnly StartDate, DateOnly EndDate, SellerId? SellerId, IReadOnlyList<TopProduct> Products);

/// <summary>How long sagas took, in milliseconds.</summary>
/// <param name="Count">How many.</param>
/// <param name="MeanMs">The average.</param>
/// <param name="P50Ms">Half took no longer than this. Percentiles are at most 6.25 % too high.</param>
/// <param name="P95Ms">95 % took no longer.</param>
/// <param name="P99Ms">99 % took no longer.</param>
public sealed record DurationsView(long Count, long? MeanMs, long? P50Ms, long? P95Ms, long? P99Ms)
{
    /// <summary>Shows durations.</summary>
    public static DurationsView Of(Durations d) =>
        new(d.Count, d.MeanMs(), d.PercentileMs(50), d.PercentileMs(95), d.PercentileMs(99));
}

/// <summary>How the sagas of orders fared.</summary>
/// <param name="StartDate">First day, Asia/Seoul; absent in a day's row.</param>
/// <param name="EndDate">Last day, included.</param>
/// <param name="Started">Orders placed.</param>
/// <param name="Succeeded">Sagas that came through: the parcel is prepared.</param>
/// <param name="Failed">Sagas that were undone without having come through.</param>
/// <param name="UndoneLater">Sagas that had come through; the order was cancelled or returned afterwards.</param>
/// <param name="SuccessRatePercent">
/// Succeeded of those that ended, two decimals; absent when none ended.
/// </param>
/// <param name="SuccessTook">From placing the order to the end.</param>
/// <param name="FailureTook">From placing the order until everything was undone.</param>
public sealed record SagaFigures(
    DateOnly StartDate, DateOnly EndDate, long Started, long Succeeded, long Failed, long UndoneLater,
    decimal? SuccessRatePercent, DurationsView SuccessTook, DurationsView FailureTook)
{
    internal static SagaFigures Of(DateOnly start, DateOnly end, Figures f) => new(
        start, end, f.Orders, f.SagasSucceeded, f.SagasFailed, f.SagasUndone,
        f.SagasSucceeded + f.SagasFailed == 0
            ? null
            : Math.Round(
                100m * f.SagasSucceeded / (f.SagasSucceeded + f.SagasFailed), 2, MidpointRounding.AwayFromZero),
        DurationsView.Of(f.SuccessTook), DurationsView.Of(f.FailureTook));
}

/// <summary>The sagas of a time: all of it, and bucket by bucket.</summary>
public sealed record SagasView(
    string Period, string TimeZone, SellerId? SellerId, SagaFigures Total, IReadOnlyList<SagaFigures> Buckets);

/// <summary>A rebuild of the statistics.</summary>
/// <param name="Status">none (there has been none), running or done.</param>
/// <param name="Generation">Which generation of figures is read.</param>
/// <param name="ProgressPercent">How far the one that runs has come, 0 to 100.</param>
/// <param name="Messages">Messages of the journal that it has counted.</param>
/// <param name="Skipped">Messages that it could not read or count.</param>
/// <param name="StartedAt">When it began.</param>
/// <param name="EndedAt">When its figures took the place of the old ones.</param>
/// <param name="Compared">Figures (days and products) compared with the old ones.</param>
/// <param name="Different">How many of them differed.</param>
/// <param name="Examples">Some of those.</param>
public sealed record RebuildView(
    string Status, long Generation, int ProgressPercent, long Messages, long Skipped, DateTimeOffset? StartedAt,
    DateTimeOffset? EndedAt, long? Compared, long? Different, IReadOnlyList<string>? Examples)
{
    internal static RebuildView Of(StatsBooks books) => books switch
    {
        { Rebuild: { } r } => new(
            "running", books.Generation, r.Through is > 0 and var end ? (int)(100 * r.At / end) : 0, r.Messages,
            r.Skipped, r.StartedAt, null, null, null, null),
        { Last: { } l } => new(
            "done", books.Generation, 100, l.Messages, l.Skipped, l.StartedAt, l.EndedAt, l.Compared, l.Different,
            l.Examples),
        _ => new("none", books.Generation, 0, 0, 0, null, null, null, null, null),
    };
}
