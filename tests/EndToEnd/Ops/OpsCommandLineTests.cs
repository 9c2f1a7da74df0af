using System.Text.Json.Nodes;
using DoaMarket.EndToEnd.Harness;

namespace DoaMarket.EndToEnd;

/// <summary>The operators' commands against a real shop, and what its queues tell after an order.</summary>
public sealed class OpsCommandLineTests
{
    [Fact]
    public async Task An_operator_sees_and_settles_everything_from_the_command_line()
    {
        await using var shop = await Shop.Open(Pace.Fast);
        var customer = await shop.Customer();
        var order = await customer.Place(new OrderForm(), TimeSpan.FromSeconds(30));
        await customer.Until(order, "delivered");
        var orders = await Eventually.Is(
            "the rates of the last minute",
            async () => (await Json("queues", "--json")).AsArray().Single(q => q.Text("queue") == "order-service-queue"),
            q => q!["inPerSecond"]!.GetValue<double>() > 0 && q["outPerSecond"]!.GetValue<double>() > 0);
        Assert.Equal("order-service-dlq", orders.Text("deadLetterQueue"));
        Assert.Equal((0, 0), (orders.Int("retrying"), orders.Int("deadLetters")));

        PoisonedQueue.Put(shop, "order-service-queue", "order.dreamt_of", "{}");
        var letters = await Eventually.Is(
            "the dead letter", async () => (await Json("dlq", "list", "--json")).AsArray(), found => found.Count == 1);
        var id = letters[0].Text("deadLetterId");
        Assert.Contains("order.dreamt_of", (await Doa("dlq", "list", "--by-reason")).Output, StringComparison.Ordinal);
        Assert.Contains("order.dreamt_of", (await Doa("dlq", "show", id)).Output, StringComparison.Ordinal);
        Assert.Contains("DEAD_LETTER", (await Doa("alerts", "list")).Output, StringComparison.Ordinal);
        Assert.Contains("fails", (await Run(1, ["dlq", "dry-run", id])).Output, StringComparison.Ordinal);
        await Doa("dlq", "discard", id, "--reason", "a dream");
        Assert.Contains("ALERT_NOT_OPEN", (await Run(
            1, ["alerts", "resolve", "orders~DEAD_LETTER~order-service-dlq", "--reason", "r"])).Errors, StringComparison.Ordinal);
        Assert.Contains("resolved", (await Doa("alerts", "list", "--status", "all")).Output, StringComparison.Ordinal);
        Assert.Contains("pg", (await Doa("breakers")).Output, StringComparison.Ordinal);

        Task<Ended> Doa(params string[] arguments) => Run(0, arguments);

        async Task<Ended> Run(int code, string[] arguments)
        {
            var ended = await DoaProcess.Run(shop.Data, [], [.. arguments, "--url", shop.Url]);
            Assert.True(ended.Code == code, $"doa {string.Join(' ', arguments)} ended with {ended.Code}: {ended.Output}{ended.Errors}");
            return ended;
        }

        async Task<JsonNode> Json(params string[] arguments) => JsonNode.Parse((await Run(0, arguments)).Output)!["data"]!;
    }
}
