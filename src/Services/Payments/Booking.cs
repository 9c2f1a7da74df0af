using DoaMarket.Contracts;
using DoaMarket.Kernel;

namespace DoaMarket.Payments;

/// <summary>
/// Takes refunds that the PG shows into the books, each under its own id and with its own answer, and goes on with the
/// next one.
/// </summary>
internal static class Booking
{
    /// <summary>Whether the PG shows a refund as made that the books do not have.</summary>
    public static bool HasNews(Payment payment, PaymentFound found) =>
        payment.Refunds.Any(r => r.IsOpen && IsMade(found, r))
        || (payment.Refund is not null && found.Status == PgStatus.Canceled);

    /// <summary>Whether a refund went through after an operator had settled it.</summary>
    public static bool HasSurfaced(Payment payment, PaymentFound found) => payment.Refunds.Any(
        r => r is { Status: RefundStatus.Closed, TransactionKey: null } && IsMade(found, r));

    /// <summary>
    /// Books every refund that the PG shows. When it holds nothing any more, whatever is in hand is given back, too, by
    /// whichever hand.
    /// </summary>
    public static Decision Book(Decision d, Payment payment, PaymentFound found, PaymentsOptions options)
    {
        if (payment.Refunds.Any(r => r.IsOpen && IsMade(found, r)))
        {
            payment = Rereading.Adopted(d, payment, found); // ours is less by what others gave back
        }

        foreach (var refund in payment.Refunds.Where(r => r.IsOpen && r.Kind != RefundKind.Full))
        {
            if (IsMade(found, refund) || (refund.IsInHand && found.Status == PgStatus.Canceled))
            {
                var ours = found.Ours(refund.Id);
                var amount = Smaller(ours?.Amount ?? refund.Asked ?? payment.Outstanding, payment.Outstanding);
                payment = Give(d, payment, refund, amount, ours?.TransactionKey ?? found.TransactionKey);
            }
        }

        if (payment.Refunds.FirstOrDefault(r => r is { IsOpen: true, Kind: RefundKind.Full }) is { } full
            && (IsMade(found, full) || found.Status == PgStatus.Canceled))
        {
            payment = BookFull(d, payment, full, found.Ours(full.Id)?.TransactionKey ?? found.TransactionKey);
        }

        if (payment.Status == PaymentStatus.RefundFailed && payment.Refund is null)
        {
            d.Resolve(PaymentKinds.RefundFailedAlert, payment.Id.ToString(), "The PG has refunded it.");
        }

        // A look at a payment whose failed refund is not among those found changes nothing for that one.
        return payment.Refund is { Status: RefundStatus.Failed }
            ? d.Save(payment.Rest())
            : payment.Refund is not null
                ? d.Save(payment.QueryLater(d.Occasion.Now, options))
                : Next(d, payment, found.Balance, options);
    }

    /// <summary>Begins the next refund, or lets the payment rest.</summary>
    public static Decision Next(Decision d, Payment payment, Money refundable, PaymentsOptions options)
    {
        if (payment.Outstanding <= Money.Zero)
        {
            return d.Save(NothingFor(d, payment).Rest() with
            {
                Status = payment.Captured > Money.Zero || payment.SettledByHand > Money.Zero
                    ? PaymentStatus.Refunded
                    : payment.Status,
                RefundOwed = null,
            });
        }

        if (payment.RefundOwed is { } owed)
        {
            return Refunding.Start(d, payment, owed.Reason, owed.RetryNumber, refundable, options);
        }

        if (payment.Refunds.FirstOrDefault(r => r.Status == RefundStatus.Queued) is not { } queued)
        {
            return d.Save(payment.Rest() with { Status = PaymentStatus.Completed });
        }

        var begun = queued with { Status = RefundStatus.UnderWay, Refundable = refundable };
        return d.Save((payment.With(begun) with { Status = PaymentStatus.Refunding })
            .Ask(PgAction.Refund, d.Occasion.Now, options));
    }

