using System.Text.Json.Nodes;
using DoaMarket.EndToEnd.Harness;

namespace DoaMarket.EndToEnd;

/// <summary>Alerts of all services as one list, and what a person may do to one.</summary>
public sealed class AlertTests
{
    [Fact]
    public async Task Shortages_are_alerts_that_close_by_themselves_and_alerts_are_paged_acknowledged_and_resolved()
    {
        await using var shop = await Shop.Open(Pace.Holding);
        var (op, seller) = (await shop.Operator(), await Person.SignIn(shop, "S-03", "seller"));
        await Adjust("P-1003", "M", -999_995); // five are left, its threshold is ten
        await Adjust("P-1003", "L", -1_000_000);
        PoisonedQueue.Put(shop, "order-service-queue", "order.dreamt_of", "{}");
        var alerts = await Eventually.Is(
            "three alerts", async () => (await op.Get("ops/alerts")).Expect(200).List, found => found.Count == 3);
        Assert.Equal(
            [("P2", "DEAD_LETTER"), ("P3", "OUT_OF_STOCK"), ("P4", "LOW_STOCK")],
            alerts.Select(a => (a.Text("severity"), a.Text("type")))); // the most urgent first, whoever raised it
        Assert.Equal(alerts.Select(a => a.Text("alertId")), await Walk("ops/alerts?limit=1"));
        Assert.Equal("LOW_STOCK", Assert.Single((await op.Get("ops/alerts?severity=P4")).Expect(200).List).Text("type"));
        Assert.Single((await op.Get("ops/alerts?type=OUT_OF_STOCK&status=all")).Expect(200).List);

        var path = $"ops/alerts/{Uri.EscapeDataString(alerts[2].Text("alertId"))}"; // its subject has a slash
        Assert.Equal("P-1003/M", (await op.Get(path)).Expect(200).Data.Text("subject"));
        var seen = (await op.Post($"{path}/acknowledge", new JsonObject { ["reason"] = "ordered" })).Expect(200).Data;
        Assert.Equal(("open", "op-1"), (seen.Text("status"), seen.Text("acknowledgedBy")));
        Assert.Equal("reason", (await op.Post($"{path}/resolve", new JsonObject { ["reason"] = "" })).Expect(400).Field);
        var resolved = (await op.Post($"{path}/resolve", new JsonObject { ["reason"] = "comes on Monday" })).Expect(200);
        Assert.Equal(("resolved", "comes on Monday"), (resolved.Data.Text("status"), resolved.Data.Text("resolution")));
        Assert.Equal(
            "ALERT_NOT_OPEN", (await op.Post($"{path}/resolve", new JsonObject { ["reason"] = "x" })).Expect(409).Code);

        await Adjust("P-1003", "L", 500);
        var left = (await op.Get("ops/alerts")).Expect(200).List;
        Assert.Equal("DEAD_LETTER", Assert.Single(left).Text("type"));
        Assert.Equal(3, (await Walk("ops/alerts?status=all&limit=2")).Count);
        var actions = (await op.Get("ops/audit?service=inventory&limit=100")).Expect(200).List.Select(a => a.Text("action"));
        Assert.Equal(["alert.resolve", "alert.acknowledge"], actions.Where(a => a.StartsWith("alert.", StringComparison.Ordinal)));

        async Task Adjust(string product, string variant, int delta) => (await seller.Post(
            $"inventory/{product}/adjust",
            new JsonObject { ["variantId"] = variant, ["delta"] = delta, ["reason"] = "counted" })).Expect(200);

        async Task<List<string>> Walk(string query)
        {
            List<string> ids = [];
            string? cursor = null;
            do
            {
                var next = cursor is null ? "" : $"&cursor={Uri.EscapeDataString(cursor)}";
                var page = (await op.Get(query + next)).Expect(200);
                ids.AddRange(page.List.Select(a => a.Text("alertId")));
                cursor = page.Json!["meta"]!["nextCursor"]?.GetValue<string>();
            }
            while (cursor is not null);
            return ids;
        }
    }

    [Fact]
    public async Task An_open_circuit_is_shown_with_what_failed_and_when_the_next_call_may_try()
    {
        await using var shop = await Shop.Open(Pace.Fast);
        var (op, customer) = (await shop.Operator(), await shop.Customer());
        // All of it: a lookup that succeeds meanwhile would begin the row anew.
        await using (await shop.Sandbox.Fault("pg", "*", "down"))
        {
            for (var i = 0; i < 12; i++)
            {
                await customer.Place(new OrderForm());
            }

            var open = await Eventually.Is(
                "the PG's circuit to open",
                async () => (await op.Get("ops/breakers")).Expect(200).List.Single(b => b.Text("gateway") == "pg")!,
                b => b.Text("state") == "open");
            Assert.True(open.Int("failuresInARow") >= 1);
            Assert.NotEmpty(open.Text("lastFailure"));
            Assert.NotEmpty(open.Text("openUntil"));
        }

        await Eventually.IsTrue("the circuit to close", async () =>
            (await op.Get("ops/breakers")).Expect(200).List.Single(b => b.Text("gateway") == "pg").Text("state") == "closed");
    }
}
