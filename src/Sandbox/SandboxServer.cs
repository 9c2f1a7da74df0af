using DoaMarket.Sandbox.Callbacks;
using DoaMarket.Sandbox.Carriers;
using DoaMarket.Sandbox.Faults;
using DoaMarket.Sandbox.Http;
using DoaMarket.Sandbox.Mail;
using DoaMarket.Sandbox.Oracle;
using DoaMarket.Sandbox.Page;
using DoaMarket.Sandbox.Pg;
using DoaMarket.Sandbox.Store;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace DoaMarket.Sandbox;

/// <summary>
/// The outside world in one process: a PG with Toss Payments' HTTP API, two carriers with signed callbacks, mail, push
/// and SMS sinks, faults on demand, and a durable journal of its own that says what really happened.
/// </summary>
public sealed class SandboxServer : IAsyncDisposable
{
    private readonly CancellationTokenSource _stopping = new();
    private readonly FaultBoard _faults = new();
    private readonly CallCounters _counters = new();
    private readonly CallbackTargets _targets = new();
    private readonly SandboxOptions _options;
    private readonly ILoggerFactory _loggers;
    private readonly SandboxStore _store;
    private readonly Pause _pause;
    private readonly FaultGate _gate;
    private readonly CallbackOutbox _outbox;
    private readonly CallbackSender _sender;
    private readonly ParcelBooks _parcels;
    private readonly ParcelMover _mover;
    private readonly PgBooks _money;
    private readonly PgDeposits _deposits;
    private readonly Inbox _inbox;
    private readonly DueLoop _sendLoop;
    private readonly DueLoop _moveLoop;
    private readonly DueLoop _depositLoop;
    private readonly SmtpServer _smtp;
    private readonly WebApplication _web;
    private Task _loops = Task.CompletedTask;
    private bool _disposed;

    private SandboxServer(SandboxOptions options)
    {
        _options = options;
        _targets.CarrierUrl = options.CarrierCallbackUrl;
        _targets.PaymentUrl = options.PaymentWebhookUrl;
        WebhookSigner signer = new(options.WebhookSecret);
        _loggers = options.LoggerFactory ?? QuietLog.Create();
        _pause = new Pause(options.HangFor, _stopping.Token);
        _gate = new FaultGate(_faults, _pause, _counters);
        _outbox = new CallbackOutbox(options.TimeProvider, sendPaymentHints: options.TellsEveryChange);
        _store = new SandboxStore(options.DataFile, _outbox.Committed);
        _sender = new CallbackSender(options, signer, _store, _outbox, _targets, _faults, _counters);
        _parcels = new ParcelBooks(
            options.TimeProvider, _outbox, options.Pace, new TrackerWatches(options.TimeProvider, _outbox));
        _mover = new ParcelMover(_store, _parcels, options.TimeProvider, options.AutoMove);
        _money = new PgBooks(options.TimeProvider, _outbox);
        _deposits = new PgDeposits(_store, _money, _outbox, options.TimeProvider, () => options.DepositAfter);
        _inbox = new Inbox(_store, options.TimeProvider);
        ILogger log = _loggers.CreateLogger("DoaMarket.Sandbox");
        _sendLoop = new DueLoop("callback", log, _sender.StepAsync);
        _moveLoop = new DueLoop("movement", log, _mover.StepAsync);
        _depositLoop = new DueLoop("deposit", log, _deposits.StepAsync);
        _outbox.Added = _sendLoop.Wake;
        _smtp = new SmtpServer(lines => new SmtpSession(lines, _inbox, _faults, _counters, _pause), log);
        _web = SandboxWeb.Build(options.HttpUrl, _loggers);
    }

    /// <summary>Where it listens: the PG under <c>pg</c>, each carrier under <c>carriers/{carrier}</c>.</summary>
    public Uri HttpUrl => new(_web.Services.GetRequiredService<IServer>()
        .Features.Get<IServerAddressesFeature>()!.Addresses.First());

    /// <summary>The port of the SMTP sink on 127.0.0.1.</summary>
    public int SmtpPort => _smtp.Port;

