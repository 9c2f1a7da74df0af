using System.Text.Json.Nodes;
using DoaMarket.EndToEnd.Harness;

namespace DoaMarket.EndToEnd;

/// <summary>A saga that stands still, which only a bug could leave behind: planted into the data of a stopped shop.</summary>
public sealed class WatchdogTests
{
    [Fact]
    public async Task A_saga_without_a_timer_is_found_reported_audited_and_set_going_again()
    {
        await using var shop = await Shop.Open(Pace.Enduring.With(("Orders:WatchdogInterval", "00:00:00.3")));
        var (customer, person) = (await shop.Customer(), await shop.Operator());
        var order = await customer.Place(new OrderForm { DepositBy = "va_no_deposit" });
        await DepositTests.Shown(customer, order);
        Assert.Empty((await person.Get("ops/watchdog")).Expect(200).Data.List("findings"));

        await shop.Stop();
        shop.Database.Rewrite(
            "orders", "sagas", order.OrderId, body => body["saga"]!.AsObject().Remove("wakeAt"), ("wake_at", null),
            ("due_at", null));
        await shop.Start();

        var finding = (await Eventually.Is(
            "the finding", async () => (await person.Get("ops/watchdog")).Expect(200).Data.List("findings"),
            found => found.Any(f => f.Text("finding") == "woken"))).Single();
        Assert.Equal((order.OrderId, "process_payment"), (finding.Text("orderId"), finding.Text("currentStep")));
        var alert = Assert.Single(await AlertSeen.Of(shop, order));
        Assert.Equal(("SAGA_STUCK", "open"), (alert.Type, alert.Status));
        Assert.Equal(1, shop.Database.Count("orders", "audits", row => row.Text("action") == "watchdog.wake"));

        await shop.Sandbox.Account(order, "deposit");
        await customer.Until(order, "delivered");
        Assert.Empty((await person.Get("ops/watchdog")).Expect(200).Data.List("findings"));
        Assert.Equal("resolved", Assert.Single(await AlertSeen.Of(shop, order)).Status);
        await shop.AssertAudited();
    }

    [Fact]
    public async Task Only_operators_see_what_the_watchdog_finds()
    {
        await using var shop = await Shop.Open(Pace.Fast);
        Assert.Equal(403, (await (await shop.Customer()).Get("ops/watchdog")).Status);
        Assert.Equal(401, (await Person.Anonymous(shop).Get("ops/watchdog")).Status);
        var seen = (await (await shop.Operator()).Get("ops/watchdog")).Expect(200).Data;
        Assert.Empty(seen.List("findings"));
        Assert.Equal("00:10:00", seen.Text("patience"));
    }

    [Fact]
    public async Task A_saga_that_cannot_be_decided_is_parked_and_ends_neither_the_watchdog_nor_the_process()
    {
        await using var shop = await Shop.Open(Pace.Fast.With(("Orders:WatchdogInterval", "00:00:00.3")));
        var (customer, op) = (await shop.Customer(), await shop.Operator());
        var order = await customer.Place(new OrderForm { DepositBy = "va_no_deposit" });
        await DepositTests.Shown(customer, order);

        // As a shop that is older than its data would find it: nobody knows how this saga goes on.
        await Replant(shop, order, version: 99);
        var alert = await Eventually.Is(
            "the saga to be parked",
            async () => (await AlertSeen.All(shop)).SingleOrDefault(a => a.Type == "DOCUMENT_PARKED"),
            a => a is not null);
        Assert.Equal(("P2", "open"), (alert!.Severity, alert.Status));
        await Eventually.IsTrue("the watchdog to fail with it", () => Task.FromResult(
            shop.LogTail().Contains("The watchdog could not wake saga", StringComparison.Ordinal)));
        var path = $"ops/alerts/{Uri.EscapeDataString(alert.Id)}";
        Assert.Equal("ALERT_CLOSES_ITSELF", (await op.Post($"{path}/resolve", Reason("Seen."))).Expect(409).Code);
        Assert.Equal("reason", (await op.Post($"{path}/wake", Reason(" "))).Expect(400).Field);
        var other = await customer.Place(new OrderForm());
        await customer.Until(other, "delivered");

        var woken = (await op.Post($"{path}/wake", Reason("Once more."))).Expect(200).Data; // it is parked anew
        Assert.Equal("Once more.", woken.Text("resolution"));
        await Replant(shop, order, version: 2);
        await shop.Sandbox.Account(order, "deposit");
        await customer.Until(order, "delivered");
    }

    private static async Task Replant(Shop shop, Placed order, int version)
    {
        var longAgo = DateTimeOffset.UnixEpoch;
        await shop.Stop();
        shop.Database.Rewrite(
            "orders", "sagas", order.OrderId,
            body => (body["saga"]!["definitionVersion"], body["saga"]!["wakeAt"]) = (version, longAgo),
            ("wake_at", longAgo), ("due_at", longAgo));
        await shop.Start();
    }

    private static JsonObject Reason(string text) => new() { ["reason"] = text };
}
