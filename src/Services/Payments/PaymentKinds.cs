using DoaMarket.Contracts;
using DoaMarket.Kernel;

namespace DoaMarket.Payments;

/// <summary>The documents that Payments owns.</summary>
public static class PaymentKinds
{
    /// <summary>Name of the PG's gateway.</summary>
    public const string Gateway = "pg";

    /// <summary>The alert for a refund that the PG refuses; its subject is the payment's id.</summary>
    public const string RefundFailedAlert = "REFUND_FAILED";

    /// <summary>
    /// The alert for a customer who has the money twice: a refund at the PG after a settlement by hand.
    /// </summary>
    public const string RefundedTwiceAlert = "REFUNDED_TWICE";

    /// <summary>The alert for a payment whose amount at the PG is not ours.</summary>
    public const string AmountMismatchAlert = "PAYMENT_AMOUNT_MISMATCH";

    /// <summary>Payments, by <see cref="PaymentId"/>.</summary>
    public static DocumentKind<Payment> Payments { get; } = new DocumentKind<Payment>(
            ShopTopology.Payments, "payments", PaymentsJson.Default.Payment, p => p.WakeAt, p => p.Trail, Wanted)
        .WaitsAtCircuit(p => p.Call?.HeldAt, (p, now) => p with { WakeAt = now })
        .Column("status", p => p.Status.Name())
        .Column("order_id", p => p.OrderId.ToString())
        .Column("user_id", p => p.UserId?.Value)
        .Column("created_at", p => p.CreatedAt.ToUnixTimeMilliseconds())
        .Index("by_user", "user_id", "created_at")
        .Index("by_time", "created_at")
        .Index("by_status", "status", "created_at");

    /// <summary>The payment ledger, by payment and movement.</summary>
    public static DocumentKind<PaymentLedgerRow> Ledger { get; } = new DocumentKind<PaymentLedgerRow>(
            ShopTopology.Payments, "ledger", PaymentsJson.Default.PaymentLedgerRow)
        .Column("payment_id", r => r.PaymentId.ToString())
        .Column("order_id", r => r.OrderId.ToString())
        .Column("amount", r => r.Amount.Won)
        .Column("at", r => r.At.ToUnixTimeMilliseconds())
        .Index("by_payment", "payment_id", "at")
        .Index("by_time", "at");

    private static Effect? Wanted(Payment payment)
    {
        if (payment.Call is not { IsAsked: true } call)
        {
            return null;
        }

        var key = Asking.EffectKey(payment, call);
        return call.Action switch
        {
            // A charge that is under way is still awaited when a refund is requested, but no further copy is started.
            PgAction.Charge when payment.RefundOwed is not null => null,
            PgAction.Charge when payment is
            {
                Terms: { DepositDueAt: { } dueAt, Method: { Bank: { } bank, RefundReceiveAccount: { } back } } terms
            } => new IssueAccount(
                    key, payment.OrderId, payment.Amount, bank, back.HolderName, terms.OrderName, dueAt,
                    ChargeKey(payment.Id), terms.Deadline),
            PgAction.Charge when payment is { Terms: { } terms, UserId: { } user } => new ChargeCard(
                key, payment.OrderId, user, payment.Amount, terms.Method, terms.OrderName,
                ChargeKey(payment.Id), terms.Deadline),
            PgAction.Refund when payment is { Refund: { } refund, PaymentKey: { } paymentKey } => new CancelPayment(
                key, paymentKey, payment.OrderId, refund.Id,
                Booking.Smaller(
                    Booking.Smaller(refund.Asked ?? payment.Outstanding, payment.Outstanding), refund.Refundable),
                refund.Refundable, refund.Reason, refund.IdempotencyKey)
            {
                Account = payment.Account is null ? null : payment.Terms?.Method.RefundReceiveAccount,
            },

            // A key of its own each time: a remembered refusal would answer for ever, and closing twice closes once.
            PgAction.Close when payment is { PaymentKey: { } paymentKey } => new CloseAccount(
                key, paymentKey, payment.OrderId, payment.RefundOwed?.Reason ?? "The order is not payable any more.",
                $"close:{payment.Id}:{call.Number}"),
            PgAction.Query => new QueryPayment(key, payment.OrderId),
            _ => throw new InvalidOperationException($"Payment {payment.Id} cannot ask for {call.Action}."),
        };
    }

    // The 1 is the charge attempt. There is no second: an unknown one is repeated under its own key, and a definite
    // failure is final for the order.
    private static string ChargeKey(PaymentId id) => $"charge:{id}:1";
}
