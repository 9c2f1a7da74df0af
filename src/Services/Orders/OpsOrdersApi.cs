using DoaMarket.Api;
using DoaMarket.Contracts;
using DoaMarket.Kernel;
using DoaMarket.Sagas;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace DoaMarket.Orders;

/// <summary>An order in an operator's list.</summary>
/// <param name="CurrentStep">The saga's step that is awaited; null at an end.</param>
/// <param name="Title">The first line's name.</param>
/// <param name="Lines">How many lines it has.</param>
/// <param name="TrackingNumber">The parcel's, once it has one.</param>
/// <param name="Reason">Why it goes, or went, back.</param>
public sealed record OpsOrderView(
    OrderId OrderId, string OrderNumber, SagaId SagaId, CorrelationId CorrelationId, UserId UserId, OrderStatus Status,
    SagaStatus SagaStatus, string? CurrentStep, string Title, int Lines, Money TotalAmount, DateTimeOffset OrderedAt,
    DateTimeOffset UpdatedAt, string? TrackingNumber, string? Reason)
{
    /// <summary>An order with its saga.</summary>
    public static OpsOrderView Of(Order o, OrderSaga s) => new(
        o.OrderId, o.OrderNumber, o.SagaId, o.CorrelationId, o.UserId, s.Status, s.Saga.Status, s.Saga.CurrentStep,
        o.Items[0].Name, o.Items.Count, o.TotalAmount, o.OrderedAt, s.Saga.UpdatedAt, s.Shipment?.TrackingNumber,
        s.Saga.Reason);
}

/// <summary>Which orders an operator's list shows; null leaves a filter out.</summary>
/// <param name="Status">Where the order stands.</param>
/// <param name="SagaStatus">Where its saga stands.</param>
/// <param name="Step">The saga's step that is awaited.</param>
/// <param name="From">Ordered at or after.</param>
/// <param name="To">Ordered before.</param>
/// <param name="Product">The product of one of its lines.</param>
/// <param name="Customer">The customer's id.</param>
/// <param name="MinAmount">Total in won, at least.</param>
/// <param name="MaxAmount">Total in won, at most.</param>
/// <param name="Limit">1 to 100, default 20.</param>
/// <param name="Cursor">Where an earlier page ended.</param>
public sealed record OpsOrderFilter(
    string? Status, string? SagaStatus, string? Step, DateTimeOffset? From, DateTimeOffset? To, string? Product,
    string? Customer, long? MinAmount, long? MaxAmount, int? Limit, string? Cursor)
{
    private static readonly string[] Statuses = [.. Enum.GetValues<OrderStatus>().Select(s => Words.Of(s))];
    private static readonly string[] SagaStatuses = [.. Enum.GetValues<SagaStatus>().Select(s => Words.Of(s))];

    // An index over the status exists for sagas only, and one over customers; the rest is picked out of pages.
    internal DocumentQuery Query(ApiPaging paging)
    {
        OneOf("status", Status, Statuses);
        OneOf("sagaStatus", SagaStatus, SagaStatuses);
        var (kind, index, equal) = (Customer, SagaStatus) switch
        {
            ({ } customer, _) => ((DocumentKind)OrderKinds.Orders, "by_user", new object[] { customer }),
            (_, { } status) => (OrderKinds.Sagas, "by_status", [status]),
            _ => (OrderKinds.Orders, "by_time", []),
        };
        return new(
            kind, index, equal, paging.Limit, Descending: true, paging.Cursor, From?.ToUnixTimeMilliseconds(),
            To?.ToUnixTimeMilliseconds());
    }

    internal bool Wants(Order order) =>
        (Product is null || order.Items.Any(i => i.ProductId.Value == Product))
        && (Customer is null || order.UserId.Value == Customer)
        && order.TotalAmount.Won >= (MinAmount ?? 0) && order.TotalAmount.Won <= (MaxAmount ?? long.MaxValue);

    internal bool Wants(OrderSaga saga) =>
        (Status is null || Words.Of(saga.Status) == Status)
        && (SagaStatus is null || Words.Of(saga.Saga.Status) == SagaStatus)
        && (Step is null || saga.Saga.CurrentStep == Step);

    private static void OneOf(string name, string? value, string[] known)
    {
        if (value is not null && !known.Contains(value, StringComparer.Ordinal))
        {
            var all = string.Join(", ", known);
            throw ApiException.Field(name, $"다음 중 하나여야 합니다: {all}", $"it must be one of: {all}");
        }
    }
}

/// <summary>Orders' part of the HTTP API for the operators' console: every order, filtered.</summary>
public static class OpsOrdersApi
{
    /// <summary>Adds the endpoint.</summary>
    public static void Map(IEndpointRouteBuilder api, IStore store) => api
        .MapGet("/ops/orders", async ([AsParameters] OpsOrderFilter filter, HttpContext http) =>
        {
            var (page, next) = await OrderLists.Read(
                store, filter.Query(ApiPaging.Of(http.Request)), filter.Wants, http.RequestAborted, filter.Wants);
            return ApiAnswers.Page<OpsOrderView>(http, [.. page.Select(p => OpsOrderView.Of(p.Order, p.Saga))], next);
        })
        .RequireAuthorization(Roles.Operator).WithTags("Operations")
        .WithSummary("All orders, newest first, filtered")
        .WithDescription(
            "A filter without an index is picked out of pages: then a page may be short, or empty, and have a next one.")
        .Produces<ApiSuccess<IReadOnlyList<OpsOrderView>>>();

    /// <summary>Finds an order by its number.</summary>
    public static async Task<OrderId?> ByNumber(IStore store, string number, CancellationToken stop)
    {
        var page = await store.Query(new(OrderKinds.Orders, "by_number", [number], 1), stop);
        return page.Documents is [{ State: Order order }] ? order.OrderId : null;
    }

    /// <summary>An order as a list shows it; null when there is none.</summary>
    public static async Task<OpsOrderView?> Find(IStore store, OrderId id, CancellationToken stop) =>
        (await store.Find(OrderKinds.Orders.Key(id), stop))?.State is Order order
            && (await store.Find(OrderKinds.Sagas.Key(id), stop))?.State is OrderSaga saga
                ? OpsOrderView.Of(order, saga)
                : null;
}
