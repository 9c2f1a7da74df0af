using DoaMarket.EndToEnd.Harness;

namespace DoaMarket.EndToEnd;

/// <summary>The process is killed while partial cancels are under way: they go on where they were.</summary>
public sealed class PartialCancelCrashTests
{
    private const int Orders = 12;

    [Fact]
    public async Task Partial_cancels_survive_kills_and_each_refunds_once()
    {
        await using var shop = await Shop.Open(
            Pace.Enduring.With(("Shipping:HoldBeforeDispatch", "01:00:00"), ("Orders:AmendShipmentWithin", "00:01:30")));
        var customer = await shop.Customer();
        var before = await Stock.Of(shop, "P-1002");
        var orders = new List<Placed>();
        for (var i = 0; i < Orders; i++)
        {
            orders.Add(await customer.PlaceLines(("P-1001", null, 1), ("P-1002", null, 1)));
        }

        foreach (var order in orders)
        {
            await customer.Until(order, "preparing");
        }

        for (var i = 0; i < Orders; i++)
        {
            (await customer.CancelItems(orders[i], ("P-1002", null, 1))).Expect(202);
            if (i % 4 == 2)
            {
                await shop.Kill(); // the answer was durable before it came
                await shop.Start();
            }
        }

        foreach (var order in orders)
        {
            await PartialCancelTests.UntilAmend(customer, order, "completed");
            Assert.Equal(new PgBooks(Captures: 1, Cancels: 1, Net: 42_000), await shop.Sandbox.Pg(order));
        }

        Assert.Equal(before, await Stock.Of(shop, "P-1002"));
        await shop.AssertAudited();
    }
}
