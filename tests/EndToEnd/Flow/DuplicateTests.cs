using DoaMarket.EndToEnd.Harness;

namespace DoaMarket.EndToEnd;

/// <summary>What comes twice is done once, and the order's page says so.</summary>
public sealed class DuplicateTests
{
    private const string Queue = "payment-service-queue", RefusedPostalCode = "00001";

    [Fact]
    public async Task A_refund_that_is_asked_for_twice_is_made_once_and_the_timeline_says_so()
    {
        await using var shop = await Shop.Open(Pace.Fast);
        var (op, customer) = (await shop.Operator(), await shop.Customer());
        var order = await customer.Place(new OrderForm { PostalCode = RefusedPostalCode });
        await customer.Until(order, "cancelled");
        var asked = Assert.Single((await Story.Of(shop, order)).Messages, m => m.Type == "payment.refund_requested");
        PoisonedQueue.Put(shop, Queue, asked.Type, asked.Data.ToJsonString(), order: order);

        (string, string)[] told = [("payments", "repeated_request"), ("orders", "duplicate_dropped")];
        await Eventually.IsTrue("services to tell of what they knew already", async () =>
            (await op.Get($"ops/orders/{order.OrderId}/timeline")).Expect(200).Data.List("entries")
                .Where(e => e.Text("kind") == "duplicate").Select(e => (e.Text("service"), e.Text("name")))
                .ToHashSet().IsSupersetOf(told));
        Assert.Equal(new PgBooks(Captures: 1, Cancels: 1, Net: 0), await shop.Sandbox.Pg(order));
        Assert.Equal("cancelled", await customer.StatusOf(order));
    }
}
