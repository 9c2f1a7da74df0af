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
    private readonly CancellationTokenSource stopping = new();
    private readonly FaultBoard faults = new();
    private readonly CallCounters counters = new();
    private readonly CallbackTargets targets = new();
    private readonly SandboxOptions options;
    private readonly ILoggerFactory loggers;
    private readonly SandboxStore store;
    private readonly Pause pause;
    private readonly FaultGate gate;
    private readonly CallbackOutbox outbox;
    private readonly CallbackSender sender;
    private readonly ParcelBooks parcels;
    private readonly ParcelMover mover;
    private readonly Inbox inbox;
    private readonly DueLoop sendLoop;
    private readonly DueLoop moveLoop;
    private readonly SmtpServer smtp;
    private readonly WebApplication web;
    private Task loops = Task.CompletedTask;
    private bool disposed;

    private SandboxServer(SandboxOptions options)
    {
        this.options = options;
        targets.CarrierUrl = options.CarrierCallbackUrl;
        targets.PaymentUrl = options.PaymentWebhookUrl;
        WebhookSigner signer = new(options.WebhookSecret);
        loggers = options.LoggerFactory ?? QuietLog.Create();
        store = new SandboxStore(options.DataFile);
        pause = new Pause(options.HangFor, stopping.Token);
        gate = new FaultGate(faults, pause, counters);
        outbox = new CallbackOutbox(options.TimeProvider, sendPaymentHints: options.PaymentWebhookUrl is not null);
        sender = new CallbackSender(options, signer, store, outbox, targets, faults, counters);
        parcels = new ParcelBooks(options.TimeProvider, outbox, options.Pace);
        mover = new ParcelMover(store, parcels, options.TimeProvider, options.AutoMove);
        inbox = new Inbox(store, options.TimeProvider);
        ILogger log = loggers.CreateLogger("DoaMarket.Sandbox");
        sendLoop = new DueLoop("callback", log, sender.StepAsync);
        moveLoop = new DueLoop("movement", log, mover.StepAsync);
        outbox.Added = sendLoop.Wake;
        smtp = new SmtpServer(lines => new SmtpSession(lines, inbox, faults, counters, pause), log);
        web = SandboxWeb.Build(options.HttpUrl, loggers);
    }

    /// <summary>Where it listens: the PG under <c>pg</c>, each carrier under <c>carriers/{carrier}</c>.</summary>
    public Uri HttpUrl => new(web.Services.GetRequiredService<IServer>()
        .Features.Get<IServerAddressesFeature>()!.Addresses.First());

    /// <summary>The port of the SMTP sink on 127.0.0.1.</summary>
    public int SmtpPort => smtp.Port;

    /// <summary>Where parcel movements are posted; see <see cref="SandboxOptions.CarrierCallbackUrl"/>.</summary>
    /// <exception cref="ArgumentException">It is no absolute http or https URL.</exception>
    public string? CarrierCallbackUrl
    {
        get => targets.CarrierUrl;
        set => targets.CarrierUrl = value;
    }

    /// <summary>Whether parcels move by themselves. Those overdue move when it is switched on.</summary>
    public bool AutoMove
    {
        get => mover.Enabled;
        set => mover.Enabled = value;
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
        if (disposed)
        {
            return;
        }

        disposed = true;
        await stopping.CancelAsync();
        await web.DisposeAsync();
        await smtp.DisposeAsync();
        await loops;
        sendLoop.Dispose();
        moveLoop.Dispose();
        sender.Dispose();
        store.Dispose();
        stopping.Dispose();
        if (options.LoggerFactory is null)
        {
            loggers.Dispose();
        }
    }

    private async Task RunAsync(CancellationToken cancellationToken)
    {
        IdempotencyKeys keys = new(options.TimeProvider);
        // Nothing is under way when a process starts: charges that hung when the last one ended captured nothing.
        store.Write(sql => PgBooks.AbandonAll(sql) + keys.ForgetOld(sql));
        MapRoutes(web, keys);
        smtp.Start(options.SmtpPort);
        await web.StartAsync(cancellationToken);
        loops = Task.WhenAll(
            Task.Run(() => sendLoop.RunAsync(stopping.Token), CancellationToken.None),
            Task.Run(() => moveLoop.RunAsync(stopping.Token), CancellationToken.None));
    }

    private void MapRoutes(IEndpointRouteBuilder routes, IdempotencyKeys keys)
    {
        PgBooks money = new(options.TimeProvider, outbox);
        new PgServer(options.SecretKey, store, gate, pause, keys, money, options.TimeProvider).Map(routes);
        new CarrierServer(options.CarrierApiKey, store, gate, parcels).Map(routes);
        new MessageProviders(options.CarrierApiKey, gate, inbox).Map(routes);
        new MovementRoutes(store, mover).Map(routes);
        new FaultRoutes(faults, orderId => store.Write(sql => PgBooks.HealRefunds(sql, orderId))).Map(routes);
        new OracleRoutes(store, counters).Map(routes);
        inbox.Map(routes);
        new RecentRoutes(store).Map(routes);
        SandboxPage.Map(routes);
    }
}
