using System.Globalization;
using DoaMarket.Sandbox.Http;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace DoaMarket.Sandbox.Faults;

/// <summary>Switches faults on and off at run time.</summary>
internal sealed class FaultRoutes(FaultBoard board, Func<string?, Task<int>> healRefunds)
{
    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/faults", http => Listing().SendAsync(http));
        routes.MapPut("/faults", ReplaceAsync);
        routes.MapPost("/faults", AddAsync);
        routes.MapDelete("/faults", http =>
        {
            board.Replace([]);
            return Listing().SendAsync(http);
        });
        routes.MapDelete("/faults/{id:int}", RemoveAsync);
        routes.MapPost("/faults/heal-refunds", HealAsync);
    }

    private Answer Listing() => Answer.Json(200, new { rules = board.Listing() });

    private async Task ReplaceAsync(HttpContext http)
    {
        RequestFields fields = await RequestFields.ReadAsync(http.Request);
        fields.AllowOnly("rules");
        List<FaultRule> rules = [.. fields.Objects("rules", 0, FaultBoard.RulesMax).Select(FaultRule.Read)];
        if (fields.Problem is { } problem)
        {
            await problem.ToAnswer().SendAsync(http);
            return;
        }

        board.Replace(rules);
        await Listing().SendAsync(http);
    }

    private async Task AddAsync(HttpContext http)
    {
        RequestFields fields = await RequestFields.ReadAsync(http.Request);
        FaultRule rule = FaultRule.Read(fields);
        Answer answer = fields.Problem is { } problem
            ? problem.ToAnswer()
            : board.Add(rule) is { } id
                ? Answer.Json(201, new { id })
                : Answer.Error(409, "TOO_MANY_RULES", $"At most {FaultBoard.RulesMax} rules can be in force.");
        await answer.SendAsync(http);
    }

    private Task RemoveAsync(HttpContext http)
    {
        bool known = int.TryParse(
            http.GetRouteValue("id")?.ToString(), CultureInfo.InvariantCulture, out int id) && board.Remove(id);
        Answer answer = known ? Listing() : Answer.Error(404, "UNKNOWN_RULE", "There is no such rule.");
        return answer.SendAsync(http);
    }

    // Refunds of bk_refund_fails payments fail until this call; without an orderId it heals all payments made so far.
    private async Task HealAsync(HttpContext http)
    {
        RequestFields fields = await RequestFields.ReadAsync(http.Request);
        fields.AllowOnly("orderId");
        string? orderId = fields.OptionalText("orderId", 64);
        Answer answer = fields.Problem is { } problem
            ? problem.ToAnswer()
            : Answer.Json(200, new { healed = await healRefunds(orderId) });
        await answer.SendAsync(http);
    }
}
