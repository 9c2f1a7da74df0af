using System.CommandLine;
using DoaMarket.Host.Cli.Api;
using DoaMarket.Host.Cli.Demo;
using DoaMarket.Sqlite;

namespace DoaMarket.Host.Cli.Commands;

/// <summary><c>doa demo</c>.</summary>
internal sealed class DemoCommand(ShopHost host, Surroundings surroundings)
{
    private const string Embedded = "embedded", Postgres = "postgres", RabbitMq = "rabbitmq";
    private const int OrdersMax = 10_000;
    private const int PatienceMaxSeconds = 3600;
    private static readonly TimeSpan QuietWithin = TimeSpan.FromSeconds(20);

    private readonly Option<int> _orders = new("--orders")
    {
        Description = $"How many orders, 1 to {OrdersMax}.",
        HelpName = "number",
        DefaultValueFactory = _ => 100,
    };

    private readonly Option<int> _within = new("--within")
    {
        Description = "How long the orders may take altogether, in seconds; then the demo reports and fails.",
        HelpName = "seconds",
        DefaultValueFactory = _ => 180,
    };

    private readonly Option<string?> _mode = new("--mode")
    {
        Description = "Where the shop that the demo starts keeps its data (embedded unless it is said): with postgres or "
            + "rabbitmq in the database, or databases, that DOA__ConnectionStrings__Postgres names (and "
            + "DOA__ConnectionStrings__RabbitMq the broker).",
        HelpName = $"{Embedded}|{Postgres}|{RabbitMq}",
    };

    private readonly Option<string?> _data = new("--data")
    {
        Description = "The shop's data folder. Without it a shop started by the demo has a folder of its own that is "
            + $"removed afterwards (with a database {Options.DefaultData}, which stays, as the database does), and of a "
            + $"shop already running the folder {Options.DefaultData} is audited.",
        HelpName = "folder",
    };

    private readonly Option<string> _url = Options.Url();

    public static Command Create(ShopHost host, Surroundings surroundings)
    {
        var demo = new DemoCommand(host, surroundings);
        demo._orders.Between(1, OrdersMax);
        demo._within.Between(1, PatienceMaxSeconds);
        demo._mode.AcceptOnlyFromAmong(Embedded, Postgres, RabbitMq);
        var command = new TaughtCommand(
            "demo",
            "Show the shop at work: a hundred orders, everything that can go wrong with them, and an audit.",
            """
            Most orders go well; the others meet declined cards, payments without an answer, refusing carriers, empty
            shelves and customers who change their minds. Each has an expected outcome. Afterwards every invariant is
            audited. Exit code 1 when anything is not as it must be.

            Speaks to the shop at --url; if none answers there, starts one in this process. With --mode it always starts
            one. Take an empty database, or that of an earlier demo with its folder: the sandbox's books are in the folder.

            Examples:
              doa demo
              doa demo --orders 1000
              DOA__ConnectionStrings__Postgres='Host=…;Database=…;…' doa demo --mode postgres
            """) { demo._orders, demo._within, demo._mode, demo._url, demo._data };
        command.Runs(demo.Run);
        return command;
    }

    private async Task<int> Run(ParseResult line, Terminal terminal, CancellationToken stop)
    {
        var url = line.GetRequiredValue(_url);
        using var api = new ApiClient(url, surroundings);
        if (await ShelfOfRunning(url, api, stop) is not { } shelf)
        {
            return await OnOwnShop(line, url, terminal, stop);
        }

        if (line.GetValue(_mode) is not null)
        {
            terminal.Complain($"A shop answers at {url} already, and its mode is its own. Leave --mode out to show that one, "
                + "or write --url with an address where none answers: http://127.0.0.1:5090, for example.");
            return 1;
        }

        terminal.Say($"The shop at {url} answers; the demo uses it.");
        var isAsExpected = await Play(line, api, shelf, terminal, stop);
        return await AuditOther(line, terminal, stop) && isAsExpected ? 0 : 1;
    }

    // Null: nobody answers, and a shop of our own can be started there.
    private static async Task<Shelf?> ShelfOfRunning(string url, ApiClient api, CancellationToken stop)
    {
        try
        {
            return await Shelf.Read(api, stop);
        }
        catch (ShopUnreachable) when (new Uri(url).IsLoopback)
        {
            return null;
        }
    }

