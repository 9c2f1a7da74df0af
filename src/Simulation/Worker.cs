using DoaMarket.Kernel;

namespace DoaMarket.Simulation;

/// <summary>One loop of a service, driven step by step.</summary>
internal sealed class Worker(World world, ShopRun run, ServiceLoop loop) : IActor
{
    private BatchHandling? _handling;

    public ServiceLoop Loop => loop;

    public string Service => loop.Service;

    public FlowStep FlowStep { get; } = FaultCells.StepOf(loop.Service);

    /// <summary>Whether it is worth taking something.</summary>
    public bool MayHaveWork { get; set; } = true;

    /// <summary>It does nothing before: slow, paused, or waiting for its store.</summary>
    public DateTimeOffset PausedUntil { get; private set; }

    public bool CanStep => (MayHaveWork || _handling is not null) && PausedUntil <= world.Clock.Now;

    /// <summary>Makes one step.</summary>
    public void Step()
    {
        world.Acting = FlowStep;
        if (world.Hits(Fault.Kill, FlowStep))
        {
            world.EndProcess();
            return;
        }

        if (_handling is null)
        {
            Take();
            return;
        }

        var wait = world.Now(_handling.Step(CancellationToken.None));
        if (_handling.IsDone)
        {
            _handling = null;
            MayHaveWork = true;
        }

        Pause(wait);
    }

    private void Take()
    {
        Batch? batch;
        try
        {
            batch = world.Now(loop.Take(CancellationToken.None));
        }
        catch (StoreUnavailableException)
        {
            Pause(TimeSpan.FromSeconds(2));
            return;
        }

        MayHaveWork = batch is not null;
        if (batch is null)
        {
            return;
        }

        _handling = loop.Handle(batch);
        if (world.Hits(Fault.SlowConsumer, FlowStep))
        {
            Pause(world.Chance.Between(TimeSpan.FromMilliseconds(200), TimeSpan.FromSeconds(20)));
        }
        else if (world.Hits(Fault.VisibilityExpiry, FlowStep))
        {
            var visibility = Contracts.ShopTopology.Topology.Of(Service).VisibilityTimeout;
            world.WakeAt(Service, world.Clock.Now + visibility + TimeSpan.FromSeconds(1));
            Pause(visibility + world.Chance.Between(TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(90)));
        }
    }

    private void Pause(TimeSpan wait)
    {
        if (wait > TimeSpan.Zero && !run.IsDead)
        {
            PausedUntil = world.Clock.Now + wait;
            world.At(PausedUntil, static () => { });
        }
    }
}
