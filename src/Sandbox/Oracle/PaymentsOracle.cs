using DoaMarket.Sandbox.Store;

namespace DoaMarket.Sandbox.Oracle;

/// <summary>Captures and cancels per order. Amounts in KRW.</summary>
internal static class PaymentsOracle
{
    public static IReadOnlyList<(string Key, object Shown)> Page(SqlSession sql, OraclePage page)
    {
        List<string> orders = sql.Rows(
            """
            SELECT DISTINCT order_id FROM journal_payment
            WHERE order_id > $1 AND ($2 IS NULL OR order_id = $2) ORDER BY order_id LIMIT $3
            """,
            row => row.GetString(0), page.After, page.OrderId, page.Limit);
        return [.. orders.Select(order => (order, Shown(sql, order)))];
    }

    private static object Shown(SqlSession sql, string orderId)
    {
        List<Movement> movements = sql.Rows(
            """
            SELECT kind, payment_key, transaction_key, amount, idempotency_key, at FROM journal_payment
            WHERE order_id = $1 ORDER BY seq
            """,
            row => new Movement(
                row.GetString(0), row.GetString(1), row.GetString(2), row.GetInt64(3), row.TextOrNull(4),
                StoredTime.Utc(row.GetInt64(5))),
            orderId);
        List<Movement> captures = movements.FindAll(movement => movement.Kind == "capture");
        List<Movement> cancels = movements.FindAll(movement => movement.Kind == "cancel");
        List<Movement> reversals = movements.FindAll(movement => movement.Kind == "reversal");
        return new
        {
            orderId,
            captures = captures.Select(movement => movement.Shown()),
            cancels = cancels.Select(movement => movement.Shown()),
            reversals = reversals.Select(movement => movement.Shown()),
            net = captures.Sum(movement => movement.Amount) - cancels.Sum(movement => movement.Amount)
                - reversals.Sum(movement => movement.Amount),
        };
    }

    private sealed record Movement(
        string Kind, string PaymentKey, string TransactionKey, long Amount, string? IdempotencyKey, string At)
    {
        public object Shown() => new
        {
            paymentKey = PaymentKey,
            transactionKey = TransactionKey,
            amount = Amount,
            idempotencyKey = IdempotencyKey,
            at = At,
        };
    }
}
