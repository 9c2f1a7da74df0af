using DoaMarket.Contracts;
using DoaMarket.Kernel;

namespace DoaMarket.Payments;

/// <summary>
/// Takes in what the PG answered. What is a fact for ever (a capture, a refund, a decline) is taken in whichever copy
/// of whichever question brings it, however late; anything else counts only as the answer to the open question.
/// </summary>
public static class Answers
{
    /// <summary>An answer of the PG.</summary>
    public static Decision Decide(Documents documents, Answer<Payment> m, PaymentsOptions options)
    {
        ArgumentNullException.ThrowIfNull(documents);
        var d = Decision.On(m);
        var (payment, result) = (m.State, m.Result);
        var isAwaited = payment.Awaits(m.Effect);
        if (result is PaymentFound seen && payment.Terms is not null && seen.Total != payment.Amount)
        {
            return AnotherAmount(d, payment, seen, isAwaited, options);
        }

        if (result is PaymentFound && payment.AmountAtPg is not null)
        {
            d.Resolve(PaymentKinds.AmountMismatchAlert, payment.Id.ToString(), "The PG has the amount that was asked for.");
            payment = payment with { AmountAtPg = null };
        }

        if (Fact(d, payment, result, isAwaited, options) is { } decided)
        {
            return decided;
        }

        if (isAwaited && payment.IsAdopting && result is PaymentFound read
            && Rereading.Adopt(d, payment, read, options) is { } adopted)
        {
            return adopted;
        }

        if (!isAwaited)
        {
            return d.Remark("late_answer", $"Not awaited any more: {Describe(result)}");
        }

        if (result is PaymentFound { Status: PgStatus.AwaitingDeposit } open)
        {
            return Depositing.StillOpen(d, payment, open, options);
        }

        // The account's time was over when the bank took the deposit back.
        if (result is PaymentFound { Status: PgStatus.Dead } ended && payment.Account is not null
            && payment.Captured > payment.Refunded)
        {
            return Depositing.Reverse(d, payment, ended, options);
        }

        return payment.Status switch
        {
            PaymentStatus.Pending => Charging.Undecided(d, payment, result, options),
            PaymentStatus.AwaitingDeposit => Depositing.Undecided(d, payment, result, options),
            PaymentStatus.Refunding => Refunding.Undecided(d, payment, result, options),
            _ => Hinting.Undecided(d, payment, result, options),
        };
    }

    /// <summary>The payment's timer: an answer is overdue, or the next question's time has come.</summary>
    public static Decision Due(Documents documents, Due<Payment> m, PaymentsOptions options)
    {
        ArgumentNullException.ThrowIfNull(documents);
        var d = Decision.On(m);
        var payment = m.State;
        if (payment.Call is not { } call || payment.WakeAt > m.Now)
        {
            return d;
        }

        return call switch
        {
            { Action: PgAction.Charge } => Charging.Due(d, payment, options),

            // A refund whose answer is lost may have been made: read before trying again.
            { Action: PgAction.Refund, IsAsked: true } => d.Save(payment.Ask(PgAction.Query, m.Now, options)),
            { IsAsked: true } => d.Save(payment.AskAgain(m.Now, options)),
            _ => d.Save(payment.Ask(call.Action, m.Now, options)),
        };
    }

    /// <summary>A result in words, for the timeline.</summary>
    internal static string Describe(EffectResult result) => result switch
    {
        PaymentFound found => $"the payment is {found.RawStatus}",
        PaymentNotFound missing => $"no such payment ({missing.Code})",
        ChargeDeclined declined => $"{declined.Reason} ({declined.Code})",
        RequestRefused refused => $"{refused.Reason} ({refused.Code})",
        OutcomeUnknown { Code: { } code } unknown => $"{unknown.Reason} ({code})",
        OutcomeUnknown unknown => unknown.Reason,
        NotAttempted notAttempted => notAttempted.Reason,
        EffectFailed failed => failed.Error,
        _ => result.GetType().Name,
    };

    private static Decision? Fact(
        Decision d, Payment payment, EffectResult result, bool isAwaited, PaymentsOptions options) => result switch
        {
            PaymentFound found when payment.Status is PaymentStatus.Refunding or PaymentStatus.RefundFailed
                && Booking.HasNews(payment, found) =>
                Booking.Book(d, payment, found, options),
            PaymentFound found when Booking.HasSurfaced(payment, found) =>
                Settling.RefundSurfaced(d, payment, found, options),

            // After a reversal an old copy may still tell of the deposit that the bank took back.
            PaymentFound { IsHeld: true } found
                when payment.Captured == Money.Zero && (payment.Reversals == 0 || isAwaited) =>
                d.Capture(payment, found, options),
            PaymentFound { Status: PgStatus.AwaitingDeposit } found
                when payment is { Status: PaymentStatus.Pending, RefundOwed: null } =>
                Depositing.Announce(d, payment, found, options),
            PaymentFound { Status: PgStatus.Dead or PgStatus.Canceled } found
                when payment.Status is PaymentStatus.Pending or PaymentStatus.AwaitingDeposit =>
                d.NothingCaptured(
                    payment, found.RawStatus,
                    payment.Status == PaymentStatus.Pending
                        ? "The PG did not charge the payment."
                        : "No deposit came in time."),
            ChargeDeclined declined when payment.Status == PaymentStatus.Pending =>
                d.NothingCaptured(payment, declined.Code, declined.Reason),
            _ => null,
        };

    /// <summary>
    /// A payment of another amount is not the one that was asked for: nothing is concluded from it, and reading it again
    /// would show the same. It rests until a person has settled it, or has it looked at again; a refund, which has come to
    /// its end only when the PG shows it, is read on.
    /// </summary>
    private static Decision AnotherAmount(
        Decision d, Payment payment, PaymentFound found, bool isAwaited, PaymentsOptions options)
    {
        var text = $"The PG knows the order with {found.Total}, not with {payment.Amount}.";
        if (payment.SettlementReason is null || payment.AmountAtPg != found.Total)
        {
            d.Raise(new Alert(
                PaymentKinds.AmountMismatchAlert, AlertSeverity.P1, payment.Id.ToString(),
                $"{text} Clear it with the PG. Then settle the step by hand with a reason, or retry it: the PG is read again.",
                payment.OrderId.ToString()));
        }

        if (!isAwaited)
        {
            return d.Remark("late_answer", text);
        }

        payment = payment with { AmountAtPg = found.Total, ChargeMayHaveBegun = payment.ChargeCanHaveBegun };
        return payment.Status == PaymentStatus.Refunding
            ? Refunding.Undecided(d, payment, new OutcomeUnknown("AMOUNT_MISMATCH", text), options)
            : d.Remark("another_amount", text).Save(payment.Rest());
    }
}
