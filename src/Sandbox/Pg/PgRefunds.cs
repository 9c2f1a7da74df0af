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
        RequestFields? account = fields.OptionalObject("refundReceiveAccount");
        if (account is not null)
        {
            account.Text("bank", 20);
            account.Text("accountNumber", 20);
            account.Text("holderName", 60);
        }

        return fields.Problem is { } problem
            ? (null, PgErrors.Answer("INVALID_REQUEST", $"{problem.Field} {problem.Reason}"))
            : (new PgCommand("cancel", [paymentKey, orderId ?? ""], (sql, key, decline) =>
                Carry(sql, new(paymentKey, amount, guard, reason, account is not null), key, decline)), null);
    }

    private PgResult Carry(SqlSession sql, Wish wish, string? idempotencyKey, bool decline)
    {
        if (PgPayment.ByKey(sql, wish.PaymentKey) is not { } payment)
        {
            return PgResult.Error("NOT_FOUND_PAYMENT");
        }

        if (payment.Status == "WAITING_FOR_DEPOSIT" && !decline)
        {
            return PgResult.Of(books.Close(sql, payment));
        }

        if (Refusal(payment, wish, decline) is { } code)
        {
            return PgResult.Error(code);
        }

        if (payment.Behaviour == PgBehaviour.RefundFails
            || (payment.Behaviour == PgBehaviour.RefundFailsTwice && payment.RefundFailures < 2))
        {
            sql.Run(
                "UPDATE payment SET refund_failures = refund_failures + 1 WHERE payment_key = $1",
                wish.PaymentKey);
            return PgResult.Error(PgErrors.Internal);
        }

        return PgResult.Of(books.Cancel(sql, payment, wish.Amount ?? payment.Balance, wish.Reason, idempotencyKey));
    }

    private static string? Refusal(PgPayment payment, Wish wish, bool decline)
    {
        if (payment.Status == "CANCELED")
        {
            return "ALREADY_CANCELED_PAYMENT";
        }

        if (!payment.WasCaptured || decline || PgCancel.IsFull(payment.Cancels))
        {
            return "NOT_CANCELABLE_PAYMENT";
        }

        if (payment.Account is not null && !wish.HasAccount)
        {
            return "INVALID_REFUND_ACCOUNT_INFO"; // a deposit can go back to an account only
        }

        if (wish.Guard is not null && wish.Guard != payment.Balance)
        {
            return "NOT_MATCHES_REFUNDABLE_AMOUNT";
        }

        return wish.Amount > payment.Balance ? "NOT_CANCELABLE_AMOUNT" : null;
    }

    private sealed record Wish(string PaymentKey, long? Amount, long? Guard, string Reason, bool HasAccount);
}
