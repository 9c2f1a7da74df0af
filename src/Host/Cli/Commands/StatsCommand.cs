using System.CommandLine;
using DoaMarket.Host.Cli.Api;
using DoaMarket.Host.Cli.Views;
using Spectre.Console;

namespace DoaMarket.Host.Cli.Commands;

/// <summary><c>doa stats sales|top|sagas|rebuild</c>.</summary>
internal static class StatsCommand
{
    private static readonly TimeSpan LookAgainAfter = TimeSpan.FromMilliseconds(200);

    public static Command Create(Surroundings surroundings) =>
        new("stats", "See what is sold and how orders fare, and count it anew from the journal.")
        {
            Sales(surroundings), Top(surroundings), Sagas(surroundings), Rebuild(surroundings),
        };

    private static TaughtCommand Sales(Surroundings surroundings)
    {
        var (period, from, to, seller) = (Period(), From(), To(), Seller());
        var (url, json) = (Options.Url(), Options.Json());
        var command = new TaughtCommand(
            "sales",
            "Orders, revenue and the average order, by day, week or month.",
            """
            Everything counts on the day in Seoul on which it happened: a refund lowers the day of the refund.

            Examples:
              doa stats sales
              doa stats sales --period month --from 2026-01-01 --to 2026-12-31 --seller S-01
            """) { period, from, to, seller, url, json };
        command.Runs(async (line, terminal, stop) =>
        {
            using var api = new ApiClient(line.GetRequiredValue(url), surroundings);
            var query = Query(
                ("period", line.GetValue(period)), ("startDate", line.GetValue(from)), ("endDate", line.GetValue(to)),
                ("sellerId", line.GetValue(seller)));
            var answer = await api.Get("stats/sales" + query, Caller.Operator, stop);
            answer.Show(line.GetValue(json), terminal, StatsView.Sales);
            return 0;
        });
        return command;
    }

    private static TaughtCommand Top(Surroundings surroundings)
    {
        var (from, to, seller, limit) = (From(), To(), Seller(), Options.Limit());
        var by = new Option<string?>("--by") { Description = "Rank by revenue or by quantity.", HelpName = "revenue|quantity" };
        by.AcceptOnlyFromAmong("revenue", "quantity");
        var (url, json) = (Options.Url(), Options.Json());
        var command = new TaughtCommand(
            "top",
            "The products that sell best. What was cancelled or returned is taken off.",
            """
            Example:
              doa stats top --from 2026-04-01 --to 2026-04-30 --by quantity --limit 5
            """) { from, to, seller, limit, by, url, json };
        command.Runs(async (line, terminal, stop) =>
        {
            using var api = new ApiClient(line.GetRequiredValue(url), surroundings);
            var query = Query(
                ("limit", $"{line.GetValue(limit)}"), ("by", line.GetValue(by)), ("startDate", line.GetValue(from)),
                ("endDate", line.GetValue(to)), ("sellerId", line.GetValue(seller)));
            var answer = await api.Get("stats/products/top" + query, Caller.Operator, stop);
            answer.Show(line.GetValue(json), terminal, StatsView.Top);
            return 0;
        });
        return command;
    }

    private static TaughtCommand Sagas(Surroundings surroundings)
    {
        var (period, from, to, seller) = (Period(), From(), To(), Seller());
        var (url, json) = (Options.Url(), Options.Json());
        var command = new TaughtCommand(
            "sagas",
            "How many sagas came through, and how long they took.",
            """
            Example:
              doa stats sagas --period week
            """) { period, from, to, seller, url, json };
        command.Runs(async (line, terminal, stop) =>
        {
            using var api = new ApiClient(line.GetRequiredValue(url), surroundings);
            var query = Query(
                ("period", line.GetValue(period)), ("startDate", line.GetValue(from)), ("endDate", line.GetValue(to)),
                ("sellerId", line.GetValue(seller)));
            var answer = await api.Get("stats/sagas" + query, Caller.Operator, stop);
            answer.Show(line.GetValue(json), terminal, StatsView.Sagas);
            return 0;
        });
        return command;
    }

    private static TaughtCommand Rebuild(Surroundings surroundings)
    {
        var (url, json) = (Options.Url(), Options.Json());
        var command = new TaughtCommand(
            "rebuild",
            "Count the statistics anew from the journal, while the shop runs, and tell whether they were right.",
            """
            New figures are made beside those that are read, and take their place in one commit; orders that come in meanwhile are
            counted in both. A shop that is restarted goes on with it. Audited.

            Example:
              doa stats rebuild
            """) { url, json };
        command.Runs(async (line, terminal, stop) =>
        {
            using var api = new ApiClient(line.GetRequiredValue(url), surroundings);
            await api.Post("ops/stats/rebuild", Caller.Operator, new { }, stop);
            var answer = await Follow(api, terminal, stop);
            answer.Show(line.GetValue(json), terminal, StatsView.Rebuilt);
            return 0;
        });
        return command;
    }

    private static Task<ApiAnswer> Follow(ApiClient api, Terminal terminal, CancellationToken stop) =>
        terminal.Error.Progress().AutoClear(true).StartAsync(async progress =>
        {
            var bar = progress.AddTask("Counting the journal");
            for (; ; )
            {
                var answer = await api.Get("ops/stats/rebuild", Caller.Operator, stop);
                bar.Value = answer.Data.Whole("progressPercent") ?? 0;
                if (answer.Data.Text("status") != "running")
                {
                    return answer;
                }

                await Task.Delay(LookAgainAfter, stop);
            }
        });

    private static Option<string?> Period()
    {
        var period = new Option<string?>("--period") { Description = "How days are put together.", HelpName = "day|week|month" };
        period.AcceptOnlyFromAmong("day", "week", "month");
        return period;
    }

    private static Option<string?> From() =>
        new("--from") { Description = "First day in Seoul; 30 days ago unless said.", HelpName = "YYYY-MM-DD" };

    private static Option<string?> To() =>
        new("--to") { Description = "Last day in Seoul; today unless said.", HelpName = "YYYY-MM-DD" };

    private static Option<string?> Seller() => new("--seller") { Description = "Only this seller's.", HelpName = "id" };

    private static string Query(params (string Name, string? Value)[] parts)
    {
        var given = parts.Where(p => p.Value is not null).Select(p => $"{p.Name}={Uri.EscapeDataString(p.Value!)}").ToList();
        return given.Count == 0 ? "" : "?" + string.Join('&', given);
    }
}
