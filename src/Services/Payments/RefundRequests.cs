using DoaMarket.Contracts;
using DoaMarket.Kernel;

namespace DoaMarket.Payments;

/// <summary>An operator wants a part of a payment given back.</summary>
/// <param name="RefundId">Derived from the payment, the operator and the Idempotency-Key: the same wish meets itself.
/// </param>
/// <param name="IsDispatched">Whether the parcel has left: before that, giving everything back is a cancel.</param>
public sealed record RefundPart(
    PaymentId PaymentId, RefundId RefundId, Money Amount, string Reason, UserId By, bool IsDispatched)
    : Request<RefundPartReply>;

/// <summary>An operator tries a refund again that the PG had refused for good.</summary>
public sealed record RetryRefund(PaymentId PaymentId, RefundId RefundId, string Reason) : Request<RefundPartReply>;

/// <summary>An operator has given the money of a refund back outside the PG.</summary>
public sealed record SettleRefund(PaymentId PaymentId, RefundId RefundId, string Reason) : Request<RefundPartReply>;

/// <summary>An operator lets a payment be read anew: what was done at the PG's console goes into the books.</summary>
public sealed record RereadPayment(PaymentId PaymentId, string Reason) : Request<RefundPartReply>;

/// <summary>What became of an operator's wish.</summary>
public abstract record RefundPartReply
{
    private RefundPartReply()
    {
    }

    /// <summary>It is in the books and will be carried out.</summary>
    public sealed record Taken(Refund Refund, bool IsReplay) : RefundPartReply;

    /// <summary>The PG is asked.</summary>
    public sealed record Reading : RefundPartReply;

    /// <summary>It is not possible now; nothing changed.</summary>
    /// <param name="Refundable">What could be given back.</param>
    public sealed record Refused(string Code, Money Refundable) : RefundPartReply;

    /// <summary>There is no such payment or refund.</summary>
    public sealed record Unknown : RefundPartReply;
}
