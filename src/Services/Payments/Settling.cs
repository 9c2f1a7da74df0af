using DoaMarket.Contracts;
using DoaMarket.Kernel;

namespace DoaMarket.Payments;

/// <summary>
/// An operator gave the money back outside the PG, or found that nothing is owed, and closes the payment (or one part
/// of it) against further effects, so that no late retry pays twice.
/// </summary>
public static class Settling
{
    /// <summary>`payment.resolve_requested`.</summary>
    public static Decision Resolve(
        Documents documents, Incoming<PaymentResolveRequested> m, PaymentsOptions options)
    {
        var d = Decision.On(m);
        var payment = documents.Find(PaymentKinds.Payments, PaymentId.Of(m.Message.OrderId));
        if (payment is null)
        {
            return d.Remark("tombstone", "There was no payment to settle.")
                .Cancel(Refunding.Tombstone(m, m.Message.OrderId), m.Message.Reason);
        }

        payment = payment with { Trail = m.Trail };
        if (m.Message.RefundId is { } part)
        {
            return ResolvePart(d, payment, part, m.Message, options);
        }

        return payment.Status switch
        {
            PaymentStatus.Completed or PaymentStatus.Refunding or PaymentStatus.RefundFailed =>
                Settle(d, payment, m.Message, ceiling: payment.Outstanding, options),
            PaymentStatus.AwaitingDeposit => Settle(d, payment, m.Message, ceiling: payment.Amount, options),
            PaymentStatus.Pending when payment.ChargeCanHaveBegun =>
                Settle(d, payment, m.Message, ceiling: payment.Amount, options),
            PaymentStatus.Pending => d.Cancel(payment, m.Message.Reason),
            _ => Refunding.Answer(
                d.Remark("nothing_to_settle", $"The payment is {payment.Status.Name()}."), payment, m.Message.Reason),
        };
    }

    /// <summary>An operator has given one refund's money back outside the PG.</summary>
    public static Decision ByOperator(
        Documents documents, Asked<SettleRefund, RefundPartReply> m, PaymentsOptions options)
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

