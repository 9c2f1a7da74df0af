using System.Text.Json.Nodes;
using DoaMarket.EndToEnd.Harness;

namespace DoaMarket.EndToEnd;

/// <summary>Parcels that leave with fewer lines than were ordered.</summary>
public sealed class ParcelAmendTests
{
    /// <summary>Long enough to cancel a line before it is over, on however slow a machine.</summary>
    private static readonly Settings Unhurried = Pace.Fast.With(("Shipping:HoldBeforeDispatch", "00:00:08"));

    [Fact]
    public async Task A_parcel_leaves_with_the_lines_that_are_left_once_money_and_stock_have_followed()
    {
        await using var shop = await Shop.Open(Unhurried);
        var customer = await shop.Customer();
        var order = await customer.Place(new OrderForm { ProductId = "P-1004", Quantity = 3 });
        await customer.Until(order, "preparing");
        var number = (await customer.Order(order))["shipment"].Text("trackingNumber");
        var cancelled = await customer.Post($"orders/{order.OrderId}/cancel-items", new JsonObject
        {
            ["items"] = new JsonArray(new JsonObject { ["productId"] = "P-1004", ["quantity"] = 1 }),
            ["reason"] = "하나는 필요 없어졌어요",
        });
        cancelled.Expect(202);
        await customer.Until(order, "delivered");

        var story = await Story.With(shop, order, "order.amended");
        story.AssertInOrder(
            "shipping.prepared", "shipping.amend_requested", "shipping.amended", "order.amended", "shipping.dispatched");
        var shipment = (await customer.Order(order))["shipment"];
        var parcel = (await customer.Get($"shipping/{shipment.Text("shippingId")}")).Expect(200).Data;
        Assert.Equal((2, number), (parcel.List("items").Single().Int("quantity"), parcel.Text("trackingNumber")));
        Assert.Equal(new CarrierBooks(Waybills: 1, LiveWaybills: 1, Dispatches: 1, Returns: 0),
            await shop.Sandbox.Carriers(order));
        await shop.AssertAudited();
    }
}
