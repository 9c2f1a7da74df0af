using DoaMarket.Sandbox.Http;
using DoaMarket.Sandbox.Store;

namespace DoaMarket.Sandbox.Pg;

/// <summary>Cancels (refunds), whole or in part.</summary>
internal sealed class PgRefunds(PgBooks books)
{
    private const long AmountMax = 1_000_000_000_000;

    public (PgCommand? Command, Answer? Refusal) Read(string paymentKey, string? orderId, RequestFields fields)
    {
        string reason = fields.Text("cancelReason", 200);
        long? amount = fields.OptionalWhole("cancelAmount", 1, AmountMax);
        long? guard = fields.OptionalWhole("refundableAmount", 0, AmountMax);
        if (fields.OptionalObject("refundReceiveAccount") is { } account)
        {
            account.Text("bank", 20);
            account.Text("accountNumber", 20);
            account.Text("holderName", 60);
        }

        return fields.Problem is { } problem
            ? (null, PgErrors.Answer("INVALID_REQUEST", $"{problem.Field} {problem.Reason}"))
            : (new PgCommand("cancel", [paymentKey, orderId ?? ""], (sql, key, decline) =>
                Carry(sql, paymentKey, amount, guard, reason, key, decline)), null);
    }

    private PgResult Carry(
        SqlSession sql, string paymentKey, long? amount, long? guard, string reason, string? idempotencyKey,
        bool decline)
    {
        if (PgPayment.ByKey(sql, paymentKey) is not { } payment)
        {
            return PgResult.Error("NOT_FOUND_PAYMENT");
        }

        if (Refusal(payment, amount, guard, decline) is { } code)
        {
            return PgResult.Error(code);
        }

        if (payment.Behaviour == PgBehaviour.RefundFails
            || (payment.Behaviour == PgBehaviour.RefundFailsTwice && payment.RefundFailures < 2))
        {
            sql.Run("UPDATE payment SET refund_failures = refund_failures + 1 WHERE payment_key = $1", paymentKey);
            return PgResult.Error(PgErrors.Internal);
        }

        return PgResult.Of(books.Cancel(sql, payment, amount ?? payment.Balance, reason, idempotencyKey));
    }

    private static string? Refusal(PgPayment payment, long? amount, long? guard, bool decline)
    {
        if (payment.Status == "CANCELED")
        {
            return "ALREADY_CANCELED_PAYMENT";
        }

        if (!payment.WasCaptured || decline || PgCancel.IsFull(payment.Cancels))
        {
            return "NOT_CANCELABLE_PAYMENT";
        }

        if (guard is not null && guard != payment.Balance)
        {
            return "NOT_MATCHES_REFUNDABLE_AMOUNT";
        }

        return amount > payment.Balance ? "NOT_CANCELABLE_AMOUNT" : null;
    }
}
