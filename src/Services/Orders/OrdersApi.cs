using System.Globalization;
using DoaMarket.Api;
using DoaMarket.Contracts;
using DoaMarket.Kernel;
using DoaMarket.Sagas;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace DoaMarket.Orders;

/// <summary>Orders' part of the HTTP API for customers.</summary>
public sealed class OrdersApi(IStore store, ChangeFeed feed, Admission admission, TimeProvider time, HeldUpBy heldUp)
{
    private const int MaxWaitSeconds = 60, MaxIdempotencyKeyLength = 200, MaxReasonLength = 200;

    internal static readonly ApiError KeyReused = new(
        422, "IDEMPOTENCY_KEY_REUSED", "같은 Idempotency-Key로 다른 주문이 이미 접수되었습니다. 새 키를 사용해 주세요.",
        "This Idempotency-Key was used with another body. Use a new key for a new order.");

    private static readonly Dictionary<string, ApiError> Rejections = new List<ApiError>
    {
        new(400, "EMPTY_ORDER", "주문 상품이 없습니다.", "The order has no lines."),
        new(400, "TOO_MANY_LINES", "한 주문에는 40개 상품까지 담을 수 있습니다.", "An order has 40 lines at most."),
        new(400, "UNKNOWN_PRODUCT", "판매하지 않는 상품입니다: {0}", "There is no such product: {0}"),
        new(400, "INVALID_QUANTITY", "한 상품은 1개에서 999개까지 주문할 수 있습니다.", "Of one product, 1 to 999 can be ordered."),
        new(400, "TOTAL_TOO_LARGE", "주문 금액이 너무 큽니다.", "The order's total is too large."),
    }.ToDictionary(e => e.Code, StringComparer.Ordinal);

    private static readonly ApiError AlreadyDelivered = new(
        409, "ALREADY_DELIVERED", "이미 배송이 완료되어 취소할 수 없습니다.",
        "The parcel has been delivered; the order cannot be cancelled any more.");

    private static readonly ApiError NotCancellable = new(
        409, "NOT_CANCELLABLE", "지금은 취소할 수 없습니다: {0}", "This order cannot be cancelled now: {0}");

    /// <summary>Adds the endpoints.</summary>
    public void Map(IEndpointRouteBuilder api)
    {
        api.MapPost("/orders", (Delegate)Place).RequireAuthorization(Roles.Customer).WithTags("Orders")
            .WithSummary("Place an order (customers)")
            .WithDescription(
                "Idempotency-Key makes repeating safe. "
                + "Prefer: wait=10 holds the answer until the order is completed or cancelled.")
            .Accepts<OrderBody>("application/json").Produces<ApiSuccess<PlacedView>>(201)
            .Produces<ApiFailure>(400).Produces<ApiFailure>(403).Produces<ApiFailure>(422).Produces<ApiFailure>(503);
        api.MapGet("/orders", (Delegate)List).RequireAuthorization().WithTags("Orders")
            .WithSummary("Orders, newest first: one's own, a seller's sub-orders, or, for operators, all; ?status= &from= &to=")
            .WithDescription("from and to are ISO 8601 times. A seller sees own lines and own share of the money only.")
            .Produces<ApiSuccess<IReadOnlyList<OrderSummaryView>>>();
        api.MapGet("/orders/{orderId:guid}", Show).RequireAuthorization().WithTags("Orders")
            .WithSummary("One order with items, payment, shipment and saga steps")
            .Produces<ApiSuccess<OrderView>>().Produces<ApiFailure>(404);
        api.MapPost("/orders/{orderId:guid}/cancel", Cancel).RequireAuthorization().WithTags("Orders")
            .WithSummary("Cancel an order: 202 while it is undone, 200 when it is, 409 with a reason when it cannot be")
            .Accepts<CancelBody>("application/json")
            .Produces<ApiSuccess<CancelView>>(202)
            .Produces<ApiSuccess<CancelView>>()
            .Produces<ApiFailure>(409);
    }

    private async Task<IResult> Place(HttpContext http)
    {
        if (!admission.IsOpen)
        {
            return ApiAnswers.Busy(http, Admission.RetryAfter);
        }

        var body = await ApiBody.Read<OrderBody>(http.Request, http.RequestAborted);
        body.Check();
        var user = Caller.Of(http).UserId;
        var wish = body.ToWish(user, IdempotencyKeyOf(http.Request), time.GetUtcNow());
        switch (await http.Ask(ShopTopology.Orders, wish, user))
        {
            case PlaceOrderReply.Placed placed:
                return await Placed(http, placed.Order);
            case PlaceOrderReply.Replayed replayed:
                http.Response.Headers["Idempotent-Replayed"] = "true";
                return await Placed(http, replayed.Order);
            case PlaceOrderReply.Rejected rejected:
                return ApiAnswers.Fail(
                    http, Rejections[rejected.Code], new { field = rejected.Field },
                    LineNamedBy(body.Items, rejected.Field));
            default:
                return ApiAnswers.Fail(http, KeyReused);
        }
    }