        d.Follow(payment.Trail).Answer(new RefundPartReply.Taken(
            refund with { Status = RefundStatus.Closed, SettlementReason = m.Body.Reason }, IsReplay: false));
        return SettlePart(d, payment, refund, refund.Asked ?? Money.Zero, m.Body.Reason, options);
    }

    /// <summary>
    /// A refund was under way when an operator settled it, and went through: what was settled is now with the customer
    /// twice, and only a person can ask for it back.
    /// </summary>
    internal static Decision RefundSurfaced(
        Decision d, Payment payment, PaymentFound found, PaymentsOptions options)
    {
        foreach (var refund in payment.Refunds.Where(
            r => r is { Status: RefundStatus.Closed, TransactionKey: null }
                && found.Ours(r.Id) is { IsDone: true }))
        {
            var ours = found.Ours(refund.Id)!;
            if (payment.SettledByHand > Money.Zero)
            {
                d.Raise(new Alert(
                    PaymentKinds.RefundedTwiceAlert, AlertSeverity.P1, payment.Id.ToString(),
                    $"The PG refunded {ours.Amount} after {payment.SettledByHand} was settled by hand.",
                    payment.OrderId.ToString()));
            }

            var owed = Booking.Smaller(ours.Amount, payment.Held);
            payment = owed > Money.Zero
                ? Booking.Give(d, payment, refund, owed, ours.TransactionKey ?? found.TransactionKey)
                : payment.With(refund with { TransactionKey = ours.TransactionKey ?? found.TransactionKey });
        }

        return payment.SettlementReason is null && payment.Outstanding > Money.Zero && payment.Refund is null
            ? Booking.Next(d, payment, found.Balance, options)
            : d.Save(payment.Rest());
    }

    private static Decision ResolvePart(
        Decision d, Payment payment, RefundId part, PaymentResolveRequested asked, PaymentsOptions options)
    {
        var known = payment.Refunds.FirstOrDefault(r => r.Id == part);
        if (known is { IsOpen: false, Reply: { } reply })
        {
            return d.Remark("repeated_request", "Answered as before.").SendAgain(reply.Sent, reply.Message);
        }

        // A settlement may overtake its request: the refund is closed before it was asked for.
        var refund = known ?? new Refund(
            part, RefundKind.PartialCancel, asked.Amount ?? Money.Zero, asked.Reason, 0, d.Occasion.Now);
        var opened = known is null ? payment with { Refunds = [.. payment.Refunds, refund] } : payment;
        return SettlePart(d, opened, refund, asked.Amount ?? refund.Asked ?? Money.Zero, asked.Reason, options);
    }

    private static Decision SettlePart(
        Decision d, Payment payment, Refund refund, Money asked, string reason, PaymentsOptions options)
    {
        var amount = Limited(d, asked, payment.Outstanding);
        if (refund.Status == RefundStatus.Failed)
        {
            d.Resolve(PaymentKinds.RefundFailedAlert, payment.Id.ToString(), reason);
        }

        d.Audit("payment.settled_by_hand", payment.Id.ToString(), $"{refund.Id}: {reason}");
        var settled = Booking.Give(d, payment, refund, amount, transactionKey: null, settlement: reason);
        return refund.IsInHand
            ? Booking.Next(d, settled, settled.Captured - settled.Refunded, options)
            : d.Save(settled.MaybeAskedTwice());
    }

    // Without an amount, all that is known to be owed was given back: for a charge of unknown outcome that is nothing,
    // and a capture that surfaces later is refunded as any late one. What a smaller amount leaves stays with the shop.
    private static Decision Settle(
        Decision d, Payment payment, PaymentResolveRequested request, Money ceiling, PaymentsOptions options)
    {
        var amount = Limited(d, request.Amount ?? payment.Outstanding, ceiling);
        var retained = payment.Outstanding > amount ? payment.Outstanding - amount : Money.Zero;
        if (retained > Money.Zero)
        {
            d.Remark("settled_in_part", $"{amount} of {payment.Outstanding} goes back; {retained} stays with the shop.");
        }

        var left = amount;
        foreach (var part in payment.Refunds.Where(r => r.IsOpen && r.Kind != RefundKind.Full))
        {
            var share = Booking.Smaller(part.Asked ?? Money.Zero, left);
            payment = Booking.Give(d, payment, part, share, transactionKey: null, settlement: request.Reason);
            left -= share;
        }

        var id = new RefundId(d.Occasion.Derive("settlement")); // a capture that surfaces later may need a second one
        var message = new PaymentRefunded(
            payment.OrderId, payment.Id, id, left, payment.Captured, SettledByHand: true);
        payment = payment.Booked(
            d,
            new(
                payment.Id, payment.OrderId, LedgerReason.SettledByHand, Money.Zero - left, d.Occasion.Now, id,
                Remark: request.Reason),
            d.Occasion.Now);
        d.Send(message, out var sent);
        d.Resolve(PaymentKinds.RefundFailedAlert, payment.Id.ToString(), request.Reason);
        d.Resolve(PaymentKinds.AmountMismatchAlert, payment.Id.ToString(), request.Reason);
        d.Audit("payment.settled_by_hand", payment.Id.ToString(), request.Reason);
        var closing = payment.Status == PaymentStatus.AwaitingDeposit
            ? payment.Ask(PgAction.Close, d.Occasion.Now, options)
            : payment.Rest();
        return d.Save(closing with
        {
            Status = PaymentStatus.Refunded,
            RefundOwed = null,
            Refunds = [.. payment.Refunds.Select(r => r.IsOpen ? Closed(r, request.Reason, d.Occasion.Now) : r)],
            SettledByHand = payment.SettledByHand + left,
            Retained = payment.Retained + retained,
            SettlementReason = request.Reason,
            RefundReply = new(sent, Refunded: message),
        });
    }

    private static Refund Closed(Refund full, string reason, DateTimeOffset now) =>
        full with { Status = RefundStatus.Closed, EndedAt = now, SettlementReason = reason };

    private static Money Limited(Decision d, Money asked, Money ceiling)
    {
        var amount = asked > ceiling ? ceiling : asked < Money.Zero ? Money.Zero : asked;
        if (amount != asked)
        {
            d.Remark("settlement_limited", $"{asked} was to be settled; {amount} is what can be owed.");
        }

        return amount;
    }
}
