using DoaMarket.EndToEnd.Harness;
using Microsoft.Data.Sqlite;

namespace DoaMarket.EndToEnd;

/// <summary>Messages that nobody can handle, slipped into the database while the shop runs.</summary>
public sealed class PoisonTests
{
    private const string Queue = "order-service-queue";

    private static readonly (string Type, string Body)[] Poison =
    [
        ("inventory.reserved", "this is no JSON"),
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
        var ids = Insert(shop);
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
            found => found.Count >= Poison.Length);
        Assert.Equal(ids.Order(), letters.Select(l => l!["eventId"]!.GetValue<Guid>()).Order());
        Assert.All(letters, letter =>
        {
            Assert.Equal((Queue, "order-service-dlq", 3), (
                letter.Text("sourceQueue"), letter.Text("queue"), letter.Int("attempts")));
            var (type, body) = Poison.Single(p => p.Type == letter.Text("eventType"));
            Assert.Equal(body, letter.Text("body"));
            Assert.Equal(type, letter!["headers"].Text("eventType"));
            Assert.NotEmpty(letter.Text("reason"));
        });
        var alert = Assert.Single(await AlertSeen.All(shop), a => a.Type == "DEAD_LETTER");
        Assert.Equal("open", alert.Status);
        var queues = (await person.Get("ops/queues")).Expect(200).List;
        Assert.Equal(Poison.Length, queues.Single(q => q.Text("queue") == Queue).Int("deadLetters"));
        Assert.Single((await person.Get("ops/dead-letters?limit=1")).Expect(200).List);
    }

    // Numbers below zero cannot meet those that the shop counts up.
    private static List<Guid> Insert(Shop shop)
    {
        using var connection = new SqliteConnection($"Data Source={Path.Combine(shop.Data, "doa.db")};Pooling=false");
        connection.Open();
        using var transaction = connection.BeginTransaction();
        List<Guid> ids = [];
        foreach (var (type, body) in Poison)
        {
            ids.Add(Guid.CreateVersion7());
            using var insert = connection.CreateCommand();
            insert.CommandText = """
                INSERT INTO messages (seq, event_id, event_type, event_version, timestamp, source, correlation_id, body)
                VALUES ($seq, $id, $type, 'v1', $now, 'test', $id, $body);
                INSERT INTO deliveries (queue, seq, visible_at, run, receives, attempts) VALUES ($queue, $seq, 0,
                    NULL, 0, 0);
                """;
            insert.Parameters.AddWithValue("$seq", -ids.Count);
            insert.Parameters.AddWithValue("$id", ids[^1].ToByteArray(bigEndian: true));
            insert.Parameters.AddWithValue("$type", type);
            insert.Parameters.AddWithValue("$now", DateTimeOffset.UtcNow.ToUnixTimeMilliseconds());
            insert.Parameters.AddWithValue("$body", body);
            insert.Parameters.AddWithValue("$queue", Queue);
            insert.ExecuteNonQuery();
        }

        transaction.Commit();
        return ids;
    }
}
