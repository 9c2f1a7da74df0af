using DoaMarket.Kernel;

namespace DoaMarket.Host.Ops;

/// <summary>
/// Carries queues' redriving on: every second the next letters, as many as its rate says. How far it is stands in its
/// document and is written in the commit that redrives them, so a process that ends in the middle goes on there, and several
/// processes together are no quicker than one.
/// </summary>
public sealed class RedriveRunner(
    IReadOnlyList<ServiceModule> modules, Topology topology, IStore store, IDeadLetters deadLetters, ServiceLoops loops,
    TimeProvider time, ILogger<RedriveRunner> log)
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    /// <summary>Works until stopped.</summary>
    public async Task Run(CancellationToken stop)
    {
        using var timer = new PeriodicTimer(Interval, time);
        while (await timer.WaitForNextTickAsync(stop))
        {
            foreach (var module in modules)
            {
                try
                {
                    await Continue(module, stop);
                }
                catch (Exception error) when (error is ServiceBusyException or StoreUnavailableException)
                {
                    log.LogWarning("Redriving for {Service} waits: {Reason}", module.Service, error.Message);
                }
            }
        }
    }

    private async Task Continue(ServiceModule module, CancellationToken stop)
    {
        var queue = topology.Of(module.Service).DeadLetterQueue;
        if (await store.Find(module.Redrives.Key(queue), stop) is not { State: RedriveState { EndedAt: null } job })
        {
            return;
        }

        var now = time.GetUtcNow();
        if (job.Allowed(now) is not (> 0 and var allowed))
        {
            return;
        }

        var page = await deadLetters.Page(
            new(allowed, queue, job.EventType, DeadUntil: job.StartedAt, OldestFirst: true, Reason: job.FailedBecause),
            stop);
        var id = Guid.CreateVersion7(now);
        var trail = new Trail(new CorrelationId(id), UserId: job.StartedBy);
        await loops.Of(module.Service).Ask(
            new ContinueRedrive(queue, job.StartedAt, job.LastAt, [.. page.Letters.Select(l => l.Id)]), id, trail, stop);
    }
}
