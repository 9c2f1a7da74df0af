using System.Net;
using DoaMarket.Api;
using DoaMarket.Host.Cli;
using DoaMarket.Host.Server.Modes;
using DoaMarket.Host.Server.Peers;
using DoaMarket.Kernel;
using DoaMarket.Sqlite;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;

namespace DoaMarket.Host.Server;

/// <summary>
/// Starts a shop: configuration, sandbox, services, HTTP, in this order; stops them in the reverse one.
/// </summary>
public static class ShopServer
{
    /// <summary>Serves until told to stop.</summary>
    public static async Task<int> Serve(ServeSettings settings, CancellationToken stop)
    {
        try
        {
            await using var running = await Run(settings, quiet: false, stop);
            Welcome.Print(running.Shop, running.Url);
            var broken = await running.UntilStopped(stop);
            return broken ? 1 : 0;
        }
        catch (Exception error)
            when (error is WrongConfigurationException or InvalidOperationException or ArgumentException)
        {
            await Console.Error.WriteLineAsync($"doa: {error.Message}");
            return 2;
        }
        catch (StoreUnavailableException error)
        {
            await Console.Error.WriteLineAsync($"doa: {error.Message} Then start again.");
            return 1;
        }
    }

    /// <summary>Starts a shop in this process, without a word.</summary>
    public static async Task<RunningShop> Start(ServeSettings settings, CancellationToken stop)
    {
        var running = await Run(settings, quiet: true, stop);
        return new RunningShop(running.Url, running.Shop.SandboxUrl, running.DisposeAsync);
    }

    private static async Task<Running> Run(ServeSettings settings, bool quiet, CancellationToken stop)
    {
        var configuration = ShopConfiguration.Load(settings.Configuration);
        Mode.Check(settings, configuration);
        var data = DataFolder.Of(settings.DataFolder);
        var time = TimeProvider.System;
        if (settings.Mode == Mode.Embedded)
        {
            data.RefuseIfMoved();
            if (SqliteDatabase.IsInUse(data.Path))
            {
                throw SqliteDatabase.InUse(data.Path); // before the sandbox starts and touches its own books there
            }
        }

        var outside = await OutsideWorld.Start(Mode.SandboxOf(settings), configuration, data, stop);
        Shop? shop = null;
        Telemetry? telemetry = null;
        try
        {
            var options = ShopOptions.Read(configuration, settings.Mode, data, outside);
            var key = options.Tokens.Key.Length > 0 ? options.Tokens.Bytes() : data.TokenKey();
            var app = Build(settings, configuration, options, key, time, quiet, () => shop!);
            Warn(app, options);
            var modules = ShopServices.All(options);
            var here = ShopServices.Named(settings.Services, modules);
            var logs = app.Services.GetRequiredService<ILoggerFactory>();
            shop = new Shop(
                options, modules, here, await Mode.Found(settings.Mode, options, modules, time, logs, stop),
                () => ApiTokens.Make(key, new UserId("doa"), Roles.Operator, time.GetUtcNow()), time, logs);
            telemetry = Telemetry.Start(options.Telemetry, shop);
            var running = new Running(app, shop, outside, telemetry);
            ShopWeb.Map(app, shop, Mode.IssuesTokens(settings) ? key : null, time);
            await shop.Start(running.Break, stop);
            await app.StartAsync(stop);
            running.Url = app.Services.GetRequiredService<IServer>()
                .Features.Get<IServerAddressesFeature>()!.Addresses.First();
            shop.Url = running.Url;
            if (outside.Sandbox is { } sandbox)
            {
                SandboxProcess.CallBack(sandbox, running.Url);
            }

            if (outside.SandboxUrl is { } sandboxUrl)
            {
                shop.SandboxUrl = sandboxUrl.ToString().TrimEnd('/');
                await DemoCatalogue.Seed(shop.Loops, time, stop);
            }

            return running;
        }
        catch (Exception error)
        {
            if (shop is not null)
            {
                await shop.DisposeAsync();
            }

            telemetry?.Dispose();

            await outside.DisposeAsync();
            throw error is IOException
                ? new WrongConfigurationException(
                    $"Cannot listen at {settings.Urls}: {error.Message} Choose another address with --urls.")
                : error;
        }
    }

