using System.CommandLine;
using DoaMarket.Host.Cli.Api;
using DoaMarket.Host.Cli.Views;

namespace DoaMarket.Host.Cli.Commands;

/// <summary><c>doa reconcile</c>.</summary>
internal static class ReconcileCommand
{
    private static readonly TimeSpan LookAgainAfter = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan WaitMax = TimeSpan.FromMinutes(10);

    public static Command Create(Surroundings surroundings)
    {
        var from = new Option<DateTimeOffset?>("--from")
        {
            Description = "The first moment to compare; without it from where the last run ended.",
            HelpName = "time",
        };
        var to = new Option<DateTimeOffset?>("--to")
        {
            Description = "The moment before which to compare; without it as late as entries have settled.",
            HelpName = "time",
        };
        var url = Options.Url();
        var json = Options.Json();
        var command = new TaughtCommand(
            "reconcile",
            "Compare the running shop's payment ledger with the PG's transactions, both directions.",
            """
            Exit code 1 when they differ or the PG could not be read. Each difference is an alert with a remedy, which
            closes itself when a later run finds it settled.

            Examples:
              doa reconcile
              doa reconcile --from 2026-11-01T00:00:00+09:00 --to 2026-11-02T00:00:00+09:00
            """) { from, to, url, json };
        command.Runs(async (line, terminal, stop) =>
        {
            using var api = new ApiClient(line.GetRequiredValue(url), surroundings);
            var run = await Run(api, line.GetValue(from), line.GetValue(to), stop);
            run.Show(line.GetValue(json), terminal, ReconciliationTable.Print);
            var isClean = run.Data.Text("status") == "completed" && !run.Data.Entries("differences").Any();
            return isClean ? 0 : 1;
        });
        return command;
    }

    private static async Task<ApiAnswer> Run(
        ApiClient api, DateTimeOffset? from, DateTimeOffset? to, CancellationToken stop)
    {
        var window = new Dictionary<string, object>(StringComparer.Ordinal);
        if (from is { } first)
        {
            window["from"] = first;
        }

        if (to is { } last)
        {
            window["to"] = last;
        }

        var begun = await api.Post("ops/reconciliations", Caller.Operator, window, stop);
        var path = $"ops/reconciliations/{begun.Required("reconciliationId")}";
        for (var waited = TimeSpan.Zero; waited < WaitMax; waited += LookAgainAfter)
        {
            var run = await api.Get(path, Caller.Operator, stop);
            if (run.Data.Text("status") is "completed" or "failed")
            {
                return run;
            }

            await Task.Delay(LookAgainAfter, stop);
        }

        return await api.Get(path, Caller.Operator, stop); // still at work: the table says so
    }
}
