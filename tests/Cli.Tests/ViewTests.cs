using System.Text.Json;
using DoaMarket.Host.Cli;
using DoaMarket.Host.Cli.Api;
using DoaMarket.Host.Cli.Views;
using Spectre.Console;

namespace DoaMarket.Cli.Tests;

public sealed class ViewTests
{
    private readonly StringWriter _writer = new();

    [Fact]
    public void A_saga_is_shown_step_by_step_with_reasons_and_durations()
    {
        SagaView.Print(Console(), Answer("""
            {"sagaId":"s-1","orderId":"o-1","status":"needs_attention","currentStep":"process_payment","version":9,
             "steps":[
               {"name":"create_order","status":"completed","startedAt":"2026-01-05T03:00:00Z",
                "endedAt":"2026-01-05T03:00:00.012Z","attempts":1},
               {"name":"process_payment","status":"compensation_failed","startedAt":"2026-01-05T03:00:01Z",
                "reason":"[PG] refuses","attempts":5}]}
            """));

        var text = _writer.ToString();
        Assert.Matches("1 .*create_order .*completed .*12 ms .*1", text);
        Assert.Matches(@"2 .*process_payment .*compensation_failed .*5 .*\[PG\] refuses", text);
        Assert.Contains("doa saga resolve s-1", text);
    }

    [Fact]
    public void An_order_shows_its_money_its_lines_and_its_parcel()
    {
        OrderView.Print(Console(), Answer("""
            {"orderId":"o-1","orderNumber":"ORD-20260105-000001","sagaId":"s-1","status":"shipped","totalAmount":27000,
             "items":[{"productId":"P-1","name":"머그컵","quantity":2,"unitPrice":12000}],
             "shipment":{"status":"dispatched","carrierName":"CJ대한통운","trackingNumber":"123456789012"}}
            """));

        var text = _writer.ToString();
        Assert.Contains("ORD-20260105-000001", text);
        Assert.Contains("27,000 KRW", text);
        Assert.Contains("12,000 KRW", text);
        Assert.Contains("머그컵", text);
        Assert.Contains("123456789012", text);
    }

    [Fact]
    public void The_journal_hangs_every_effect_below_its_cause_whatever_the_clocks_say()
    {
        var entries = Answer("""
            [{"eventId":"c","causationId":"b","eventType":"payment.requested","timestamp":"2026-01-05T03:00:00.100Z"},
             {"eventId":"b","causationId":"a","eventType":"inventory.reserved","timestamp":"2026-01-05T03:00:00.200Z"},
             {"eventId":"a","causationId":"request","eventType":"order.created","timestamp":"2026-01-05T03:00:00.000Z"}]
            """).Rows.ToList();
        var remarks = Answer("""
            [{"eventId":"b","at":"2026-01-05T03:00:00.300Z","service":"order-service",
              "kind":"duplicate","text":"dropped"}]
            """).Rows.ToList();

        StoryTree.Print(Console(), new Story(entries, remarks));

        Assert.Equal(["a", "b", "c"], StoryTree.InCausalOrder(entries).Select(entry => entry.Text("eventId")));
        var lines = _writer.ToString().Split('\n');
        Assert.Equal(
            [0, 4, 8, 8],
            new[] { "order.created", "inventory.reserved", "payment.requested", "duplicate order-service dropped" }
                .Select(type => lines.Single(line => line.Contains(type)).IndexOf('+') - 4));
    }

    [Fact]
    public void A_journal_with_a_circle_of_causes_is_shown_all_the_same()
    {
        var entries = Answer("""
            [{"eventId":"a","causationId":"b","eventType":"one"},{"eventId":"b","causationId":"a","eventType":"two"}]
            """).Rows.ToList();

        Assert.Equal(2, StoryTree.InCausalOrder(entries).Count);
    }

    [Fact]
    public void A_page_of_sagas_says_how_to_go_on()
    {
        SagaList.Print(Console(), new ApiAnswer(JsonDocument.Parse("""
            {"success":true,"data":[{"sagaId":"s-1","orderId":"o-1","status":"completed"}],"meta":{"nextCursor":"xyz"}}
            """).RootElement));

        Assert.Contains("s-1", _writer.ToString());
        Assert.Contains("--cursor xyz", _writer.ToString());
    }

    private static ApiAnswer Answer(string data) =>
        new(JsonDocument.Parse($$"""{"success":true,"data":{{data}}}""").RootElement);

    private IAnsiConsole Console() => Terminal.ConsoleOn(_writer, isTerminal: false);
}
