using DoaMarket.Gateways;
using DoaMarket.Host.Server.Modes;
using DoaMarket.Host.Server.Peers;
using DoaMarket.Kernel;

namespace DoaMarket.Host.Server;

/// <summary>
/// Turns an open circuit into an alert of the service whose gateway it is, and resolves it when the circuit closes. It
/// looks at the circuits instead of waiting to be told: a process that begins has them closed, whatever the one before
/// has left open, and what could not be written is written at the next look.
/// </summary>
/// <remarks>
/// Each process has circuits of its own. Where there are several, an alert is about the circuit of one ("pg@3"): another
/// process, whose circuit is closed, leaves it alone. Once the process is gone, whoever notices resolves it.
/// </remarks>
public sealed class BreakerAlerts(
    Breakers breakers, IReadOnlyList<ServiceModule> modules, IStore store, ServiceLoops loops, IFoundation foundation,
    TimeProvider time, ILogger<BreakerAlerts> log)
{
    private const string Type = "CIRCUIT_OPEN";
    private const char At = '@';
    private const int MaxAlertsLookedAt = 100;

    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(500), OthersEvery = TimeSpan.FromSeconds(5);

    // What the alerts say, of each gateway; nothing of those that this process has not told of yet.
    private readonly Dictionary<string, (string State, DateTimeOffset Since)> _told = new(StringComparer.Ordinal);
    private DateTimeOffset _nextLookAtOthers;

    /// <summary>Works until stopped.</summary>
    public Task Run(CancellationToken stop)
    {
        breakers.Changed += status => log.LogWarning("The circuit to {Gateway} is {State}.", status.Gateway, status.State);
        return Regularly.Do(
            Interval, time, Look, reason => log.LogWarning("Alerts of circuits wait: {Reason}", reason), stop,
            isDoneAtOnce: true);
    }

    private async Task Look(CancellationToken stop)
    {
        foreach (var status in breakers.All.Where(b => b.State != "half_open" && loops.Has(GatewayOwners.Of(b.Gateway))))
        {
            if (_told.GetValueOrDefault(status.Gateway) != (status.State, status.Since))
            {
                await Tell(status, stop);
                _told[status.Gateway] = (status.State, status.Since);
            }
        }

        if (time.GetUtcNow() >= _nextLookAtOthers)
        {
            await EndThoseOfTheGone(stop);
            _nextLookAtOthers = time.GetUtcNow() + OthersEvery;
        }
    }

    private async Task Tell(BreakerStatus status, CancellationToken stop)
    {
        var subject = foundation.NodeOf(GatewayOwners.Of(status.Gateway)) is { } node ? $"{status.Gateway}{At}{node}" : status.Gateway;
        Request<bool> request = status.State == "open"
            ? new RaiseAlert(new Alert(
                Type, AlertSeverity.P3, subject,
                $"Calls to {status.Gateway} keep failing; they are held back until it answers again."))
            : new ResolveAlert(Type, subject, $"{status.Gateway} answers again.", ByPerson: false);
        await Ask(GatewayOwners.Of(status.Gateway), request, stop);
    }

    private async Task EndThoseOfTheGone(CancellationToken stop)
    {
        foreach (var module in modules.Where(m => foundation.NodeOf(m.Service) is not null))
        {
            var open = await store.Query(new(module.Alerts, "by_type", [1L, Type], MaxAlertsLookedAt), stop);
            if (open.Documents.Count == 0)
            {
                continue;
            }

            var present = await foundation.Nodes(module.Service, stop); // after the look: who has raised one is there
            foreach (var subject in open.Documents.Select(d => ((AlertState)d.State).Alert.Subject))
            {
                if (subject.Split(At) is not [_, var node] || !present.Contains(node))
                {
                    await Ask(
                        module.Service,
                        new ResolveAlert(Type, subject, "The process whose circuit it was is gone.", ByPerson: false), stop);
                }
            }
        }
    }

    private async Task Ask(string service, Request<bool> request, CancellationToken stop)
    {
        var id = Guid.CreateVersion7(time.GetUtcNow());
        await loops.Of(service).Ask(request, id, new Trail(new CorrelationId(id)), stop);
    }
}
