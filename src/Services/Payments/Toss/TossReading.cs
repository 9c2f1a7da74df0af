using DoaMarket.Contracts;
using DoaMarket.Kernel;

namespace DoaMarket.Payments.Toss;

/// <summary>
/// Reads a payment as Toss tells it. One that lacks what we must know, or is another order's, is an unknown outcome:
/// better to ask again than to conclude from it.
/// </summary>
internal static class TossReading
{
    public static EffectResult Read(string body, OrderId order)
    {
        var payment = TossJson.ReadPayment(body);
        if (payment?.PaymentKey is not { Length: > 0 } paymentKey)
        {
            return Unreadable("no payment could be read");
        }

        if (payment.OrderId != order.ToString())
        {
            return Unreadable($"the payment is that of order '{payment.OrderId}'");
        }

        if (payment.Currency is not (null or Money.Currency))
        {
            return Unreadable($"the currency is '{payment.Currency}'");
        }

        if (Won(payment.TotalAmount) is not { } total || Won(payment.BalanceAmount) is not { } balance)
        {
            return Unreadable("the amounts are not whole won");
        }

        if (TossCodes.OfStatus(payment.Status, balance.Won) is not { } status)
        {
            return Unreadable($"the status is '{payment.Status}'");
        }

        if (status == PgStatus.AwaitingDeposit && Account(payment.VirtualAccount) is null)
        {
            return Unreadable("it waits for a deposit, and its account is not told");
        }

        return new PaymentFound(
            status, payment.Status ?? "", IsConfirmable: payment.Status == "IN_PROGRESS", paymentKey,
            payment.LastTransactionKey ?? paymentKey, total, balance, [.. Refunds(payment)], payment.Secret)
        {
            Account = Account(payment.VirtualAccount),
        };
    }

    private static PgAccount? Account(TossAccount? account) =>
        account is { AccountNumber: { Length: > 0 } number } && TossTime.Read(account.DueDate) is { } dueAt
            ? new(account.BankCode ?? "", number, dueAt)
            : null;

    private static IEnumerable<PgRefund> Refunds(TossPayment payment) =>
        from refund in payment.Cancels ?? []
        where refund is not null
        select new PgRefund(
            refund.CancelReason ?? "", Won(refund.CancelAmount) ?? Money.Zero, refund.CancelStatus is null or "DONE",
            refund.TransactionKey);

    private static Money? Won(decimal? amount) =>
        amount is >= 0 and <= long.MaxValue && decimal.IsInteger(amount.Value) ? new Money((long)amount.Value) : null;

    private static OutcomeUnknown Unreadable(string why) => new(Code: null, $"The PG's answer is not usable: {why}.");
}
