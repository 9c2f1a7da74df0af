using System.Globalization;
using System.Text.Json;
using DoaMarket.Host.Cli.Api;
using Spectre.Console;

namespace DoaMarket.Host.Cli.Views;

/// <summary>Shows one saga and its steps.</summary>
internal static class SagaView
{
    public static void Print(IAnsiConsole console, ApiAnswer answer)
    {
        var saga = answer.Data;
        console.MarkupLine(
            $"Saga [bold]{AnswerView.Plain(saga, "sagaId")}[/]  {AnswerView.Coloured(saga.Text("status"))}"
            + $"  at {AnswerView.Plain(saga, "currentStep")}");
        console.MarkupLine(
            $"[grey]order[/] {AnswerView.Plain(saga, "orderId")}"
            + $"  [grey]correlation[/] {AnswerView.Plain(saga, "correlationId")}"
            + $"  [grey]version[/] {AnswerView.Plain(saga, "version")}"
            + $"  [grey]next timer[/] {AnswerView.Clock(saga, "wakeAt")}");
        PrintSteps(console, saga);
        if (saga.Text("status") == "needs_attention")
        {
            console.WriteLine($"A person must act: doa saga retry {saga.Text("sagaId")}");
            console.WriteLine($"or, settled by hand: doa saga resolve {saga.Text("sagaId")} --step STEP --reason TEXT");
        }
    }

    /// <summary>The step table; nothing when there are no steps to show.</summary>
    public static void PrintSteps(IAnsiConsole console, JsonElement saga)
    {
        var steps = saga.Entries("steps").ToList();
        if (steps.Count == 0)
        {
            return;
        }

        var table = new Table().Border(TableBorder.Rounded)
            .AddColumn("#").AddColumn("Step").AddColumn("Status").AddColumn("Started")
            .AddColumn(new TableColumn("Took").RightAligned())
            .AddColumn(new TableColumn("Attempts").RightAligned())
            .AddColumn("Reason");
        foreach (var (index, step) in steps.Index())
        {
            table.AddRow(
                (index + 1).ToString(CultureInfo.InvariantCulture), AnswerView.Plain(step, "name"),
                AnswerView.Coloured(step.Text("status")), AnswerView.Clock(step, "startedAt"), Took(step),
                AnswerView.Plain(step, "attempts"), AnswerView.Plain(step, "reason"));
        }

        console.Write(table);
    }

    private static string Took(JsonElement step) =>
        step.Instant("startedAt") is { } started && step.Instant("endedAt") is { } ended
            ? string.Create(CultureInfo.InvariantCulture, $"{(ended - started).TotalMilliseconds:N0} ms")
            : "–";
}

/// <summary>Shows a page of sagas.</summary>
internal static class SagaList
{
    public static void Print(IAnsiConsole console, ApiAnswer answer)
    {
        var table = new Table().Border(TableBorder.Rounded)
            .AddColumns("Saga", "Order", "Status", "Step", "Updated");
        foreach (var saga in answer.Rows)
        {
            table.AddRow(
                AnswerView.Plain(saga, "sagaId"), AnswerView.Plain(saga, "orderId"),
                AnswerView.Coloured(saga.Text("status")), AnswerView.Plain(saga, "currentStep"),
                AnswerView.Clock(saga, "updatedAt"));
        }

        if (table.Rows.Count == 0)
        {
            console.WriteLine("None.");
            return;
        }

        console.Write(table);
        if (answer.NextCursor is { } cursor)
        {
            console.WriteLine($"More: --cursor {cursor}");
        }
    }
}
