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
            PaymentStatus.Completed => Start(
                d, payment, m.Message.Reason, m.Message.RetryNumber, payment.Captured - payment.Refunded, options),
            PaymentStatus.AwaitingDeposit => Depositing.RefundRequested(d, payment, m.Message, options),
            PaymentStatus.Pending => RequestWhilePending(d, payment, CanHaveBegun(documents, payment), m, options),
            PaymentStatus.Refunding => RequestWhileRefunding(d, payment, m),
            PaymentStatus.RefundFailed => RequestAfterFailure(d, payment, m, options),
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
        ? d.Remark("repeated_request", "Answered as before.").SendAgain(reply.Sent, reply.Message)
        : payment.Captured > Money.Zero ? NothingLeft(d, payment) : d.Cancel(payment, reason);

    /// <summary>Begins to give back what is outstanding. Parts that wait are given back with it.</summary>
    internal static Decision Start(
        Decision d, Payment payment, string reason, int retryNumber, Money refundable, PaymentsOptions options) =>
        d.Save((Taken(payment, reason, retryNumber, d.Occasion.Now, refundable) with
        {
            Status = PaymentStatus.Refunding,
            RefundOwed = null,
        }).Ask(PgAction.Refund, d.Occasion.Now, options));

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
                payment = Rereading.Adopted(d, payment, found); // that is what the guard may have refused
                return refund.Attempts < options.RefundBackoff.MaxAttempts
                    ? d.Save(payment.With(refund.Guarded(found.Balance)).Ask(PgAction.Refund, now, options))
                    : GiveUp(d, payment, refund, found, options);
            default:
                return d.Save(payment.QueryLater(now, options));
        }
    }

    /// <summary>Tries a refund again that had failed for good: what the PG has done is read first.</summary>
    internal static Decision Rearm(
        Decision d, Payment payment, Refund refund, int retryNumber, string reason, PaymentsOptions options)
    {
        d.Resolve(
            PaymentKinds.RefundFailedAlert, payment.Id.ToString(), $"Tried again (retry {retryNumber}): {reason}");
        var again = refund with
        {
            Status = RefundStatus.UnderWay,
            RetryNumber = retryNumber,
            Attempts = 0,
            LastError = null,
        };
        return d.Save((payment.With(again) with { Status = PaymentStatus.Refunding })
            .Ask(PgAction.Query, d.Occasion.Now, options));
    }

    // Everything else waits behind it, and is given back with it.
    private static Payment Taken(
        Payment payment, string reason, int retryNumber, DateTimeOffset now, Money refundable)
    {
        var id = RefundIdOf(payment.Id);
        var full = new Refund(id, RefundKind.Full, Asked: null, reason, retryNumber, now)
        {
            Status = RefundStatus.UnderWay,
            Refundable = refundable,
        };
        return payment with
        {
            Refunds =
            [
                .. payment.Refunds.Where(r => r.Id != id)
                    .Select(r => r.IsInHand ? r with { Status = RefundStatus.Queued } : r),
                full,
            ],
        };
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

        // A charge that waits to be repeated must not be repeated any more; one that is under way is awaited. What rests
        // with another amount is looked at once more.
        return d.Remark("refund_remembered", "The charge is not definite yet.").Save(
            payment.Call is null or { Action: PgAction.Charge, IsAsked: false }
                ? owed.Ask(PgAction.Query, m.Now, options)
                : owed);
    }

    // A part is under way: the rest follows it.
    private static Decision RequestWhileRefunding(Decision d, Payment payment, Incoming<RefundRequested> m)
    {
        if (payment.Refund is { Kind: RefundKind.Full } || payment.RefundOwed is not null)
        {
            return d.Remark("repeated_request", "The refund is under way.");
        }

        return d.Remark("refund_remembered", "The rest is given back when the part under way is.").Save(
            payment.MaybeAskedTwice() with { RefundOwed = new(m.Message.Reason, m.Message.RetryNumber) });
    }

    private static Decision RequestAfterFailure(
        Decision d, Payment payment, Incoming<RefundRequested> m, PaymentsOptions options)
    {
        if (payment.Refund is not { Kind: RefundKind.Full } full)
        {
            return TakeOver(d, payment, m, options);
        }

        return m.Message.RetryNumber > full.RetryNumber
            ? Rearm(d, payment, full, m.Message.RetryNumber, m.Message.Reason, options)
            : Answer(d, payment, m.Message.Reason);
    }

    // A part that the PG refused may be given back with the rest; what became of it is read first.
    private static Decision TakeOver(
        Decision d, Payment payment, Incoming<RefundRequested> m, PaymentsOptions options)
    {
        d.Resolve(
            PaymentKinds.RefundFailedAlert, payment.Id.ToString(), "The whole payment is given back instead.");
        var refundable = payment.Captured - payment.Refunded;
        return d.Save(
            (Taken(payment, m.Message.Reason, m.Message.RetryNumber, m.Now, refundable) with
            {
                Status = PaymentStatus.Refunding,
            }).Ask(PgAction.Query, m.Now, options));
    }

    // Operators and partial cancels have given all of it back: there is no rest, and that is the answer.
    private static Decision NothingLeft(Decision d, Payment payment)
    {
        var id = RefundIdOf(payment.Id);
        var message = new PaymentRefunded(
            payment.OrderId, payment.Id, id, Money.Zero, payment.Captured, SettledByHand: false);
        var row = new PaymentLedgerRow(
            payment.Id, payment.OrderId, LedgerReason.Refunded, Money.Zero, d.Occasion.Now, id);
        var answered = payment.Booked(d.Remark("nothing_left", "Everything was given back before."), row, row.At);
        d.Send(message, out var sent);
        return d.Save(answered with { RefundReply = new(sent, Refunded: message) });
    }

    // A charge that was asked for in this very batch has not left: effects start after the commit.
    private static bool CanHaveBegun(Documents documents, Payment payment) =>
        payment.ChargeMayHaveBegun
        || (payment.ChargeCanHaveBegun
            && documents.Committed(PaymentKinds.Payments, payment.Id)?.Call is { IsAsked: true } committed
            && committed.Number == payment.Call?.Number);

    private static Decision AttemptFailed(
        Decision d, Payment payment, Refund refund, string error, PaymentsOptions options)
    {
        var attempts = refund.Attempts + 1;
        var wait = attempts < options.RefundBackoff.MaxAttempts
            ? options.RefundBackoff.After(attempts, payment.Id.Value)
            : options.FirstQueryWait;
        return d.Remark("refund_attempt_failed", $"Attempt {attempts}: {error}").Save(
            payment.With(refund with { Attempts = attempts, LastError = error })
                .AskAt(PgAction.Query, d.Occasion.Now + wait, tries: 0));
    }

    private static Decision GiveUp(
        Decision d, Payment payment, Refund refund, PaymentFound found, PaymentsOptions options)
    {
        if (payment.RefundOwed is { } owed)
        {
            return Start(
                d.Remark("taken_over", $"The PG refused {refund.Asked}; the whole payment is given back instead."),
                payment, owed.Reason, owed.RetryNumber, found.Balance, options);
        }

        var amount = refund.Asked ?? payment.Outstanding;
        var reason = $"The PG did not refund {amount} in {refund.Attempts} attempts. {refund.LastError}";
        var message = new RefundFailed(payment.OrderId, payment.Id, refund.Id, reason);
        d.Send(message, out var sent);
        var how = refund.Kind == RefundKind.Full
            ? "Retry the saga's refund, or settle it by hand and resolve the step with a reason."
            : $"POST /api/v1/payments/{payment.Id}/refunds/{refund.Id}/retry, or …/settle with a reason.";
        d.Raise(new Alert(
            PaymentKinds.RefundFailedAlert, AlertSeverity.P1, payment.Id.ToString(), $"{reason} {how}",
            payment.OrderId.ToString()));
        var reply = new Reply(sent, RefundFailed: message);
        var failed = refund with
        {
            Status = RefundStatus.Failed,
            Reply = refund.Kind == RefundKind.Full ? null : reply,
        };
        return d.Save(payment.With(failed).Rest() with
        {
            Status = PaymentStatus.RefundFailed,
            RefundReply = refund.Kind == RefundKind.Full ? reply : payment.RefundReply,
        });
    }

    // Derived: a resent request, and a capture found late, mean the same one refund.
    internal static RefundId RefundIdOf(PaymentId payment) => new(DerivedId.From(payment.Value, "refund"));
}
