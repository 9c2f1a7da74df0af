using System.Globalization;
using System.Text.Json;
using DoaMarket.Host.Cli.Api;
using Spectre.Console;

namespace DoaMarket.Host.Cli.Views;

/// <summary>Shows figures.</summary>
internal static class StatsView
{
    public static void Sales(IAnsiConsole console, ApiAnswer answer)
    {
        var table = Table(answer.Data, "Sales", "Orders", "Paid", "Gross", "Refunded", "Net", "Average", "Cancelled", "Returned");
        foreach (var bucket in answer.Data.Entries("buckets").Where(b => HasAny(b, "orders", "paidOrders", "gross", "refunded", "cancelledOrders", "returnedOrders")))
        {
            table.AddRow(SalesRow(Days(bucket), bucket));
        }

        if (answer.Data.Part("total") is { } total)
        {
            table.AddEmptyRow();
            table.AddRow(SalesRow("[bold]Total[/]", total));
        }

        console.Write(table);
    }

    public static void Top(IAnsiConsole console, ApiAnswer answer)
    {
        var table = new Table().Border(TableBorder.Rounded)
            .Title($"Best sellers, {AnswerView.Plain(answer.Data, "startDate")} to {AnswerView.Plain(answer.Data, "endDate")}")
            .AddColumn(Right("#")).AddColumns("Product", "Variant", "Name", "Seller")
            .AddColumn(Right("Sold")).AddColumn(Right("Back")).AddColumn(Right("Units")).AddColumn(Right("Revenue"));
        foreach (var p in answer.Data.Entries("products"))
        {
            table.AddRow(
                AnswerView.Plain(p, "rank"), AnswerView.Plain(p, "productId"), AnswerView.Plain(p, "variantId"),
                AnswerView.Plain(p, "name"), AnswerView.Plain(p, "sellerId"), Number(p, "soldUnits"),
                Number(p, "reversedUnits"), Number(p, "units"), AnswerView.Won(p, "revenue"));
        }

        console.Write(table);
    }

    public static void Sagas(IAnsiConsole console, ApiAnswer answer)
    {
        var table = Table(
            answer.Data.Part("total") ?? answer.Data, "Sagas of orders", "Started", "Came through", "Failed", "Undone later", "Success", "p50", "p95", "p99");
        foreach (var bucket in answer.Data.Entries("buckets").Where(b => HasAny(b, "started", "succeeded", "failed", "undoneLater")))
        {
            table.AddRow(SagaRow(Days(bucket), bucket));
        }

        if (answer.Data.Part("total") is { } total)
        {
            table.AddEmptyRow();
            table.AddRow(SagaRow("[bold]Total[/]", total));
        }

        console.Write(table);
    }

    public static void Rebuilt(IAnsiConsole console, ApiAnswer answer)
    {
        var data = answer.Data;
        console.WriteLine(
            $"Counted {Number(data, "messages")} messages of the journal anew; {Number(data, "skipped")} could not be counted.");
        if (data.Whole("different") is null or 0)
        {
            console.MarkupLine($"[green]The same figures[/]: {Number(data, "compared")} compared.");
            return;
        }

        console.MarkupLine(
            $"[yellow]{Number(data, "different")} of {Number(data, "compared")} figures were wrong[/] and are right now:");
        foreach (var example in data.Entries("examples"))
        {
            console.WriteLine($"  {example.GetString()}");
        }
    }

    private static Table Table(JsonElement span, string title, params string[] columns)
    {
        var table = new Table().Border(TableBorder.Rounded)
            .Title($"{title}, {AnswerView.Plain(span, "startDate")} to {AnswerView.Plain(span, "endDate")} (Asia/Seoul)")
            .AddColumn("Days");
        foreach (var column in columns)
        {
            table.AddColumn(Right(column));
        }

        return table;
    }

    private static string[] SalesRow(string days, JsonElement b) =>
    [
        days, Number(b, "orders"), Number(b, "paidOrders"), AnswerView.Won(b, "gross"), AnswerView.Won(b, "refunded"),
        AnswerView.Won(b, "net"), AnswerView.Won(b, "averageOrderValue"), Number(b, "cancelledOrders"),
        Number(b, "returnedOrders"),
    ];

    private static string[] SagaRow(string days, JsonElement b)
    {
        var took = b.Part("successTook");
        return
        [
            days, Number(b, "started"), Number(b, "succeeded"), Number(b, "failed"), Number(b, "undoneLater"),
            b.Text("successRatePercent") is { } rate ? $"{rate} %" : "–", Ms(took, "p50Ms"), Ms(took, "p95Ms"),
            Ms(took, "p99Ms"),
        ];
    }

    private static bool HasAny(JsonElement bucket, params string[] names) => names.Any(n => bucket.Whole(n) is not (null or 0));

    private static string Days(JsonElement b) => b.Text("startDate") == b.Text("endDate")
        ? AnswerView.Plain(b, "startDate")
        : $"{AnswerView.Plain(b, "startDate")} – {AnswerView.Plain(b, "endDate")}";

    private static string Ms(JsonElement? part, string name) =>
        part?.Whole(name) is { } ms ? $"{ms.ToString("N0", CultureInfo.InvariantCulture)} ms" : "–";

    private static string Number(JsonElement element, string name) =>
        element.Whole(name)?.ToString("N0", CultureInfo.InvariantCulture) ?? "–";

    private static TableColumn Right(string header) => new TableColumn(header).RightAligned();
}
