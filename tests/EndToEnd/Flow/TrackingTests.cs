using System.Globalization;
using System.Text.Json.Nodes;
using DoaMarket.EndToEnd.Harness;

namespace DoaMarket.EndToEnd;

/// <summary>Where a parcel is, for whoever has its number, however disorderly its carrier reports.</summary>
[Collection(typeof(OnTheFastShop))]
public sealed class TrackingTests(FastShop fixture)
{
    private readonly Shop _shop = fixture.Shop;

    [Fact]
    public async Task Anybody_with_the_number_sees_status_and_history_and_nothing_of_the_customer()
    {
        var customer = await _shop.Customer();
        var order = await customer.Place(new OrderForm());
        await customer.Until(order, "delivered");
        var number = (await customer.Order(order))["shipment"].Text("trackingNumber");

        var answer = (await Person.Anonymous(_shop).Get($"shipping/track/{number}")).Expect(200);
        Assert.Equal("delivered", answer.Data.Text("status"));
        var events = answer.Data.List("events");
        Assert.Equal(
            ["AT_PICKUP", "IN_TRANSIT", "OUT_FOR_DELIVERY", "DELIVERED"], events.Select(e => e.Text("status")));
        var times = events.Select(e => DateTimeOffset.Parse(e.Text("at"), CultureInfo.InvariantCulture)).ToList();
        Assert.Equal(times.Order(), times);
        Assert.All(times, at => Assert.Equal(TimeSpan.Zero, at.Offset));
        foreach (var personal in new[] { "홍길동", "010-", "세종대로", "04524", customer.UserId, order.OrderId })
        {
            Assert.DoesNotContain(personal, answer.Text, StringComparison.Ordinal);
        }

        var unknown = (await Person.Anonymous(_shop).Get("shipping/track/699999999999")).Expect(404);
        Assert.Equal("NOT_FOUND", unknown.Code);
    }

    [Fact]
    public async Task Reports_that_come_again_and_out_of_order_move_a_parcel_forward_only()
    {
        var customer = await _shop.Customer();
        List<Placed> orders = [];
        // Every report is sent three times and more, and half of them later than those that follow.
        await using (await _shop.Sandbox.Fault("carrier:*", "callback", "lose_response", probability: 0.6))
        await using (await _shop.Sandbox.Fault("carrier:*", "callback", "slow", probability: 0.5, delayMs: 900))
        {
            for (var i = 0; i < 6; i++)
            {
                orders.Add(await customer.Place(new OrderForm()));
            }

            foreach (var order in orders)
            {
                await customer.Until(order, "delivered");
            }
        }

        foreach (var order in orders)
        {
            var told = (await Story.With(_shop, order, "order.delivered")).Messages
                .Where(m => m.Type.StartsWith("shipping.", StringComparison.Ordinal))
                .Select(m => m.Data["status"]?.GetValue<string>() ?? m.Type).Where(Road.Contains).ToList();
            Assert.Equal(Road.Where(told.Contains), told);
            Assert.Equal(told.Distinct(), told);
            Assert.Equal("delivered", await customer.StatusOf(order));
        }
    }

    private static string[] Road { get; } =
        ["shipping.dispatched", "in_transit", "out_for_delivery", "shipping.delivered"];
}
