using System.Text.Json;
using DoaMarket.Host.Cli.Api;
using Spectre.Console;

namespace DoaMarket.Host.Cli.Views;

/// <summary>Shows one order: what was bought, how it is paid and sent, how far its saga is.</summary>
internal static class OrderView
{
    public static void Print(IAnsiConsole console, ApiAnswer answer)
    {
        var order = answer.Data;
        var name = AnswerView.Plain(order, order.Part("orderNumber") is null ? "orderId" : "orderNumber");
        console.MarkupLine($"Order [bold]{name}[/]  {AnswerView.Coloured(order.Text("status"))}");
        var facts = new Grid().AddColumn().AddColumn();
        Fact(facts, "order id", order.Text("orderId"));
        Fact(facts, "saga id", order.Text("sagaId"));
        Fact(facts, "ordered at", order.Text("orderedAt"));
        Fact(facts, "reason", order.Text("reason"));
        Fact(facts, "total", order.Whole("totalAmount") is null ? null : AnswerView.Won(order, "totalAmount"));
        foreach (var amend in order.Entries("amends"))
        {
            var id = AnswerView.Plain(amend, "amendId");
            Fact(facts, "partial cancel", $"{id} {amend.Text("status")}, refunds {AnswerView.Won(amend, "refundAmount")}");
        }

        Part(facts, order, "payment", "status", "paymentId", "transactionId", "reason");
        Part(facts, order, "shipment", "status", "carrierName", "trackingNumber", "estimatedDeliveryDate");
        console.Write(facts);
        PrintItems(console, order);
        if (order.Part("saga") is { } saga)
        {
            SagaView.PrintSteps(console, saga);
        }
        else
        {
            SagaView.PrintSteps(console, order);
        }

        if (order.Text("sagaId") is { } sagaId)
        {
            console.WriteLine($"More: doa saga show {sagaId}");
        }
    }

    private static void PrintItems(IAnsiConsole console, JsonElement order)
    {
        var items = order.Entries("items").ToList();
        if (items.Count == 0)
        {
            return;
        }

        var table = new Table().Border(TableBorder.Rounded).AddColumns("Product", "Variant", "Name")
            .AddColumn(new TableColumn("Pieces").RightAligned())
            .AddColumn(new TableColumn("Price").RightAligned());
        foreach (var item in items)
        {
            table.AddRow(
                AnswerView.Plain(item, "productId"), AnswerView.Plain(item, "variantId"),
                AnswerView.Plain(item, "name"), AnswerView.Plain(item, "quantity"),
                AnswerView.Won(item, item.Part("unitPrice") is null ? "price" : "unitPrice"));
        }

        console.Write(table);
    }

    private static void Part(Grid facts, JsonElement order, string name, params string[] members)
    {
        if (order.Part(name) is { ValueKind: JsonValueKind.Object } part)
        {
            Fact(facts, name, string.Join("  ", members.Select(member => part.Text(member)).OfType<string>()));
        }
    }

    private static void Fact(Grid facts, string name, string? value)
    {
        if (value is not null)
        {
            facts.AddRow($"[grey]{name}[/]", Markup.Escape(value));
        }
    }
}
