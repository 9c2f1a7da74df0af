using DoaMarket.Contracts;
using DoaMarket.Kernel;

namespace DoaMarket.Payments;

/// <summary>
/// Virtual accounts: the customer is told where to pay in, the PG is asked until the money is there or the account has
/// ended, and an account that nobody wants any more is closed. A bank may take a deposit back.
/// </summary>
internal static class Depositing
{
    /// <summary>The account is there: the customer may be told, once the stock is held long enough.</summary>
    public static Decision Announce(Decision d, Payment payment, PaymentFound found, PaymentsOptions options)
    {
        var account = found.Account
            ?? throw new InvalidOperationException($"Payment {payment.Id} waits for a deposit into no account.");
        var message = new AwaitingDeposit(
            payment.OrderId, payment.Id, payment.Amount, payment.Terms?.Method.Bank ?? account.Bank,
            account.AccountNumber, account.DueAt);
        d.Send(message, out var sent);
        return d.Save(PollLater(Known(payment, found), d.Occasion.Now, options) with
        {
            Status = PaymentStatus.AwaitingDeposit,
            DepositReply = new(sent, Awaiting: message),
        });
    }

    /// <summary>
    /// A read that was put after all that we know shows the account open and empty. What that means depends on whether
    /// we thought that money was in it, and on whether it is still wanted.
    /// </summary>
    public static Decision StillOpen(Decision d, Payment payment, PaymentFound found, PaymentsOptions options)
    {
        if (payment.Captured > payment.Refunded)
        {
            return Reverse(d, payment, found, options);
        }

        if (payment is { Status: PaymentStatus.AwaitingDeposit, RefundOwed: null })
        {
            return d.Save(PollLater(payment, d.Occasion.Now, options));
        }

        return payment.Call is { Action: PgAction.Close }
            ? d.Save(payment.QueryLater(d.Occasion.Now, options))
            : d.Remark("account_closed", $"Nobody may pay in any more: the payment is {payment.Status.Name()}.")
                .Save(Opened(Known(payment, found)).Ask(PgAction.Close, d.Occasion.Now, options));
    }

    // There is an account that money can come into. Until it is closed a repeated refund request must find that out, and
    // not that no charge has begun.
    private static Payment Opened(Payment payment) => payment with { ChargeMayHaveBegun = true };

    /// <summary>An answer that tells nothing of the account: ask again later.</summary>
    public static Decision Undecided(Decision d, Payment payment, EffectResult result, PaymentsOptions options) =>
        result is NotAttempted notAttempted
            ? d.Save(payment.NotAsked(notAttempted, d.Occasion.Now, options))
            : d.Remark("outcome_unknown", Answers.Describe(result))
                .Save(payment.QueryLater(d.Occasion.Now, options));

    /// <summary>`payment.refund_requested` while nothing is paid in: the account is closed, and then it is answered.</summary>
    public static Decision RefundRequested(
        Decision d, Payment payment, RefundRequested request, PaymentsOptions options)
    {
        var owed = payment with
        {
            RefundOwed = new(
                payment.RefundOwed?.Reason ?? request.Reason,
                Math.Max(payment.RefundOwed?.RetryNumber ?? 0, request.RetryNumber)),
        };
        return payment.RefundOwed is null
            ? d.Remark("account_closed", "The order is cancelled before the deposit.")
                .Save(owed.Ask(PgAction.Close, d.Occasion.Now, options))
            : d.Remark("repeated_request", "The account is being closed.").Save(
                owed.Call is null ? owed.Ask(PgAction.Query, d.Occasion.Now, options) : owed.MaybeAskedTwice());
    }

    /// <summary>The money is in the account again after the bank had taken it back.</summary>
    public static Decision DepositedAgain(
        Decision d, Payment payment, PaymentFound found, PaymentsOptions options) => Booking.Next(
            d.Remark("deposited_again", $"{payment.Captured} came again after the bank had taken it back."),
            payment with { Status = PaymentStatus.Completed }, found.Balance, options);

    /// <summary>An account whose deposit was taken back has ended: `payment.deposit_reversed` has told of it.</summary>
    public static Decision EndedAfterReversal(Decision d, Payment payment, string code) => d
        .Remark("account_ended", $"No deposit came after the bank had taken the first one back ({code}).")
        .Save(Booking.NothingFor(d, payment).Rest() with { Status = PaymentStatus.Cancelled });

    /// <summary>
    /// The bank took back what the PG still held. What is asked to be given back is then no more there: once the account
    /// is closed, the request is answered that nothing is captured.
    /// </summary>
    public static Decision Reverse(Decision d, Payment payment, PaymentFound found, PaymentsOptions options)
    {
        var amount = payment.Captured - payment.Refunded;
        d.Remark("deposit_reversed", $"The bank took {amount} back.")
            .Send(new DepositReversed(payment.OrderId, payment.Id, amount));
        d.Resolve(
            PaymentKinds.RefundFailedAlert, payment.Id.ToString(), "The bank took the deposit back: nothing is owed.");
        var full = payment.Refunds.FirstOrDefault(r => r is { IsOpen: true, Kind: RefundKind.Full });
        var row = new PaymentLedgerRow(
            payment.Id, payment.OrderId, LedgerReason.DepositReversed, Money.Zero - amount, d.Occasion.Now,
            RefundId: null, found.TransactionKey)
        {
            Ordinal = payment.Reversals,
        };
        var reversed = Known(payment, found).Booked(d, row, payment.CreatedAt) with
        {
            Status = payment.SettlementReason is null ? PaymentStatus.AwaitingDeposit : payment.Status,
            Captured = payment.Captured - amount,
            Reversals = payment.Reversals + 1,
            Refunds =
            [
                .. payment.Refunds.Where(r => r != full)
                    .Select(r => r.IsInHand ? r with { Status = RefundStatus.Queued } : r),
            ],
            RefundOwed = full is null ? payment.RefundOwed : new(full.Reason, full.RetryNumber),
        };
        return d.Save(
            reversed is { Status: PaymentStatus.AwaitingDeposit, RefundOwed: null }
                ? PollLater(reversed, d.Occasion.Now, options)
                : reversed.Ask(PgAction.Close, d.Occasion.Now, options));
    }

    private static Payment Known(Payment payment, PaymentFound found) => payment with
    {
        PaymentKey = found.PaymentKey,
        WebhookSecret = found.Secret,
        Account = found.Account ?? payment.Account,
    };

    // A webhook hastens it; the deadline is looked at soon after it has passed. A PG that does not end the account then
    // is asked less and less often.
    private static Payment PollLater(Payment payment, DateTimeOffset now, PaymentsOptions options)
    {
        var at = now + options.DepositPoll;
        if (payment.Account?.DueAt is not { } dueAt)
        {
            return payment.AskAt(PgAction.Query, at, tries: 0);
        }

        if (dueAt <= now)
        {
            return payment.QueryLater(now, options);
        }

        var afterwards = dueAt + options.FirstQueryWait;
        return payment.AskAt(PgAction.Query, afterwards < at ? afterwards : at, tries: 0);
    }
}
