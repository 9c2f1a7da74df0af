using DoaMarket.Contracts;
using DoaMarket.Sagas;

namespace DoaMarket.Orders;

/// <summary>
/// How some lines of an order are cancelled before dispatch, step by step. Shipping alone decides whether it is still
/// possible, so its step is the pivot: before it everything is undone, after it the rest is asked for until it is done.
/// This is the definition: the engine, and the diagram and table in docs/amend-flow.md, are made from it.
/// </summary>
public static class AmendFlow
{
    /// <summary>The wish is written down.</summary>
    public const string AcceptWish = "accept_wish";

    /// <summary>Shipping takes the lines out of the parcel. The pivot.</summary>
    public const string AmendShipment = "amend_shipment";

    /// <summary>Payments gives the difference back.</summary>
    public const string RefundDifference = "refund_difference";

    /// <summary>Inventory gives the lines back.</summary>
    public const string ReleaseLines = "release_lines";

    /// <summary>The flow, version 1.</summary>
    public static SagaDefinition<Amend> Definition(OrdersOptions options, OrderParticipants participants) => new(
        "amend_flow", version: 1,
        [
            Step(AcceptWish)
                .Locally()
                .UndoneOn<OrderAmendRefused>(),

            Step(AmendShipment)
                .Asks((amend, ask) => new ShippingAmendRequested(
                    amend.OrderId, amend.AmendId, amend.Remaining, amend.Reason, ask.Deadline))
                .DoneOn<ShippingAmended>()
                .FailedOn<ShippingAmendRefused>(refused => refused.Reason)
                .Within(options.AmendShipmentWithin)
                .UndoneBy((amend, undo) => new ShippingAmendUndoRequested(
                    amend.OrderId, amend.AmendId, amend.Before, undo.Reason))
                .UndoneOn<ShippingAmendUndone>()
                .ResendsUndo(options.UndoResends)
                .AnsweredBy(participants.Shipping),

            Step(RefundDifference)
                .OnlyWhen(amend => amend.RefundAmount > Money.Zero)
                .Asks((amend, ask) => new PartialRefundRequested(
                    amend.OrderId, amend.RefundId, amend.RefundAmount, amend.Reason, ask.RetryNumber))
                .DoneOn<PaymentRefunded>()
                .StuckOn<RefundFailed>(failed => failed.Reason)
                .Retries(options.AmendRetries)
                .SettledByHandWith((amend, settled) => new PaymentResolveRequested(
                    amend.OrderId, settled.Reason, amend.RefundAmount, amend.RefundId))
                .AnsweredBy(participants.Payments),

            Step(ReleaseLines)
                .Asks((amend, _) => new ReleaseLinesRequested(
                    amend.OrderId, amend.AmendId, amend.CancelledStock(), amend.Reason))
                .DoneOn<LinesReleased>()
                .Retries(options.AmendRetries)
                .AnsweredBy(participants.Inventory),
        ]);

    private static SagaStep<Amend> Step(string name) => new(name);
}
