using DoaMarket.Contracts;
using DoaMarket.Gateways;
using DoaMarket.Host.Ops;
using DoaMarket.Inventory;
using DoaMarket.Kernel;
using DoaMarket.Notifications;
using DoaMarket.Orders;
using DoaMarket.Payments;
using DoaMarket.Payments.Reconciling;
using DoaMarket.Payments.Toss;
using DoaMarket.Shipping;
using DoaMarket.Shipping.Tracker;
using DoaMarket.Sqlite;
using DoaMarket.Stats;

namespace DoaMarket.Host.Server;

/// <summary>
/// The embedded mode on one screen: SQLite for documents and messages, every service in this process. It is put
/// together here by hand, so that a reader sees what there is.
/// </summary>
public sealed class EmbeddedShop : IAsyncDisposable
{
    private readonly SqliteDatabase _database;
    private readonly SqliteTransport _transport;
    private readonly IDisposable[] _gateways;
    private readonly CancellationTokenSource _stop = new();
    private Task[] _running = [];

    /// <summary>Opens the database and connects the services; <see cref="Start"/> sets them going.</summary>
    public EmbeddedShop(ShopOptions options, TimeProvider time, ILoggerFactory logs)
    {
        Options = options;
        Modules =
        [
            OrdersModule.Create(options.Orders, options.Participants),
            InventoryModule.Create(options.Inventory),
            PaymentsModule.Create(options.Payments),
            ShippingModule.Create(options.Shipping),
            NotificationsModule.Create(
                options.Notifications, NoticeTemplates.From(options.Notifications.TemplateFolder)),
            StatsModule.Create(),
        ];

        var (topology, catalog) = (ShopTopology.Topology, ShopMessages.Catalog);
        _database = SqliteDatabase.Open(options.Sqlite, [.. Modules.SelectMany(m => m.Kinds)]);
        _transport = new SqliteTransport(_database, topology, catalog, time, run: Guid.NewGuid().ToString("N"));
        Store = new SqliteStore(_database, _transport);
        Journal = new SqliteJournal(_database);
        DeadLetters = new SqliteDeadLetters(_database);
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

        Loops = new ServiceLoops([.. Modules.Select(module => new ServiceLoop(
            module, topology, catalog, Store, _transport, Effects, Feed, options.Kernel, time,
            logs.CreateLogger<ServiceLoop>(), Traffic))]);
        Admission = new Admission(_transport, topology, options.MaxMessageAge, time, logs.CreateLogger<Admission>());
        Watchdog = new Watchdog(Store, Loops, options.Orders, time, logs.CreateLogger<Watchdog>());
        QueueWatch = new QueueWatch(
            Modules, topology, Store, _transport, DeadLetters, Loops, time, logs.CreateLogger<QueueWatch>());
        RedriveRunner = new RedriveRunner(
            Modules, topology, Store, DeadLetters, Loops, time, logs.CreateLogger<RedriveRunner>());
        CircuitWakes = new CircuitWakes(
            Breakers, Effects.CircuitWaits, Loops, time, logs.CreateLogger<CircuitWakes>());
        Rebuilder = new Rebuilder(Store, Journal, Feed, Loops, options.Stats, time, logs.CreateLogger<Rebuilder>());
        BreakerAlerts = new BreakerAlerts(Breakers, Loops, time, logs.CreateLogger<BreakerAlerts>());
    }

    /// <summary>What it was made with.</summary>
    public ShopOptions Options { get; }

    /// <summary>The services.</summary>
    public IReadOnlyList<ServiceModule> Modules { get; }

    /// <summary>Documents.</summary>
    public IStore Store { get; }

    /// <summary>Queues.</summary>
    public ITransport Transport => _transport;

    /// <summary>What failed for good.</summary>
    public IDeadLetters DeadLetters { get; }

    /// <summary>Every message and remark.</summary>
    public IJournal Journal { get; }

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

    private RedriveRunner RedriveRunner { get; }

    /// <summary>Finds sagas that stand still.</summary>
    public Watchdog Watchdog { get; }

    private string? TrackerUrl => Options.TrackerAccount.CallbackUrl is { Length: > 0 } configured
        ? configured
        : Url is null ? null : $"{Url}/api/v1/webhooks/tracker";

    private Rebuilder Rebuilder { get; }

    private BreakerAlerts BreakerAlerts { get; }

    private CircuitWakes CircuitWakes { get; }

    /// <summary>
    /// Sets the loops going. Should one of them end by a bug, <paramref name="broken"/> is told: nothing is
    /// lost, the process must restart.
    /// </summary>
    public async Task Start(Action<Exception> broken, CancellationToken stop)
    {
        await _transport.VoidOldClaims(stop);
        var upkeep = new Upkeep(_transport, TimeProvider.System);
        Func<CancellationToken, Task>[] work =
        [
            .. Loops.All.Select(l => (Func<CancellationToken, Task>)l.Run), Admission.Run, Watchdog.Run, upkeep.Run,
            QueueWatch.Run, RedriveRunner.Run, Rebuilder.Run,
        ];
        _running = [.. work.Select(run => Task.Run(() => Guard(run, broken), CancellationToken.None))];
        BreakerAlerts.Begin();
        CircuitWakes.Begin();
        var opened = Guid.CreateVersion7(TimeProvider.System.GetUtcNow());
        await Loops.Of(ShopTopology.Payments).Ask(
            new OpenReconciliationBook(), opened, new Trail(new CorrelationId(opened)), stop);
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

        await _transport.GiveBack(CancellationToken.None);
        foreach (var loop in Loops.All)
        {
            loop.Dispose();
        }

        _database.Dispose();
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
