using Microsoft.Extensions.Logging;

namespace DoaMarket.Sandbox.Callbacks;

/// <summary>Runs a step whenever something is due, and looks at least every tenth of a second.</summary>
internal sealed partial class DueLoop(string name, ILogger log, Func<CancellationToken, Task<bool>> step) : IDisposable
{
    private static readonly TimeSpan LookAgainAfter = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan RestAfterFailure = TimeSpan.FromSeconds(1);

    private readonly SemaphoreSlim _woken = new(0);

    /// <summary>Makes the loop look now; waking it twice is as good as once.</summary>
    public void Wake()
    {
        if (_woken.CurrentCount == 0)
        {
            _woken.Release();
        }
    }

    /// <summary>Loops until stopped. The step says whether it did anything, and so may have left more to do.</summary>
    public async Task RunAsync(CancellationToken stopping)
    {
        while (!stopping.IsCancellationRequested)
        {
            try
            {
                if (!await step(stopping))
                {
                    await _woken.WaitAsync(LookAgainAfter, stopping);
                }
            }
            catch (OperationCanceledException) when (stopping.IsCancellationRequested)
            {
                return;
            }
            catch (Exception failure)
            {
                // The work is durable, so it is still there: say so, rest, try again.
                LogFailure(log, name, failure);
                await Task.Delay(RestAfterFailure, stopping).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    public void Dispose() => _woken.Dispose();

    [LoggerMessage(Level = LogLevel.Error, Message = "The sandbox's {Name} loop failed and goes on")]
    private static partial void LogFailure(ILogger logger, string name, Exception failure);
}
