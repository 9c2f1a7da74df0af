using System.Text.Json.Nodes;
using DoaMarket.EndToEnd.Harness;

namespace DoaMarket.EndToEnd;

/// <summary>Outside systems that are silent for longer than an order waits: that means unknown, not failed.</summary>
public sealed class DeadlineTests
{
    [Fact]
    public async Task Orders_that_wait_too_long_are_undone_and_late_successes_are_given_back()
    {
        await using var shop = await Shop.Open(Pace.Impatient);
        var customer = await shop.Customer();
        var unheard = await PaidUnheard(shop, customer);
        var unshipped = await NeverRegistered(shop, customer);

        await customer.Until(unheard, "cancelled");
        Assert.Equal(new PgBooks(Captures: 1, Cancels: 1, Net: 0), await shop.Sandbox.Pg(unheard));
        var story = await Story.Of(shop, unheard);
        story.AssertInOrder("payment.requested", "payment.refund_requested", "payment.refunded", "inventory.released",
            "order.cancelled");
        Assert.DoesNotContain("shipping.prepare_requested", story.Types);
        var timeline = (await (await shop.Operator()).Get($"ops/orders/{unheard.OrderId}/timeline")).Expect(200).Data;
        Assert.Contains(
            timeline.List("entries"), e => (e.Text("kind"), e.Text("name")) == ("timer", "step_timed_out"));

        await customer.Until(unshipped, "cancelled");
        Assert.Equal(new PgBooks(Captures: 1, Cancels: 1, Net: 0), await shop.Sandbox.Pg(unshipped));
        Assert.Equal(0, (await shop.Sandbox.Carriers(unshipped)).LiveWaybills);
        await shop.AssertAudited();
    }

    /// <summary>The PG captures, its answer is lost, and it cannot be asked until the order has given up.</summary>
    private static async Task<Placed> PaidUnheard(Shop shop, Person customer)
    {
        var key = $"pk_ok_{customer.UserId}";
        await using var lost = await shop.Sandbox.Fault("pg", "charge", "lose_response", match: key);
        await using var silent = await shop.Sandbox.Fault("pg", "query", "down");
        var order = await customer.Place(new OrderForm { PaymentKey = key });
        await customer.Until(order, "cancelling");
        return order;
    }

    /// <summary>No carrier registers anything until the order has given up.</summary>
    private static async Task<Placed> NeverRegistered(Shop shop, Person customer)
    {
        await using var down = await shop.Sandbox.Fault("carrier:*", "register", "timeout");
        var order = await customer.Place(new OrderForm());
        await customer.Until(order, "cancelling");
        return order;
    }
}
