using System.Globalization;
using DoaMarket.Sandbox.Http;
using DoaMarket.Sandbox.Store;
using Microsoft.AspNetCore.Http;

namespace DoaMarket.Sandbox.Pg;

/// <summary>Reads: a payment by its key or order, and the transactions of a period (for reconciliation).</summary>
internal sealed class PgQueries(SandboxStore store)
{
    private const int PageDefault = 100;
    private const int PageMax = 5_000;

    public async Task<Answer> ByKeyAsync(string paymentKey) =>
        Show(await store.ReadAsync(sql => PgPayment.ByKey(sql, paymentKey)));

    public async Task<Answer> ByOrderAsync(string orderId) =>
        Show(await store.ReadAsync(sql => PgPayment.ByOrder(sql, orderId)));

    /// <summary>Oldest first; the next page starts after the last transactionKey of this one.</summary>
    public async Task<Answer> TransactionsAsync(IQueryCollection query)
    {
        if (!StoredTime.TryReadSeoul(query["startDate"], out long from)
            || !StoredTime.TryReadSeoul(query["endDate"], out long to) || from > to)
        {
            return PgErrors.Answer("INVALID_REQUEST", "startDate, endDate: yyyy-MM-ddTHH:mm:ss");
        }

        int limit = PageDefault;
        if (query.TryGetValue("limit", out var text)
            && (!int.TryParse(text, CultureInfo.InvariantCulture, out limit) || limit is < 1 or > PageMax))
        {
            return PgErrors.Answer("INVALID_REQUEST", $"limit: 1 to {PageMax}");
        }

        string? after = query["startingAfter"];
        long? cursor = await store.ReadAsync(sql => after is null
            ? 0
            : sql.Row<long?>(
                "SELECT id FROM pg_transaction WHERE transaction_key = $1", row => row.GetInt64(0), after));
        return cursor is null
            ? PgErrors.Answer("INVALID_REQUEST", "startingAfter")
            : Answer.Json(200, await store.ReadAsync(sql => Page(sql, from, to, cursor.Value, limit)));
    }

    private static List<object> Page(
        SqlSession sql, long from, long to, long cursor, int limit) => sql.Rows<object>(
        """
        SELECT transaction_key, payment_key, order_id, status, amount, at FROM pg_transaction
        WHERE at BETWEEN $1 AND $2 AND id > $3 AND hidden = 0 ORDER BY id LIMIT $4
        """,
        row => new
        {
            mId = "doamarket_sandbox",
            transactionKey = row.GetString(0),
            paymentKey = row.GetString(1),
            orderId = row.GetString(2),
            method = "카드",
            status = row.GetString(3),
            amount = row.GetInt64(4),
            currency = "KRW",
            transactionAt = StoredTime.Seoul(row.GetInt64(5)),
        },
        from, to, cursor, limit);

    private static Answer Show(PgPayment? payment) => payment is null
        ? PgErrors.Answer("NOT_FOUND_PAYMENT")
        : Answer.Json(200, payment.ToToss());
}
