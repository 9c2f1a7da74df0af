using System.Globalization;
using Spectre.Console;

namespace DoaMarket.Host.Cli.Demo;

/// <summary>Shows a running demo: a live table on a terminal, a line now and then anywhere else.</summary>
internal static class DemoBoard
{
    private const int BarCells = 40;
    private static readonly TimeSpan LineEvery = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan SignOfLifeEvery = TimeSpan.FromSeconds(15);

    /// <summary>Runs the demo in view.</summary>
    public static async Task Follow(IAnsiConsole console, DemoRun run, CancellationToken stop)
    {
        if (console.Profile.Capabilities.Interactive)
        {
            await console.Live(Table(run)).AutoClear(enabled: true).StartAsync(live =>
                run.Go(() => live.UpdateTarget(Table(run)), stop));
            return;
        }

        var (last, next) = ("", TimeSpan.Zero);
        await run.Go(
            () =>
            {
                var counts = Counts(run.Plan.Orders);
                if (run.Elapsed >= next && (counts != last || run.Elapsed >= next + SignOfLifeEvery))
                {
                    var seconds = run.Elapsed.TotalSeconds.ToString("0.0", CultureInfo.InvariantCulture);
                    console.WriteLine($"{seconds,6} s  {counts}");
                    (last, next) = (counts, run.Elapsed + LineEvery);
                }
            },
            stop);
    }

    internal static IReadOnlyList<Outcome> Columns { get; } =
        [Outcome.InProgress, Outcome.Completed, Outcome.Cancelled, Outcome.NeedsAttention];

    internal static string Count(IEnumerable<DemoOrder> orders, Outcome outcome) =>
        orders.Count(order => order.Outcome == outcome).ToString(CultureInfo.InvariantCulture);

    internal static int Placed(IEnumerable<DemoOrder> orders) =>
        orders.Count(order => order.Outcome is not (Outcome.Waiting or Outcome.Refused));

    private static string Counts(IReadOnlyList<DemoOrder> orders) =>
        $"placed {Placed(orders)}/{orders.Count}, "
        + string.Join(", ", Columns.Select(outcome => $"{OutcomeWords.Of(outcome)} {Count(orders, outcome)}"));

    private static Rows Table(DemoRun run)
    {
        var table = new Table().Border(TableBorder.Rounded).AddColumn("Scenario").AddColumn(Right("placed"));
        foreach (var outcome in Columns)
        {
            table.AddColumn(Right(OutcomeWords.Of(outcome)));
        }

        foreach (var group in run.Plan.Orders.GroupBy(order => order.Scenario))
        {
            table.AddRow(
            [
                group.Key.Name, $"{Placed(group)}/{group.Count()}", .. Columns.Select(outcome => Count(group, outcome)),
            ]);
        }

        return new Rows(table, Bar(run));
    }

    private static Markup Bar(DemoRun run)
    {
        var orders = run.Plan.Orders;
        var over = orders.Count(order => order.IsOver);
        var full = BarCells * over / Math.Max(orders.Count, 1);
        var seconds = run.Elapsed.TotalSeconds.ToString("0.0", CultureInfo.InvariantCulture);
        return new Markup(
            $"[green]{new string('━', full)}[/][grey]{new string('━', BarCells - full)}[/]"
            + $" {over}/{orders.Count} over, {seconds} s");
    }

    private static TableColumn Right(string title) => new TableColumn(title).RightAligned();
}
