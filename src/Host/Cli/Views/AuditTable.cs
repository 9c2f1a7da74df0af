using DoaMarket.Audit;
using System.Globalization;
using Spectre.Console;

namespace DoaMarket.Host.Cli.Views;

/// <summary>Shows an audit: a row per invariant, then the rows that break one.</summary>
internal static class AuditTable
{
    private const int RowsShownMax = 50;

    public static void Print(IAnsiConsole console, string folder, AuditReport report)
    {
        var table = new Table().Border(TableBorder.Rounded).Title($"Audit of {Markup.Escape(folder)}")
            .AddColumns("Invariant", "What must hold")
            .AddColumn(new TableColumn("Checked").RightAligned())
            .AddColumn(new TableColumn("Violations").RightAligned());
        foreach (var result in report.Results)
        {
            var colour = result.Violations.Count == 0 ? "green" : "red";
            table.AddRow(
                Markup.Escape(result.Code), Markup.Escape(result.Title), Number(result.Checked),
                $"[{colour}]{Number(result.Violations.Count)}[/]");
        }

        console.Write(table);
        foreach (var result in report.Results.Where(result => result.Violations.Count > 0))
        {
            PrintRows(console, result);
        }

        console.MarkupLine(report.Violations == 0
            ? $"[green]Clean[/]: {report.Results.Count} invariants hold."
            : $"[red]{Number(report.Violations)} violations.[/]");
    }

    private static void PrintRows(IAnsiConsole console, AuditResult result)
    {
        console.MarkupLine($"[red]{Markup.Escape(result.Code)}[/] {Markup.Escape(result.Title)}");
        foreach (var row in result.Violations.Take(RowsShownMax))
        {
            console.WriteLine($"  {row}");
        }

        if (result.Violations.Count > RowsShownMax)
        {
            console.WriteLine($"  … and {Number(result.Violations.Count - RowsShownMax)} more.");
        }
    }

    private static string Number(long number) => number.ToString("N0", CultureInfo.InvariantCulture);
}
