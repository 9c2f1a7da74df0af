using DoaMarket.Contracts;
using DoaMarket.Kernel;

namespace DoaMarket.Payments;

/// <summary>
/// Gives everything back, once, and answers always, but only when it is definite what there was to give back.
/// </summary>
public static class Refunding
{
    /// <summary>`payment.refund_requested`.</summary>
    public static Decision Request(Documents documents, Incoming<RefundRequested> m, PaymentsOptions options)
    {
        var d = Decision.On(m);
        var payment = documents.Find(PaymentKinds.Payments, PaymentId.Of(m.Message.OrderId));
        if (payment is null)
        {
            return d.Remark("tombstone", "The refund request came before the charge request.")
                .Cancel(Tombstone(m, m.Message.OrderId), m.Message.Reason);
        }

        payment = payment with { Trail = m.Trail };
        return payment.Status switch
        {
            PaymentStatus.Completed =>
                Start(d, payment, m.Message.Reason, m.Message.RetryNumber, payment.Captured, options),
            PaymentStatus.AwaitingDeposit => Depositing.RefundRequested(d, payment, m.Message, options),
            PaymentStatus.Pending => RequestWhilePending(d, payment, CanHaveBegun(documents, payment), m, options),
            PaymentStatus.RefundFailed when m.Message.RetryNumber > payment.Refund?.RetryNumber =>
                Rearm(d, payment, m, options),
            PaymentStatus.Refunding => d.Remark("repeated_request", "The refund is under way."),
            _ => Answer(d, payment, m.Message.Reason),
        };
    }

    /// <summary>
    /// A payment that never was: it answers the refund request and refuses the charge that it overtook.
    /// </summary>
    internal static Payment Tombstone<T>(Incoming<T> m, OrderId order) where T : IMessage => new(
        PaymentId.Of(order), order, m.Envelope.UserId, Money.Zero, Money.Currency, PaymentStatus.Pending, m.Trail,
        m.Now, m.Now);

    /// <summary>The last answer once more under its own id; for a failed charge the first one.</summary>
    internal static Decision Answer(Decision d, Payment payment, string reason) => payment.RefundReply is { } reply
        ? d.Remark("repeated_request", "Answered as before.").SendAgain(reply.EventId, reply.Message)
        : d.Cancel(payment, reason);

    /// <summary>Begins to give back what is outstanding.</summary>
    internal static Decision Start(
        Decision d, Payment payment, string reason, int retryNumber, Money refundable, PaymentsOptions options) =>
        d.Save((payment with
        {
            Status = PaymentStatus.Refunding,
            RefundOwed = null,
            Refund = new(RefundIdOf(payment.Id), reason, retryNumber, Attempts: 0, refundable),
        }).Ask(PgAction.Refund, d.Occasion.Now, options));

    /// <summary>Whether what the PG tells shows that our refund, or all of it by another hand, is done.</summary>
    internal static bool IsGivenBack(PaymentFound found, Refund refund) =>
        found.Ours(refund.Id) is { IsDone: true } || found.Status == PgStatus.Canceled;

    /// <summary>The money is back with the customer.</summary>
    internal static Decision Finish(Decision d, Payment payment, Refund refund, PaymentFound found)
    {
        var amount = payment.Outstanding;
        var transaction = found.Ours(refund.Id)?.TransactionKey ?? found.TransactionKey;
        var message = new PaymentRefunded(
            payment.OrderId, payment.Id, refund.Id, amount, payment.Captured, SettledByHand: false);
        d.Write(new(
            payment.Id, payment.OrderId, LedgerReason.Refunded, Money.Zero - amount, d.Occasion.Now, refund.Id,
            transaction));
        d.Send(message, out var eventId);
        d.Resolve(PaymentKinds.RefundFailedAlert, payment.Id.ToString(), "The PG has refunded the payment.");
        return d.Save(payment.Rest() with
        {
            Status = PaymentStatus.Refunded,
            Refunded = payment.Refunded + amount,
            RefundReply = new(eventId, Refunded: message),
        });
    }

