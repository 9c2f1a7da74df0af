using DoaMarket.Contracts;
using DoaMarket.Gateways;
using DoaMarket.Host.Ops;
using DoaMarket.Host.Server.Modes;
using DoaMarket.Host.Server.Peers;
using DoaMarket.Kernel;
using DoaMarket.Notifications;
using DoaMarket.Orders;
using DoaMarket.Payments;
using DoaMarket.Payments.Reconciling;
using DoaMarket.Payments.Toss;
using DoaMarket.Shipping;
using DoaMarket.Shipping.Tracker;
using DoaMarket.Stats;

namespace DoaMarket.Host.Server;

/// <summary>
/// A shop's process, whatever its mode: its services upon what the mode brings, the outside, and who looks after them.
/// It is put together here by hand, so that a reader sees what there is.
/// </summary>
public sealed class Shop : IAsyncDisposable
{
    private static readonly Func<CancellationToken, Task>[] Nothing = [];
    private readonly IFoundation _foundation;
    private readonly IDisposable[] _gateways;
    private readonly CancellationTokenSource _stop = new();
    private Task[] _running = [];

    /// <summary>Connects the services; <see cref="Start"/> sets them going.</summary>
    /// <param name="options">What it is configured with.</param>
    /// <param name="modules">All services.</param>
    /// <param name="here">Those of them that run in this process.</param>
    /// <param name="foundation">What the mode brings; the shop disposes of it.</param>
    /// <param name="token">Makes a token by which this process may ask others how they are.</param>
    /// <param name="time">The clock.</param>
    /// <param name="logs">Where logs go.</param>
    public Shop(
        ShopOptions options, IReadOnlyList<ServiceModule> modules, IReadOnlyList<ServiceModule> here,
        IFoundation foundation, Func<string> token, TimeProvider time, ILoggerFactory logs)
    {
        (Options, Modules, _foundation) = (options, modules, foundation);
        var (topology, catalog) = (ShopTopology.Topology, ShopMessages.Catalog);
        Feed = new ChangeFeed();
        (Topology, Traffic) = (topology, new QueueTraffic(time));

        var pg = new Gateway(PaymentKinds.Gateway, options.Pg, Breakers, time);
        var carriers = options.Shipping.Carriers
            .Select(c => new Gateway(c.Id, options.CarrierGateway(c.Id), Breakers, time))
            .ToList();
        var tracker = options.TrackerAccount.Enabled
            ? new Gateway(TrackerGateway.Name, options.Tracker, Breakers, time)
            : null;
        var mail = new MailGateway(options.Smtp, time, Breakers.Set);
        var fcm = new Gateway(PushGateway.Name, options.Push, Breakers, time)
        {
            CountsAgainst = PushGateway.CountsAgainst,
        };
        var push = new PushGateway(fcm, options.Fcm, time);
        var sms = new Gateway(SmsGateway.Name, options.Sms, Breakers, time)
        {
            CountsAgainst = SmsGateway.CountsAgainst,
        };
        Effects = new EffectRunner(
            [
                new TossGateway(pg, options.Toss, time).Binding,
                .. carriers.Select(gateway => new CarrierGateway(gateway, options.CarrierAccount.ApiKey, time).Binding),
                .. tracker is null
                    ? []
                    : new[] { new TrackerGateway(tracker, options.TrackerAccount, () => TrackerUrl, time).Binding },
                mail.Binding,
                push.Binding,
                new SmsGateway(sms, options.SmsAccount).Binding,
                new LedgerReader(Store).Binding,
            ],
            options.Kernel,
            logs.CreateLogger<EffectRunner>());
        _gateways = [pg, .. carriers, .. tracker is null ? [] : new[] { tracker }, mail, push, fcm, sms];

        Loops = new ServiceLoops([.. here.Select(module => new ServiceLoop(
            module, topology, catalog, Store, Transport, Effects, Feed, options.Kernel, time,
            logs.CreateLogger<ServiceLoop>(), Traffic))]);
        Admission = new Admission(
            Transport, topology, options.MaxMessageAge, options.Kernel, time, logs.CreateLogger<Admission>(),
            _foundation.Outboxes);
        Watchdog = new Watchdog(Store, Loops, options.Orders, time, logs.CreateLogger<Watchdog>());
        QueueWatch = new QueueWatch(
            here, topology, Store, Transport, DeadLetters, Loops, time, logs.CreateLogger<QueueWatch>());
        RedriveRunner = new RedriveRunner(
            here, topology, Store, DeadLetters, Loops, time, logs.CreateLogger<RedriveRunner>());
        CircuitWakes = new CircuitWakes(
            Breakers, Effects.CircuitWaits, Loops, time, logs.CreateLogger<CircuitWakes>());
        Rebuilder = new Rebuilder(Store, Journal, Feed, Loops, options.Stats, time, logs.CreateLogger<Rebuilder>());
        Processes = new Processes(this, options.Services, token, time, logs.CreateLogger<Processes>());
        Overview = new Overview(this, time, logs.CreateLogger<Overview>());
        Upkeep = new Upkeep(Transport, time, logs.CreateLogger<Upkeep>());
        ChangePoll = new ChangePoll(Feed, Store, time, logs.CreateLogger<ChangePoll>());
        BreakerAlerts = new BreakerAlerts(
            Breakers, here, Store, Loops, foundation, time, logs.CreateLogger<BreakerAlerts>());
    }

