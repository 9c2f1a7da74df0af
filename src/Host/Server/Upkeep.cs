using DoaMarket.Kernel;

namespace DoaMarket.Host.Server;

/// <summary>Moves what is older than its queue's retention to the dead letters, once an hour.</summary>
public sealed class Upkeep(ITransport transport, TimeProvider time)
{
    private static readonly TimeSpan Interval = TimeSpan.FromHours(1);

    /// <summary>Works until stopped.</summary>
    public async Task Run(CancellationToken stop)
    {
        using var timer = new PeriodicTimer(Interval, time);
        do
        {
            await transport.DropExpired(stop);
        }
        while (await timer.WaitForNextTickAsync(stop));
    }
}
