using DoaMarket.Contracts;
using DoaMarket.Sagas;

namespace DoaMarket.Orders;

/// <summary>
/// How an order is fulfilled, step by step, and how each step is undone. This is the definition: the engine, the
/// diagram and table in docs/order-flow.md, and the console's graph are made from it.
/// </summary>
public static class OrderFlow
{
    /// <summary>The order is written down.</summary>
    public const string CreateOrder = "create_order";

    /// <summary>Inventory holds every line.</summary>
    public const string ReserveInventory = "reserve_inventory";

    /// <summary>Payments charges the total.</summary>
    public const string ProcessPayment = "process_payment";

    /// <summary>Shipping registers the parcel.</summary>
    public const string PrepareShipping = "prepare_shipping";

    /// <summary>The customer is told.</summary>
    public const string SendNotifications = "send_notifications";

    /// <summary>
    /// The flow, version 2: a payment may wait for its customer, and the stock is held for as long.
    /// </summary>
    public static SagaDefinition<Order> Definition(OrdersOptions options, OrderParticipants participants) => new(
        "order_flow", version: 2,
        [
            Step(CreateOrder)
                .Locally()
                .DoneOn<OrderCreated>()
                .UndoneOn<OrderCancelled>(),

            Step(ReserveInventory)
                .Asks((order, ask) => new ReserveRequested(order.OrderId, order.StockLines(), ask.Deadline))
                .DoneOn<InventoryReserved>(heldUntil: reserved => reserved.ExpiresAt)
                .FailedOn<ReserveFailed>(failed => failed.Reason)
                .Within(options.ReserveInventoryWithin)
                .UndoneBy((order, undo) => new ReleaseRequested(
                    order.OrderId, undo.Reason, undo.SettlementOf(PrepareShipping)?.Restock ?? true))
                .UndoneOn<InventoryReleased>()
                .ResendsUndo(options.UndoResends)
                .AnsweredBy(participants.Inventory),

            Step(ProcessPayment)
                .Asks((order, ask) => new PaymentRequested(
                    order.OrderId, order.UserId, order.TotalAmount, order.PaymentMethod, order.Name(), ask.Deadline))
                .DoneOn<PaymentCompleted>()
                .FailedOn<PaymentFailed>(failed => failed.Reason)
                .Within(options.ProcessPaymentWithin)
                .MayWaitOn<AwaitingDeposit>(deposit => deposit.DueAt, options.DepositGrace)
                .HeldBy<ExtendRequested, InventoryExtended>(
                    (order, until) => new(order.OrderId, until), extended => extended.ExpiresAt,
                    options.ExtendHoldWithin)
                .UndoneBy((order, undo) => new RefundRequested(order.OrderId, undo.Reason, undo.RetryNumber))
                .UndoneOn<PaymentRefunded>()
                .UndoneOn<PaymentCancelled>()
                .UndoFailedOn<RefundFailed>(failed => failed.Reason)
                .SettledByHandWith(
                    (order, settled) => new PaymentResolveRequested(
                        order.OrderId, settled.Reason, settled.AmountWon is { } won ? new Money(won) : null,
                        RefundId: null),
                    SettlementDetail.Amount)
                .ResendsUndo(options.UndoResends)
                .AnsweredBy(participants.Payments),

            Step(PrepareShipping)
                .Asks((order, ask) => new PrepareRequested(
                    order.OrderId, order.UserId, order.Items, order.ShippingAddress, order.DeliveryMemo, ask.Deadline))
                .DoneOn<ShippingPrepared>()
                .FailedOn<PrepareFailed>(failed => failed.Reason)
                .Within(options.PrepareShippingWithin)
                .UndoneBy((order, undo) => new ShippingCancelRequested(
                    order.OrderId, undo.Reason, undo.AskedByPerson, undo.RetryNumber))
                .UndoneOn<ShippingCancelled>()
                .UndoRefusedOn<ShippingCancelRefused, ReturnReceived>(refused => refused.Reason, options.ReturnWithin)
                .SettledByHandWith(
                    (order, settled) => new ShippingResolveRequested(order.OrderId, settled.Reason, settled.Restock),
                    SettlementDetail.Restock)
                .ResendsUndo(options.UndoResends)
                .AnsweredBy(participants.Shipping),

            Step(SendNotifications)
                .Tells(order => new SendRequested(
                    order.OrderId, order.UserId, "order_confirmed", order.OrderNumber, order.TotalAmount)),
        ]);

    /// <summary>Version 1, which running sagas may have begun with: no payment waited for its customer.</summary>
    public static SagaDefinition<Order> Version1(OrdersOptions options, OrderParticipants participants) => new(
        "order_flow", version: 1, [.. Definition(options, participants).Steps.Select(s => s.WithoutWaiting())]);

    private static SagaStep<Order> Step(string name) => new(name);
}
