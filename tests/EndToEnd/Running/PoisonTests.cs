using System.Text.Json.Nodes;
using DoaMarket.EndToEnd.Harness;

namespace DoaMarket.EndToEnd;

/// <summary>Messages that nobody can handle, slipped into the database while the shop runs.</summary>
public sealed class PoisonTests
{
    private const string Queue = "order-service-queue";

    private static (string Type, string Body)[] PoisonFor(Shop shop) =>
    [
        ("inventory.reserved", shop.Database.HoldsJsonOnly ? "\"this is no object\"" : "this is no JSON"),
        ("payment.completed", """{"orderId":"not-an-id"}"""),
        ("order.dreamt_of", "{}"),
        ("shipping.prepared", """
            {"orderId":"01a2036e-8298-885f-beb1-50e5b4142a00","shippingId":"01a2036e-8298-885f-beb1-50e5b4142a01",
             "trackingNumber":"1","carrierId":"c","carrierName":"c"}
            """), // of an order that there is not
    ];

    [Fact]
    public async Task Poison_is_dead_lettered_after_three_receives_while_orders_flow_on()
    {
        await using var shop = await Shop.Open(Pace.Fast);
        var customer = await shop.Customer();
        var before = await customer.Place(new OrderForm());
        var poison = PoisonFor(shop);
        List<Guid> ids = [.. poison.Select(p => shop.Database.Put(Queue, p.Type, p.Body, null, null))];
        List<Placed> orders = [before];
        for (var i = 0; i < 5; i++)
        {
            orders.Add(await customer.Place(new OrderForm()));
        }

        foreach (var order in orders)
        {
            await customer.Until(order, "delivered");
        }

        var person = await shop.Operator();
        var letters = await Eventually.Is(
            "the dead letters", async () => (await person.Get("ops/dead-letters?limit=100")).Expect(200).List,
            found => found.Count >= poison.Length);
        Assert.Equal(ids.Order(), letters.Select(l => l!["eventId"]!.GetValue<Guid>()).Order());
        foreach (var letter in letters)
        {
            Assert.Equal((Queue, "order-service-dlq", 3), (
                letter.Text("sourceQueue"), letter.Text("queue"), letter.Int("attempts")));
            var (type, body) = poison.Single(p => p.Type == letter.Text("eventType"));
            Assert.Equal(body, await BodyOf(letter!));
            Assert.Equal(type, letter!["headers"].Text("eventType"));
            Assert.NotEmpty(letter.Text("reason"));
        }

        var alert = Assert.Single(await AlertSeen.All(shop), a => a.Type == "DEAD_LETTER");
        Assert.Equal("open", alert.Status);
        var queues = (await person.Get("ops/queues")).Expect(200).List;
        Assert.Equal(poison.Length, queues.Single(q => q.Text("queue") == Queue).Int("deadLetters"));
        Assert.Single((await person.Get("ops/dead-letters?limit=1")).Expect(200).List);

        // What came by a broker may hold personal data where nobody can tell: it is masked as a whole.
        async Task<string> BodyOf(JsonNode letter) => letter["hasPersonalData"]!.GetValue<bool>()
            ? (await person.Post(
                $"ops/dead-letters/{letter.Text("deadLetterId")}/reveal", new JsonObject { ["reason"] = "a test" }))
                .Expect(200).Data.Text("body")
            : letter.Text("body");
    }
}
