using System.Text.Json.Serialization;
using DoaMarket.Kernel;

namespace DoaMarket.Contracts;

/// <summary>
/// Every message of the shop by its wire name: a public contract, each with an approved JSON in tests/Wire.
/// </summary>
public static class ShopMessages
{
    private static readonly ContractsJson Json = ContractsJson.Default;

    /// <summary>The catalog.</summary>
    public static MessageCatalog Catalog { get; } = new MessageCatalog()
        .Add("order.created", Json.OrderCreated)
        .Add("order.paid", Json.OrderPaid)
        .Add("order.completed", Json.OrderCompleted)
        .Add("order.cancelling", Json.OrderCancelling)
        .Add("order.cancelled", Json.OrderCancelled)
        .Add("order.delivered", Json.OrderDelivered)
        .Add("order.returned", Json.OrderReturned)
        .Add("order.awaiting_deposit", Json.OrderAwaitingDeposit)
        .Add("order.amended", Json.OrderAmended)
        .Add("order.amend_refused", Json.OrderAmendRefused)
        .Add("inventory.reserve_requested", Json.ReserveRequested)
        .Add("inventory.release_requested", Json.ReleaseRequested)
        .Add("inventory.release_lines_requested", Json.ReleaseLinesRequested)
        .Add("inventory.extend_requested", Json.ExtendRequested)
        .Add("inventory.reserved", Json.InventoryReserved)
        .Add("inventory.reserve_failed", Json.ReserveFailed)
        .Add("inventory.released", Json.InventoryReleased)
        .Add("inventory.lines_released", Json.LinesReleased)
        .Add("inventory.committed", Json.InventoryCommitted)
        .Add("inventory.extended", Json.InventoryExtended)
        .Add("inventory.restocked", Json.InventoryRestocked)
        .Add("inventory.reservation_expired", Json.ReservationExpired)
        .Add("inventory.low_stock", Json.LowStock)
        .Add("inventory.out_of_stock", Json.OutOfStock)
        .Add("inventory.adjusted", Json.InventoryAdjusted)
        .Add("payment.requested", Json.PaymentRequested)
        .Add("payment.refund_requested", Json.RefundRequested)
        .Add("payment.partial_refund_requested", Json.PartialRefundRequested)
        .Add("payment.resolve_requested", Json.PaymentResolveRequested)
        .Add("payment.awaiting_deposit", Json.AwaitingDeposit)
        .Add("payment.completed", Json.PaymentCompleted)
        .Add("payment.failed", Json.PaymentFailed)
        .Add("payment.cancelled", Json.PaymentCancelled)
        .Add("payment.refunded", Json.PaymentRefunded)
        .Add("payment.refund_failed", Json.RefundFailed)
        .Add("payment.deposit_reversed", Json.DepositReversed)
        .Add("shipping.prepare_requested", Json.PrepareRequested)
        .Add("shipping.cancel_requested", Json.ShippingCancelRequested)
        .Add("shipping.amend_requested", Json.ShippingAmendRequested)
        .Add("shipping.amend_undo_requested", Json.ShippingAmendUndoRequested)
        .Add("shipping.resolve_requested", Json.ShippingResolveRequested)
        .Add("shipping.prepared", Json.ShippingPrepared)
        .Add("shipping.prepare_failed", Json.PrepareFailed)
        .Add("shipping.cancelled", Json.ShippingCancelled)
        .Add("shipping.cancel_refused", Json.ShippingCancelRefused)
        .Add("shipping.amended", Json.ShippingAmended)
        .Add("shipping.amend_refused", Json.ShippingAmendRefused)
        .Add("shipping.amend_undone", Json.ShippingAmendUndone)
        .Add("shipping.address_changed", Json.ShippingAddressChanged)
        .Add("shipping.dispatched", Json.ShippingDispatched)
        .Add("shipping.in_transit", Json.ShippingInTransit)
        .Add("shipping.delivered", Json.ShippingDelivered)
        .Add("shipping.delivery_failed", Json.DeliveryFailed)
        .Add("return.initiated", Json.ReturnInitiated)
        .Add("return.picked_up", Json.ReturnPickedUp)
        .Add("return.received", Json.ReturnReceived)
        .Add("return.completed", Json.ReturnCompleted)
        .Add("notification.send_requested", Json.SendRequested)
        .Add("notification.sent", Json.NotificationSent)
        .Add("notification.failed", Json.NotificationFailed)
        .Add("alert.raised", KernelJson.Default.AlertRaised)
        .Add("alert.resolved", KernelJson.Default.AlertResolved);
}

