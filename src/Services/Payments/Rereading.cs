using DoaMarket.Contracts;
using DoaMarket.Kernel;

namespace DoaMarket.Payments;

/// <summary>
/// The remedy for what reconciliation finds: an operator lets a payment be read anew, and what somebody did at the PG's
/// own console goes into the books.
/// </summary>
public static class Rereading
{
    /// <summary>An operator's wish.</summary>
    public static Decision Request(
        Documents documents, Asked<RereadPayment, RefundPartReply> m, PaymentsOptions options)
    {
        var d = Decision.On(m);
        if (documents.Find(PaymentKinds.Payments, m.Body.PaymentId) is not { } payment)
        {
            return d.Answer(new RefundPartReply.Unknown());
        }

        if (payment is { Status: PaymentStatus.Pending, Call: not null } or { Status: PaymentStatus.Refunding }
            or { Call.Action: PgAction.Close })
        {
            return d.Answer(new RefundPartReply.Refused("PAYMENT_UNDER_WAY", payment.Refundable));
        }

        return d.Follow(payment.Trail).Audit("payment.reread", payment.Id.ToString(), m.Body.Reason)
            .Save((payment with { IsAdopting = true }).Ask(PgAction.Query, m.Now, options))
            .Answer(new RefundPartReply.Reading());
    }

    /// <summary>What the PG shows and the books do not have; null when there is nothing of that.</summary>
    internal static Decision? Adopt(Decision d, Payment payment, PaymentFound found, PaymentsOptions options)
    {
        var foreign = found.Refunds.Where(
            r => r is { IsDone: true, TransactionKey: not null }
                && !payment.Moves.Any(m => m.TransactionKey == r.TransactionKey)
                && !payment.Refunds.Any(o => found.Ours(o.Id) == r)).ToList();
        if (foreign.Count == 0 || payment.Captured == Money.Zero)
        {
            return null;
        }

        foreach (var made in foreign)
        {
            var amount = Booking.Smaller(made.Amount, payment.Held);
            var refund = new Refund(
                new(DerivedId.From(payment.Id.Value, made.TransactionKey!)), RefundKind.AtPg, made.Amount, made.Reason,
                RetryNumber: 0, payment.CreatedAt);
            payment = Booking.Give(
                d, payment with { Refunds = [.. payment.Refunds, refund] }, refund, amount, made.TransactionKey);
        }

        d.Remark("adopted", $"{foreign.Count} refunds that were made at the PG's console are in the books now.");
        payment = payment with { IsAdopting = false };
        return payment switch
        {
            { Status: PaymentStatus.RefundFailed } => d.Save(payment.Rest()),
            { SettlementReason: not null } => d.Save(payment.Rest()),
            _ => Booking.Next(d, payment, found.Balance, options),
        };
    }
}
