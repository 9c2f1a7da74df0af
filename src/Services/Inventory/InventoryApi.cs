using DoaMarket.Api;
using DoaMarket.Contracts;
using DoaMarket.Kernel;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace DoaMarket.Inventory;

/// <summary>The stock of one variant, as the API tells it.</summary>
public sealed record StockView(ProductId ProductId, VariantId? VariantId, int OnHand, int Reserved, int Available);

/// <summary>An order's claim on stock.</summary>
/// <param name="Lines">What was held: none when nothing ever was.</param>
/// <param name="Remaining">What partial cancels have left of it.</param>
/// <param name="ExpiresAt">When the hold ends unless it is paid; null unless held.</param>
public sealed record ReservationView(
    OrderId OrderId, string Status, IReadOnlyList<ReservedLine> Lines, IReadOnlyList<ReservedLine> Remaining,
    DateTimeOffset CreatedAt, DateTimeOffset? ExpiresAt)
{
    internal static ReservationView Of(Reservation r) =>
        new(r.OrderId, r.StatusName, r.Lines, r.Remaining, r.CreatedAt, r.ExpiresAt);
}

/// <summary>A correction of the stock.</summary>
/// <param name="VariantId">The variant, if the product has any.</param>
/// <param name="Delta">Units to add, or, when negative, to take away.</param>
/// <param name="Reason">Why; kept in the audit trail.</param>
public sealed record AdjustBody(int Delta, string Reason, string? VariantId = null);

/// <summary>Inventory's part of the HTTP API.</summary>
public static class InventoryApi
{
    private const int MaxVariants = 200, MaxReasonLength = 200;

    private static readonly ApiError BelowReserved = new(
        409, "BELOW_RESERVED", "예약된 {1}개보다 적게 줄일 수 없습니다(현재 {0}개).",
        "{1} of {0} units are held for orders; less cannot be on hand.");

    private static readonly ApiError NotYours = new(
        403, "NOT_YOUR_PRODUCT", "다른 판매자의 상품입니다: {0}", "{0} is another seller's product.");

    /// <summary>Adds the endpoints.</summary>
    public static void Map(IEndpointRouteBuilder api, IStore store)
    {
        api.MapGet("/inventory/{productId}", async (string productId, HttpContext http) =>
            {
                var items = await Read(store, new ProductId(productId), http.RequestAborted);
                return items.Count == 0
                    ? ApiAnswers.Fail(http, ApiError.NotFound, new { productId }, productId)
                    : ApiAnswers.Ok(http, items);
            })
            .AllowAnonymous().WithTags("Inventory").WithSummary("Stock per variant")
            .Produces<ApiSuccess<IReadOnlyList<StockView>>>().Produces<ApiFailure>(404);

        api.MapGet("/ops/reservations/{orderId:guid}", async (Guid orderId, HttpContext http) =>
                (await store.Find(InventoryKinds.Reservations.Key(new OrderId(orderId)), http.RequestAborted))?.State
                    is Reservation reservation
                        ? ApiAnswers.Ok(http, ReservationView.Of(reservation))
                        : ApiAnswers.Fail(http, ApiError.NotFound, new { orderId }, orderId))
            .RequireAuthorization(Roles.Operator).WithTags("Operations").WithSummary("An order's claim on stock")
            .Produces<ApiSuccess<ReservationView>>().Produces<ApiFailure>(404);

        api.MapPost("/inventory/{productId}/adjust", Adjust)
            .RequireAuthorization(Roles.Seller).WithTags("Inventory")
            .WithSummary("Correct the stock, with a reason (audited): a seller's own, or, for operators, any")
            .Accepts<AdjustBody>("application/json").Produces<ApiSuccess<StockView>>()
            .Produces<ApiFailure>(403).Produces<ApiFailure>(404).Produces<ApiFailure>(409);
    }

    /// <summary>The stock of a product's variants.</summary>
    public static async Task<IReadOnlyList<StockView>> Read(IStore store, ProductId product, CancellationToken stop)
    {
        var page = await store.Query(new(InventoryKinds.StockItems, "by_product", [product.Value], MaxVariants), stop);
        return [.. page.Documents.Select(d => (StockItem)d.State)
            .Select(i => new StockView(i.ProductId, i.VariantId, i.OnHand, i.Reserved, i.Available))];
    }

    private static async Task<IResult> Adjust(string productId, HttpContext http)
    {
        var body = await ApiBody.Read<AdjustBody>(http.Request, http.RequestAborted);
        if (body.Delta == 0)
        {
            throw ApiException.Field("delta", "0이 아닌 정수여야 합니다.", "it must be a whole number other than 0.");
        }

        if (body.Reason.Trim().Length is 0 or > MaxReasonLength)
        {
            throw ApiException.Field(
                "reason", $"1자 이상 {MaxReasonLength}자 이하로 적어 주세요.", $"write 1 to {MaxReasonLength} characters.");
        }

        var (product, variant) = (
            new ProductId(productId), body.VariantId is { } v ? new VariantId(v) : (VariantId?)null);
        var caller = Caller.Of(http);
        var seller = caller.IsOperator ? (SellerId?)null : new SellerId(caller.UserId.Value);
        var request = new AdjustStock(product, variant, body.Delta, body.Reason.Trim(), seller);
        return await http.Ask(ShopTopology.Inventory, request, caller.UserId) switch
        {
            AdjustStockReply.Adjusted done =>
                ApiAnswers.Ok(http, new StockView(product, variant, done.OnHand, done.Reserved, done.Available)),
            AdjustStockReply.BelowReserved held =>
                ApiAnswers.Fail(http, BelowReserved, held, held.OnHand, held.Reserved),
            AdjustStockReply.NotTheirs =>
                ApiAnswers.Fail(http, NotYours, new { productId, body.VariantId }, StockItem.KeyOf(product, variant)),
            AdjustStockReply.AboveLimit limit => throw ApiException.Field(
                "delta", $"재고는 {limit.MaxOnHandUnits}개를 넘을 수 없습니다.",
                $"at most {limit.MaxOnHandUnits} units may be on hand."),
            _ => ApiAnswers.Fail(
                http, ApiError.NotFound, new { productId, body.VariantId }, StockItem.KeyOf(product, variant)),
        };
    }
}
