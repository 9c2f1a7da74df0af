using System.Text.Json.Nodes;
using DoaMarket.EndToEnd.Harness;

namespace DoaMarket.EndToEnd;

/// <summary>A stop in good order, and what stands in the data folder afterwards.</summary>
public sealed class RestartTests
{
    [Fact]
    public async Task Orders_go_on_after_a_graceful_stop_and_nothing_is_forgotten()
    {
        await using var shop = await Shop.Open(Pace.Enduring);
        var customer = await shop.Customer();
        var key = ("Idempotency-Key", "before-the-stop");
        var delivered = customer.Of(
            (await customer.Post("orders", new OrderForm { ProductId = "P-1005" }.Json(), key)).Expect(201));
        await customer.Until(delivered, "delivered");
        await Story.With(shop, delivered, "notification.sent", count: 10);
        var before = (await Story.Of(shop, delivered)).ToString();
        var stock = await Stock.Of(shop, "P-1005");

        List<Placed> underWay = [await customer.Place(new OrderForm("bk_timeout_then_success"))];
        for (var i = 0; i < 20; i++)
        {
            underWay.Add(await customer.Place(new OrderForm()));
        }

        var toCancel = underWay[^1];
        Assert.Contains((await customer.Cancel(toCancel)).Status, new[] { 200, 202 });

        await shop.Stop();
        await shop.Start();

        Assert.Equal(before, (await Story.Of(shop, delivered)).ToString());
        Assert.Equal(stock, await Stock.Of(shop, "P-1005"));
        var replayed = (await customer.Post("orders", new OrderForm { ProductId = "P-1005" }.Json(), key)).Expect(201);
        Assert.Equal(delivered, customer.Of(replayed));
        foreach (var order in underWay.Except([toCancel]))
        {
            await customer.Until(order, "delivered");
            Assert.Equal(new PgBooks(Captures: 1, Cancels: 0, Net: order.Total), await shop.Sandbox.Pg(order));
        }

        await Eventually.Is("the cancelled order's end", () => customer.StatusOf(toCancel),
            s => s is "cancelled" or "returned");
        Assert.Equal(0, (await shop.Sandbox.Pg(toCancel)).Net);
        await shop.AssertAudited();
    }

    [Fact]
    public async Task A_stop_does_not_wait_for_a_customer_who_waits_for_an_order()
    {
        await using var shop = await Shop.Open(Pace.Enduring);
        var customer = await shop.Customer();
        var fault = await shop.Sandbox.Fault("carrier:*", "register", "down");
        var waiting = customer.Post("orders", new OrderForm().Json(), ("Prefer", "wait=60"));
        await Eventually.IsTrue("the order to be taken", async () => (await customer.Get("orders")).List.Count == 1);

        await shop.Stop();
        var answer = (await waiting).Expect(201);
        Assert.Equal("in_progress", answer.Data.Text("sagaStatus"));

        await shop.Start();
        await fault.DisposeAsync();
        await customer.Until(customer.Of(answer), "delivered");
    }
}
