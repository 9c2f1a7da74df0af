using DoaMarket.Kernel;

namespace DoaMarket.Host.Ops;

/// <summary>
/// Looks at the queues regularly: for gauges, and so that the alert of a dead-letter queue is open exactly while the
/// queue has letters. A letter's own commit opens it at once; this closes it with the last one, and opens it for letters
/// that no handling put there (those that were too old).
/// </summary>
public sealed class QueueWatch(
    IReadOnlyList<ServiceModule> modules, Topology topology, IStore store, ITransport transport, IDeadLetters deadLetters,
    ServiceLoops loops, TimeProvider time, ILogger<QueueWatch> log)
{
    /// <summary>Type of the alert; the kernel raises it under the same name.</summary>
    public const string DeadLetterAlert = "DEAD_LETTER";

    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(2);

    /// <summary>The queues as they were seen last.</summary>
    public IReadOnlyList<QueueStatus> Latest { get; private set; } = [];

    /// <summary>Dead letters that wait for a person, by dead-letter queue, as they were seen last.</summary>
    public IReadOnlyDictionary<string, long> DeadLetters { get; private set; } = new Dictionary<string, long>(StringComparer.Ordinal);

    /// <summary>Works until stopped.</summary>
    public Task Run(CancellationToken stop) => Regularly.Do(
        Interval, time, Look, reason => log.LogWarning("The queues cannot be looked at: {Reason}", reason), stop);

    /// <summary>Looks once.</summary>
    public async Task Look(CancellationToken stop)
    {
        Latest = await transport.Status(stop);
        DeadLetters = await deadLetters.Waiting(stop);
        foreach (var module in modules)
        {
            var subject = topology.Of(module.Service).DeadLetterQueue;
            var waiting = DeadLetters.GetValueOrDefault(subject);
            var stored = await store.Find(module.Alerts.Key(KernelKinds.AlertKey(DeadLetterAlert, subject)), stop);
            var isOpen = stored is { State: AlertState { IsOpen: true } };
            if (isOpen == waiting > 0)
            {
                continue;
            }

            Request<bool> wish = isOpen
                ? new ResolveAlert(DeadLetterAlert, subject, "The queue has no dead letters any more.", ByPerson: false)
                : new RaiseAlert(new Alert(
                    DeadLetterAlert, AlertSeverity.P2, subject, $"{subject} has {waiting} dead letters."));
            await Tell(module.Service, wish, stop);
        }
    }

    private async Task Tell(string service, Request<bool> wish, CancellationToken stop)
    {
        try
        {
            var id = Guid.CreateVersion7(time.GetUtcNow());
            await loops.Of(service).Ask(wish, id, new Trail(new CorrelationId(id)), stop);
        }
        catch (ServiceBusyException busy)
        {
            log.LogWarning("The alert about dead letters waits: {Reason}", busy.Message); // the next look tries again
        }
    }
}
