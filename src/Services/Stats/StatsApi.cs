using System.Globalization;
using DoaMarket.Api;
using DoaMarket.Contracts;
using DoaMarket.Kernel;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace DoaMarket.Stats;

/// <summary>Stats' part of the HTTP API: a seller sees the own figures, an operator all.</summary>
public sealed class StatsApi(IStore store, StatsOptions options, TimeProvider time)
{
    private const int PageSize = 500, DefaultRanks = 10, MaxRanks = 100, MaxSellerIdLength = 64;

    private static readonly ApiError TooManyRows = new(
        422, "TOO_MANY_ROWS", "조회 범위가 너무 넓습니다. 기간을 줄여 주세요.",
        "That is too much for one ranking; ask for a shorter time.");

    /// <summary>Adds the endpoints.</summary>
    public void Map(IEndpointRouteBuilder api)
    {
        var stats = api.MapGroup("/stats").RequireAuthorization(Roles.Seller).WithTags("Stats");
        stats.MapGet("/sales", (Delegate)Sales)
            .WithSummary("Orders, revenue and average order value: ?period=day|week|month&startDate&endDate[&sellerId]")
            .Produces<ApiSuccess<SalesView>>().Produces<ApiFailure>(400);
        stats.MapGet("/products/top", (Delegate)Top)
            .WithSummary("Best sellers: ?startDate&endDate&limit=10&by=revenue|quantity[&sellerId]")
            .Produces<ApiSuccess<TopProductsView>>().Produces<ApiFailure>(400);
        stats.MapGet("/sagas", (Delegate)Sagas)
            .WithSummary("Success rate and durations of the orders' sagas: ?period&startDate&endDate[&sellerId]")
            .Produces<ApiSuccess<SagasView>>().Produces<ApiFailure>(400);
    }

    private async Task<IResult> Sales(HttpContext http)
    {
        var (period, seller) = (Period.Of(http.Request, time.GetUtcNow()), SellerOf(http));
        var (buckets, total) = await Read(period, seller, SalesBucket.Of, http.RequestAborted);
        return ApiAnswers.Ok(http, new SalesView(
            period.Name, period.Start, period.End, SeoulDay.TimeZone, Money.Currency, seller, buckets, total));
    }

    private async Task<IResult> Sagas(HttpContext http)
    {
        var (period, seller) = (Period.Of(http.Request, time.GetUtcNow()), SellerOf(http));
        var (buckets, total) = await Read(period, seller, SagaFigures.Of, http.RequestAborted);
        return ApiAnswers.Ok(http, new SagasView(period.Name, SeoulDay.TimeZone, seller, total, buckets));
    }

    private async Task<IResult> Top(HttpContext http)
    {
        var stop = http.RequestAborted;
        var (period, seller) = (Period.Of(http.Request, time.GetUtcNow()), SellerOf(http));
        var (limit, by) = (LimitOf(http.Request), RankOf(http.Request));
        var generation = await Generation(stop);
        var ranked = await Ranking.Of(
            store, new(generation, period.Start, period.End, seller, by, limit, options.MaxRowsPerRanking), stop);
        if (ranked is null)
        {
            return ApiAnswers.Fail(http, TooManyRows, new { options.MaxRowsPerRanking });
        }

        var products = new List<TopProduct>(ranked.Count);
        foreach (var (i, (product, f)) in ranked.Index())
        {
            var key = StatsKinds.Names.Key(StatsKinds.KeyOf(generation, product.ProductId, product.VariantId));
            var name = (await store.Find(key, stop))?.State is ProductName n && n.Generation == generation ? n.Name : "";
            products.Add(new(
                i + 1, product.ProductId, product.VariantId, product.SellerId, name, f.SoldUnits, f.ReversedUnits, f.Units, f.SoldAmount, f.ReversedAmount,
                f.Amount));
        }

        return ApiAnswers.Ok(http, new TopProductsView(by, period.Start, period.End, seller, products));
    }

    // Every bucket of the period, also an empty one, and all of them together.
    private async Task<(IReadOnlyList<T> Buckets, T Total)> Read<T>(
        Period period, SellerId? seller, Func<DateOnly, DateOnly, Figures, T> view, CancellationToken stop)
    {
        var generation = await Generation(stop);
        var figures = new Dictionary<DateOnly, Figures>();
        string? cursor = null;
        do
        {
            var page = await store.Query(
                new(
                    StatsKinds.Days, "by_day", [generation, StatsKinds.Scope(seller)], PageSize, Cursor: cursor,
                    From: SeoulDay.Text(period.Start), To: SeoulDay.Text(period.End.AddDays(1))),
                stop);
            foreach (var day in page.Documents.Select(d => (DayFigures)d.State))
            {
                var bucket = period.BucketOf(day.Day);
                figures[bucket] = figures.GetValueOrDefault(bucket, Figures.Zero).Plus(day.Figures);
            }

            cursor = page.NextCursor;
        }
        while (cursor is not null);

        var all = figures.Values.Aggregate(Figures.Zero, (sum, f) => sum.Plus(f));
        return (
            [.. period.Buckets().Select(b => view(b.Start, b.End, figures.GetValueOrDefault(b.Start, Figures.Zero)))],
            view(period.Start, period.End, all));
    }

    private async Task<long> Generation(CancellationToken stop) =>
        (await store.Find(StatsKinds.BooksKey, stop))?.State is StatsBooks books
            ? books.Generation
            : StatsBooks.First.Generation;

    // A seller's id is the user id of the seller's account; whoever asks for another's figures learns nothing.
    private static SellerId? SellerOf(HttpContext http)
    {
        var caller = Caller.Of(http);
        var given = http.Request.Query["sellerId"].ToString();
        if (given.Length > MaxSellerIdLength || given.Contains('\0', StringComparison.Ordinal))
        {
            throw ApiException.Field(
                "sellerId", $"{MaxSellerIdLength}자 이하여야 합니다.", $"it may have {MaxSellerIdLength} characters.");
        }

        SellerId? asked = given.Length == 0 ? null : new(given);
        if (caller.IsOperator)
        {
            return asked;
        }

        var own = new SellerId(caller.UserId.Value);
        return asked is null || asked == own ? own : throw new ApiException(ApiError.NotFound, new { sellerId = given }, given);
    }

    private static int LimitOf(HttpRequest request)
    {
        var text = request.Query["limit"].ToString();
        if (text.Length == 0)
        {
            return DefaultRanks;
        }

        return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var limit)
            && limit is >= 1 and <= MaxRanks
                ? limit
                : throw ApiException.Field(
                    "limit", $"1에서 {MaxRanks} 사이의 정수여야 합니다.", $"it must be a whole number from 1 to {MaxRanks}.");
    }

    private static string RankOf(HttpRequest request) => request.Query["by"].ToString() switch
    {
        "" or Ranking.Revenue => Ranking.Revenue,
        Ranking.Quantity => Ranking.Quantity,
        _ => throw ApiException.Field(
            "by", "revenue 또는 quantity여야 합니다.", "it must be revenue or quantity."),
    };
}
