using DoaMarket.Kernel;

namespace DoaMarket.Contracts;

/// <summary>
/// How the customer pays: a registered card (billing key), a payment authenticated in the PG's window (payment key), or
/// a deposit into a virtual account.
/// </summary>
/// <param name="Type">"billing", "card" or "virtual_account".</param>
/// <param name="BillingKey">The PG's key of a registered card.</param>
/// <param name="PaymentKey">The PG's key of an authenticated payment.</param>
/// <param name="Bank">The bank of the virtual account.</param>
/// <param name="RefundReceiveAccount">Where a deposit goes back to; a virtual account requires it.</param>
public sealed record PaymentMethod(
    string Type, string? BillingKey = null, string? PaymentKey = null, string? Bank = null,
    RefundReceiveAccount? RefundReceiveAccount = null)
{
    /// <summary>The method with its keys masked: whoever has a billing key can charge the card.</summary>
    public PaymentMethod Masked() => this with
    {
        BillingKey = BillingKey is null ? null : "***",
        PaymentKey = PaymentKey is null ? null : "***",
        RefundReceiveAccount = RefundReceiveAccount?.Masked(),
    };
}

/// <summary>A bank account of the customer. Personal data.</summary>
public sealed record RefundReceiveAccount(string Bank, string AccountNumber, string HolderName)
{
    /// <summary>The account with number and holder masked.</summary>
    public RefundReceiveAccount Masked() => new(Bank, "***", Mask.Name(HolderName));
}

/// <summary>`payment.requested`: charge this amount once.</summary>
/// <param name="Deadline">No charge begins after it.</param>
public sealed record PaymentRequested(
    OrderId OrderId, UserId UserId, Money Amount, PaymentMethod PaymentMethod, string OrderName,
    DateTimeOffset Deadline)
    : IOrderMessage, IPersonalMessage
{
    /// <inheritdoc />
    public IMessage Masked() => this with { PaymentMethod = PaymentMethod.Masked() };
}

/// <summary>`payment.refund_requested`: give everything back; answered also when nothing was captured.</summary>
/// <param name="RetryNumber">0 from the saga; each operator's retry counts on, which re-arms a failed refund.</param>
public sealed record RefundRequested(OrderId OrderId, string Reason, int RetryNumber) : IOrderMessage;

/// <summary>`payment.partial_refund_requested`: give this much back, once, under this refund id.</summary>
/// <param name="RefundId">Made by the asker; the answers carry it.</param>
/// <param name="RetryNumber">0 from the saga; each operator's retry counts on, which re-arms a failed refund.</param>
public sealed record PartialRefundRequested(
    OrderId OrderId, RefundId RefundId, Money Amount, string Reason, int RetryNumber) : IOrderMessage;

/// <summary>`payment.resolve_requested`: an operator settled this by hand; close it and answer as usual.</summary>
/// <param name="Amount">What the operator gave back; null when it is all that is owed.</param>
/// <param name="RefundId">One partial refund only; null for the whole payment.</param>
public sealed record PaymentResolveRequested(OrderId OrderId, string Reason, Money? Amount, RefundId? RefundId)
    : IOrderMessage;

/// <summary>
/// `payment.awaiting_deposit`: the customer has a virtual account to pay into until <paramref name="DueAt"/>.
/// </summary>
public sealed record AwaitingDeposit(
    OrderId OrderId, PaymentId PaymentId, Money Amount, string Bank, string AccountNumber, DateTimeOffset DueAt)
    : IOrderMessage;

/// <summary>`payment.completed`: the amount is captured at the PG.</summary>
/// <param name="TransactionId">The PG's transaction.</param>
public sealed record PaymentCompleted(
    OrderId OrderId, PaymentId PaymentId, string TransactionId, Money Amount) : IOrderMessage;

/// <summary>`payment.failed`: nothing was captured, and nothing will be.</summary>
/// <param name="Code">The PG's code.</param>
public sealed record PaymentFailed(OrderId OrderId, PaymentId PaymentId, string Reason, string? Code) : IOrderMessage;

/// <summary>`payment.cancelled`: nothing was captured, and nothing will be; the answer to a refund request.</summary>
public sealed record PaymentCancelled(OrderId OrderId, string Reason) : IOrderMessage;

/// <summary>`payment.refunded`: this much went back to the customer.</summary>
/// <param name="Captured">What had been captured: a capture found only after the refund was asked for is
/// told here alone.</param>
/// <param name="SettledByHand">True when an operator closed the whole payment outside the PG.</param>
public sealed record PaymentRefunded(
    OrderId OrderId, PaymentId PaymentId, RefundId RefundId, Money Amount, Money Captured, bool SettledByHand)
    : IOrderMessage;

/// <summary>`payment.refund_failed`: the PG refuses; a person must act.</summary>
public sealed record RefundFailed(
    OrderId OrderId, PaymentId PaymentId, RefundId RefundId, string Reason) : IOrderMessage;

/// <summary>`payment.deposit_reversed`: the bank took a deposit back; the money is not there any more.</summary>
public sealed record DepositReversed(OrderId OrderId, PaymentId PaymentId, Money Amount) : IOrderMessage;
