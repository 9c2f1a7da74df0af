using DoaMarket.Sandbox.Http;
using DoaMarket.Sandbox.Oracle;
using Microsoft.AspNetCore.Http;

namespace DoaMarket.Sandbox.Faults;

/// <summary>Carries a call out the way the fault rules say, and counts it.</summary>
internal sealed class FaultGate(FaultBoard board, Pause pause, CallCounters counters)
{
    /// <summary>Runs one call.</summary>
    /// <param name="http">The call; its connection is cut when the response is to be lost.</param>
    /// <param name="point">What the rules match on.</param>
    /// <param name="unavailable">The provider's own form of a 500 or 503.</param>
    /// <param name="effect">Does it; the argument says whether it must be declined.</param>
    /// <returns>The answer, or null when the client gets none.</returns>
    public async Task<Answer?> RunAsync(
        HttpContext http, FaultPoint point, Func<int, Answer> unavailable, Func<bool, Task<Answer>> effect)
    {
        FaultRule? rule = board.Draw(point);
        Answer? answer = await FollowAsync(http, rule, unavailable, effect);
        if (answer is null)
        {
            http.Abort();
        }

        counters.Count(point, answer is null ? "cut" : Outcome(answer.Status));
        return answer;
    }

    public static string Outcome(int status) => status.ToString(System.Globalization.CultureInfo.InvariantCulture);

    private async Task<Answer?> FollowAsync(
        HttpContext http, FaultRule? rule, Func<int, Answer> unavailable, Func<bool, Task<Answer>> effect)
    {
        switch (rule?.Mode)
        {
            case FaultMode.Down:
                return unavailable(StatusCodes.Status503ServiceUnavailable);
            case FaultMode.Error:
                return unavailable(StatusCodes.Status500InternalServerError);
            case FaultMode.Slow:
                await pause.DelayAsync(rule.Delay);
                return await effect(false);
            case FaultMode.Timeout:
                if (rule.Effect)
                {
                    await effect(false);
                }

                await pause.HangAsync(http);
                return unavailable(StatusCodes.Status504GatewayTimeout);
            case FaultMode.LoseResponse:
                await effect(false);
                return null;
            case FaultMode.Decline:
                return await effect(true);
            default:
                return await effect(false);
        }
    }
}
