using Microsoft.Extensions.Logging;

namespace DoaMarket.Kernel;

/// <summary>
/// Where other processes work on the same store: looks after the documents that somebody waits for in this one. One query
/// for all of them, however many wait.
/// </summary>
public sealed class ChangePoll(ChangeFeed feed, IStore store, TimeProvider time, ILogger<ChangePoll> log)
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(250);

    /// <summary>Works until stopped.</summary>
    public async Task Run(CancellationToken stop)
    {
        using var timer = new PeriodicTimer(Interval, time);
        while (await timer.WaitForNextTickAsync(stop))
        {
            try
            {
                await Look(stop);
            }
            catch (StoreUnavailableException error)
            {
                log.LogWarning("Who waits for a document waits on: {Reason}", error.Message);
            }
        }
    }

    internal async Task Look(CancellationToken stop)
    {
        var versions = feed.Versions();
        if (versions.Count == 0)
        {
            return;
        }

        foreach (var document in await store.Newer(versions, stop))
        {
            feed.Publish(document.Key, document.Version, document.State);
        }
    }
}