    /// <summary>Answers every part that waits: there is nothing to give back, and there will not be.</summary>
    public static Payment NothingFor(Decision d, Payment payment)
    {
        foreach (var refund in payment.Refunds.Where(r => r.IsOpen && r.Kind != RefundKind.Full))
        {
            payment = Give(d, payment, refund, Money.Zero, transactionKey: null);
        }

        if (payment.RefundOwed is not null && payment.Captured > Money.Zero)
        {
            var full = new Refund(
                Refunding.RefundIdOf(payment.Id), RefundKind.Full, null, payment.RefundOwed.Reason,
                payment.RefundOwed.RetryNumber, d.Occasion.Now);
            payment = Give(d, payment with { Refunds = [.. payment.Refunds, full] }, full, Money.Zero, null);
        }

        return payment;
    }

    /// <summary>Books what went back for one refund, and answers it.</summary>
    public static Payment Give(
        Decision d, Payment payment, Refund refund, Money amount, string? transactionKey, string? settlement = null)
    {
        var now = d.Occasion.Now;
        var isByHand = settlement is not null;
        var row = new PaymentLedgerRow(
            payment.Id, payment.OrderId, isByHand ? LedgerReason.SettledByHand : LedgerReason.Refunded,
            Money.Zero - amount, now, refund.Id, transactionKey, settlement)
        {
            Ordinal = refund is { EndedAt: not null, Reply: not null } ? 1 : 0,
        };
        payment = payment.Booked(d, row, refund.RequestedAt);

        // "Settled by hand" closes the whole payment for its readers; a part that is settled does not.
        var message = new PaymentRefunded(
            payment.OrderId, payment.Id, refund.Id, amount, payment.Captured, SettledByHand: false);
        d.Send(message, out var sent);
        var reply = new Reply(sent, Refunded: message);
        var isFull = refund.Kind == RefundKind.Full;
        var held = payment.Held - amount;
        return payment.With(refund with
        {
            Status = transactionKey is null ? RefundStatus.Closed : RefundStatus.Refunded,
            Amount = amount,
            TransactionKey = transactionKey,
            EndedAt = now,
            SettlementReason = settlement,
            Reply = isFull ? null : reply,
        }) with
        {
            Refunded = isByHand ? payment.Refunded : payment.Refunded + amount,
            SettledByHand = isByHand ? payment.SettledByHand + amount : payment.SettledByHand,
            Retained = Smaller(payment.Retained, held < Money.Zero ? Money.Zero : held),
            RefundReply = isFull ? reply : payment.RefundReply,
        };
    }

    /// <summary>Writes a ledger row; one that the PG has a transaction of is kept for comparing.</summary>
    public static Payment Booked(this Payment payment, Decision d, PaymentLedgerRow row, DateTimeOffset notBefore)
    {
        d.Put(PaymentKinds.Ledger, row.Key, row);
        return row is { TransactionKey: { } key } && row.Amount != Money.Zero
            ? payment with { Moves = [.. payment.Moves, new(key, row.Amount, row.At, notBefore)] }
            : payment;
    }

    /// <summary>Puts a refund in the place of its earlier self.</summary>
    public static Payment With(this Payment payment, Refund refund) => payment with
    {
        Refunds = [.. payment.Refunds.Select(r => r.Id == refund.Id ? refund : r)],
    };

    public static Money Smaller(Money left, Money right) => left < right ? left : right;

    // Parts that waited, or that the PG had refused, are given back by the same movement at the PG.
    private static Payment BookFull(Decision d, Payment payment, Refund full, string transactionKey)
    {
        foreach (var part in payment.Refunds.Where(r => r.IsOpen && r.Kind != RefundKind.Full))
        {
            var amount = Smaller(part.Asked ?? Money.Zero, payment.Outstanding);
            payment = Give(d, payment, part, amount, amount > Money.Zero ? transactionKey : null);
        }

        return Give(d, payment, full, payment.Outstanding, transactionKey);
    }

    private static bool IsMade(PaymentFound found, Refund refund) => found.Ours(refund.Id) is { IsDone: true };
}
