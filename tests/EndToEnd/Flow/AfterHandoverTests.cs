using DoaMarket.EndToEnd.Harness;

namespace DoaMarket.EndToEnd;

/// <summary>Customers who change their minds when the carrier has the parcel.</summary>
[Collection(typeof(OnTheFastShop))]
public sealed class AfterHandoverTests(FastShop fixture)
{
    private readonly Shop _shop = fixture.Shop;

    [Fact]
    public async Task An_order_cancelled_on_its_way_comes_back_and_is_refunded()
    {
        const string product = "P-1003", variant = "L";
        var before = await Stock.Of(_shop, product, variant);
        var customer = await _shop.Customer();
        Placed order;
        await using (await _shop.Sandbox.ParcelsStandStill())
        {
            order = await customer.Place(new OrderForm { ProductId = product, VariantId = variant });
            await customer.Until(order, "shipped");
            (await customer.Cancel(order)).Expect(202);
            await customer.Until(order, "returning");
            (await customer.Cancel(order)).Expect(202);
        }

        await customer.Until(order, "returned");
        var story = await Story.With(_shop, order, "return.completed");
        story.AssertCausal(order);
        story.AssertInOrder(
            "shipping.dispatched", "order.cancelling", "shipping.cancel_requested", "shipping.cancel_refused",
            "return.initiated", "return.picked_up",
            "return.received", "payment.refunded", "inventory.released", "order.returned", "return.completed");
        Assert.DoesNotContain("order.cancelled", story.Types);
        await customer.UntilSteps(
            order, "prepared", "dispatched", "returning", "return_picked_up", "returned", "return_completed");
        Assert.Equal(new PgBooks(Captures: 1, Cancels: 1, Net: 0), await _shop.Sandbox.Pg(order));
        Assert.Equal(new CarrierBooks(Waybills: 1, LiveWaybills: 1, Dispatches: 1, Returns: 1),
            await _shop.Sandbox.Carriers(order));
        Assert.Equal(before, await Stock.Of(_shop, product, variant));
    }

    [Fact]
    public async Task A_delivered_order_cannot_be_cancelled_and_stays_delivered()
    {
        var customer = await _shop.Customer();
        var order = await customer.Place(new OrderForm());
        await customer.Until(order, "delivered");

        Assert.Equal("ALREADY_DELIVERED", (await customer.Cancel(order)).Expect(409).Code);
        Assert.Equal("delivered", await customer.StatusOf(order));
        Assert.Equal(order.Total, (await _shop.Sandbox.Pg(order)).Net);
    }
}
