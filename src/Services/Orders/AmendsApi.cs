using System.Security.Cryptography;
using System.Text.Json;
using DoaMarket.Api;
using DoaMarket.Contracts;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace DoaMarket.Orders;

/// <summary>Which lines of an order are to be cancelled, as it is sent in.</summary>
public sealed record CancelItemsBody(IReadOnlyList<OrderLineBody> Items, string Reason)
{
    private const int MaxReasonLength = 200, MaxProductLength = 64;

    /// <summary>Refuses what cannot be a partial cancel; the first wrong field is named.</summary>
    /// <exception cref="ApiException">400.</exception>
    public void Check()
    {
        if (Reason.Trim().Length is 0 or > MaxReasonLength || Reason.Any(char.IsControl))
        {
            throw ApiException.Field(
                "reason", $"1자 이상 {MaxReasonLength}자 이하로 적어 주세요.", $"write 1 to {MaxReasonLength} characters.");
        }

        if (Items.Count is 0 or > Cart.MaxLines)
        {
            throw ApiException.Field(
                "items", $"1개 이상 {Cart.MaxLines}개 이하여야 합니다.", $"name 1 to {Cart.MaxLines} lines.");
        }

        for (var i = 0; i < Items.Count; i++)
        {
            if (Items[i] is not { } line) // the serializer refuses null members, not null elements
            {
                throw ApiException.Field($"items[{i}]", "null일 수 없습니다.", "it must not be null.");
            }

            if (line.ProductId.Trim().Length is 0 or > MaxProductLength)
            {
                throw ApiException.Field($"items[{i}].productId", "상품 번호를 적어 주세요.", "name the product.");
            }

            if (line.Quantity is < 1 or > Cart.MaxQuantity)
            {
                throw ApiException.Field(
                    $"items[{i}].quantity", $"1에서 {Cart.MaxQuantity} 사이여야 합니다.",
                    $"it must be from 1 to {Cart.MaxQuantity}.");
            }
        }
    }

    /// <summary>Tells two bodies under one Idempotency-Key apart; the order belongs to it.</summary>
    internal string Hash(OrderId order) => Convert.ToHexStringLower(SHA256.HashData(
        JsonSerializer.SerializeToUtf8Bytes(new { cancelItemsOf = order, body = this }, ApiJson.Answers)));

    internal IReadOnlyList<WantedLine> Lines() =>
    [
        .. Items.Select(
            i => new WantedLine(new(i.ProductId), i.VariantId is { } v ? new VariantId(v) : null, i.Quantity)),
    ];
}

/// <summary>The API for cancelling some lines of an order before it is dispatched.</summary>
public static class AmendsApi
{
    private static readonly Dictionary<string, ApiError> Errors = new List<ApiError>
    {
        new(400, "NO_LINES", "취소할 상품이 없습니다.", "No lines are named."),
        new(400, "NOT_IN_ORDER", "이 주문에 없는 상품입니다: {0}", "The order has no such line (any more): {0}"),
        new(400, "MORE_THAN_ORDERED", "남아 있는 수량보다 많이 취소할 수 없습니다: {0}", "The order has fewer of these left: {0}"),
        new(409, "ALREADY_DISPATCHED", "이미 발송되어 일부 상품을 취소할 수 없습니다. 전체 취소(반품)를 이용해 주세요.",
            "The parcel is on its way: single lines cannot be cancelled any more; cancel the order to send it back."),
        new(409, "ORDER_NOT_READY", "주문을 아직 처리하고 있습니다. 상품 준비가 끝난 뒤 다시 시도하거나 주문 전체를 취소해 주세요.",
            "The order is still being processed: cancel it as a whole, or wait until the parcel is prepared."),
        new(409, "ORDER_CANCELLED", "이미 취소된 주문입니다.", "The order is cancelled or returned already."),
        new(409, "ORDER_CANCELLING", "이미 취소가 진행 중인 주문입니다.", "The whole order is being cancelled already."),
        new(409, "AMEND_IN_PROGRESS", "다른 부분 취소가 진행 중입니다. 끝난 뒤 다시 시도해 주세요.",
            "Another partial cancel of this order has not ended; try again when it has."),
        new(409, "TOO_MANY_AMENDS", "한 주문의 부분 취소는 20번까지 할 수 있습니다.",
            "An order can be cancelled in part 20 times at most."),
        new(409, "ALL_LINES", "남은 상품 전체입니다. 주문 취소를 이용해 주세요.",
            "These are all lines that are left: use POST /orders/{orderId}/cancel."),
        new(409, "REFUND_WOULD_BE_NEGATIVE", "취소하면 무료 배송 기준에 못 미쳐 배송비가 환불액보다 커집니다. 주문 전체를 취소해 주세요.",
            "Without these lines the parcel is not free any more, and its fee is more than the refund would be."),
        new(409, "ALREADY_REFUNDED", "이미 환불된 금액이 있어 이만큼 더 환불할 수 없습니다.",
            "Too much of this order has been refunded already for this to be refunded as well."),
    }.ToDictionary(e => e.Code, StringComparer.Ordinal);

    /// <summary>Adds the endpoint.</summary>
    public static void Map(IEndpointRouteBuilder api) =>
        api.MapPost("/orders/{orderId:guid}/cancel-items", Cancel).RequireAuthorization().WithTags("Orders")
            .WithSummary("Cancel some lines before dispatch: 202 with what goes back, 409 with a reason")
            .WithDescription(
                "Possible once the parcel is prepared and until the carrier has it. Shipping decides: if it is too "
                + "late, the order's amends say 'refused' and nothing has changed. Idempotency-Key makes repeating safe.")
            .Accepts<CancelItemsBody>("application/json").Produces<ApiSuccess<CancelItemsView>>(202)
            .Produces<ApiFailure>(400).Produces<ApiFailure>(404).Produces<ApiFailure>(409).Produces<ApiFailure>(422);

    private static async Task<IResult> Cancel(Guid orderId, HttpContext http)
    {
        var body = await ApiBody.Read<CancelItemsBody>(http.Request, http.RequestAborted);
        body.Check();
        var (caller, id) = (Caller.Of(http), new OrderId(orderId));
        var key = OrdersApi.IdempotencyKeyOf(http.Request);
        var wish = new CancelItems(
            id, caller.UserId, caller.IsOperator, body.Lines(), body.Reason.Trim(),
            key is null ? null : new(key, body.Hash(id)));
        switch (await http.Ask(ShopTopology.Orders, wish, caller.UserId))
        {
            case CancelItemsReply.Accepted accepted:
                return Promised(http, accepted.Amend);
            case CancelItemsReply.Replayed replayed:
                http.Response.Headers["Idempotent-Replayed"] = "true";
                return Promised(http, replayed.Amend);
            case CancelItemsReply.Rejected wrong:
                return ApiAnswers.Fail(
                    http, Errors[wrong.Code], new { field = wrong.Field },
                    OrdersApi.LineNamedBy(body.Items, wrong.Field));
            case CancelItemsReply.Refused refused:
                return ApiAnswers.Fail(http, Errors[refused.Code], new { orderId = id });
            case CancelItemsReply.KeyReused:
                return ApiAnswers.Fail(http, OrdersApi.KeyReused);
            default:
                return ApiAnswers.Fail(http, ApiError.NotFound, new { orderId = id }, id);
        }
    }

    private static IResult Promised(HttpContext http, AmendAccepted amend)
    {
        http.Response.Headers.Location = $"/api/v1/orders/{amend.OrderId}";
        return ApiAnswers.Ok(http, CancelItemsView.Of(amend), StatusCodes.Status202Accepted);
    }
}