    // "items[2].productId" names the line that the sentence is about.
    internal static string? LineNamedBy(IReadOnlyList<OrderLineBody> items, string field) =>
        field.Split('[', ']') is ["items", var index, ..]
            && int.TryParse(index, NumberStyles.None, CultureInfo.InvariantCulture, out var i)
            ? items[i].VariantId is { } variant ? $"{items[i].ProductId}/{variant}" : items[i].ProductId
            : null;

    private async Task<IResult> Placed(HttpContext http, OrderPlaced order)
    {
        OrderSaga? outcome = null;
        if (WaitOf(http.Request) is { } wait)
        {
            http.Response.Headers["Preference-Applied"] = string.Create(
                CultureInfo.InvariantCulture, $"wait={wait.TotalSeconds:0}");
            outcome = await OutcomeOf(http, order.OrderId, wait);
        }

        http.Response.Headers.Location = $"/api/v1/orders/{order.OrderId}";
        var view = PlacedView.Of(order, outcome, ApiAnswers.WantsEnglish(http));
        return ApiAnswers.Ok(http, view, StatusCodes.Status201Created);
    }

    // Who waits is answered with what is known when the time is up, and also when the process is to stop: a held answer
    // would keep it from stopping in good order.
    private async Task<OrderSaga?> OutcomeOf(HttpContext http, OrderId order, TimeSpan wait)
    {
        var key = OrderKinds.Sagas.Key(order);
        var stopping = http.RequestServices.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping;
        using var held = CancellationTokenSource.CreateLinkedTokenSource(http.RequestAborted, stopping);
        try
        {
            var ended = await feed.WaitFor(
                OrderKinds.Sagas, key.Id, s => s.Saga.Status is not (SagaStatus.InProgress or SagaStatus.Compensating),
                store.Find, wait, time, held.Token);
            if (ended is not null)
            {
                return ended;
            }
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            // answered below, as when the time is up
        }

        return (OrderSaga?)(await store.Find(key, http.RequestAborted))?.State;
    }

    private async Task<IResult> List(HttpContext http)
    {
        var caller = Caller.Of(http);
        var status = http.Request.Query["status"].ToString();
        if (status.Length > 0 && !Enum.GetValues<OrderStatus>().Any(s => Words.Of(s) == status))
        {
            var known = string.Join(", ", Enum.GetValues<OrderStatus>().Select(s => Words.Of(s)));
            throw ApiException.Field("status", $"다음 중 하나여야 합니다: {known}", $"it must be one of: {known}");
        }

        var (from, to) = (TimeOf(http.Request, "from"), TimeOf(http.Request, "to"));
        var paging = ApiPaging.Of(http.Request);
        var (kind, index) = caller.Role switch
        {
            Roles.Operator => ((DocumentKind)OrderKinds.Orders, "by_time"),
            Roles.Seller => (OrderKinds.SellerOrders, "by_seller"),
            _ => (OrderKinds.Orders, "by_user"),
        };
        var query = new DocumentQuery(
            kind, index, caller.IsOperator ? [] : [caller.UserId.Value], paging.Limit, Descending: true, paging.Cursor,
            from, to);
        var (page, next) = await OrderLists.Read(
            store, query, s => status.Length == 0 || Words.Of(s.Status) == status, http.RequestAborted);
        return caller.Role == Roles.Seller
            ? ApiAnswers.Page(http, [.. page.Select(p => OfSeller(caller, p.Order, p.Saga)!)], next)
            : ApiAnswers.Page(http, [.. page.Select(p => Summary(p.Order, p.Saga))], next);
    }

    private async Task<IResult> Show(Guid orderId, HttpContext http)
    {
        var caller = Caller.Of(http);
        var id = new OrderId(orderId);
        var order = (Order?)(await store.Find(OrderKinds.Orders.Key(id), http.RequestAborted))?.State;
        var saga = (OrderSaga?)(await store.Find(OrderKinds.Sagas.Key(id), http.RequestAborted))?.State;
        if (order is not null && saga is not null && caller.Role == Roles.Seller && !caller.MaySee(order.UserId)
            && OfSeller(caller, order, saga) is { } own)
        {
            return ApiAnswers.Ok(http, own);
        }

        if (order is null || saga is null || !caller.MaySee(order.UserId))
        {
            return ApiAnswers.Fail(http, ApiError.NotFound, new { orderId }, orderId);
        }

        var amends = new List<AmendSaga>();
        foreach (var fact in saga.Amends)
        {
            if ((await store.Find(OrderKinds.Amends.Key(fact.AmendId), http.RequestAborted))?.State is AmendSaga amend)
            {
                amends.Add(amend);
            }
        }

        var masked = caller.UserId != order.UserId;
        var view = OrderView.Of(order, saga, amends, masked, ApiAnswers.WantsEnglish(http));
        return ApiAnswers.Ok(http, view with { Saga = await view.Saga.HeldUp(heldUp, http.RequestAborted) });
    }

