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
    private readonly SqliteTransport? _queues;
    private readonly IBrokerConnection? _connection;
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
        WorldTransport transport;
        if (world.Broker is null)
        {
            _queues = new SqliteTransport(bench.Database, topology, catalog, world.Clock, $"run-{number}");
            transport = new WorldTransport(world, _queues);
            Store = new WorldStore(world, new SqliteStore(bench.Database, _queues));
        }
        else
        {
            _connection = world.Broker.Connect();
            transport = new WorldTransport(world, _connection);
            var outbox = new SqliteOutbox(bench.Database, topology, catalog, options);
            Store = new WorldStore(world, new SqliteStore(bench.Database, outbox));
            AddRelay(outbox, transport, options);
            AddJournal(new JournalLoop(
                topology, transport, Store, new SqliteJournal(bench.Database), options, world.Clock,
                new WorldLog<JournalLoop>(world)));
        }

        _effects = new EffectRunner(
            world.Outside.SelectMany(o => o.Bindings(this)), options, new WorldLog<EffectRunner>(world));
        foreach (var module in bench.Modules)
        {
            for (var i = 0; i < plan.Workers; i++)
            {
                var worker = new Worker(world, this, new ServiceLoop(
                    module, topology, catalog, Store, transport, _effects, new ChangeFeed(), options, world.Clock,
                    new WorldLog<ServiceLoop>(world)));
                Workers.Add(worker);
                Actors.Add(worker);
            }
        }

        foreach (var queue in topology.Queues)
        {
            transport.OnArrival(queue, () => Wake(queue.Service));
        }

        Watchdog = new Watchdog(
            Store,
            new ServiceLoops([.. Workers.DistinctBy(w => w.Service, StringComparer.Ordinal).Select(w => w.Loop)]),
            bench.Orders,
            world.Clock, new WorldLog<Watchdog>(world));
    }

    public IStore Store { get; }

    public List<Worker> Workers { get; } = [];

    /// <summary>The workers, and with a broker the relay and the journal's loop.</summary>
    public List<IActor> Actors { get; } = [];

    public Watchdog Watchdog { get; }

    /// <summary>Whether it has ended: answers that are on their way to it reach nobody.</summary>
    public bool IsDead { get; private set; }

    /// <summary>Frees what the run before it had claimed.</summary>
    public void Begin()
    {
        if (_queues is not null)
        {
            _world.Now(_queues.VoidOldClaims(CancellationToken.None));
        }
    }

    /// <summary>Gives back what it has not begun: the process ends in good order.</summary>
    public void GiveBack()
    {
        if (_queues is not null)
        {
            _world.Now(_queues.GiveBack(CancellationToken.None));
        }
    }

    /// <summary>There may be something to do for a service.</summary>
    public void Wake(string service)
    {
        foreach (var actor in Actors)
        {
            if (actor.Service == service)
            {
                actor.MayHaveWork = true;
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
        _connection?.Dispose();
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

    private void AddRelay(SqliteOutbox outbox, IBroker broker, KernelOptions options)
    {
        const string name = "relay";
        var relay = new OutboxRelay(outbox, broker, options, _world.Clock, new WorldLog<OutboxRelay>(_world));
        outbox.OnCommit(_ => Wake(name));
        Actors.Add(new SideWorker(
            _world, this, name, () => relay.NextSource is { } source ? FaultCells.OfSource(source) : _world.Acting,
            relay.Step, LookAgain));

        // Production polls; here it is enough to come back when the claims of what is left have run out.
        void LookAgain()
        {
            if (_world.Now(outbox.Status(1, CancellationToken.None)).Rows > 0)
            {
                _world.WakeAt(name, _world.Clock.Now + options.OutboxClaim + options.OutboxPoll);
            }
        }
    }

    private void AddJournal(JournalLoop journal) => Actors.Add(new SideWorker(
        _world, this, ShopTopology.Journal, () => FlowStep.Notify, journal.Step, static () => { }));

    // A crash point of the kernel; the effect runner swallows the exception, so the world is told as well.
    private void Pass(CrashPoint point)
    {
        var fault = point switch
        {
            CrashPoint.BeforeCommit => Fault.CrashBeforeCommit,
            CrashPoint.AfterCommit => Fault.CrashAfterCommit,
            CrashPoint.BeforePublish => Fault.CrashAfterCommitBeforePublish,
            CrashPoint.AfterPublish => Fault.CrashAfterPublishBeforeAck,
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
