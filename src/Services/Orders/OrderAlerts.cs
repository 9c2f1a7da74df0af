using DoaMarket.Kernel;
using DoaMarket.Sagas;

namespace DoaMarket.Orders;

/// <summary>What Orders calls a person for.</summary>
public static class OrderAlerts
{
    /// <summary>An undo failed or was never answered; subject is the saga's id.</summary>
    public const string Attention = "SAGA_NEEDS_ATTENTION";

    /// <summary>A saga stood still without a timer: a bug in the system; subject is the saga's id.</summary>
    public const string Stuck = "SAGA_STUCK";

    /// <summary>
    /// The bank took a deposit back when the parcel had been dispatched: goods without money; subject is the order's id.
    /// </summary>
    public const string DepositReversed = "DEPOSIT_REVERSED";

    internal static Alert DepositLost(Order order) => new(
        DepositReversed,
        AlertSeverity.P1,
        order.OrderId.ToString(),
        $"The bank took back the deposit of {order.TotalAmount} for order {order.OrderNumber}, whose parcel has been " +
        "dispatched. Ask the customer to pay again or have the parcel returned, then resolve this alert with a reason.",
        order.OrderId.ToString());

    /// <summary>
    /// An undo that was never answered is critical; one that the participant reported has its critical alert there.
    /// </summary>
    internal static Alert NeedsAttention(Order order, SagaAction.NeedsAttention attention) => new(
        Attention,
        attention.ToldByParticipant ? AlertSeverity.P2 : AlertSeverity.P1,
        order.SagaId.ToString(),
        $"Order {order.OrderNumber} cannot be undone at step {attention.Step}: {attention.Reason}. " +
        "Retry the saga, or settle the step by hand and resolve it with a reason; a late reply resumes it by itself.",
        order.OrderId.ToString());

    internal static Alert AmendNeedsAttention(AmendSaga amend, SagaAction.NeedsAttention attention) => new(
        Attention,
        attention.ToldByParticipant ? AlertSeverity.P2 : AlertSeverity.P1,
        amend.Saga.SagaId.ToString(),
        $"The partial cancel {amend.Amend.AmendId} of order {amend.Amend.OrderNumber} ({amend.Amend.RefundAmount}) "
        + $"stands at step {attention.Step}: {attention.Reason}. Retry the saga, or settle the step by hand and "
        + "resolve it with a reason; a late reply resumes it by itself.",
        amend.Amend.OrderId.ToString());

    internal static Alert StuckAmend(AmendSaga amend, string reason) => new(
        Stuck,
        AlertSeverity.P2,
        amend.Saga.SagaId.ToString(),
        $"The partial cancel {amend.Amend.AmendId} of order {amend.Amend.OrderNumber} stood still: {reason}. "
        + "It has been woken. The cause is a bug in the system: keep the logs.",
        amend.Amend.OrderId.ToString());

    internal static Alert StuckSaga(Order order, string reason) => new(
        Stuck,
        AlertSeverity.P2,
        order.SagaId.ToString(),
        $"The saga of order {order.OrderNumber} stood still: {reason}. It has been woken. " +
        "The cause is a bug in the system: keep the logs.",
        order.OrderId.ToString());
}
