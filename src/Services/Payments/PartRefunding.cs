using DoaMarket.Contracts;
using DoaMarket.Kernel;

namespace DoaMarket.Payments;

/// <summary>
/// Gives a part back, once per refund id: for a partial cancel that a saga commands, and for an operator. One refund is
/// in hand at a time; a full refund takes those with it that still wait.
/// </summary>
public static class PartRefunding
{
    /// <summary>`payment.partial_refund_requested`.</summary>
    public static Decision Request(
        Documents documents, Incoming<PartialRefundRequested> m, PaymentsOptions options)
    {
        var d = Decision.On(m);
        var asked = m.Message;
        if (documents.Find(PaymentKinds.Payments, PaymentId.Of(asked.OrderId)) is not { } payment)
        {
            // No tombstone: a part that is given up must not keep the whole from being charged.
            return d.Remark("no_payment", "There is no payment of which a part could be given back.").Send(
                new RefundFailed(
                    asked.OrderId, PaymentId.Of(asked.OrderId), asked.RefundId, "There is no payment of this order."));
        }

        payment = payment with { Trail = m.Trail };
        if (payment.Refunds.FirstOrDefault(r => r.Id == asked.RefundId) is { } known)
        {
            return Again(d, payment, known, asked.RetryNumber, asked.Reason, options);
        }

        var refund = new Refund(
            asked.RefundId, RefundKind.PartialCancel, Larger(asked.Amount, Money.Zero), asked.Reason, asked.RetryNumber,
            m.Now);
        return Take(d, payment, refund, options);
    }

    /// <summary>A refund that an operator wants.</summary>
    public static Decision ByOperator(
        Documents documents, Asked<RefundPart, RefundPartReply> m, PaymentsOptions options)
    {
        var d = Decision.On(m);
        var wish = m.Body;
        if (documents.Find(PaymentKinds.Payments, wish.PaymentId) is not { } payment)
        {
            return d.Answer(new RefundPartReply.Unknown());
        }

        if (payment.Refunds.FirstOrDefault(r => r.Id == wish.RefundId) is { } known)
        {
            return d.Answer(known.Asked == wish.Amount && known.Reason == wish.Reason
                ? new RefundPartReply.Taken(known, IsReplay: true)
                : new RefundPartReply.Refused("IDEMPOTENCY_KEY_REUSED", payment.Refundable));
        }

        if (Refusal(payment, wish, options) is { } code)
        {
            return d.Answer(new RefundPartReply.Refused(code, payment.Refundable));
        }

        var refund = new Refund(wish.RefundId, RefundKind.Operator, wish.Amount, wish.Reason, RetryNumber: 0, m.Now)
        {
            By = wish.By,
        };
        d.Follow(payment.Trail).Audit("payment.refund", payment.Id.ToString(), $"{wish.Amount}: {wish.Reason}")
            .Answer(new RefundPartReply.Taken(refund, IsReplay: false));
        return Take(d, payment, refund, options);
    }

    /// <summary>An operator tries a part again that the PG had refused.</summary>
    public static Decision Retry(
        Documents documents, Asked<RetryRefund, RefundPartReply> m, PaymentsOptions options)
    {
        var d = Decision.On(m);
        if (documents.Find(PaymentKinds.Payments, m.Body.PaymentId) is not { } payment
            || payment.Refunds.FirstOrDefault(r => r.Id == m.Body.RefundId) is not { } refund)
        {
            return d.Answer(new RefundPartReply.Unknown());
        }

        if (refund is not { Status: RefundStatus.Failed } || refund.Kind == RefundKind.Full)
        {
            return d.Answer(new RefundPartReply.Refused("REFUND_NOT_FAILED", payment.Refundable));
        }

        var retry = refund.RetryNumber + 1;
        d.Follow(payment.Trail).Audit("payment.refund_retry", payment.Id.ToString(), m.Body.Reason)
            .Answer(new RefundPartReply.Taken(refund with { Status = RefundStatus.UnderWay }, IsReplay: false));
        return Refunding.Rearm(d, payment, refund, retry, m.Body.Reason, options);
    }

    private static Decision Again(
        Decision d, Payment payment, Refund known, int retryNumber, string reason, PaymentsOptions options) =>
        known switch
        {
            { Status: RefundStatus.Failed } when retryNumber > known.RetryNumber =>
                Refunding.Rearm(d, payment, known, retryNumber, reason, options),
            { Reply: { } reply, Status: not RefundStatus.UnderWay } =>
                d.Remark("repeated_request", "Answered as before.").SendAgain(reply.Sent, reply.Message),
            _ => d.Remark("repeated_request", "The refund is under way, or waits for another."),
        };

    private static Decision Take(Decision d, Payment payment, Refund refund, PaymentsOptions options)
    {
        if (payment.Refunds.Count(r => r.IsOpen) >= options.RefundsWaitingMax
            || payment.Refunds.Count >= options.RefundsMax)
        {
            // Bounded: the asker hears no, and tries again when others have come to their end.
            d.Remark("too_many_refunds", $"{options.RefundsWaitingMax} refunds may wait.").Send(new RefundFailed(
                payment.OrderId, payment.Id, refund.Id, "Too many refunds of this payment wait. Try again later."));
            return d.Save(payment.MaybeAskedTwice());
        }

        var taken = payment with { Refunds = [.. payment.Refunds, refund] };
        return payment.Status switch
        {
            PaymentStatus.Completed =>
                Booking.Next(d, taken, payment.Captured - payment.Refunded, options),
            PaymentStatus.Failed or PaymentStatus.Cancelled or PaymentStatus.Refunded => d
                .Remark("nothing_left", $"Nothing is left to be given back: the payment is {payment.Status.Name()}.")
                .Save(Booking.Give(d, taken, refund, Money.Zero, transactionKey: null)),
            _ => d.Remark("refund_queued", $"The payment is {payment.Status.Name()}.").Save(taken.MaybeAskedTwice()),
        };
    }

    private static string? Refusal(Payment payment, RefundPart wish, PaymentsOptions options) => payment switch
    {
        { Status: PaymentStatus.Pending or PaymentStatus.AwaitingDeposit } => "PAYMENT_NOT_CAPTURED",
        { Status: PaymentStatus.Failed or PaymentStatus.Cancelled } => "PAYMENT_NOT_CAPTURED",
        { Status: PaymentStatus.Refunded } => "NOTHING_TO_REFUND",
        { Status: PaymentStatus.RefundFailed } => "EARLIER_REFUND_FAILED",
        { RefundOwed: not null } or { Refund.Kind: RefundKind.Full } => "FULL_REFUND_UNDER_WAY",
        _ when wish.Amount > payment.Refundable => "REFUND_EXCEEDS_REST",
        _ when wish.Amount == payment.Refundable && !wish.IsDispatched => "USE_CANCEL",
        _ when payment.Refunds.Count(r => r.IsOpen) >= options.RefundsWaitingMax
            || payment.Refunds.Count >= options.RefundsMax => "TOO_MANY_REFUNDS",
        _ => null,
    };

    private static Money Larger(Money left, Money right) => left > right ? left : right;
}
