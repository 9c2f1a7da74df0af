using DoaMarket.Contracts;
using DoaMarket.Gateways;
using DoaMarket.Kernel;
using DoaMarket.Notifications;
using DoaMarket.Payments;

namespace DoaMarket.Host.Server;

/// <summary>
/// Turns an open circuit into an alert of the service whose gateway it is, and resolves it when the circuit closes. It
/// looks at the circuits instead of waiting to be told: a process that begins has them closed, whatever the one before
/// has left open, and what could not be written is written at the next look.
/// </summary>
public sealed class BreakerAlerts(Breakers breakers, ServiceLoops loops, TimeProvider time, ILogger<BreakerAlerts> log)
{
    private const string Type = "CIRCUIT_OPEN";

    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(500);

    // What the alerts say, of each gateway; nothing of those that this process has not told of yet.
    private readonly Dictionary<string, (string State, DateTimeOffset Since)> _told = new(StringComparer.Ordinal);

    /// <summary>Works until stopped.</summary>
    public async Task Run(CancellationToken stop)
    {
        breakers.Changed += status => log.LogWarning("The circuit to {Gateway} is {State}.", status.Gateway, status.State);
        using var timer = new PeriodicTimer(Interval, time);
        do
        {
            foreach (var status in breakers.All.Where(b => b.State != "half_open"))
            {
                if (_told.GetValueOrDefault(status.Gateway) != (status.State, status.Since)
                    && loops.All.Any(l => l.Service == OwnerOf(status.Gateway))
                    && await IsTold(status, stop))
                {
                    _told[status.Gateway] = (status.State, status.Since);
                }
            }
        }
        while (await timer.WaitForNextTickAsync(stop));
    }

    private async Task<bool> IsTold(BreakerStatus status, CancellationToken stop)
    {
        Request<bool> request = status.State == "open"
            ? new RaiseAlert(new Alert(
                Type, AlertSeverity.P3, status.Gateway,
                $"Calls to {status.Gateway} keep failing; they are held back until it answers again."))
            : new ResolveAlert(Type, status.Gateway, $"{status.Gateway} answers again.", ByPerson: false);
        try
        {
            var id = Guid.CreateVersion7(time.GetUtcNow());
            await loops.Of(OwnerOf(status.Gateway)).Ask(
                request, id, new Trail(new CorrelationId(id)), stop);
            return true;
        }
        catch (Exception busy) when (busy is ServiceBusyException or StoreUnavailableException)
        {
            log.LogWarning("The alert for {Gateway} waits: {Reason}", status.Gateway, busy.Message);
            return false;
        }
    }

    private static string OwnerOf(string gateway) => gateway switch
    {
        PaymentKinds.Gateway => ShopTopology.Payments,
        MailGateway.Name or PushGateway.Name or SmsGateway.Name => ShopTopology.Notifications,
        _ => ShopTopology.Shipping,
    };
}