    private static void Warn(WebApplication app, ShopOptions options)
    {
        if (options.DepositsCannotBeAwaited is { } warning)
        {
            app.Services.GetRequiredService<ILoggerFactory>().CreateLogger("DoaMarket.Host")
                .LogWarning("{Warning}", warning);
        }
    }

    private static WebApplication Build(
        ServeSettings settings, IConfiguration configuration, ShopOptions options, byte[] key, TimeProvider time,
        bool quiet, Func<Shop> shop)
    {
        var builder = WebApplication.CreateSlimBuilder(
            new WebApplicationOptions { ContentRootPath = AppContext.BaseDirectory });
        builder.Configuration.AddConfiguration(configuration);
        builder.WebHost.UseUrls(
            settings.Urls.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries));
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            // One more, so that we are the ones to say that it is too large.
            kestrel.Limits.MaxRequestBodySize = ApiBody.MaxBytes + 1;
        });
        Logging(builder.Logging, quiet);
        builder.Services.AddSingleton(time);
        builder.Services.AddSingleton(_ => shop().Loops);
        builder.Services.AddApiTokens(key, time);
        builder.Services.AddHttpForwarder();
        builder.Services.AddSingleton(options.Services);
        builder.Services.AddSingleton(new ForwardedMark(key));
        builder.Services.AddSingleton<Forwarding>();
        builder.Services.ConfigureHttpJsonOptions(json => ApiJson.Configure(json.SerializerOptions));
        ApiDocs.Add(builder.Services);
        RateLimiting.Add(builder.Services, options.RateLimits);
        return builder.Build();
    }

    private static void Logging(ILoggingBuilder logging, bool quiet)
    {
        logging.ClearProviders();
        if (Console.IsOutputRedirected)
        {
            logging.AddJsonConsole(json => (json.UseUtcTimestamp, json.IncludeScopes) = (true, true));
        }
        else
        {
            logging.AddSimpleConsole(text => text.SingleLine = true);
        }

        logging.SetMinimumLevel(quiet ? LogLevel.Error : LogLevel.Warning);
        logging.AddFilter("Microsoft.AspNetCore.DataProtection", LogLevel.Error);
    }

    /// <summary>A shop that runs.</summary>
    private sealed class Running(WebApplication app, Shop shop, OutsideWorld outside, Telemetry? telemetry)
        : IAsyncDisposable
    {
        private readonly TaskCompletionSource<Exception> _broken = new(
            TaskCreationOptions.RunContinuationsAsynchronously);

        public Shop Shop { get; } = shop;

        public string Url { get; set; } = "";

        public void Break(Exception bug)
        {
            app.Services.GetRequiredService<ILoggerFactory>()
                .CreateLogger("DoaMarket.Host")
                .LogCritical(bug, "A service ended by a bug; the process ends. Nothing is lost: start it again.");
            _broken.TrySetResult(bug);
        }

        /// <summary>True when it ended by a bug.</summary>
        public async Task<bool> UntilStopped(CancellationToken stop)
        {
            var stopped = new TaskCompletionSource();
            await using var asked = stop.Register(() => stopped.TrySetResult());
            await using var signalled = app.Lifetime.ApplicationStopping.Register(() => stopped.TrySetResult());
            await Task.WhenAny(stopped.Task, _broken.Task);
            return _broken.Task.IsCompleted;
        }

        public async ValueTask DisposeAsync()
        {
            await app.StopAsync();
            await Shop.DisposeAsync();
            await outside.DisposeAsync();
            telemetry?.Dispose(); // after everything that it tells of; sends what waits
            await app.DisposeAsync();
        }
    }
}