    /// <summary>What it was made with.</summary>
    public ShopOptions Options { get; }

    /// <summary>All services, whether they run in this process or not.</summary>
    public IReadOnlyList<ServiceModule> Modules { get; }

    /// <summary>Where its data lies, for people.</summary>
    public string Place => _foundation.Place;

    /// <summary>Documents.</summary>
    public IStore Store => _foundation.Store;

    /// <summary>Queues.</summary>
    public ITransport Transport => _foundation.Transport;

    /// <summary>What failed for good.</summary>
    public IDeadLetters DeadLetters => _foundation.DeadLetters;

    /// <summary>Every message and remark.</summary>
    public IJournal Journal => _foundation.Journal;

    /// <summary>Tells of commits.</summary>
    public ChangeFeed Feed { get; }

    /// <summary>The services' loops.</summary>
    public ServiceLoops Loops { get; }

    /// <summary>Outside calls under way.</summary>
    public EffectRunner Effects { get; }

    /// <summary>Circuit breakers.</summary>
    public Breakers Breakers { get; } = new();

    /// <summary>Where the sandbox shows its page; null without one.</summary>
    public string? SandboxUrl { get; set; }

    /// <summary>Where this process listens; null before it does.</summary>
    public string? Url { get; set; }

    /// <summary>Whether new orders may come in.</summary>
    public Admission Admission { get; }

    /// <summary>Queues and rules.</summary>
    public Topology Topology { get; }

    /// <summary>Messages a second through each queue.</summary>
    public QueueTraffic Traffic { get; }

    /// <summary>Looks at the queues.</summary>
    public QueueWatch QueueWatch { get; }

    /// <summary>Looks at the whole shop, for the console.</summary>
    public Overview Overview { get; }

    /// <summary>This process and the others, as one.</summary>
    public Processes Processes { get; }

    private Upkeep Upkeep { get; }

    private RedriveRunner RedriveRunner { get; }

    /// <summary>Finds sagas that stand still.</summary>
    public Watchdog Watchdog { get; }

    private string? TrackerUrl => Options.TrackerAccount.CallbackUrl is { Length: > 0 } configured
        ? configured
        : Url is null ? null : $"{Url}/api/v1/webhooks/tracker";

    private Rebuilder Rebuilder { get; }

    private ChangePoll ChangePoll { get; }

    private BreakerAlerts BreakerAlerts { get; }

    private CircuitWakes CircuitWakes { get; }

    /// <summary>
    /// Sets the loops going. Should one of them end by a bug, <paramref name="broken"/> is told: nothing is
    /// lost, the process must restart.
    /// </summary>
    public async Task Start(Action<Exception> broken, CancellationToken stop)
    {
        await _foundation.Begin(stop);
        Func<CancellationToken, Task>[] work =
        [
            .. Loops.All.Select(l => (Func<CancellationToken, Task>)l.Run), Admission.Run, Upkeep.Run, QueueWatch.Run,
            RedriveRunner.Run, BreakerAlerts.Run, Overview.Run,
            .. Loops.Has(ShopTopology.Orders) ? [Watchdog.Run] : Nothing,
            .. Loops.Has(ShopTopology.Stats) ? [Rebuilder.Run] : Nothing,
            .. _foundation.IsShared ? [ChangePoll.Run] : Nothing,
            .. _foundation.Work,
        ];
        _running = [.. work.Select(run => Task.Run(() => Guard(run, broken), CancellationToken.None))];
        CircuitWakes.Begin();
        if (Loops.Has(ShopTopology.Payments))
        {
            var opened = Guid.CreateVersion7(TimeProvider.System.GetUtcNow());
            await Loops.Of(ShopTopology.Payments).Ask(
                new OpenReconciliationBook(), opened, new Trail(new CorrelationId(opened)), stop);
        }
    }

    /// <summary>Finishes the batches in hand, gives back what was not begun, and closes the database.</summary>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await Task.WhenAll(_running);
        Effects.Dispose();
        foreach (var gateway in _gateways)
        {
            gateway.Dispose();
        }

        try
        {
            await _foundation.GiveBack();
        }
        catch (StoreUnavailableException)
        {
            // The next start voids the claims of this run all the same; it only takes what they hold for redelivered.
        }

        foreach (var loop in Loops.All)
        {
            loop.Dispose();
        }

        Overview.Dispose();
        Processes.Dispose();
        await _foundation.DisposeAsync();
        _stop.Dispose();
    }

    private async Task Guard(Func<CancellationToken, Task> run, Action<Exception> broken)
    {
        try
        {
            await run(_stop.Token);
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            // the ordinary end
        }
        catch (Exception bug)
        {
            broken(bug);
        }
    }
}
