using DoaMarket.Sandbox.Http;
using DoaMarket.Sandbox.Store;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace DoaMarket.Sandbox.Pg;

/// <summary>
/// What people do at the PG's own console, unseen by the shop: charge, give back, and, as no real console can, make a
/// transaction vanish from the list. So that reconciliation has something to find.
/// </summary>
internal sealed class PgConsole(SandboxStore store, PgBooks books, TimeProvider clock)
{
    private const long AmountMax = 1_000_000_000_000;

    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapPost("/console/captures", http => ActAsync(http, Capture));
        routes.MapPost("/console/refunds", http => ActAsync(http, Refund));
        routes.MapPost("/console/vanish", http => ActAsync(http, (sql, wish) => Hide(sql, wish, hidden: true)));
        routes.MapPost("/console/reappear", http => ActAsync(http, (sql, wish) => Hide(sql, wish, hidden: false)));
    }

    private async Task ActAsync(HttpContext http, Func<SqlSession, Wish, Answer> act)
    {
        RequestFields fields = await RequestFields.ReadAsync(http.Request);
        fields.AllowOnly("orderId", "amount");
        Wish wish = new(fields.Text("orderId", 64), fields.OptionalWhole("amount", 1, AmountMax));
        Answer answer = fields.Problem is { } problem
            ? problem.ToAnswer()
            : await store.WriteAsync(sql => act(sql, wish));
        await answer.SendAsync(http);
    }

    private Answer Capture(SqlSession sql, Wish wish)
    {
        PgPayment captured = books.Capture(
            sql,
            new PgPayment(
                $"console_{PgBooks.NewKey()}", wish.OrderId, "console", "NORMAL", PgBehaviour.Ok, "READY",
                wish.Amount ?? 10_000, Balance: 0, clock.NowMs(), ApprovedAt: null, LastTransactionKey: null,
                Secret: $"ps_{PgBooks.NewKey()}", FailureCode: null, RefundFailures: 0),
            idempotencyKey: null);
        return Shown(captured);
    }

    private Answer Refund(SqlSession sql, Wish wish) => PgPayment.ByOrder(sql, wish.OrderId) switch
    {
        { WasCaptured: true, Balance: > 0 } payment when (wish.Amount ?? payment.Balance) <= payment.Balance =>
            Shown(books.Cancel(sql, payment, wish.Amount ?? payment.Balance, "at the console", null)),
        null => Unknown(),
        var payment => Answer.Error(
            409, "NOT_POSSIBLE_NOW", $"The payment is {payment.Status}, and {payment.Balance} is left."),
    };

    private static Answer Hide(SqlSession sql, Wish wish, bool hidden) => sql.Run(
        "UPDATE pg_transaction SET hidden = $2 WHERE order_id = $1", wish.OrderId, hidden ? 1 : 0) switch
    {
        0 => Unknown(),
        var changed => Answer.Json(200, new { orderId = wish.OrderId, transactions = changed }),
    };

    private static Answer Shown(PgPayment payment) => Answer.Json(200, new
    {
        orderId = payment.OrderId,
        status = payment.Status,
        transactionKey = payment.LastTransactionKey,
        balance = payment.Balance,
    });

    private static Answer Unknown() => Answer.Error(404, "UNKNOWN_ORDER", "There is no payment of this order.");

    private sealed record Wish(string OrderId, long? Amount);
}
