using DoaMarket.Kernel;

namespace DoaMarket.Host.Server;

/// <summary>Moves what is older than its queue's retention to the dead letters, once an hour.</summary>
public sealed class Upkeep(ITransport transport, TimeProvider time, ILogger<Upkeep> log)
{
    private static readonly TimeSpan Interval = TimeSpan.FromHours(1);

    /// <summary>Works until stopped.</summary>
    public async Task Run(CancellationToken stop)
    {
        using var timer = new PeriodicTimer(Interval, time);
        do
        {
            try
            {
                await transport.DropExpired(stop);
            }
            catch (StoreUnavailableException error)
            {
                log.LogWarning("Old messages stay for now: {Reason}", error.Message);
            }
        }
        while (await timer.WaitForNextTickAsync(stop));
    }
}
