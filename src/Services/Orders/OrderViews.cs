using DoaMarket.Contracts;
using DoaMarket.Kernel;
using DoaMarket.Sagas;

namespace DoaMarket.Orders;

/// <summary>An order in a list.</summary>
public sealed record OrderSummaryView(
    OrderId OrderId, string OrderNumber, SagaId SagaId, CorrelationId CorrelationId, UserId UserId, OrderStatus Status,
    SagaStatus SagaStatus, Money TotalAmount, DateTimeOffset OrderedAt);

/// <summary>An order in full: what was bought, what was told of payment and shipment, and the saga's steps.</summary>
public sealed record OrderView(
    OrderId OrderId, string OrderNumber, SagaId SagaId, CorrelationId CorrelationId, UserId UserId, OrderStatus Status,
    IReadOnlyList<OrderItem> Items, Money ItemsTotal, Money ShippingFee, Money DiscountAmount, Money TotalAmount,
    ShippingAddress ShippingAddress, string? DeliveryMemo, DateTimeOffset OrderedAt,
    IReadOnlyList<StatusChange> StatusHistory, PaymentFacts? Payment, ShipmentFacts? Shipment, SagaView Saga)
{
    internal static OrderView Of(Order o, OrderSaga s, bool masked) => new(
        o.OrderId, o.OrderNumber, o.SagaId, o.CorrelationId, o.UserId, s.Status, o.Items, o.ItemsTotal, o.ShippingFee,
        o.DiscountAmount, o.TotalAmount, masked ? o.ShippingAddress.Masked() : o.ShippingAddress,
        masked && o.DeliveryMemo is not null ? "***" : o.DeliveryMemo,
        o.OrderedAt, s.History, s.Payment, s.Shipment, SagaView.Of(s));
}

/// <summary>A saga as operators see it, and as the requirement shows it.</summary>
/// <param name="OrderStatus">Where the order stands.</param>
/// <param name="Reason">Why it goes, or went, back.</param>
/// <param name="WakeAt">When its timer is due.</param>
public sealed record SagaView(
    SagaId SagaId, OrderId OrderId, CorrelationId CorrelationId, SagaStatus Status, OrderStatus OrderStatus,
    string? CurrentStep, IReadOnlyList<StepState> Steps, bool Compensated, string? Reason, string Definition,
    int DefinitionVersion, int Version, DateTimeOffset CreatedAt, DateTimeOffset UpdatedAt, DateTimeOffset? WakeAt)
{
    internal static SagaView Of(OrderSaga s) => new(
        s.Saga.SagaId, s.OrderId, s.Saga.CorrelationId, s.Saga.Status, s.Status, s.Saga.CurrentStep, s.Saga.Steps,
        s.Saga.Compensated, s.Saga.Reason, s.Saga.Definition, s.Saga.DefinitionVersion, s.Saga.Version,
        s.Saga.CreatedAt, s.Saga.UpdatedAt, s.Saga.WakeAt);
}

/// <summary>The answer to a new order; with `Prefer: wait` also how it ended.</summary>
/// <param name="SagaStatus">Set when the answer waited: how far the saga is.</param>
/// <param name="Reason">Set when the answer waited and the order was cancelled: why.</param>
public sealed record PlacedView(
    OrderId OrderId, string OrderNumber, SagaId SagaId, CorrelationId CorrelationId, OrderStatus Status,
    IReadOnlyList<OrderItem> Items, Money ItemsTotal, Money ShippingFee, Money DiscountAmount, Money TotalAmount,
    DateTimeOffset OrderedAt, SagaStatus? SagaStatus = null, string? Reason = null)
{
    internal static PlacedView Of(OrderPlaced o, OrderSaga? outcome) => new(
        o.OrderId, o.OrderNumber, o.SagaId, o.CorrelationId, outcome?.Status ?? o.Status, o.Items, o.ItemsTotal,
        o.ShippingFee, o.DiscountAmount, o.TotalAmount, o.OrderedAt, outcome?.Saga.Status, outcome?.Saga.Reason);
}

/// <summary>What becomes of a cancel.</summary>
public sealed record CancelView(OrderId OrderId, OrderStatus Status);

/// <summary>A product of the price list.</summary>
public sealed record ProductView(ProductId ProductId, VariantId? VariantId, string Name, Money Price, int Available);
