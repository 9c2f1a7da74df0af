using DoaMarket.EndToEnd.Harness;

namespace DoaMarket.EndToEnd;

/// <summary>The process is killed while parcels come back: each return goes on where it was.</summary>
public sealed class ReturnCrashTests
{
    private const int Orders = 16;
    private const string SlowlyRefunded = "bk_refund_fails_twice"; // so that the last kill, too, finds work under way

    // The parcels are still with the carrier; they are fetched; the money and the stock are on their way back.
    private static readonly string[] KilledWhen = ["returning", "return_picked_up", "returned"];

    [Fact]
    public async Task Returns_survive_kills_and_each_is_refunded_and_restocked_once()
    {
        const string product = "P-1002";
        await using var shop = await Shop.Open(Pace.Enduring.With(("Sandbox:MoveEvery", "00:00:01.5")));
        var customer = await shop.Customer();
        var before = await Stock.Of(shop, product);
        var orders = new List<Placed>();
        await using (await shop.Sandbox.ParcelsStandStill())
        {
            for (var i = 0; i < Orders; i++)
            {
                orders.Add(await customer.Place(new OrderForm(SlowlyRefunded) { ProductId = product }));
            }

            foreach (var order in orders)
            {
                await customer.Until(order, "shipped");
            }

            foreach (var order in orders)
            {
                (await customer.Cancel(order)).Expect(202);
            }

            foreach (var order in orders)
            {
                await customer.Until(order, "returning");
            }
        }

        foreach (var step in KilledWhen)
        {
            await Eventually.IsTrue($"a parcel to be {step}", async () => await HasStep(customer, orders[0], step));
            await shop.Kill();
            Assert.True(
                shop.Database.Count("orders", "sagas", s => !s["saga"]!["compensated"]!.GetValue<bool>()) > 0,
                "Everything had come back: the kill came when nothing was under way.");
            await shop.Start();
        }

        foreach (var order in orders)
        {
            await customer.Until(order, "returned");
            Assert.Equal(new PgBooks(Captures: 1, Cancels: 1, Net: 0), await shop.Sandbox.Pg(order));
            Assert.Equal(
                new CarrierBooks(Waybills: 1, LiveWaybills: 1, Dispatches: 1, Returns: 1),
                await shop.Sandbox.Carriers(order));
        }

        Assert.Equal(before, await Stock.Of(shop, product));
        await shop.AssertAudited();
    }

    private static async Task<bool> HasStep(Person customer, Placed order, string step) =>
        (await customer.Order(order))["shipment"].List("steps").Any(s => s.Text("status") == step);
}
