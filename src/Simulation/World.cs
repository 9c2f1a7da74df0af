using DoaMarket.Audit;
using DoaMarket.Contracts;
using DoaMarket.Kernel;
using DoaMarket.Sqlite;

namespace DoaMarket.Simulation;

/// <summary>The simulation itself cannot go on: a bug of the simulator, or code that waits for the real world.</summary>
public sealed class WorldBrokenException(string message) : Exception(message);

/// <summary>
/// A whole shop with its customers, operators and outside world, on one thread, under virtual time. Everything that
/// happens follows from the seed.
/// </summary>
internal sealed partial class World : IDisposable
{
    private const int MaxStepsPerSaga = 3_000;

    /// <summary>Where faults never end: three times what such a world usually needs, for some never come to rest.</summary>
    private const int EnoughStepsPerSaga = 700;

    /// <summary>Refusals of what is decided on one document: two, or so many that it is parked and a person must wake it.</summary>
    private const int FewRefusals = 2, ManyRefusals = 12;

    /// <summary>
    /// Restarts of the broker, and times without space on the disk. Without this bound they follow one another, and a world
    /// does little but wait for their ends.
    /// </summary>
    private const int MaxOutages = 40;

    private static readonly TimeSpan LongestBrokerOutage = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan LongestHealing = TimeSpan.FromDays(90);

    private readonly WorldContext _context = new();
    private readonly Agenda _agenda = new();
    private readonly HashSet<(string Service, long Bucket)> _wakes = [];
    private readonly Dictionary<(string Queue, EventId Id), int> _poisoned = [];
    private readonly Dictionary<DocumentKey, int> _refusals = [];
    private readonly Customers _customers;
    private readonly Operators _operators;
    private readonly PgModel _pg;
    private readonly CarrierModel _carriers;
    private readonly NoticeModel _notices;
    private readonly int _sagas;
    private ShopRun? _run;
    private DateTimeOffset _healedAt = DateTimeOffset.MaxValue;
    private DateTimeOffset _end = DateTimeOffset.MaxValue;
    private bool _isEnding;
    private int _outages;
    private int _runs;

    public World(Bench bench, long seed, int sagas, FaultPlan? plan = null, bool keepsLines = false)
    {
        (Bench, Seed, _sagas) = (bench, seed, sagas);
        Chance = new Chance(seed);
        Plan = plan ?? FaultPlan.Draw(Chance);
        PlanText = Plan.ToString();
        Trace = new Trace(Clock, keepsLines);
        Guard = new Guard(this);
        (_customers, _operators, Accounting) = (new(this), new(this), new(this));
        (_pg, _carriers, _notices) = (new(this), new(this), new(this));
        Outside = [_pg, _carriers, _notices];
        Broker = Plan.HasBroker ? new SimulatedBroker(ShopTopology.Topology, ShopMessages.Catalog, Clock) : null;
        bench.Database.Empty();
    }

    /// <summary>A world in which one scenario is played, and nothing else goes wrong.</summary>
    public World(Bench bench, long seed, Scenario scenario, Disturbance disturbance, bool keepsLines)
        : this(bench, seed, sagas: 1, FaultPlan.None(), keepsLines) => Script = new(this, scenario, disturbance);

    public Bench Bench { get; }

    public long Seed { get; }

    public Chance Chance { get; }

    public WorldClock Clock { get; } = new();

    public FaultPlan Plan { get; }

    public string PlanText { get; }

    /// <summary>What carries messages; null when the store's own database does.</summary>
    public SimulatedBroker? Broker { get; }

    public Trace Trace { get; }

    public Guard Guard { get; }

    public Coverage Coverage { get; } = new();

    public IReadOnlyList<IOutside> Outside { get; }

    public List<string> Violations { get; } = [];

    /// <summary>Steps made so far.</summary>
    public long Steps { get; private set; }

    /// <summary>Whether faults may happen now.</summary>
    public bool IsBroken { get; private set; }

    /// <summary>Whether the shelves are filled and customers come.</summary>
    public bool IsOpen { get; private set; }

    /// <summary>Whose step is being made.</summary>
    public FlowStep Acting { get; set; }

    /// <summary>The scenario that is played; null where everything is drawn.</summary>
    public Script? Script { get; }

    public PgModel Pg => _pg;

    public CarrierModel Carriers => _carriers;

    /// <summary>Operators who give money back.</summary>
    public Accounting Accounting { get; }

    /// <summary>Orders that were answered 2xx for.</summary>
    public HashSet<OrderId> Promised => _customers.Promised;

