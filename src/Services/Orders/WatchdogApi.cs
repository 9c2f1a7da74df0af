using DoaMarket.Api;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace DoaMarket.Orders;

/// <summary>What the watchdog looks at, and how.</summary>
/// <param name="Findings">Sagas that stand still, the oldest first; none in a healthy shop.</param>
/// <param name="Interval">How often it looks.</param>
/// <param name="Patience">How overdue a timer may be before it acts.</param>
public sealed record WatchdogView(IReadOnlyList<WatchdogFinding> Findings, TimeSpan Interval, TimeSpan Patience);

/// <summary>The watchdog's findings for operators.</summary>
public static class WatchdogApi
{
    /// <summary>Adds the endpoint.</summary>
    public static void Map(IEndpointRouteBuilder api, Watchdog watchdog, OrdersOptions options) =>
        api.MapGet("/ops/watchdog", (Delegate)(async (HttpContext http) => ApiAnswers.Ok(http, new WatchdogView(
                await watchdog.Findings(http.RequestAborted), options.WatchdogInterval, options.WatchdogPatience))))
            .RequireAuthorization(Roles.Operator).WithTags("Operations")
            .WithSummary("Sagas that stand still though they should move: each is reported as SAGA_STUCK and woken")
            .Produces<ApiSuccess<WatchdogView>>();
}
