using System.Text.Json.Nodes;
using DoaMarket.EndToEnd.Harness;

namespace DoaMarket.EndToEnd;

/// <summary>Customers who change their minds, at every stage before the parcel leaves.</summary>
[Collection(typeof(OnTheHoldingShop))]
[Trait(Ground.Gate, Ground.Postgres)]
public sealed class CancelTests(HoldingShop fixture)
{
    private readonly Shop _shop = fixture.Shop;

    [Fact]
    public async Task Orders_cancelled_the_moment_they_are_placed_cost_nobody_anything()
    {
        const int orders = 20;
        const string product = "P-1004";
        var before = await Stock.Of(_shop, product);
        var customer = await _shop.Customer();
        var placed = await Task.WhenAll(Enumerable.Range(0, orders).Select(async _ =>
        {
            var order = await customer.Place(new OrderForm { ProductId = product });
            Assert.Contains((await customer.Cancel(order)).Status, new[] { 200, 202 });
            return order;
        }));

        foreach (var order in placed)
        {
            await customer.Until(order, "cancelled");
            Assert.Equal(0, (await _shop.Sandbox.Pg(order)).Net);
            Assert.Equal(0, (await _shop.Sandbox.Carriers(order)).LiveWaybills);
        }

        Assert.Equal(before, await Stock.Of(_shop, product));
    }

    [Fact]
    public async Task An_order_cancelled_while_its_card_is_being_charged_is_refunded_once()
    {
        var customer = await _shop.Customer();
        var key = $"pk_ok_{customer.UserId}";
        await using var fault = await _shop.Sandbox.Fault("pg", "charge", "timeout", match: key, times: 1,
            effect: true);
        var order = await customer.Place(new OrderForm { PaymentKey = key });
        await Eventually.Is(
            "the payment to be under way",
            async () => (await customer.Order(order))["saga"]!["currentStep"]?.GetValue<string>(),
            step => step == "process_payment");
        await Eventually.IsTrue("the PG to have captured", async () => (await _shop.Sandbox.Pg(order)).Captures == 1);
        (await customer.Cancel(order)).Expect(202);
        await customer.Until(order, "cancelled");

        Assert.Equal(new PgBooks(Captures: 1, Cancels: 1, Net: 0), await _shop.Sandbox.Pg(order));
        var story = await Story.Of(_shop, order);
        story.AssertInOrder("order.cancelling", "payment.refund_requested", "payment.refunded", "inventory.released",
            "order.cancelled");
        Assert.DoesNotContain("shipping.prepare_requested", story.Types);
    }

    [Fact]
    public async Task A_prepared_order_can_be_cancelled_and_cancelling_again_says_the_same()
    {
        const string product = "P-1005";
        var before = await Stock.Of(_shop, product);
        var customer = await _shop.Customer();
        var order = await customer.Place(new OrderForm { ProductId = product });
        await customer.Until(order, "preparing");

        var first = (await customer.Cancel(order)).Expect(202);
        Assert.Equal("cancelling", first.Data.Text("status"));
        var meanwhile = await customer.Cancel(order);
        Assert.Contains((meanwhile.Status, meanwhile.Data.Text("status")),
            new[] { (202, "cancelling"), (200, "cancelled") });
        await customer.Until(order, "cancelled");
        for (var i = 0; i < 2; i++)
        {
            Assert.Equal("cancelled", (await customer.Cancel(order)).Expect(200).Data.Text("status"));
        }

        var story = await Story.Of(_shop, order);
        story.AssertCausal(order);
        story.AssertInOrder(
            "order.completed", "order.cancelling", "shipping.cancel_requested", "shipping.cancelled",
            "payment.refund_requested",
            "payment.refunded", "inventory.release_requested", "inventory.released", "order.cancelled");
        Assert.Equal(new PgBooks(Captures: 1, Cancels: 1, Net: 0), await _shop.Sandbox.Pg(order));
        Assert.Equal(new CarrierBooks(Waybills: 1, LiveWaybills: 0, Dispatches: 0, Returns: 0),
            await _shop.Sandbox.Carriers(order));
        Assert.Equal(before, await Stock.Of(_shop, product));
    }

    [Fact]
    public async Task An_operator_cancels_for_a_customer()
    {
        var customer = await _shop.Customer();
        var order = await customer.Place(new OrderForm());
        await customer.Until(order, "preparing");
        var cancelled = await (await _shop.Operator()).Post(
            $"ops/sagas/{order.SagaId}/cancel", new JsonObject { ["reason"] = "The customer called." });
        cancelled.Expect(202);
        await customer.Until(order, "cancelled");
    }
}
