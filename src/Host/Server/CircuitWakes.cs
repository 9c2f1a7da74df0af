using DoaMarket.Contracts;
using DoaMarket.Gateways;
using DoaMarket.Kernel;

namespace DoaMarket.Host.Server;

/// <summary>
/// When a circuit closes, what waited at it goes on at once instead of when its own timer says. Should this fail, the
/// timers are still there.
/// </summary>
public sealed class CircuitWakes(
    Breakers breakers, CircuitWaits waits, ServiceLoops loops, TimeProvider time, ILogger<CircuitWakes> log)
{
    /// <summary>Bound on the documents of one request, so that one commit can hold them.</summary>
    private const int MaxPerRequest = 100;

    /// <summary>Begins to listen.</summary>
    public void Begin() => breakers.Changed += status =>
    {
        if (status.State == "closed")
        {
            _ = LetGo(status.Gateway);
        }
    };

    private async Task LetGo(string gateway)
    {
        try
        {
            foreach (var service in waits.Take(gateway).GroupBy(key => key.Kind.Service, StringComparer.Ordinal))
            {
                foreach (var keys in service.Chunk(MaxPerRequest))
                {
                    var id = Guid.CreateVersion7(time.GetUtcNow());
                    var count = await loops.Of(service.Key).Ask(
                        new CircuitClosed(gateway, keys), id, new Trail(new CorrelationId(id)), CancellationToken.None);
                    log.LogInformation("{Count} of {Service} go on: {Gateway} answers again.", count, service.Key, gateway);
                }
            }
        }
        catch (Exception busy) when (busy is ServiceBusyException or StoreUnavailableException)
        {
            log.LogWarning("What waited for {Gateway} goes on by its own timers: {Reason}", gateway, busy.Message);
        }
    }
}
