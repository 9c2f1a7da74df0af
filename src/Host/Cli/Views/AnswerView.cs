using System.Globalization;
using System.Text.Json;
using DoaMarket.Host.Cli.Api;
using Spectre.Console;

namespace DoaMarket.Host.Cli.Views;

/// <summary>Shows an answer to a program or to a person.</summary>
internal static class AnswerView
{
    public static void Show(
        this ApiAnswer answer, bool asJson, Terminal terminal, Action<IAnsiConsole, ApiAnswer> forPeople)
    {
        if (asJson)
        {
            terminal.Raw.WriteLine(answer.Body.GetRawText());
        }
        else
        {
            forPeople(terminal.Out, answer);
        }
    }

    /// <summary>A status in its colour: the same one everywhere.</summary>
    public static string Coloured(string? status)
    {
        var text = Markup.Escape(status ?? "–");
        return status switch
        {
            "completed" or "delivered" or "shipped" => $"[green]{text}[/]",
            "cancelled" or "compensated" or "returned" or "skipped" => $"[grey]{text}[/]",
            "needs_attention" or "failed" or "timed_out" or "compensation_failed" => $"[red]{text}[/]",
            "compensating" or "cancelling" or "returning" => $"[yellow]{text}[/]",
            _ => text,
        };
    }

    /// <summary>Won, grouped; a dash when unknown.</summary>
    public static string Won(JsonElement element, string name) =>
        element.Whole(name) is { } won ? $"{won.ToString("N0", CultureInfo.InvariantCulture)} KRW" : "–";

    /// <summary>The member, or a dash; never taken for markup.</summary>
    public static string Plain(JsonElement element, string name) => Markup.Escape(element.Text(name) ?? "–");

    /// <summary>The local day and time, or a dash.</summary>
    public static string Day(JsonElement element, string name) => element.Instant(name) is { } instant
        ? instant.ToLocalTime().ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture)
        : "–";

    /// <summary>A page of a list as a table, and how to go on.</summary>
    public static void PrintTable(
        IAnsiConsole console, ApiAnswer answer, string[] columns, Func<JsonElement, string[]> row)
    {
        var table = new Table().Border(TableBorder.Rounded).AddColumns(columns);
        foreach (var entry in answer.Rows)
        {
            table.AddRow(row(entry));
        }

        if (table.Rows.Count > 0)
        {
            console.Write(table);
        }
        else
        {
            console.WriteLine("None.");
        }

        if (answer.NextCursor is { } cursor)
        {
            console.WriteLine($"More: --cursor {cursor}");
        }
    }

    /// <summary>The local time of day with milliseconds, or a dash.</summary>
    public static string Clock(JsonElement element, string name) => element.Instant(name) is { } instant
        ? instant.ToLocalTime().ToString("HH:mm:ss.fff", CultureInfo.InvariantCulture)
        : "–";
}
