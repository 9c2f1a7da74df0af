using System.Text.Json.Nodes;
using DoaMarket.EndToEnd.Harness;

namespace DoaMarket.EndToEnd;

/// <summary>What operators do with messages that failed for good, over HTTP.</summary>
public sealed class DeadLetterTests
{
    private const string Queue = "order-service-queue", Dlq = "order-service-dlq";
    private const string Odd = """{"orderId":"not-an-id"}""";

    [Fact]
    [Trait(Ground.Gate, Ground.Postgres)]
    public async Task A_dead_letter_is_looked_at_tried_mended_and_redriven_and_its_alert_closes_by_itself()
    {
        await using var shop = await Shop.Open(Pace.Fast);
        var op = await shop.Operator();
        var order = await (await shop.Customer()).Place(new OrderForm(), TimeSpan.FromSeconds(30));
        var expired = $$"""{"orderId":"{{order.OrderId}}","lines":[]}""";
        var message = PoisonedQueue.Put(shop, Queue, "inventory.reservation_expired", Odd, order: order);
        var letter = Assert.Single(await Dead(op, 1));
        var told = (await op.Get($"ops/orders/{order.OrderId}/timeline")).Expect(200).Data.List("entries")
            .Select(e => (Kind: e.Text("kind"), Name: e.Text("name"))).ToList();
        Assert.Equal(shop.Database.IsJournaled, told.Contains(("dead_letter", "inventory.reservation_expired")));
        var path = $"ops/dead-letters/{letter.Text("deadLetterId")}";

        Assert.Equal(message, (await op.Get(path)).Expect(200).Data["eventId"]!.GetValue<Guid>());
        Assert.Contains("   at ", (await op.Get(path)).Data.Text("error"), StringComparison.Ordinal);
        var alert = Assert.Single(await AlertSeen.All(shop), a => a.Type == "DEAD_LETTER");
        Assert.Equal(("open", Dlq), (alert.Status, alert.Subject));
        var byHand = await op.Post($"ops/alerts/{alert.Id}/resolve", Reason("go away"));
        Assert.Equal("ALERT_CLOSES_ITSELF", byHand.Expect(409).Code);
        Assert.Equal("fails", (await op.Post($"{path}/dry-run", new JsonObject())).Expect(200).Data.Text("verdict"));

        PoisonedQueue.Mend(shop, message, expired);
        var tried = (await op.Post($"{path}/dry-run", new JsonObject())).Expect(200).Data;
        Assert.Contains(tried.Text("verdict"), new[] { "changes", "nothing" });
        Assert.Equal("dead", (await op.Get(path)).Data.Text("status")); // a trial changes nothing
        Assert.Equal("redriven", (await op.Post($"{path}/redrive", Reason("mended"))).Expect(200).Data.Text("status"));
        Assert.Equal("redriven", (await op.Post($"{path}/redrive", Reason("mended"))).Expect(200).Data.Text("status"));
        Assert.Equal("DEAD_LETTER_SETTLED", (await op.Post($"{path}/discard", Reason("no"))).Expect(409).Code);

        await Eventually.IsTrue("the queue to be empty", async () => (await QueueOf(op)).Int("waiting") == 0);
        Assert.Empty((await op.Get("ops/dead-letters")).Expect(200).List);
        Assert.Single((await op.Get("ops/dead-letters?status=redriven")).Expect(200).List);
        alert = Assert.Single(await AlertSeen.All(shop), a => a.Type == "DEAD_LETTER");
        Assert.Equal("resolved", alert.Status);
        var audit = Assert.Single((await op.Get("ops/audit?service=orders")).Expect(200).List);
        Assert.Equal(
            ("op-1", "dead_letter.redrive", letter.Text("deadLetterId"), "mended"),
            (audit.Text("actor"), audit.Text("action"), audit.Text("subject"), audit.Text("reason")));
    }

    [Fact]
    public async Task Personal_data_is_masked_unless_a_reason_is_put_on_record()
    {
        await using var shop = await Shop.Open(Pace.Fast);
        var op = await shop.Operator();
        PoisonedQueue.Put(
            shop, "shipping-service-queue", "shipping.prepare_requested", """{"recipientName":"홍**"}""",
            personal: """{"recipientName":"홍길동"}""");
        var letter = Assert.Single(await Dead(op, 1));
        Assert.True(letter!["hasPersonalData"]!.GetValue<bool>());
        var path = $"ops/dead-letters/{letter.Text("deadLetterId")}";
        Assert.DoesNotContain("홍길동", (await op.Get(path)).Expect(200).Text, StringComparison.Ordinal);
        Assert.Equal("reason", (await op.Post($"{path}/reveal", Reason(" "))).Expect(400).Field);
        var revealed = (await op.Post($"{path}/reveal", Reason("the customer called"))).Expect(200);
        Assert.Contains("홍길동", revealed.Data.Text("body"), StringComparison.Ordinal);
        var audit = Assert.Single((await op.Get("ops/audit")).Expect(200).List);
        Assert.Equal(("dead_letter.reveal", "the customer called"), (audit.Text("action"), audit.Text("reason")));
    }