    private static async Task<IResult> Cancel(Guid orderId, HttpContext http)
    {
        var body = await ApiBody.Read<CancelBody>(http.Request, http.RequestAborted);
        return await CancelAs(http, new OrderId(orderId), body.Reason, Caller.Of(http));
    }

    /// <summary>Cancels for a customer or an operator.</summary>
    internal static async Task<IResult> CancelAs(HttpContext http, OrderId id, string reason, Caller caller)
    {
        if (reason.Trim().Length is 0 or > MaxReasonLength)
        {
            throw ApiException.Field(
                "reason", $"1자 이상 {MaxReasonLength}자 이하로 적어 주세요.", $"write 1 to {MaxReasonLength} characters.");
        }

        var wish = new CancelOrder(id, caller.UserId, caller.IsOperator, reason.Trim());
        return await http.Ask(ShopTopology.Orders, wish, caller.UserId) switch
        {
            CancelOrderReply.Cancelling c =>
                ApiAnswers.Ok(http, new CancelView(id, c.Status), StatusCodes.Status202Accepted),
            CancelOrderReply.Cancelled c => ApiAnswers.Ok(http, new CancelView(id, c.Status)),
            CancelOrderReply.Refused { Code: "ALREADY_DELIVERED" } =>
                ApiAnswers.Fail(http, AlreadyDelivered, new { orderId = id }),
            CancelOrderReply.Refused r =>
                ApiAnswers.Fail(http, NotCancellable with { Code = r.Code }, new { orderId = id }, r.Reason),
            _ => ApiAnswers.Fail(http, ApiError.NotFound, new { orderId = id }, id),
        };
    }

    /// <summary>The order as the calling seller sees it; null when no line is theirs.</summary>
    private static SellerOrderView? OfSeller(Caller caller, Order o, OrderSaga s) =>
        SellerOrder.Of(o).FirstOrDefault(its => its.SellerId.Value == caller.UserId.Value) is { } seller
            ? SellerOrderView.Of(seller, o, s)
            : null;

    private static OrderSummaryView Summary(Order o, OrderSaga s) => new(
        o.OrderId, o.OrderNumber, o.SagaId, o.CorrelationId, o.UserId, s.Status, s.Saga.Status, o.TotalAmount,
        o.OrderedAt);

    internal static string? IdempotencyKeyOf(HttpRequest request)
    {
        if (!request.Headers.TryGetValue("Idempotency-Key", out var values))
        {
            return null;
        }

        var key = values.ToString().Trim();
        return key.Length is >= 1 and <= MaxIdempotencyKeyLength && key.All(c => c is > ' ' and <= '~')
            ? key
            : throw ApiException.Field(
                "Idempotency-Key", $"공백 없는 ASCII {MaxIdempotencyKeyLength}자 이하여야 합니다.",
                $"it must be 1 to {MaxIdempotencyKeyLength} ASCII characters without spaces.");
    }

    // RFC 7240: "Prefer: wait=10". What is not understood is ignored, as the RFC asks.
    private static TimeSpan? WaitOf(HttpRequest request)
    {
        foreach (var preference in request.Headers["Prefer"].SelectMany(h => (h ?? "").Split(',', ';')))
        {
            if (preference.Split('=', 2, StringSplitOptions.TrimEntries) is ["wait", var seconds]
                && int.TryParse(seconds, NumberStyles.None, CultureInfo.InvariantCulture, out var wait) && wait > 0)
            {
                return TimeSpan.FromSeconds(Math.Min(wait, MaxWaitSeconds));
            }
        }

        return null;
    }

    private static long? TimeOf(HttpRequest request, string name)
    {
        var text = request.Query[name].ToString();
        if (text.Length == 0)
        {
            return null;
        }

        return DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var at)
            ? at.ToUnixTimeMilliseconds()
            : throw ApiException.Field(
                name, "예: 2026-11-22T00:00:00+09:00", "write it like 2026-11-22T00:00:00+09:00.");
    }
}

/// <summary>Why an order is to be cancelled.</summary>
public sealed record CancelBody(string Reason);
