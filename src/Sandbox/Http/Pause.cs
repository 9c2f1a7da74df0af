using Microsoft.AspNetCore.Http;

namespace DoaMarket.Sandbox.Http;

/// <summary>The waits a fault causes. All of them end when the sandbox stops.</summary>
internal sealed class Pause(TimeSpan hangFor, CancellationToken stopping)
{
    /// <summary>Holds the answer back until the client gives up, the hang is over, or the sandbox stops.</summary>
    public async Task HangAsync(CancellationToken clientGone)
    {
        using CancellationTokenSource ended = CancellationTokenSource.CreateLinkedTokenSource(clientGone, stopping);
        await Task.Delay(hangFor, ended.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    public Task HangAsync(HttpContext http) => HangAsync(http.RequestAborted);

    /// <summary>Makes a call slow. It goes on even if the client gave up: a real server would not notice.</summary>
    public async Task DelayAsync(TimeSpan delay) =>
        await Task.Delay(delay, stopping).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
}