    /// <summary>Operators will look then, once; a scenario brings its own.</summary>
    public void CallOperators(DateTimeOffset at)
    {
        if (Script is null)
        {
            At(at, _operators.Look);
        }
    }

    /// <summary>What has come of it so far.</summary>
    public SeedResult Result =>
        new(Seed, _sagas, Trace.Hash, Violations, Coverage, PlanText, Steps, Clock.Now - WorldClock.Start)
        {
            Story = Trace.KeepsLines ? Story.Of(Trace, isOneOrder: Script is not null) : null,
        };

    /// <summary>Lives through it all.</summary>
    public SeedResult Live()
    {
        var before = SynchronizationContext.Current;
        SynchronizationContext.SetSynchronizationContext(_context);
        try
        {
            Open();
            while (Violations.Count == 0 && Step())
            {
            }

            Close();
            return Result;
        }
        finally
        {
            SynchronizationContext.SetSynchronizationContext(before);
        }
    }

    /// <inheritdoc />
    public void Dispose() => _run?.Dispose();

    /// <summary>Writes something into the agenda.</summary>
    public void At(DateTimeOffset at, Action act) => _agenda.Add(at, act);

    /// <summary>Something may be due for a service then.</summary>
    public void WakeAt(string service, DateTimeOffset at)
    {
        // As coarse as production's polls: one look serves many timers, and comes when a loop looks for timers again.
        const long bucketMs = 200;
        var bucket = ((at + ShopRun.PollInterval).ToUnixTimeMilliseconds() / bucketMs) + 1;
        if (_wakes.Add((service, bucket)))
        {
            At(DateTimeOffset.FromUnixTimeMilliseconds(bucket * bucketMs), () =>
            {
                _wakes.Remove((service, bucket));
                _run?.Wake(service);
            });
        }
    }

    /// <summary>Draws whether a fault happens here, and counts it.</summary>
    public bool Hits(Fault fault, FlowStep step)
    {
        var isOutage = fault is Fault.BrokerRestart or Fault.DiskFull;
        if (!(Script?.Hits(fault) ?? (IsBroken && Chance.PerMille(Plan.Rate(fault))))
            || (isOutage && ++_outages > MaxOutages))
        {
            return false;
        }

        Hit(fault, step);
        return true;
    }

    /// <summary>Counts a fault.</summary>
    public void Hit(Fault fault, FlowStep step)
    {
        Coverage.Count(fault, step);
        Trace.Note((int)fault, (int)step);
        if (Trace.KeepsLines)
        {
            Trace.Line(null, $"{fault} at {step}");
        }
    }

    /// <summary>Whether the script ends the process here.</summary>
    public bool EndsAt(CrashPoint point) => IsOpen && (Script?.Passes($"{point} in {Acting}") ?? false);

    /// <summary>A time that is drawn, or, where a scenario is played, always the same.</summary>
    public TimeSpan Wait(TimeSpan shortest, TimeSpan longest, TimeSpan scripted) =>
        Script is null ? Chance.Between(shortest, longest) : scripted;

    /// <summary>Whether the store may refuse what is decided on a document.</summary>
    public bool MayRefuse(DocumentKey key) => !_refusals.TryGetValue(key, out var left) || left > 0;

    /// <summary>Whether the store goes on refusing what is decided on a document.</summary>
    public bool IsStubborn(DocumentKey key) =>
        IsBroken && _refusals.TryGetValue(key, out var left) && left is > FewRefusals and < ManyRefusals;

    /// <summary>The store has refused a commit.</summary>
    public void Refused(UnitCommit commit)
    {
        foreach (var write in commit.Documents)
        {
            if (!_refusals.TryGetValue(write.Key, out var left))
            {
                left = Chance.OneIn(3) ? ManyRefusals : FewRefusals;
            }

            _refusals[write.Key] = left - 1;
        }
    }

    /// <summary>How much later than its caller has given up a call is carried out.</summary>
    public TimeSpan Late(TimeSpan latest) => Script?.Scenario.Late ?? Chance.UpTo(latest);

    /// <summary>Poisons a message once, or until it is a dead letter.</summary>
    public Delivery Poisoned(Delivery delivery, FlowStep step)
    {
        var key = (delivery.Queue, delivery.EventId);
        if (!_poisoned.TryGetValue(key, out var left))
        {
            left = Hits(Fault.Poison, step) ? 1 + Chance.Below(4) : 0;
        }

        if (left == 0 || !IsBroken)
        {
            return delivery;
        }

        _poisoned[key] = left - 1;
        return delivery with { Envelope = null, Unreadable = "poison" };
    }

