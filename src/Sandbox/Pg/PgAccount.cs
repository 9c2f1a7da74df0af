using DoaMarket.Sandbox.Store;

namespace DoaMarket.Sandbox.Pg;

/// <summary>The virtual account of a payment. Times in Unix milliseconds.</summary>
/// <param name="NextAt">When it moves by itself: a deposit, a reversal, or its end.</param>
internal sealed record PgAccount(
    string PaymentKey, string Bank, string AccountNumber, string CustomerName, long DueAt, long NextAt)
{
    public static PgAccount? Of(SqlSession sql, string paymentKey) => sql.Row(
        """
        SELECT payment_key, bank, account_number, customer_name, due_at, next_at FROM virtual_account
        WHERE payment_key = $1
        """,
        row => new PgAccount(
            row.GetString(0), row.GetString(1), row.GetString(2), row.GetString(3), row.GetInt64(4), row.GetInt64(5)),
        paymentKey);

    public static IReadOnlyList<string> Due(SqlSession sql, long now, int limit) => sql.Rows(
        "SELECT payment_key FROM virtual_account WHERE next_at <= $1 ORDER BY next_at LIMIT $2",
        row => row.GetString(0), now, limit);

    public void Insert(SqlSession sql) => sql.Run(
        """
        INSERT INTO virtual_account (payment_key, bank, account_number, customer_name, due_at, next_at)
        VALUES ($1, $2, $3, $4, $5, $6)
        """,
        PaymentKey, Bank, AccountNumber, CustomerName, DueAt, NextAt);

    /// <summary>When it moves next by itself; null: never again.</summary>
    public void MoveAt(SqlSession sql, long? at) => sql.Run(
        "UPDATE virtual_account SET next_at = $2 WHERE payment_key = $1", PaymentKey, at ?? long.MaxValue);

    public object ToToss(string status) => new
    {
        accountType = "일반",
        accountNumber = AccountNumber,
        bankCode = Bank,
        customerName = CustomerName,
        depositorName = CustomerName,
        dueDate = StoredTime.Seoul(DueAt),
        expired = status == "EXPIRED",
        settlementStatus = "INCOMPLETED",
        refundStatus = status is "CANCELED" or "PARTIAL_CANCELED" ? "COMPLETED" : "NONE",
    };
}
