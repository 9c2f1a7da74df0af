using DoaMarket.Contracts;
using DoaMarket.Kernel;
using DoaMarket.Sagas;

namespace DoaMarket.Orders;

/// <summary>
/// Tells what holds an order up outside (an open circuit); null when nothing does. The services that call outside know;
/// the host connects them.
/// </summary>
public delegate Task<string?> HeldUpBy(OrderId order, CancellationToken stop);

/// <summary>An order in a list.</summary>
public sealed record OrderSummaryView(
    OrderId OrderId, string OrderNumber, SagaId SagaId, CorrelationId CorrelationId, UserId UserId, OrderStatus Status,
    SagaStatus SagaStatus, Money TotalAmount, DateTimeOffset OrderedAt);

/// <summary>An order in full: what was bought, what was told of payment and shipment, and the saga's steps.</summary>
/// <param name="TotalAmount">What the order came to when it was placed; it never changes.</param>
/// <param name="RemainingItems">The lines that no approved partial cancel has taken.</param>
/// <param name="RemainingAmount">What they come to; what went back is in the payment's refunds.</param>
/// <param name="Amends">Partial cancels, refused ones included, each with its saga.</param>
/// <param name="CancelReason">Why it is cancelled or comes back, for its customer; null when it does not.</param>
/// <param name="CancelWaiting">A cancel of the whole order that waits for a partial cancel to end.</param>
public sealed record OrderView(
    OrderId OrderId, string OrderNumber, SagaId SagaId, CorrelationId CorrelationId, UserId UserId, OrderStatus Status,
    IReadOnlyList<OrderItem> Items, Money ItemsTotal, Money ShippingFee, Money DiscountAmount, Money TotalAmount,
    ShippingAddress ShippingAddress, string? DeliveryMemo, DateTimeOffset OrderedAt,
    IReadOnlyList<StatusChange> StatusHistory, PaymentFacts? Payment, ShipmentFacts? Shipment, SagaView Saga,
    IReadOnlyList<OrderItem> RemainingItems, Money RemainingAmount, IReadOnlyList<AmendView> Amends,
    WaitingCancel? CancelWaiting, CancelReasonView? CancelReason)
{
    internal static OrderView Of(Order o, OrderSaga s, IReadOnlyList<AmendSaga> amends, bool masked, bool english) => new(
        o.OrderId, o.OrderNumber, o.SagaId, o.CorrelationId, o.UserId, s.Status, o.Items, o.ItemsTotal, o.ShippingFee,
        o.DiscountAmount, o.TotalAmount, masked ? o.ShippingAddress.Masked() : o.ShippingAddress,
        masked && o.DeliveryMemo is not null ? "***" : o.DeliveryMemo,
        o.OrderedAt, s.History, s.Payment, s.Shipment, SagaView.Of(s),
        Remains.Of(o, s.Amends), Remains.SumsOf(o, s.Amends).Amount,
        [
            .. s.Amends.Select(a => AmendView.Of(
                a, amends.FirstOrDefault(known => known.Amend.AmendId == a.AmendId) is { } its
                    ? SagaView.Of(its, s.Status)
                    : null)),
        ],
        s.CancelWaiting, CancelReasons.Of(s, english));
}

/// <summary>A saga as operators see it, and as the requirement shows it.</summary>
/// <param name="OrderStatus">Where the order stands.</param>
/// <param name="Reason">Why it goes, or went, back.</param>
/// <param name="WakeAt">When its timer is due.</param>
/// <param name="AmendId">Of a partial cancel's saga: which; null of an order's.</param>
public sealed record SagaView(
    SagaId SagaId, OrderId OrderId, CorrelationId CorrelationId, SagaStatus Status, OrderStatus OrderStatus,
    string? CurrentStep, IReadOnlyList<StepState> Steps, bool Compensated, string? Reason, string Definition,
    int DefinitionVersion, int Version, DateTimeOffset CreatedAt, DateTimeOffset UpdatedAt, DateTimeOffset? WakeAt,
    AmendId? AmendId = null)
{
    /// <summary>What holds its step up outside: e.g. "the circuit to pg"; null while nothing does.</summary>
    public string? WaitsFor { get; init; }

    /// <summary>What it waits for, and what remains; told of one saga, not in lists.</summary>
    public SagaOutlook? Outlook { get; init; }

    /// <summary>The same with what holds it up; asked for only while a reply is awaited.</summary>
    internal async Task<SagaView> HeldUp(HeldUpBy by, CancellationToken stop) =>
        CurrentStep is null ? this : this with { WaitsFor = await by(OrderId, stop) };

    internal static SagaView Of(AmendSaga a, OrderStatus order) => new(
        a.Saga.SagaId, a.Amend.OrderId, a.Saga.CorrelationId, a.Saga.Status, order, a.Saga.CurrentStep, a.Saga.Steps,
        a.Saga.Compensated, a.Saga.Reason, a.Saga.Definition, a.Saga.DefinitionVersion, a.Saga.Version,
        a.Saga.CreatedAt, a.Saga.UpdatedAt, a.Saga.WakeAt, a.Amend.AmendId);

    internal static SagaView Of(OrderSaga s) => new(
        s.Saga.SagaId, s.OrderId, s.Saga.CorrelationId, s.Saga.Status, s.Status, s.Saga.CurrentStep, s.Saga.Steps,
        s.Saga.Compensated, s.Saga.Reason, s.Saga.Definition, s.Saga.DefinitionVersion, s.Saga.Version,
        s.Saga.CreatedAt, s.Saga.UpdatedAt, s.Saga.WakeAt);
}

/// <summary>The answer to a new order; with `Prefer: wait` also how it ended.</summary>
/// <param name="SagaStatus">Set when the answer waited: how far the saga is.</param>
/// <param name="Reason">Set when the answer waited and the order was cancelled: why, in the asked language.</param>
public sealed record PlacedView(
    OrderId OrderId, string OrderNumber, SagaId SagaId, CorrelationId CorrelationId, OrderStatus Status,
    IReadOnlyList<OrderItem> Items, Money ItemsTotal, Money ShippingFee, Money DiscountAmount, Money TotalAmount,
    DateTimeOffset OrderedAt, SagaStatus? SagaStatus = null, string? Reason = null)
{
    internal static PlacedView Of(OrderPlaced o, OrderSaga? outcome, bool english) => new(
        o.OrderId, o.OrderNumber, o.SagaId, o.CorrelationId, outcome?.Status ?? o.Status, o.Items, o.ItemsTotal,
        o.ShippingFee, o.DiscountAmount, o.TotalAmount, o.OrderedAt, outcome?.Saga.Status,
        outcome is null ? null : CancelReasons.Of(outcome, english)?.Message);
}

/// <summary>What becomes of a cancel.</summary>
public sealed record CancelView(OrderId OrderId, OrderStatus Status);

/// <summary>A product of the price list.</summary>
public sealed record ProductView(ProductId ProductId, VariantId? VariantId, string Name, Money Price, int Available);
