using DoaMarket.Contracts;
using DoaMarket.Gateways;
using DoaMarket.Kernel;
using DoaMarket.Notifications;
using DoaMarket.Payments;

namespace DoaMarket.Host.Server;

/// <summary>
/// Turns an open circuit into an alert of the service whose gateway it is, and resolves it when the circuit closes.
/// </summary>
public sealed class BreakerAlerts(Breakers breakers, ServiceLoops loops, TimeProvider time, ILogger<BreakerAlerts> log)
{
    private const string Type = "CIRCUIT_OPEN";

    /// <summary>Begins to listen.</summary>
    public void Begin() => breakers.Changed += status => _ = Tell(status);

    private async Task Tell(BreakerStatus status)
    {
        log.LogWarning("The circuit to {Gateway} is {State}.", status.Gateway, status.State);
        if (status.State == "half_open")
        {
            return;
        }

        Request<bool> request = status.State == "open"
            ? new RaiseAlert(new Alert(
                Type, AlertSeverity.P3, status.Gateway,
                $"Calls to {status.Gateway} keep failing; they are held back until it answers again."))
            : new ResolveAlert(Type, status.Gateway, $"{status.Gateway} answers again.", ByPerson: false);
        try
        {
            var id = Guid.CreateVersion7(time.GetUtcNow());
            await loops.Of(OwnerOf(status.Gateway)).Ask(
                request, id, new Trail(new CorrelationId(id)), CancellationToken.None);
        }
        catch (ServiceBusyException busy)
        {
            log.LogWarning("The alert for {Gateway} was not written: {Reason}", status.Gateway, busy.Message);
        }
    }

    private static string OwnerOf(string gateway) => gateway switch
    {
        PaymentKinds.Gateway => ShopTopology.Payments,
        MailGateway.Name or PushGateway.Name or SmsGateway.Name => ShopTopology.Notifications,
        _ => ShopTopology.Shipping,
    };
}
