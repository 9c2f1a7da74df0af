using DoaMarket.Kernel;

namespace DoaMarket.Host.Server;

/// <summary>Moves what is older than its queue's retention to the dead letters, once an hour.</summary>
public sealed class Upkeep(ITransport transport, TimeProvider time, ILogger<Upkeep> log)
{
    private static readonly TimeSpan Interval = TimeSpan.FromHours(1);

    /// <summary>Works until stopped.</summary>
    public Task Run(CancellationToken stop) => Regularly.Do(
        Interval, time, async any => await transport.DropExpired(any),
        reason => log.LogWarning("Old messages stay for now: {Reason}", reason), stop, isDoneAtOnce: true);
}