    /// <summary>Asks the shop. While its process is away, that fails.</summary>
    public void Ask<T>(string service, Request<T> request, Action<T> done, Action failed)
    {
        if (_run is null)
        {
            failed();
            return;
        }

        var id = Chance.Id(Clock.Now);
        _run.Ask(service, request, id, new Trail(new CorrelationId(id)), done, failed);
    }

    /// <summary>How a run reaches a gateway.</summary>
    public GatewayBinding Bind(string gateway, Func<Effect, Task<EffectResult>> call) => new(
        gateway, Plan.Lanes.AtOnce, Plan.Lanes.Waiting, (effect, _) =>
        {
            Script?.Calls(effect);
            return call(effect);
        });

    /// <summary>Answers an outside call, unless its process has ended by then.</summary>
    public Task<EffectResult> Answer(ShopRun run, string service, TimeSpan after, EffectResult result)
    {
        var answer = new TaskCompletionSource<EffectResult>();
        At(Clock.Now + after, () =>
        {
            if (!run.IsDead)
            {
                Acting = FaultCells.StepOf(service);
                Script?.HearsFromOutside();
                answer.TrySetResult(result);
                run.Wake(service);
            }
        });
        return answer.Task;
    }

    /// <summary>Sends a dead letter to its queue again, as an operator does: the loop commits it with its audit row.</summary>
    /// <param name="done">Called once that is durable; never when the process ended before.</param>
    public void Redrive(Guid deadLetter, string service, Action done)
    {
        _poisoned.Clear();
        Ask(
            service, new RedriveDeadLetter(deadLetter, "mended"),
            _ =>
            {
                Trace.Note(92, 1);
                done();
            },
            () => Trace.Note(92, 0));
        foreach (var queue in ShopTopology.Topology.Queues)
        {
            WakeAt(queue.Service, Clock.Now + TimeSpan.FromMilliseconds(300));
        }
    }

    /// <summary>What a task of the code under test comes to; it may wait for nothing but this world.</summary>
    public T Now<T>(ValueTask<T> task)
    {
        if (!task.IsCompleted)
        {
            _context.Pump();
        }

        return task.IsCompleted
            ? task.GetAwaiter().GetResult()
            : throw new WorldBrokenException("Something waits for what is not of this world.");
    }

    /// <summary>Like the other, for tasks.</summary>
    public void Now(Task task) => Now(new ValueTask<bool>(task.ContinueWith(
        t => t.IsCompletedSuccessfully, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously,
        TaskScheduler.Default)));

    /// <summary>A commit is durable.</summary>
    public void TakeIn(UnitCommit commit)
    {
        Trace.Note(commit);
        foreach (var write in commit.Documents)
        {
            if (write.WakeAt is { } at)
            {
                WakeAt(commit.Service, at);
                if (write.Key.Kind.TimerYieldsToOlderMessages)
                {
                    WakeAt(commit.Service, at + TimeSpan.FromMinutes(5));
                }
            }
        }

        foreach (var settlement in commit.Settlements)
        {
            if (settlement is Settlement.Retry retry)
            {
                WakeAt(commit.Service, retry.At + TimeSpan.FromMilliseconds(250));
            }
            else if (settlement is Settlement.Dead dead)
            {
                _operators.Notice(dead, commit.Service);
            }
        }

        Guard.Look(commit);
        if (IsOpen)
        {
            Script?.Hears(commit);
        }
    }

    /// <summary>Something is not as it must be.</summary>
    public void Violates(string code, string what) => Violations.Add($"{code}: {what}");

    /// <summary>The process ends as soon as the step in hand is over.</summary>
    public void EndProcess() => _isEnding = true;

    /// <summary>The broker restarts: for a while nobody reaches it.</summary>
    public void RestartBroker()
    {
        var until = Clock.Now + Chance.UpTo(LongestBrokerOutage);
        Broker!.Restart(until);
        At(until, () => Broker.WakeAll());
        Tell((OrderId?)null, "the broker restarts");
    }

    /// <summary>Writes a line of the story.</summary>
    public void Tell(OrderId? order, string text)
    {
        if (Trace.KeepsLines)
        {
            Trace.Line(order?.ToString(), text);
        }
    }

    /// <summary>Writes a line of the story.</summary>
    public void Tell(string subject, string text)
    {
        if (Trace.KeepsLines)
        {
            Trace.Line(subject, text);
        }
    }

    private SqliteTransport Queues() =>
        new(Bench.Database, ShopTopology.Topology, ShopMessages.Catalog, Clock, "operator");
}