    private async Task<int> OnOwnShop(ParseResult line, string url, Terminal terminal, CancellationToken stop)
    {
        var mode = line.GetValue(_mode) ?? Embedded;
        // The books of the sandbox must not go while a database keeps the payments that stand in them.
        var named = line.GetValue(_data) ?? (mode == Embedded ? null : Options.DefaultData);
        var folder = named is null ? Directory.CreateTempSubdirectory("doa-demo-").FullName : Path.GetFullPath(named);
        var exitCode = 1;
        try
        {
            bool isAsExpected;
            await using (var shop = await Started(SettingsOf(mode, url, folder), stop))
            {
                terminal.Say($"No shop answered at {url}, so one was started at {shop.Url}"
                    + (shop.SandboxUrl is { } sandbox ? $" (sandbox: {sandbox})." : "."));
                // A token from the environment belongs to another shop: this one has new keys.
                using var api = new ApiClient(shop.Url, surroundings with { Token = null });
                isAsExpected = await Play(line, api, await Shelf.Read(api, stop), terminal, stop);
            }

            // The shop is stopped: nothing moves under the audit.
            var audit = AuditSettings.Of(folder) with { Mode = mode };
            exitCode = await AuditCommand.Run(host, audit, terminal, stop) == 0 && isAsExpected ? 0 : 1;
            return exitCode;
        }
        finally
        {
            if (named is null)
            {
                Remove(folder, keep: exitCode != 0, terminal);
            }
        }
    }

    // A shop can be kept from starting by much (address, folder, configuration); each says so itself.
    private async Task<RunningShop> Started(ServeSettings settings, CancellationToken stop)
    {
        try
        {
            return await host.Start(settings, stop);
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            throw new ShopUnreachable(
                new Uri(settings.Urls), $"and none could be started there: {exception.Message}", exception);
        }
    }

    /// <summary>Places and follows the orders and prints the report.</summary>
    /// <returns>Whether all ended as expected.</returns>
    private async Task<bool> Play(
        ParseResult line, ApiClient api, Shelf shelf, Terminal terminal, CancellationToken stop)
    {
        var (plan, problem) = DemoPlan.Of(line.GetValue(_orders), shelf);
        if (plan is null)
        {
            terminal.Complain(problem!);
            return false;
        }

        var patience = TimeSpan.FromSeconds(line.GetValue(_within));
        using var bound = CancellationTokenSource.CreateLinkedTokenSource(stop);
        bound.CancelAfter(patience);
        var run = new DemoRun(api, plan);
        try
        {
            await DemoBoard.Follow(terminal.Out, run, bound.Token);
        }
        catch (OperationCanceledException) when (!stop.IsCancellationRequested)
        {
            terminal.Complain($"Not all orders were over within {patience.TotalSeconds:0} s; the rest is left as it is."
                + " --within allows more time.");
        }

        var isAsExpected = DemoReport.Print(terminal.Out, run);
        if (!await Quiet.Within(QuietWithin, api, stop))
        {
            terminal.Say($"The queues were not empty within {QuietWithin.TotalSeconds:0} s;"
                + " the audit looks at a shop at work.");
        }

        return isAsExpected;
    }

    // Only a folder on this machine can be audited; where there is none, or one with nothing but a sandbox's books, that is
    // said, and is no failure of the shop.
    private async Task<bool> AuditOther(ParseResult line, Terminal terminal, CancellationToken stop)
    {
        if (line.GetValue(_data) is null && !File.Exists(Path.Combine(Options.DefaultData, SqliteDatabase.FileName)))
        {
            terminal.Say("Not audited: the shop's data folder is not here. 'doa audit --data FOLDER' does it there; with "
                + $"PostgreSQL 'doa audit --mode {Postgres}' or, when the shop is stopped, '--mode {RabbitMq}'.");
            return true;
        }

        return await AuditCommand.Run(
            host, AuditSettings.Of(line.GetValue(_data) ?? Options.DefaultData), terminal, stop) == 0;
    }

    // The sandbox settles an unknown outcome at once, so a demonstration need not wait for it as long as a real shop.
    private static ServeSettings SettingsOf(string mode, string url, string folder) => new(
        mode, Services: null, url, folder, SandboxPlace.On,
        new Dictionary<string, string?>(StringComparer.OrdinalIgnoreCase)
        {
            ["Shipping:SettleAfter"] = "00:00:04",
            ["Payments:RefundBackoff:First"] = "00:00:00.5",
        });

    private static void Remove(string folder, bool keep, Terminal terminal)
    {
        if (keep)
        {
            terminal.Say($"The data stays in {folder}, for a closer look.");
        }
        else
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
