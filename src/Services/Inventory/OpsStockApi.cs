using System.Text.Json;
using DoaMarket.Api;
using DoaMarket.Contracts;
using DoaMarket.Kernel;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace DoaMarket.Inventory;

/// <summary>The stock of one variant as operators see it.</summary>
/// <param name="LowStockThreshold">At this many available units somebody should order more.</param>
/// <param name="IsLow">Whether that is so.</param>
public sealed record StockLevelView(
    ProductId ProductId, VariantId? VariantId, int OnHand, int Reserved, int Available, int LowStockThreshold, bool IsLow,
    SellerId? SellerId)
{
    internal static StockLevelView Of(StockItem i) => new(
        i.ProductId, i.VariantId, i.OnHand, i.Reserved, i.Available, i.LowStockThreshold,
        i.Available <= Math.Max(i.LowStockThreshold, 0), i.SellerId);
}

/// <summary>One change of an item's stock.</summary>
/// <param name="OrderId">The order concerned, if any.</param>
/// <param name="ReservationStatus">Where that order's claim stands now.</param>
public sealed record StockMoveView(
    DateTimeOffset At, string Reason, int OnHandDelta, int ReservedDelta, OrderId? OrderId, string? ReservationStatus);

/// <summary>Inventory's part of the HTTP API for the operators' console: levels, and what moved them.</summary>
public static class OpsStockApi
{
    /// <summary>Adds the endpoints.</summary>
    public static void Map(IEndpointRouteBuilder api, IStore store)
    {
        var ops = api.MapGroup("/ops").RequireAuthorization(Roles.Operator).WithTags("Operations");
        ops.MapGet("/stock", (string? productId, HttpContext http) => List(store, productId, http))
            .WithSummary("Stock of every item, by product; ?productId= narrows it")
            .Produces<ApiSuccess<IReadOnlyList<StockLevelView>>>();
        ops.MapGet("/stock/{productId}/moves", (string productId, string? variantId, HttpContext http) =>
                Moves(store, StockItem.KeyOf(new(productId), variantId is { } v ? new VariantId(v) : null), http))
            .WithSummary("What moved an item's stock, newest first, with the orders that hold or held it; ?variantId=")
            .Produces<ApiSuccess<IReadOnlyList<StockMoveView>>>();
    }

    private static async Task<IResult> List(IStore store, string? productId, HttpContext http)
    {
        var paging = ApiPaging.Of(http.Request);
        var page = await store.Query(
            new(
                InventoryKinds.StockItems, "by_product", productId is null ? [] : [productId], paging.Limit,
                Cursor: paging.Cursor),
            http.RequestAborted);
        return ApiAnswers.Page<StockLevelView>(
            http, [.. page.Documents.Select(d => StockLevelView.Of((StockItem)d.State))], page.NextCursor);
    }

    private static async Task<IResult> Moves(IStore store, string item, HttpContext http)
    {
        var paging = ApiPaging.Of(http.Request);
        var page = await store.Query(
            new(InventoryKinds.StockLedger, "by_item", [item], paging.Limit, Descending: true, paging.Cursor),
            http.RequestAborted);
        var moves = new List<StockMoveView>(page.Documents.Count);
        foreach (var row in page.Documents.Select(d => (StockLedgerRow)d.State))
        {
            var claim = row.OrderId is { } order
                ? (Reservation?)(await store.Find(InventoryKinds.Reservations.Key(order), http.RequestAborted))?.State
                : null;
            moves.Add(new(
                row.At, JsonNamingPolicy.SnakeCaseLower.ConvertName(row.Reason.ToString()), row.OnHandDelta, row.ReservedDelta, row.OrderId, claim?.StatusName));
        }

        return ApiAnswers.Page<StockMoveView>(http, moves, page.NextCursor);
    }
}
