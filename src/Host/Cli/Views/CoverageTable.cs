using System.Globalization;
using DoaMarket.Simulation;
using Spectre.Console;

namespace DoaMarket.Host.Cli.Views;

/// <summary>Shows how often each fault has hit each step of the flow.</summary>
internal static class CoverageTable
{
    public static void Print(IAnsiConsole console, Coverage coverage)
    {
        var steps = Enum.GetValues<FlowStep>();
        var table = new Table().Border(TableBorder.Rounded).Title("Fault × step").AddColumn("Fault");
        foreach (var step in steps)
        {
            table.AddColumn(new TableColumn(step.ToString()).RightAligned());
        }

        foreach (var fault in Enum.GetValues<Fault>())
        {
            table.AddRow([fault.ToString(), .. steps.Select(step => Cell(coverage, fault, step))]);
        }

        console.Write(table);
        if (coverage.Missing.Count > 0)
        {
            console.WriteLine($"Not hit: {string.Join(", ", coverage.Missing.Select(m => $"{m.Fault} at {m.Step}"))}.");
        }
    }

    private static string Cell(Coverage coverage, Fault fault, FlowStep step)
    {
        var count = coverage[fault, step];
        return count > 0 ? count.ToString("N0", CultureInfo.InvariantCulture)
            : FaultCells.Of(fault).Contains(step) ? "[red]0[/]" : "·";
    }
}
