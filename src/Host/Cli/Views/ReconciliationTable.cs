using DoaMarket.Host.Cli.Api;
using Spectre.Console;

namespace DoaMarket.Host.Cli.Views;

/// <summary>Shows a reconciliation: what was compared, then a row per difference and its remedy.</summary>
internal static class ReconciliationTable
{
    private const int RowsShownMax = 50;

    public static void Print(IAnsiConsole console, ApiAnswer answer)
    {
        var run = answer.Data;
        console.MarkupLine(
            $"Reconciliation [bold]{AnswerView.Plain(run, "reconciliationId")}[/]"
            + $"  {AnswerView.Coloured(run.Text("status"))}");
        console.MarkupLine(
            $"[grey]from[/] {AnswerView.Plain(run, "from")}  [grey]to[/] {AnswerView.Plain(run, "to")}");
        console.MarkupLine(
            $"{AnswerView.Plain(run, "transactions")} transactions of the PG, {AnswerView.Plain(run, "rows")} rows of "
            + $"the ledger, {AnswerView.Plain(run, "unsettled")} orders still settling, "
            + $"{AnswerView.Plain(run, "settled")} earlier differences settled.");
        if (run.Text("error") is { } error)
        {
            console.WriteLine($"The PG could not be read: {error}");
        }

        var differences = run.Entries("differences").ToList();
        if (differences.Count == 0)
        {
            console.MarkupLine(run.Text("status") == "completed" ? "[green]No differences.[/]" : "Nothing is judged yet.");
            return;
        }

        var table = new Table().Border(TableBorder.Rounded).AddColumns("Difference", "Subject")
            .AddColumn(new TableColumn("At the PG").RightAligned())
            .AddColumn(new TableColumn("In the ledger").RightAligned());
        foreach (var difference in differences.Take(RowsShownMax))
        {
            table.AddRow(
                AnswerView.Plain(difference, "type"), AnswerView.Plain(difference, "subject"),
                AnswerView.Won(difference, "atPg"), AnswerView.Won(difference, "inLedger"));
        }

        console.Write(table);
        foreach (var difference in differences.Take(RowsShownMax))
        {
            console.WriteLine($"  {difference.Text("text")}");
        }

        console.MarkupLine($"[red]{differences.Count} differences.[/]");
    }
}
