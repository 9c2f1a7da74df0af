using DoaMarket.Contracts;
using DoaMarket.Kernel;

namespace DoaMarket.Payments;

/// <summary>
/// An operator gave the money back outside the PG, or found that nothing is owed, and closes the payment against
/// further effects, so that no late retry pays twice.
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

    /// <summary>
    /// Our refund was under way when an operator settled the payment, and went through: what was settled is now with
    /// the customer twice, and only a person can ask for it back.
    /// </summary>
    internal static Decision RefundSurfaced(Decision d, Payment payment, Refund refund, PaymentFound found)
    {
        if (payment.SettledByHand > Money.Zero)
        {
            d.Raise(new Alert(
                PaymentKinds.RefundedTwiceAlert, AlertSeverity.P1, payment.Id.ToString(),
                $"The PG refunded {found.Ours(refund.Id)?.Amount} after {payment.SettledByHand} was settled by hand.",
                payment.OrderId.ToString()));
        }

        return payment.Outstanding > Money.Zero ? Refunding.Finish(d, payment, refund, found) : d.Save(payment.Rest());
    }

    // Without an amount, all that is known to be owed was given back: for a charge of unknown outcome that is nothing,
    // and a capture that surfaces later is refunded as any late one.
    private static Decision Settle(
        Decision d, Payment payment, PaymentResolveRequested request, Money ceiling, PaymentsOptions options)
    {
        var asked = request.Amount ?? payment.Outstanding;
        var amount = asked > ceiling ? ceiling : asked < Money.Zero ? Money.Zero : asked;
        if (amount != asked)
        {
            d.Remark("settlement_limited", $"{asked} was to be settled; {amount} is what can be owed.");
        }

        var id = new RefundId(d.Occasion.Derive("settlement")); // a capture that surfaces later may need a second one
        var message = new PaymentRefunded(
            payment.OrderId, payment.Id, id, amount, payment.Captured, SettledByHand: true);
        d.Write(new(
            payment.Id, payment.OrderId, LedgerReason.SettledByHand, Money.Zero - amount, d.Occasion.Now, id,
            Remark: request.Reason));
        d.Send(message, out var eventId);
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
            SettledByHand = payment.SettledByHand + amount,
            SettlementReason = request.Reason,
            RefundReply = new(eventId, Refunded: message),
        });
    }
}
