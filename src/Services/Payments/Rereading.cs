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
        var adopted = Adopted(d, payment, found);
        if (ReferenceEquals(adopted, payment))
        {
            return null;
        }

        payment = adopted with { IsAdopting = false };
        return payment switch
        {
            { Status: PaymentStatus.RefundFailed } => d.Save(payment.Rest()),
            { SettlementReason: not null } => d.Save(payment.Rest()),
            _ => Booking.Next(d, payment, found.Balance, options),
        };
    }

    /// <summary>
    /// The payment with every refund in its books that was made at the PG's console; the same payment when there is none.
    /// What a refund of ours leaves is known only with them.
    /// </summary>
    internal static Payment Adopted(Decision d, Payment payment, PaymentFound found)
    {
        if (payment.Captured == Money.Zero)
        {
            return payment;
        }

        var before = payment;
        var foreign = found.Refunds.Where(
            r => r is { IsDone: true, TransactionKey: not null }
                && !before.Moves.Any(m => m.TransactionKey == r.TransactionKey)
                && !before.Refunds.Any(o => o.Id == IdOf(before, r) || found.Ours(o.Id) == r)).ToList();
        foreach (var made in foreign)
        {
            var amount = Booking.Smaller(made.Amount, payment.Held);
            var refund = new Refund(
                IdOf(payment, made), RefundKind.AtPg, made.Amount, made.Reason, RetryNumber: 0, payment.CreatedAt);
            payment = Booking.Give(
                d, payment with { Refunds = [.. payment.Refunds, refund] }, refund, amount, made.TransactionKey);
        }

        if (foreign.Count > 0)
        {
            d.Remark("adopted", $"{foreign.Count} refunds that were made at the PG's console are in the books now.");
        }

        return payment;
    }

    private static RefundId IdOf(Payment payment, PgRefund made) =>
        new(DerivedId.From(payment.Id.Value, made.TransactionKey!));
}
