using DoaMarket.Sandbox.Callbacks;
using DoaMarket.Sandbox.Store;

namespace DoaMarket.Sandbox.Pg;

/// <summary>Moves money: every capture and cancel is one transaction with its ledger row and its oracle row.</summary>
internal sealed class PgBooks(TimeProvider clock, CallbackOutbox outbox)
{
    public static string NewKey() => Guid.NewGuid().ToString("N").ToUpperInvariant();

    /// <summary>Takes the money at once.</summary>
    public PgPayment Capture(SqlSession sql, PgPayment draft, string? idempotencyKey)
    {
        long now = clock.NowMs();
        PgPayment payment = draft with
        {
            Status = "DONE",
            Balance = draft.Amount,
            ApprovedAt = now,
            LastTransactionKey = NewKey(),
        };
        payment.Insert(sql);
        Record(sql, "capture", payment, payment.LastTransactionKey, payment.Amount, idempotencyKey, now);
        outbox.AddPaymentHint(sql, payment);
        return payment;
    }

    /// <summary>The customer has paid into the virtual account.</summary>
    public PgPayment Deposit(SqlSession sql, PgPayment payment) =>
        MoveDeposit(sql, payment, "capture", "DONE", balance: payment.Amount);

    /// <summary>The bank has taken the deposit back: the account waits again.</summary>
    public PgPayment Reverse(SqlSession sql, PgPayment payment) =>
        MoveDeposit(sql, payment, "reversal", "WAITING_FOR_DEPOSIT", balance: 0);

    /// <summary>Closes a virtual account that nothing was paid into: no money moves.</summary>
    public PgPayment Close(SqlSession sql, PgPayment payment)
    {
        sql.Run("UPDATE payment SET status = 'CANCELED' WHERE payment_key = $1", payment.PaymentKey);
        PgPayment after = PgPayment.ByKey(sql, payment.PaymentKey)!;
        outbox.AddPaymentHint(sql, after);
        return after;
    }

    /// <summary>Keeps a payment that took no money.</summary>
    public PgPayment Refuse(SqlSession sql, PgPayment draft, string failureCode)
    {
        PgPayment payment = draft with { Status = "ABORTED", Balance = 0, FailureCode = failureCode };
        payment.Insert(sql);
        outbox.AddPaymentHint(sql, payment);
        return payment;
    }

    /// <summary>Gives money back; the amount was checked against the balance.</summary>
    public PgPayment Cancel(SqlSession sql, PgPayment payment, long amount, string reason, string? idempotencyKey)
    {
        long now = clock.NowMs();
        long balance = payment.Balance - amount;
        string transactionKey = NewKey();
        string status = balance == 0 ? "CANCELED" : "PARTIAL_CANCELED";
        sql.Run(
            """
            INSERT INTO payment_cancel (payment_key, transaction_key, reason, amount, refundable, canceled_at)
            VALUES ($1, $2, $3, $4, $5, $6)
            """,
            payment.PaymentKey, transactionKey, reason, amount, balance, now);
        sql.Run(
            "UPDATE payment SET status = $2, balance = $3, last_transaction_key = $4 WHERE payment_key = $1",
            payment.PaymentKey, status, balance, transactionKey);
        PgPayment after = PgPayment.ByKey(sql, payment.PaymentKey)!;
        Record(sql, "cancel", after, transactionKey, amount, idempotencyKey, now);
        outbox.AddPaymentHint(sql, after);
        return after;
    }

    /// <summary>Gives up a charge that hung; one that ended otherwise stays as it is. Says whether it did.</summary>
    public bool Abandon(SqlSession sql, string paymentKey)
    {
        int changed = sql.Run(
            """
            UPDATE payment SET status = 'ABORTED', failure_code = $2
            WHERE payment_key = $1 AND status = 'IN_PROGRESS'
            """,
            paymentKey, PgErrors.Internal);
        if (changed == 1)
        {
            outbox.AddPaymentHint(sql, PgPayment.ByKey(sql, paymentKey)!);
        }

        return changed == 1;
    }

    /// <summary>After a restart no charge is under way any more: those that hung captured nothing.</summary>
    public static int AbandonAll(SqlSession sql) => sql.Run(
        "UPDATE payment SET status = 'ABORTED', failure_code = $1 WHERE status = 'IN_PROGRESS'", PgErrors.Internal);

    public static int HealRefunds(SqlSession sql, string? orderId) => sql.Run(
        "UPDATE payment SET behaviour = 'ok' WHERE behaviour = 'refund_fails' AND ($1 IS NULL OR order_id = $1)",
        orderId);

    private PgPayment MoveDeposit(SqlSession sql, PgPayment payment, string kind, string status, long balance)
    {
        long now = clock.NowMs();
        string transactionKey = NewKey();
        sql.Run(
            """
            UPDATE payment SET status = $2, balance = $3, approved_at = $4, last_transaction_key = $5
            WHERE payment_key = $1
            """,
            payment.PaymentKey, status, balance, balance > 0 ? now : null, transactionKey);
        PgPayment after = PgPayment.ByKey(sql, payment.PaymentKey)!;
        Record(sql, kind, after, transactionKey, payment.Amount, null, now);
        return after;
    }

    private static void Record(
        SqlSession sql, string kind, PgPayment payment, string transactionKey, long amount, string? idempotencyKey,
        long now)
    {
        // Cancels carry a negative amount in the transaction list (inferred), so that a sum over a day is the net.
        sql.Run(
            """
            INSERT INTO pg_transaction (transaction_key, payment_key, order_id, status, amount, at)
            VALUES ($1, $2, $3, $4, $5, $6)
            """,
            transactionKey, payment.PaymentKey, payment.OrderId, payment.Status,
            kind == "capture" ? amount : -amount, now);
        sql.Run(
            """
            INSERT INTO journal_payment (kind, order_id, payment_key, transaction_key, amount, idempotency_key, at)
            VALUES ($1, $2, $3, $4, $5, $6, $7)
            """,
            kind, payment.OrderId, payment.PaymentKey, transactionKey, amount, idempotencyKey, now);
    }
}
