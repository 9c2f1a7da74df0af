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
    public Task Run(CancellationToken stop) => Regularly.Do(
        Interval, time, Look, reason => log.LogWarning("Who waits for a document waits on: {Reason}", reason), stop);

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
