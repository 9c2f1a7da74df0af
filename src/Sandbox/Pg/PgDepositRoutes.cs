using DoaMarket.Sandbox.Http;
using DoaMarket.Sandbox.Store;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace DoaMarket.Sandbox.Pg;

/// <summary>The customer's and the bank's side of virtual accounts, for the page, for tests, and for the curious.</summary>
internal sealed class PgDepositRoutes(SandboxStore store, PgDeposits deposits)
{
    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapPost("/accounts/{orderId}/deposit", http => MoveAsync(http, deposits.Deposit));
        routes.MapPost("/accounts/{orderId}/reverse", http => MoveAsync(http, deposits.Reverse));
        routes.MapPost("/accounts/{orderId}/expire", http => MoveAsync(http, deposits.Expire));
    }

    private async Task MoveAsync(HttpContext http, Func<SqlSession, PgPayment, PgPayment?> move)
    {
        string orderId = http.GetRouteValue("orderId")!.ToString()!;
        Answer answer = await store.WriteAsync(sql => PgPayment.ByOrder(sql, orderId) switch
        {
            null => Answer.Error(404, "UNKNOWN_ORDER", "There is no payment of this order."),
            var payment when move(sql, payment) is { } moved =>
                Answer.Json(200, new { orderId, status = moved.Status }),
            var payment => Answer.Error(409, "NOT_POSSIBLE_NOW", $"The payment is {payment.Status}."),
        });
        await answer.SendAsync(http);
    }
}