    [Fact]
    public async Task A_queue_is_listed_page_by_page_grouped_and_redriven_at_a_rate_over_a_crash()
    {
        await using var shop = await Shop.Open(Pace.Fast.With(("Kernel:DeliveryRetry:First", "00:00:00.05")));
        var op = await shop.Operator();
        for (var i = 0; i < 7; i++)
        {
            PoisonedQueue.Put(shop, Queue, i < 5 ? "order.dreamt_of" : "inventory.reserved", Odd);
        }

        var before = (await Dead(op, 7)).Select(l => l.Text("eventId")).ToHashSet();
        Assert.Equal(before, await Walk(op));
        Assert.Equal(2, (await op.Get("ops/dead-letters?type=inventory.reserved")).Expect(200).List.Count);
        var groups = (await op.Get($"ops/dead-letters/groups?queue={Dlq}")).Expect(200).List;
        Assert.Equal([5, 2], groups.Select(g => g.Int("count")));

        var started = await op.Post(
            "ops/dead-letters/redrive", new JsonObject { ["queue"] = Dlq, ["ratePerSecond"] = 2, ["reason"] = "mended" });
        Assert.Equal("running", started.Expect(202).Data.Text("status"));
        var again = await op.Post("ops/dead-letters/redrive", new JsonObject { ["queue"] = Queue });
        Assert.Equal("REDRIVE_RUNNING", again.Expect(409).Code);
        await Eventually.IsTrue("the first letters", async () => (await Job(op)).Int("redriven") > 0);
        await shop.Kill();
        await shop.Start();
        op = await Person.SignIn(shop, "op-1", "operator");
        var done = await Eventually.Is("the last", () => Job(op), j => j.Text("status") == "done");
        Assert.Equal(7, done.Int("redriven"));

        // What is still poison dies again, once each, and is not redriven by the same order.
        Assert.Equal(before, (await Dead(op, 7)).Select(l => l.Text("eventId")).ToHashSet());
        var discarded = await op.Post(
            $"ops/dead-letters/{(await Dead(op, 7))[0].Text("deadLetterId")}/discard", Reason("a dream"));
        Assert.Equal(("discarded", "a dream"),
            (discarded.Expect(200).Data.Text("status"), discarded.Data.Text("settledBecause")));
        Assert.Equal(6, (await QueueOf(op)).Int("deadLetters"));
    }

    [Fact]
    public async Task A_redriving_is_stopped_and_a_group_is_redriven_alone()
    {
        const int dreams = 20;
        await using var shop = await Shop.Open(Pace.Fast.With(("Kernel:DeliveryRetry:First", "00:00:00.05")));
        var op = await shop.Operator();
        for (var i = 0; i < dreams; i++)
        {
            PoisonedQueue.Put(shop, Queue, "order.dreamt_of", Odd);
        }

        PoisonedQueue.Put(shop, Queue, "inventory.reserved", Odd);
        await Dead(op, dreams + 1);
        (await op.Post("ops/dead-letters/redrive", new JsonObject { ["queue"] = Dlq, ["ratePerSecond"] = 1 })).Expect(202);
        var stopped = (await op.Post($"ops/dead-letters/redrives/{Dlq}/stop", Reason("it is not mended"))).Expect(200).Data;
        Assert.Equal(("stopped", "it is not mended"), (stopped.Text("status"), stopped.Text("stoppedBecause")));
        Assert.True(stopped.Int("redriven") < dreams);
        Assert.Single(
            (await op.Get("ops/audit?service=orders")).Expect(200).List,
            a => a!["reason"]?.GetValue<string>() == "it is not mended");
        var late = await op.Post($"ops/dead-letters/redrives/{Dlq}/stop", Reason("once more"));
        Assert.Equal("REDRIVE_NOT_RUNNING", late.Expect(409).Code);
        await Dead(op, dreams + 1); // what went out has died again
        var group = (await op.Get("ops/dead-letters/groups")).Expect(200).List.Single(g => g.Int("count") == 1)!;
        (await op.Post("ops/dead-letters/redrive", new JsonObject
        {
            ["queue"] = Dlq,
            ["failedBecause"] = group.Text("reason"),
        })).Expect(202);
        var done = await Eventually.Is("the group", () => Job(op), j => j.Text("status") == "done");
        Assert.Equal(1, done.Int("redriven"));
    }

    private static JsonObject Reason(string text) => new() { ["reason"] = text };

    private static Task<JsonArray> Dead(Person op, int count) => Eventually.Is(
        "the dead letters", async () => (await op.Get("ops/dead-letters?limit=100")).Expect(200).List,
        found => found.Count == count);

    private static async Task<JsonNode> QueueOf(Person op) =>
        (await op.Get("ops/queues")).Expect(200).List.Single(q => q.Text("queue") == Queue)!;

    private static async Task<JsonNode> Job(Person op) =>
        Assert.Single((await op.Get("ops/dead-letters/redrives")).Expect(200).List)!;

    private static async Task<HashSet<string>> Walk(Person op)
    {
        HashSet<string> seen = [];
        string? cursor = null;
        do
        {
            var page = (await op.Get(
                $"ops/dead-letters?limit=3{(cursor is null ? "" : $"&cursor={Uri.EscapeDataString(cursor)}")}")).Expect(200);
            Assert.True(page.List.Count <= 3);
            Assert.All(page.List, letter => Assert.True(seen.Add(letter.Text("eventId"))));
            cursor = page.Json!["meta"]!["nextCursor"]?.GetValue<string>();
        }
        while (cursor is not null);
        return seen;
    }
}
