using DoaMarket.EndToEnd.Harness;

namespace DoaMarket.EndToEnd;

/// <summary>A saga that stands still, which only a bug could leave behind: planted into the data of a stopped shop.</summary>
public sealed class WatchdogTests
{
    [Fact]
    [Trait(Ground.Gate, Ground.Postgres)]
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
}
