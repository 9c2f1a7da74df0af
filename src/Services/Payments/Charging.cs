using DoaMarket.Contracts;
using DoaMarket.Kernel;

namespace DoaMarket.Payments;

/// <summary>
/// Charges an order once. The intent is committed first, the PG is asked afterwards, the result is committed last;
/// whatever is lost in between is asked again under the same idempotency key.
/// </summary>
public static class Charging
{
    private const string DeadlinePassed = "DEADLINE_PASSED";

    /// <summary>`payment.requested`.</summary>
    public static Decision Request(Documents documents, Incoming<PaymentRequested> m, PaymentsOptions options)
    {
        var d = Decision.On(m);
        return documents.Find(PaymentKinds.Payments, PaymentId.Of(m.Message.OrderId)) switch
        {
            null => Begin(d, m, options),
            { Status: PaymentStatus.Pending } payment =>
                d.Remark("repeated_request", "The charge is still under way.").Save(payment.MaybeAskedTwice()),
            { Status: PaymentStatus.AwaitingDeposit, RefundOwed: null, DepositReply: { } reply } payment =>
                d.Remark("repeated_request", "Answered as before.").SendAgain(reply.Sent, reply.Message)
                    .Save(payment.MaybeAskedTwice()),
            { Status: PaymentStatus.Completed or PaymentStatus.Failed, ChargeReply: { } reply } =>
                d.Remark("repeated_request", "Answered as before.").SendAgain(reply.Sent, reply.Message),
            { Terms: null } => d.Remark(
                "late_request_refused", "A refund request came before the charge request: nothing is charged."),
            var payment => d.Remark(
                "late_request_refused", $"Nothing is charged: the payment is {payment.Status.Name()}."),
        };
    }

    /// <summary>An answer that does not settle the matter: what to ask next, and when.</summary>
    internal static Decision Undecided(Decision d, Payment payment, EffectResult result, PaymentsOptions options)
    {
        var call = payment.Call ?? throw new InvalidOperationException($"Payment {payment.Id} awaits nothing.");
        return call.Action == PgAction.Charge
            ? ChargeUndecided(d, payment, call, result, options)
            : QueryUndecided(d, payment, call, result, options);
    }

    /// <summary>The charge's time has come, or its answer is overdue.</summary>
    internal static Decision Due(Decision d, Payment payment, PaymentsOptions options)
    {
        var now = d.Occasion.Now;
        if (MayBegin(payment, now))
        {
            return d.Save(payment.Call is { IsAsked: true }
                ? payment.AskAgain(now, options)
                : payment.Ask(PgAction.Charge, now, options));
        }

        // It may have been charged, and it must not be charged any more: from here on the PG is only read.
        return payment.ChargeCanHaveBegun
            ? d.Save((payment with { ChargeMayHaveBegun = true }).Ask(PgAction.Query, now, options))
            : d.NothingCaptured(payment, DeadlinePassed, "No charge could begin before the deadline.");
    }

    private static Decision Begin(Decision d, Incoming<PaymentRequested> m, PaymentsOptions options)
    {
        var asked = m.Message;
        var payment = new Payment(
            PaymentId.Of(asked.OrderId), asked.OrderId, asked.UserId, asked.Amount, Money.Currency,
            PaymentStatus.Pending, m.Trail, m.Now, m.Now)
        {
            Terms = new(asked.PaymentMethod, asked.OrderName, asked.Deadline)
            {
                DepositDueAt = PaymentKeys.IsVirtualAccount(asked.PaymentMethod)
                    ? WholeSeconds(m.Now + options.DepositWithin)
                    : null,
            },
        };
        if (asked.Amount <= Money.Zero)
        {
            return d.NothingCaptured(payment, "INVALID_AMOUNT", "The amount must be positive.");
        }

        if (!PaymentKeys.AreUsable(asked.PaymentMethod))
        {
            return d.NothingCaptured(
                payment, "INVALID_PAYMENT_METHOD", "The payment method is unknown or its key is not one.");
        }

        return m.Now < asked.Deadline
            ? d.Save(payment.Ask(PgAction.Charge, m.Now, options))
            : d.NothingCaptured(payment, DeadlinePassed, "The request came after its deadline.");
    }

    private static Decision ChargeUndecided(
        Decision d, Payment payment, PgCall call, EffectResult result, PaymentsOptions options)
    {
        var now = d.Occasion.Now;
        var isOnlyCharge = !payment.ChargeMayHaveBegun && !call.IsAskedTwice;
        switch (result)
        {
            case RequestRefused refused when isOnlyCharge:
                return d.NothingCaptured(payment, refused.Code, refused.Reason);
            case NotAttempted when isOnlyCharge && payment.RefundOwed is not null:
                return d.NothingCaptured(payment, "NOT_ATTEMPTED", "No charge had begun.");
            case NotAttempted when isOnlyCharge && !MayBegin(payment, now):
                return d.NothingCaptured(payment, DeadlinePassed, "No charge could begin before the deadline.");
            case NotAttempted notAttempted when MayBegin(payment, now):
                var waiting = (payment with { ChargeMayHaveBegun = !isOnlyCharge })
                    .NotAsked(notAttempted, now, options);
                return d.Remark("not_attempted", notAttempted.Reason).Save(
                    waiting with { WakeAt = Earlier(waiting.WakeAt, payment.Terms?.Deadline) });
            default:
                return d.Remark("outcome_unknown", Answers.Describe(result))
                    .Save(ReadLater(payment with { ChargeMayHaveBegun = true }, now, options));
        }
    }

    private static Decision QueryUndecided(
        Decision d, Payment payment, PgCall call, EffectResult result, PaymentsOptions options)
    {
        var now = d.Occasion.Now;
        switch (result)
        {
            case NotAttempted notAttempted:
                return d.Save(payment.NotAsked(notAttempted, now, options));

            // Only a read that was made after the last charge had settled proves anything, not one that came back then.
            case PaymentNotFound when call.AskedAt >= SettleAt(payment, options) && !call.IsHinted:
                return d.NothingCaptured(payment, "NOT_FOUND", "The PG has no such payment.");

            // The charge was lost on its way. Repeating it under its own key charges once, even if it was not.
            case PaymentNotFound when MayBegin(payment, now):
            case PaymentFound { IsConfirmable: true } when MayBegin(payment, now)
                && PaymentKeys.IsCard(payment.Terms?.Method):
                return d.Remark("charge_repeated", Answers.Describe(result))
                    .Save(payment.Ask(PgAction.Charge, now, options));
            default:
                return d.Save(ReadLater(payment, now, options));
        }
    }

    private static Payment ReadLater(Payment payment, DateTimeOffset now, PaymentsOptions options)
    {
        var later = payment.QueryLater(now, options);
        var settleAt = SettleAt(payment, options);
        return now < settleAt ? later with { WakeAt = Earlier(later.WakeAt, settleAt) } : later;
    }

    // The PG knows no fractions of a second, and a repetition must ask for the same.
    private static DateTimeOffset WholeSeconds(DateTimeOffset at) => at.AddTicks(-(at.Ticks % TimeSpan.TicksPerSecond));

    private static bool MayBegin(Payment payment, DateTimeOffset now) =>
        payment.RefundOwed is null && payment.Terms is { } terms && now < terms.Deadline;

    private static DateTimeOffset SettleAt(Payment payment, PaymentsOptions options) =>
        (payment.Terms?.Deadline ?? payment.CreatedAt) + options.SettleAfter;

    private static DateTimeOffset? Earlier(DateTimeOffset? left, DateTimeOffset? right) => left < right ? left : right;
}
