using DoaMarket.Contracts;
using DoaMarket.Kernel;

namespace DoaMarket.Payments;

/// <summary>What becomes of a payment when its charge is definite.</summary>
internal static class Outcomes
{
    /// <summary>
    /// The PG holds the money. A payment that is still payable completes. Otherwise the money goes back at once, and
    /// only `payment.refunded` will tell of it.
    /// </summary>
    public static Decision Capture(this Decision d, Payment payment, PaymentFound found, PaymentsOptions options)
    {
        var captured = payment with
        {
            Amount = payment.Terms is null ? found.Total : payment.Amount,
            Captured = found.Total,
            PaymentKey = found.PaymentKey,
            TransactionKey = found.TransactionKey,
            WebhookSecret = found.Secret,
            Account = found.Account ?? payment.Account,
        };
        captured = captured.Booked(
            d,
            new(
                payment.Id, payment.OrderId, LedgerReason.Captured, found.Total, d.Occasion.Now, RefundId: null,
                found.TransactionKey)
            {
                Ordinal = payment.Reversals,
            },
            payment.CreatedAt);
        return payment switch
        {
            { IsPayable: true, ChargeReply.Completed: not null } =>
                Depositing.DepositedAgain(d, captured, found, options),
            { IsPayable: true } => d.Complete(captured, found, options),
            { Status: PaymentStatus.Pending or PaymentStatus.AwaitingDeposit, RefundOwed: { } owed } =>
                Refunding.Start(d, captured, owed.Reason, owed.RetryNumber, found.Balance, options),
            _ when captured.Outstanding > Money.Zero => Refunding.Start(
                d.Remark("late_capture", $"Captured while {payment.Status.Name()}: it is given back."),
                captured, payment.RefundOwed?.Reason ?? "captured after the order had stopped being payable",
                payment.RefundOwed?.RetryNumber ?? 0, found.Balance, options),
            _ => d.Remark("late_capture", "The PG captured what an operator has already settled by hand.")
                .Save(captured.Rest()),
        };
    }

    /// <summary>
    /// Nothing was captured, and nothing will be. The reply is the one that is owed: to the charge, or to the refund
    /// request that came after it.
    /// </summary>
    public static Decision NothingCaptured(this Decision d, Payment payment, string code, string reason)
    {
        if (payment.RefundOwed is not null)
        {
            return d.Cancel(payment, $"{reason} ({code})");
        }

        if (payment.ChargeReply is not null)
        {
            return Depositing.EndedAfterReversal(d, payment, code);
        }

        var message = new PaymentFailed(payment.OrderId, payment.Id, reason, code);
        d.Send(message, out var sent);
        return d.Save(Booking.NothingFor(d, payment).Rest() with
        {
            Status = PaymentStatus.Failed,
            ChargeReply = new(sent, Failed: message),
        });
    }

    /// <summary>Closes a payment of which nothing was captured, and says so to the refund request.</summary>
    public static Decision Cancel(this Decision d, Payment payment, string reason)
    {
        var message = new PaymentCancelled(payment.OrderId, reason);
        d.Send(message, out var sent);
        var reply = new Reply(sent, Cancelled: message);
        return d.Save(payment.Status == PaymentStatus.Failed
            ? payment with { RefundReply = reply } // it stays failed, and may still be looking into a webhook
            : Booking.NothingFor(d, payment).Rest() with
            {
                Status = PaymentStatus.Cancelled,
                RefundReply = reply,
            });
    }

    private static Decision Complete(
        this Decision d, Payment payment, PaymentFound found, PaymentsOptions options)
    {
        var message = new PaymentCompleted(payment.OrderId, payment.Id, found.TransactionKey, found.Total);
        d.Send(message, out var sent);
        var completed = payment with
        {
            Status = PaymentStatus.Completed,
            ChargeReply = new(sent, Completed: message),
        };
        return Booking.Next(d, completed, found.Balance, options);
    }
}
