using System.Text.Json.Nodes;
using DoaMarket.EndToEnd.Harness;

namespace DoaMarket.EndToEnd;

/// <summary>Carriers that are away, parcels that come back, mail that does not go out.</summary>
[Collection(typeof(OnTheFastShop))]
public sealed class ShippingTests(FastShop fixture)
{
    private const int EnoughToOpenACircuit = 6, MostOrders = 60;

    private readonly Shop _shop = fixture.Shop;

    [Fact]
    public async Task Orders_wait_while_the_carriers_are_away_and_go_on_when_their_circuits_close()
    {
        var customer = await _shop.Customer();
        List<Placed> orders = [];
        await using (await _shop.Sandbox.Fault("carrier:*", "register", "down"))
        {
            for (var i = 0; i < EnoughToOpenACircuit; i++)
            {
                orders.Add(await customer.Place(new OrderForm()));
            }

            await Eventually.IsTrue("a carrier's circuit to open",
                async () => (await Circuits()).Any(c => c.State == "open"));
        }

        foreach (var order in orders)
        {
            await customer.Until(order, "delivered");
            Assert.Equal(new CarrierBooks(Waybills: 1, LiveWaybills: 1, Dispatches: 1, Returns: 0),
                await _shop.Sandbox.Carriers(order));
        }

        // The other carrier is only asked when the first is away: its circuit closes with its next call.
        await Eventually.IsTrue("a carrier's circuit to close",
            async () => (await Circuits()).Any(c => c.State == "closed"));
    }

    [Fact]
    public async Task A_registration_that_fails_three_times_makes_one_waybill()
    {
        var customer = await _shop.Customer();
        var order = await customer.Place(new OrderForm { PostalCode = "00002" });
        await customer.Until(order, "delivered");

        Assert.Equal(new CarrierBooks(Waybills: 1, LiveWaybills: 1, Dispatches: 1, Returns: 0),
            await _shop.Sandbox.Carriers(order));
    }

    [Fact]
    public async Task While_one_carriers_circuit_is_open_orders_go_on_with_the_other_carrier()
    {
        var customer = await _shop.Customer();
        List<Placed> orders = [];
        await using (await _shop.Sandbox.Fault("carrier:kr.cjlogistics", "*", "down"))
        {
            for (var i = 0; i < EnoughToOpenACircuit; i++)
            {
                orders.Add(await customer.Place(new OrderForm()));
            }

            await Eventually.Is("CJ's circuit to open", Circuits,
                circuits => circuits.Contains(("kr.cjlogistics", "open")));
            for (var i = 0; i < EnoughToOpenACircuit; i++)
            {
                orders.Add(await customer.Place(new OrderForm()));
            }

            await Eventually.IsTrue("an order to be delivered by Hanjin while CJ is away", async () =>
            {
                var shown = await Task.WhenAll(orders.Select(customer.Order));
                if (shown.Any(o => o.Text("status") == "delivered" && o["shipment"].Text("carrierName") == "한진택배"))
                {
                    return true;
                }

                // Orders that came while the circuit tried CJ again wait for CJ.
                if (orders.Count < MostOrders)
                {
                    orders.Add(await customer.Place(new OrderForm()));
                }

                return false;
            });
            Assert.Contains(("kr.hanjin", "closed"), await Circuits());
        }

        foreach (var order in orders)
        {
            await customer.Until(order, "delivered");
            Assert.Equal(new CarrierBooks(Waybills: 1, LiveWaybills: 1, Dispatches: 1, Returns: 0),
                await _shop.Sandbox.Carriers(order));
        }
    }

    [Fact]
    public async Task A_parcel_too_heavy_for_one_carrier_goes_with_the_other()
    {
        var customer = await _shop.Customer();
        // Tangerines of 5 kg each: CJ takes 20 kg at most, Hanjin 30.
        var light = await customer.Place(new OrderForm());
        var heavy = await customer.Place(new OrderForm { ProductId = "P-1005", Quantity = 5 });
        await customer.Until(light, "delivered");
        await customer.Until(heavy, "delivered");
        Assert.Equal("CJ대한통운", (await customer.Order(light))["shipment"].Text("carrierName"));
        Assert.Equal("한진택배", (await customer.Order(heavy))["shipment"].Text("carrierName"));
    }

    [Fact]
    public async Task A_parcel_to_an_island_goes_with_the_carrier_that_is_quicker_there()
    {
        var customer = await _shop.Customer();
        // CJ needs 1 day on the mainland and 3 to Jeju and Ulleung, Hanjin 2 everywhere.
        var mainland = await customer.Place(new OrderForm());
        var jeju = await customer.Place(new OrderForm { PostalCode = "63309" });
        var ulleung = await customer.Place(new OrderForm { PostalCode = "40217" });
        var names = new List<string>();
        foreach (var order in new[] { mainland, jeju, ulleung })
        {
            await customer.Until(order, "delivered");
            names.Add((await customer.Order(order))["shipment"].Text("carrierName"));
        }

        Assert.Equal(["CJ대한통운", "한진택배", "한진택배"], names);
    }

    [Fact]
    public async Task A_parcel_that_nobody_takes_comes_back_and_is_refunded()
    {
        const string product = "P-1003", variant = "M";
        var before = await Stock.Of(_shop, product, variant);
        var customer = await _shop.Customer();
        var order = await customer.Place(
            new OrderForm { ProductId = product, VariantId = variant, PostalCode = "00003" });
        await customer.Until(order, "returned");

        var story = await Story.With(_shop, order, "return.completed");
        story.AssertCausal(order);
        story.AssertInOrder(
            "shipping.dispatched", "shipping.delivery_failed", "return.initiated", "return.picked_up", "return.received",
            "payment.refunded",
            "inventory.released", "order.returned", "return.completed");
        Assert.DoesNotContain("order.cancelled", story.Types);
        await customer.UntilSteps(
            order, "prepared", "dispatched", "in_transit", "out_for_delivery", "delivery_failed", "returning",
            "return_picked_up", "returned", "return_completed");
        Assert.Equal(0, (await _shop.Sandbox.Pg(order)).Net);
        Assert.Equal(1, (await _shop.Sandbox.Carriers(order)).Returns);
        Assert.Equal(before, await Stock.Of(_shop, product, variant));
    }

    [Fact]
    public async Task Mail_that_does_not_go_out_delays_no_order_and_goes_out_later()
    {
        var customer = await _shop.Customer();
        Placed order;
        await using (await _shop.Sandbox.Fault("smtp", "send", "down"))
        {
            order = await customer.Place(new OrderForm());
            await customer.Until(order, "delivered");
            Assert.Empty(await _shop.Sandbox.MailsTo(customer));
            var told = await Story.With(_shop, order, "notification.sent", count: 7); // by push and SMS
            Assert.DoesNotContain(told.Messages, m => m.Data["channel"]?.GetValue<string>() == "email");
        }

        var mails = await Eventually.Is("the mails", () => _shop.Sandbox.MailsTo(customer), mails => mails.Count >= 2);
        Assert.Contains(mails, subject => subject.Contains("배송이 완료", StringComparison.Ordinal));
    }

    private async Task<IReadOnlyList<(string Name, string State)>> Circuits()
    {
        var breakers = (await (await _shop.Operator()).Get("ops/breakers")).Expect(200).List;
        return [.. breakers
            .Select(b => (Name: b.Text("gateway"), State: b.Text("state")))
            .Where(b => b.Name.StartsWith("kr.", StringComparison.Ordinal))];
    }
}