    /// <summary>Where parcel movements are posted; see <see cref="SandboxOptions.CarrierCallbackUrl"/>.</summary>
    /// <exception cref="ArgumentException">It is no absolute http or https URL.</exception>
    public string? CarrierCallbackUrl
    {
        get => _targets.CarrierUrl;
        set => _targets.CarrierUrl = value;
    }

    /// <summary>Where the PG's webhooks are posted; see <see cref="SandboxOptions.PaymentWebhookUrl"/>.</summary>
    /// <exception cref="ArgumentException">It is no absolute http or https URL.</exception>
    public Uri? PaymentWebhookUrl
    {
        get => _targets.PaymentUrl;
        set => _targets.PaymentUrl = value;
    }

    /// <summary>Whether parcels move by themselves. Those overdue move when it is switched on.</summary>
    public bool AutoMove
    {
        get => _mover.Enabled;
        set => _mover.Enabled = value;
    }

    /// <summary>Starts listening; when it returns, calls are answered.</summary>
    /// <exception cref="ArgumentException">An option is malformed.</exception>
    /// <exception cref="IOException">The HTTP port is taken.</exception>
    /// <exception cref="System.Net.Sockets.SocketException">The SMTP port is taken.</exception>
    public static async Task<SandboxServer> StartAsync(SandboxOptions options, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Check();
        SandboxServer server = new(options);
        try
        {
            await server.RunAsync(cancellationToken);
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    /// <summary>Stops listening and ends every call that hangs; what was written stays in the data file.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_disposed)
        {
            return;
        }

        _disposed = true;
        await _stopping.CancelAsync();
        await _web.DisposeAsync();
        await _smtp.DisposeAsync();
        await _loops;
        // Before the loops: a last commit may still wake one.
        await _store.DisposeAsync();
        _sendLoop.Dispose();
        _moveLoop.Dispose();
        _depositLoop.Dispose();
        _sender.Dispose();
        _stopping.Dispose();
        if (_options.LoggerFactory is null)
        {
            _loggers.Dispose();
        }
    }

    private async Task RunAsync(CancellationToken cancellationToken)
    {
        IdempotencyKeys keys = new(_options.TimeProvider);
        // Nothing is under way when a process starts: charges that hung when the last one ended captured nothing.
        await _store.WriteAsync(sql => PgBooks.AbandonAll(sql) + keys.ForgetOld(sql));
        MapRoutes(_web, keys);
        _smtp.Start(_options.SmtpPort);
        await _web.StartAsync(cancellationToken);
        _loops = Task.WhenAll(
            Task.Run(() => _sendLoop.RunAsync(_stopping.Token), CancellationToken.None),
            Task.Run(() => _moveLoop.RunAsync(_stopping.Token), CancellationToken.None),
            Task.Run(() => _depositLoop.RunAsync(_stopping.Token), CancellationToken.None));
    }

    private void MapRoutes(IEndpointRouteBuilder routes, IdempotencyKeys keys)
    {
        PgAccounts accounts = new(_options.TimeProvider, () => _options.DepositAfter);
        new PgServer(_options.SecretKey, _store, _gate, _pause, keys, _money, accounts, _options.TimeProvider)
            .Map(routes);
        new PgConsole(_store, _money, _options.TimeProvider).Map(routes);
        new PgDepositRoutes(_store, _deposits).Map(routes);
        new CarrierServer(_options.CarrierApiKey, _store, _gate, _parcels, new(_options.TimeProvider)).Map(routes);
        new TrackerServer(_options.TrackerKey, _store, _gate, _options.TimeProvider).Map(routes);
        new PushServer(_options.PushAccount, _gate, _inbox, _options.TimeProvider).Map(routes);
        new SmsServer(_options.CarrierApiKey, _gate, _inbox).Map(routes);
        new MovementRoutes(_store, _mover).Map(routes);
        new FaultRoutes(_faults, orderId => _store.WriteAsync(sql => PgBooks.HealRefunds(sql, orderId))).Map(routes);
        new OracleRoutes(_store, _counters).Map(routes);
        _inbox.Map(routes);
        new RecentRoutes(_store).Map(routes);
        SandboxPage.Map(routes);
    }
}
