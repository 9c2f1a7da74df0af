using System.Globalization;
using Spectre.Console;

namespace DoaMarket.Host.Cli.Demo;

/// <summary>What came of a demo: outcomes against expectations, and figures.</summary>
internal static class DemoReport
{
    private const int OrdersShownMax = 20;

    /// <summary>Prints the report.</summary>
    /// <returns>Whether every order ended as expected.</returns>
    public static bool Print(IAnsiConsole console, DemoRun run)
    {
        var plan = run.Plan;
        var table = new Table().Border(TableBorder.Rounded).AddColumn(new TableColumn("Scenario").NoWrap());
        foreach (var title in new[] { "orders", "completed", "cancelled", "attention", "other" })
        {
            table.AddColumn(new TableColumn(title).RightAligned());
        }

        table.AddColumn("expected").AddColumn(new TableColumn("").NoWrap());
        var differing = new List<DemoOrder>();
        foreach (var group in plan.Orders.GroupBy(order => order.Scenario))
        {
            var orders = group.ToList();
            var isMet = group.Key.Expected.IsMetBy([.. orders.Select(order => order.Outcome)], plan.Shelf);
            differing.AddRange(isMet ? [] : Suspects(group.Key, orders, plan.Shelf));
            table.AddRow(
                Markup.Escape(group.Key.Name), Number(orders.Count),
                DemoBoard.Count(orders, Outcome.Completed), DemoBoard.Count(orders, Outcome.Cancelled),
                DemoBoard.Count(orders, Outcome.NeedsAttention),
                Number(orders.Count(order => !order.IsOver || order.Outcome == Outcome.Refused)),
                group.Key.Expected.Words(orders.Count, plan.Shelf),
                isMet ? "[green]ok[/]" : "[red]differs[/]");
        }

        console.Write(table);
        PrintDiffering(console, differing);
        PrintFigures(console, run);
        return differing.Count == 0;
    }

    // An order that is wrong by itself, or, where only the numbers are wrong, all of the scenario.
    private static List<DemoOrder> Suspects(Scenario scenario, List<DemoOrder> orders, Shelf shelf)
    {
        var wrong = orders.Where(order => !scenario.Expected.IsMetBy([order.Outcome], shelf)).ToList();
        return scenario.Goods == Goods.Limited || wrong.Count == 0 ? orders : wrong;
    }

    private static void PrintDiffering(IAnsiConsole console, List<DemoOrder> differing)
    {
        foreach (var order in differing.Take(OrdersShownMax))
        {
            console.MarkupLine(
                $"[red]{Markup.Escape(order.Scenario.Name)}[/]: {OutcomeWords.Of(order.Outcome)}"
                + $" ({Markup.Escape(order.Remark)})");
            if (order.SagaId.Length > 0)
            {
                console.WriteLine($"  order {order.OrderId}  saga {order.SagaId}");
            }
        }

        if (differing.Count > OrdersShownMax)
        {
            console.WriteLine($"… and {differing.Count - OrdersShownMax} more.");
        }
    }

    private static void PrintFigures(IAnsiConsole console, DemoRun run)
    {
        var orders = run.Plan.Orders;
        var figures = new Grid().AddColumn().AddColumn();
        figures.AddRow("orders placed", $"{DemoBoard.Placed(orders)} of {orders.Count}");
        if (run.PlacedWithin is { } placed)
        {
            var rate = PerSecond(DemoBoard.Placed(orders), placed);
            figures.AddRow("accepted", $"within {Seconds(placed)} ({rate} orders a second)");
        }

        figures.AddRow("all over", run.OverWithin is { } over ? $"after {Seconds(over)}" : "no");
        figures.AddRow("median time to the end", Median(orders));
        figures.AddRow("  when all goes well", Median(orders.Where(order => order.Scenario == Scenarios.All[0])));
        console.Write(figures);
        foreach (var scenario in run.Plan.LeftOut)
        {
            console.WriteLine($"Left out: '{scenario.Name}' (no product for it in this shop, or too few orders).");
        }
    }

    private static string Median(IEnumerable<DemoOrder> orders)
    {
        var times = orders.Select(order => order.Took).OfType<TimeSpan>().Order().ToList();
        return times.Count == 0 ? "–" : Seconds(times[times.Count / 2]);
    }

    private static string PerSecond(int orders, TimeSpan within) =>
        (orders / Math.Max(within.TotalSeconds, 0.001)).ToString("N0", CultureInfo.InvariantCulture);

    private static string Seconds(TimeSpan span) =>
        span.TotalSeconds.ToString("0.00", CultureInfo.InvariantCulture) + " s";

    private static string Number(int number) => number.ToString(CultureInfo.InvariantCulture);
}