/// <summary>
/// How messages are written: camelCase, every member present; unknown, duplicate or missing members are refused.
/// </summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    AllowDuplicateProperties = false,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true,
    UseStringEnumConverter = true)]
[JsonSerializable(typeof(OrderCreated))]
[JsonSerializable(typeof(OrderPaid))]
[JsonSerializable(typeof(OrderCompleted))]
[JsonSerializable(typeof(OrderCancelling))]
[JsonSerializable(typeof(OrderCancelled))]
[JsonSerializable(typeof(OrderDelivered))]
[JsonSerializable(typeof(OrderReturned))]
[JsonSerializable(typeof(ReserveRequested))]
[JsonSerializable(typeof(ReleaseRequested))]
[JsonSerializable(typeof(ExtendRequested))]
[JsonSerializable(typeof(InventoryReserved))]
[JsonSerializable(typeof(ReserveFailed))]
[JsonSerializable(typeof(InventoryReleased))]
[JsonSerializable(typeof(InventoryCommitted))]
[JsonSerializable(typeof(InventoryExtended))]
[JsonSerializable(typeof(InventoryRestocked))]
[JsonSerializable(typeof(ReservationExpired))]
[JsonSerializable(typeof(LowStock))]
[JsonSerializable(typeof(OutOfStock))]
[JsonSerializable(typeof(InventoryAdjusted))]
[JsonSerializable(typeof(PaymentRequested))]
[JsonSerializable(typeof(RefundRequested))]
[JsonSerializable(typeof(PaymentResolveRequested))]
[JsonSerializable(typeof(AwaitingDeposit))]
[JsonSerializable(typeof(PaymentCompleted))]
[JsonSerializable(typeof(PaymentFailed))]
[JsonSerializable(typeof(PaymentCancelled))]
[JsonSerializable(typeof(PaymentRefunded))]
[JsonSerializable(typeof(RefundFailed))]
[JsonSerializable(typeof(PrepareRequested))]
[JsonSerializable(typeof(ShippingCancelRequested))]
[JsonSerializable(typeof(ShippingResolveRequested))]
[JsonSerializable(typeof(ShippingPrepared))]
[JsonSerializable(typeof(PrepareFailed))]
[JsonSerializable(typeof(ShippingCancelled))]
[JsonSerializable(typeof(ShippingCancelRefused))]
[JsonSerializable(typeof(ShippingDispatched))]
[JsonSerializable(typeof(ShippingInTransit))]
[JsonSerializable(typeof(ShippingDelivered))]
[JsonSerializable(typeof(DeliveryFailed))]
[JsonSerializable(typeof(ReturnInitiated))]
[JsonSerializable(typeof(ReturnReceived))]
[JsonSerializable(typeof(ReturnCompleted))]
[JsonSerializable(typeof(OrderAwaitingDeposit))]
[JsonSerializable(typeof(OrderAmended))]
[JsonSerializable(typeof(OrderAmendRefused))]
[JsonSerializable(typeof(ReleaseLinesRequested))]
[JsonSerializable(typeof(LinesReleased))]
[JsonSerializable(typeof(PartialRefundRequested))]
[JsonSerializable(typeof(DepositReversed))]
[JsonSerializable(typeof(ShippingAmendRequested))]
[JsonSerializable(typeof(ShippingAmendUndoRequested))]
[JsonSerializable(typeof(ShippingAmended))]
[JsonSerializable(typeof(ShippingAmendRefused))]
[JsonSerializable(typeof(ShippingAmendUndone))]
[JsonSerializable(typeof(ShippingAddressChanged))]
[JsonSerializable(typeof(ReturnPickedUp))]
[JsonSerializable(typeof(SendRequested))]
[JsonSerializable(typeof(NotificationSent))]
[JsonSerializable(typeof(NotificationFailed))]
public sealed partial class ContractsJson : JsonSerializerContext;