    /// <summary>
    /// An answer that does not show the refund: a failed attempt is followed, after its backoff, by a read; only a read
    /// that shows the money still there lets the next attempt begin, or, after the last, the refund fail.
    /// </summary>
    internal static Decision Undecided(Decision d, Payment payment, EffectResult result, PaymentsOptions options)
    {
        var now = d.Occasion.Now;
        var refund = payment.Refund ?? throw new InvalidOperationException($"Payment {payment.Id} has no refund.");
        switch (result)
        {
            case NotAttempted notAttempted:
                return d.Remark("not_attempted", notAttempted.Reason)
                    .Save(payment.NotAsked(notAttempted, now, options));
            case var _ when payment.Call is { Action: PgAction.Refund }:
                return AttemptFailed(d, payment, refund, Answers.Describe(result), options);
            case PaymentFound { IsHeld: true } found when found.Ours(refund.Id) is null:
                return refund.Attempts < options.RefundBackoff.MaxAttempts
                    ? d.Save((payment with { Refund = refund with { Refundable = found.Balance } })
                        .Ask(PgAction.Refund, now, options))
                    : GiveUp(d, payment, refund);
            default:
                return d.Save(payment.QueryLater(now, options));
        }
    }

    private static Decision RequestWhilePending(
        Decision d, Payment payment, bool chargeCanHaveBegun, Incoming<RefundRequested> m, PaymentsOptions options)
    {
        var before = payment.RefundOwed;
        var owed = payment with
        {
            RefundOwed = new(
                before?.Reason ?? m.Message.Reason, Math.Max(before?.RetryNumber ?? 0, m.Message.RetryNumber)),
        };
        if (!chargeCanHaveBegun)
        {
            return d.NothingCaptured(owed, "VOIDED", m.Message.Reason);
        }

        // A charge that waits to be repeated must not be repeated any more; one that is under way is awaited.
        return d.Remark("refund_remembered", "The charge is not definite yet.").Save(
            payment.Call is { Action: PgAction.Charge, IsAsked: false }
                ? owed.Ask(PgAction.Query, m.Now, options)
                : owed);
    }

    // A charge that was asked for in this very batch has not left: effects start after the commit.
    private static bool CanHaveBegun(Documents documents, Payment payment) =>
        payment.ChargeMayHaveBegun
        || (payment.ChargeCanHaveBegun
            && documents.Committed(PaymentKinds.Payments, payment.Id)?.Call is { IsAsked: true } committed
            && committed.Number == payment.Call?.Number);

    private static Decision Rearm(Decision d, Payment payment, Incoming<RefundRequested> m, PaymentsOptions options)
    {
        d.Resolve(
            PaymentKinds.RefundFailedAlert, payment.Id.ToString(),
            $"Tried again (retry {m.Message.RetryNumber}): {m.Message.Reason}");
        return d.Save((payment with
        {
            Status = PaymentStatus.Refunding,
            Refund = payment.Refund! with { RetryNumber = m.Message.RetryNumber, Attempts = 0, LastError = null },
        }).Ask(PgAction.Query, m.Now, options));
    }

    private static Decision AttemptFailed(
        Decision d, Payment payment, Refund refund, string error, PaymentsOptions options)
    {
        var attempts = refund.Attempts + 1;
        var wait = attempts < options.RefundBackoff.MaxAttempts
            ? options.RefundBackoff.After(attempts, payment.Id.Value)
            : options.FirstQueryWait;
        return d.Remark("refund_attempt_failed", $"Attempt {attempts}: {error}").Save(
            (payment with { Refund = refund with { Attempts = attempts, LastError = error } })
            .AskAt(PgAction.Query, d.Occasion.Now + wait, tries: 0));
    }

    private static Decision GiveUp(Decision d, Payment payment, Refund refund)
    {
        var reason = $"The PG did not refund {payment.Outstanding} in {refund.Attempts} attempts. {refund.LastError}";
        var message = new RefundFailed(payment.OrderId, payment.Id, refund.Id, reason);
        d.Send(message, out var eventId);
        d.Raise(new Alert(
            PaymentKinds.RefundFailedAlert, AlertSeverity.P1, payment.Id.ToString(),
            $"{reason} Retry the refund, or settle it by hand and resolve the step with a reason.",
            payment.OrderId.ToString()));
        return d.Save(payment.Rest() with
        {
            Status = PaymentStatus.RefundFailed,
            RefundReply = new(eventId, RefundFailed: message),
        });
    }

    // Derived: a resent request, and a capture found late, mean the same one refund.
    private static RefundId RefundIdOf(PaymentId payment) => new(DerivedId.From(payment.Value, "refund"));
}
