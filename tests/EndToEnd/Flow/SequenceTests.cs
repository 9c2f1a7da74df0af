using DoaMarket.EndToEnd.Harness;

namespace DoaMarket.EndToEnd;

/// <summary>The requirement's two sequences, event by event.</summary>
[Collection(typeof(OnTheFastShop))]
[Trait(Ground.Gate, Ground.Postgres)]
public sealed class SequenceTests(FastShop fixture)
{
    private readonly Shop _shop = fixture.Shop;

    [Fact]
    public async Task An_order_that_goes_well_tells_the_requirements_success_sequence()
    {
        var customer = await _shop.Customer();
        var order = await customer.Place(new OrderForm());
        await customer.Until(order, "delivered");
        var story = await Story.With(_shop, order, "notification.sent", count: 10);

        story.AssertCausal(order);
        story.AssertInOrder(
            "order.created", "inventory.reserve_requested", "inventory.reserved", "payment.requested",
            "payment.completed",
            "shipping.prepare_requested", "shipping.prepared", "shipping.dispatched", "shipping.in_transit",
            "shipping.delivered", "order.delivered");
        story.AssertInOrder("shipping.prepared", "order.completed");
        // The parcel leaves when its time has come, whether the customer has been told by then or not.
        story.AssertInOrder("shipping.prepared", "notification.send_requested", "notification.sent");
        story.AssertInOrder("payment.completed", "inventory.committed", "shipping.dispatched", "notification.sent");
        story.AssertInOrder("shipping.delivered", "notification.sent");

        // What a carrier's answer or report makes a shipment say has the cause that the shipment heard last.
        string[] saidByShipment = ["shipping.prepared", "shipping.dispatched", "shipping.in_transit",
            "shipping.delivered"];
        Assert.Equal(
            Lines("""
                inventory.reserve_requested → inventory.reserved
                inventory.reserved → payment.requested
                notification.send_requested → notification.sent (order_confirmed)
                notification.send_requested → notification.sent (order_confirmed)
                notification.send_requested → notification.sent (order_confirmed)
                order.created → inventory.reserve_requested
                order.created → notification.sent (order_received)
                order.created → notification.sent (order_received)
                payment.completed → inventory.committed
                payment.completed → order.paid
                payment.completed → shipping.prepare_requested
                payment.requested → payment.completed
                shipping.delivered → notification.sent (delivery_completed)
                shipping.delivered → notification.sent (delivery_completed)
                shipping.delivered → notification.sent (delivery_completed)
                shipping.delivered → order.delivered
                shipping.dispatched → notification.sent (shipping_started)
                shipping.dispatched → notification.sent (shipping_started)
                shipping.prepared → notification.send_requested (order_confirmed)
                shipping.prepared → order.completed
                the customer → order.created
                """),
            Lines(story.Messages.Where(m => !saidByShipment.Contains(m.Type)).Select(m => m.ToString())));
        // One of the two reports on its way may come after that of the delivery, and then says nothing any more.
        Assert.Equal(saidByShipment, story.Types.Where(saidByShipment.Contains).Distinct());
    }

    [Fact]
    public async Task An_order_whose_payment_fails_tells_the_requirements_failure_sequence()
    {
        const string product = "P-1004";
        var customer = await _shop.Customer();
        var before = await Stock.Of(_shop, product);

        var order = await customer.Place(new OrderForm("bk_declined") { ProductId = product });
        await customer.Until(order, "cancelled");
        var story = await Story.With(_shop, order, "notification.sent", count: 4);

        story.AssertCausal(order);
        story.AssertInOrder(
            "order.created", "inventory.reserve_requested", "inventory.reserved", "payment.requested", "payment.failed",
            "order.cancelling", "inventory.release_requested", "inventory.released", "order.cancelled",
            "notification.sent");
        Assert.Equal(
            Lines("""
                inventory.release_requested → inventory.released
                inventory.released → order.cancelled
                inventory.reserve_requested → inventory.reserved
                inventory.reserved → payment.requested
                order.cancelled → notification.sent (order_cancelled)
                order.cancelled → notification.sent (order_cancelled)
                order.created → inventory.reserve_requested
                order.created → notification.sent (order_received)
                order.created → notification.sent (order_received)
                payment.failed → inventory.release_requested
                payment.failed → order.cancelling
                payment.requested → payment.failed
                the customer → order.created
                """),
            Lines(story.Messages.Select(m => m.ToString())));
        Assert.Equal(before, await Stock.Of(_shop, product));
    }

    private static IEnumerable<string> Lines(string text) =>
        Lines(text.Split('\n', StringSplitOptions.RemoveEmptyEntries));

    private static IEnumerable<string> Lines(IEnumerable<string> lines) => lines.Order(StringComparer.Ordinal);
}
