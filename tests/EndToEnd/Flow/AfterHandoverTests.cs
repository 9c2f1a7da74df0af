using System.Text.Json.Nodes;
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
    public async Task A_parcel_that_is_lost_on_its_way_back_is_settled_by_hand_and_its_goods_are_not_put_back()
    {
        const string product = "P-1003", variant = "L";
        await using var shop = await Shop.Open(Pace.Fast.With(("Orders:ReturnWithin", "00:00:04")));
        var before = await Stock.Of(shop, product, variant);
        var (customer, person) = (await shop.Customer(), await shop.Operator());
        await using var lost = await shop.Sandbox.ParcelsStandStill();
        var order = await customer.Place(new OrderForm { ProductId = product, VariantId = variant });
        await customer.Until(order, "shipped");
        (await customer.Cancel(order)).Expect(202);
        await Eventually.Is(
            "the saga to need attention",
            async () => (await person.Get($"ops/sagas/{order.SagaId}")).Expect(200).Data.Text("status"),
            status => status == "needs_attention");
        (await Settle("resolve/dry-run")).Expect(200);
        (await Settle("resolve")).Expect(200);
        await customer.Until(order, "returned");

        var after = await Stock.Of(shop, product, variant);
        Assert.Equal((before.OnHand - 1, 0), (after.OnHand, after.Reserved));
        var story = await Story.With(shop, order, "return.completed");
        story.AssertInOrder("return.initiated", "shipping.resolve_requested", "return.received", "payment.refunded",
            "inventory.release_requested", "inventory.released", "order.returned");
        Assert.DoesNotContain("inventory.restocked", story.Types);
        Assert.Equal(new PgBooks(Captures: 1, Cancels: 1, Net: 0), await shop.Sandbox.Pg(order));
        var rows = (await person.Get($"ops/stock/{product}/moves?variantId={variant}")).Expect(200).List;
        Assert.Contains(rows, r => r.Text("reason") == "written_off" && r.Text("orderId") == order.OrderId);
        var trail = (await person.Get("ops/audit?limit=100")).Expect(200).List;
        Assert.Contains("lost by the carrier", Assert.Single(trail, a => a.Text("action") == "saga.resolve").Text("reason"),
            StringComparison.Ordinal);
        await shop.AssertAudited();

        Task<Answer> Settle(string how)
        {
            var body = new JsonObject { ["step"] = "prepare_shipping", ["restock"] = false };
            if (how == "resolve")
            {
                body["reason"] = "lost by the carrier";
            }

            return person.Post($"ops/sagas/{order.SagaId}/{how}", body);
        }
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
