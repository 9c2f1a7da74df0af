namespace DoaMarket.Simulation;

/// <summary>What a world's process does beside its services' loops, with a broker: the relay, and the journal's loop.</summary>
/// <param name="world">The world.</param>
/// <param name="run">The process.</param>
/// <param name="service">Under which name it is woken.</param>
/// <param name="flowStep">In whose name it acts.</param>
/// <param name="step">Makes one step; returns how long it then waits.</param>
/// <param name="rests">Told when it finds nothing to do.</param>
internal sealed class SideWorker(
    World world, ShopRun run, string service, Func<FlowStep> flowStep,
    Func<CancellationToken, ValueTask<TimeSpan>> step, Action rests) : IActor
{
    private DateTimeOffset _pausedUntil;

    public string Service => service;

    public bool MayHaveWork { get; set; } = true;

    public bool CanStep => MayHaveWork && _pausedUntil <= world.Clock.Now;

    public void Step()
    {
        world.Acting = flowStep();
        if (world.Hits(Fault.Kill, world.Acting))
        {
            world.EndProcess();
            return;
        }

        var wait = world.Now(step(CancellationToken.None));
        MayHaveWork = wait != Timeout.InfiniteTimeSpan;
        if (!MayHaveWork)
        {
            rests();
        }
        else if (wait > TimeSpan.Zero && !run.IsDead)
        {
            _pausedUntil = world.Clock.Now + wait;
            world.At(_pausedUntil, static () => { });
        }
    }
}

/// <summary>What takes turns in a world's process.</summary>
internal interface IActor
{
    /// <summary>Under which name it is woken.</summary>
    string Service { get; }

    /// <summary>Whether it is worth giving it a turn.</summary>
    bool MayHaveWork { get; set; }

    /// <summary>Whether it can make a step now.</summary>
    bool CanStep { get; }

    /// <summary>Makes a step.</summary>
    void Step();
}
