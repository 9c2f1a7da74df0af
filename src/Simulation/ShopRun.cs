using DoaMarket.Contracts;
using DoaMarket.Kernel;
using DoaMarket.Orders;
using DoaMarket.Sqlite;

namespace DoaMarket.Simulation;

/// <summary>The process ends here, as if by SIGKILL.</summary>
internal sealed class ProcessEndedException : Exception;

/// <summary>
/// One run of the shop's process: everything that a crash takes away. The database stays with the world.
/// </summary>
internal sealed class ShopRun : IDisposable
{
    /// <summary>How often a loop looks for timers at most.</summary>
    public static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(100);

    private readonly World _world;
    private readonly SqliteTransport _queues;
    private readonly EffectRunner _effects;
    private readonly List<Action> _asked = [];

    public ShopRun(World world, int number)
    {
        _world = world;
        var (bench, plan) = (world.Bench, world.Plan);
        var options = new KernelOptions
        {
            PollInterval = PollInterval,
            MaxDeliveriesPerBatch = plan.BatchSize,
            Environment = "simulation",
            OnCrashPoint = Pass,
        };
        var (topology, catalog) = (ShopTopology.Topology, ShopMessages.Catalog);
        _queues = new SqliteTransport(bench.Database, topology, catalog, world.Clock, $"run-{number}");
        var transport = new WorldTransport(world, _queues);
        Store = new WorldStore(world, new SqliteStore(bench.Database, _queues));
        _effects = new EffectRunner(
            world.Outside.SelectMany(o => o.Bindings(this)), options, new WorldLog<EffectRunner>(world));
        foreach (var module in bench.Modules)
        {
            for (var i = 0; i < plan.Workers; i++)
            {
                Workers.Add(new Worker(world, this, new ServiceLoop(
                    module, topology, catalog, Store, transport, _effects, new ChangeFeed(), options, world.Clock,
                    new WorldLog<ServiceLoop>(world))));
            }
        }

        foreach (var queue in topology.Queues)
        {
            _queues.OnArrival(queue, () => Wake(queue.Service));
        }

        Watchdog = new Watchdog(
            Store,
            new ServiceLoops([.. Workers.DistinctBy(w => w.Service, StringComparer.Ordinal).Select(w => w.Loop)]),
            bench.Orders,
            world.Clock, new WorldLog<Watchdog>(world));
    }

    public IStore Store { get; }

    public List<Worker> Workers { get; } = [];

    public Watchdog Watchdog { get; }

    /// <summary>Whether it has ended: answers that are on their way to it reach nobody.</summary>
    public bool IsDead { get; private set; }

    /// <summary>Frees what the run before it had claimed.</summary>
    public void Begin() => _world.Now(_queues.VoidOldClaims(CancellationToken.None));

    /// <summary>Gives back what it has not begun: the process ends in good order.</summary>
    public void GiveBack() => _world.Now(_queues.GiveBack(CancellationToken.None));

    /// <summary>There may be something to do for a service.</summary>
    public void Wake(string service)
    {
        foreach (var worker in Workers)
        {
            if (worker.Service == service)
            {
                worker.MayHaveWork = true;
            }
        }
    }

    /// <summary>Asks a service, as the HTTP API would.</summary>
    /// <param name="done">Told the answer.</param>
    /// <param name="failed">Told that there is none: an error, or the process has ended meanwhile.</param>
    public void Ask<T>(string service, Request<T> request, Guid id, Trail trail, Action<T> done, Action failed)
    {
        var workers = Workers.Where(w => w.Service == service).ToList();
        var worker = workers[_world.Chance.Below(workers.Count)];
        var isOver = false;
        _asked.Add(() =>
        {
            if (!isOver)
            {
                isOver = true;
                failed();
            }
        });
        _ = Await();
        worker.MayHaveWork = true;

        async Task Await()
        {
            try
            {
                var answer = await worker.Loop.Ask(request, id, trail, CancellationToken.None);
                if (!isOver)
                {
                    isOver = true;
                    done(answer);
                }
            }
            catch (Exception error) when (error is not WorldBrokenException)
            {
                _world.Trace.Note(90, 0);
                if (!isOver)
                {
                    isOver = true;
                    failed();
                }
            }
        }
    }

    /// <summary>Ends it.</summary>
    public void Dispose()
    {
        IsDead = true;
        _effects.Dispose();
        foreach (var worker in Workers)
        {
            worker.Loop.Dispose();
        }

        foreach (var lost in _asked)
        {
            lost();
        }
    }

    // A crash point of the kernel; the effect runner swallows the exception, so the world is told as well.
    private void Pass(CrashPoint point)
    {
        var fault = point switch
        {
            CrashPoint.BeforeCommit => Fault.CrashBeforeCommit,
            CrashPoint.AfterCommit => Fault.CrashAfterCommit,
            CrashPoint.BeforeEffect => Fault.CrashBeforeEffect,
            _ => Fault.CrashAfterEffect,
        };
        if (_world.EndsAt(point) || _world.Hits(fault, _world.Acting))
        {
            _world.EndProcess();
            throw new ProcessEndedException();
        }
    }
}
