using DoaMarket.Sandbox.Store;

namespace DoaMarket.Sandbox.Pg;

/// <summary>One refund of a payment. Amounts in KRW, times in Unix milliseconds.</summary>
internal sealed record PgCancel(string TransactionKey, string Reason, long Amount, long Refundable, long CanceledAt)
{
    // The smallest refund is 1 won, so only the amount bounds the list; a PG would stop far earlier.
    private const int CancelsMax = 1_000;

    public static IReadOnlyList<PgCancel> Of(SqlSession sql, string paymentKey) => sql.Rows(
        """
        SELECT transaction_key, reason, amount, refundable, canceled_at FROM payment_cancel
        WHERE payment_key = $1 ORDER BY id LIMIT $2
        """,
        row => new PgCancel(row.GetString(0), row.GetString(1), row.GetInt64(2), row.GetInt64(3), row.GetInt64(4)),
        paymentKey, CancelsMax);

    public object ToToss() => new
    {
        transactionKey = TransactionKey,
        cancelReason = Reason,
        cancelAmount = Amount,
        refundableAmount = Refundable,
        canceledAt = StoredTime.Seoul(CanceledAt),
        cancelStatus = "DONE",
        taxFreeAmount = 0,
    };

    /// <summary>Whether the payment has as many refunds as are kept readable.</summary>
    public static bool IsFull(IReadOnlyList<PgCancel> cancels) => cancels.Count >= CancelsMax;
}
