using DoaMarket.Contracts;
using DoaMarket.Kernel;

namespace DoaMarket.Orders.Tests;

/// <summary>What is answered to a wish to cancel some lines.</summary>
public sealed class CancelItemsTests
{
    private static string RefusalOf(OrderStory story, params WantedLine[] lines) =>
        Assert.IsType<CancelItemsReply.Refused>(story.CancelItems(lines)).Code;

    [Fact]
    public void The_difference_is_promised_with_the_fee_computed_anew()
    {
        var story = OrderStory.AmendAsked();
        var accepted = story.Accepted;
        Assert.Equal(new Money(68_700), story.Placed.TotalAmount); // the parcel was free
        Assert.Equal(new Money(42_900), accepted.ItemsTotal);
        Assert.Equal(new Money(3_000), accepted.ShippingFee); // below 50,000 it is not
        Assert.Equal(new Money(45_900), accepted.RemainingAmount);
        Assert.Equal(new Money(68_700 - 45_900), accepted.RefundAmount);
        var line = Assert.Single(accepted.Cancelled);
        Assert.Equal((new ProductId("P-1"), 2, new Money(12_900)), (line.ProductId, line.Quantity, line.UnitPrice));
    }

    [Fact]
    public void Shipping_is_asked_first_and_told_which_lines_are_left()
    {
        var story = OrderStory.AmendAsked();
        var asked = Assert.IsType<ShippingAmendRequested>(Assert.Single(story.Sent));
        Assert.Equal(story.Accepted.AmendId, asked.AmendId);
        Assert.Equal([("P-1", 1), ("P-2", 1)], asked.Items.Select(i => (i.ProductId.Value, i.Quantity)));
        Assert.Equal(story.Now.AddSeconds(30), asked.Deadline);
        Assert.Equal(story.Placed.SagaId, story.Last.Trail.SagaId);
    }

    [Fact]
    public void A_fee_that_the_shop_raised_later_does_not_touch_the_order()
    {
        var placedThen = OrderStory.TwoLinesPrepared(new OrdersOptions { ShippingFee = 2_500 });
        Assert.Equal(new ShippingTerms(new(2_500), new(50_000)), placedThen.Order.ShippingTerms);
        placedThen.CancelItems(OrderStory.Line("P-2", 1));
        Assert.Equal(new Money(2_500), placedThen.Accepted.ShippingFee);
    }

    [Fact]
    public void A_line_named_in_parts_is_one()
    {
        var story = OrderStory.TwoLinesPrepared();
        story.CancelItems(OrderStory.Line("P-1", 1), OrderStory.Line("P-1", 1));
        Assert.Equal(2, Assert.Single(story.Accepted.Cancelled).Quantity);
    }

    [Fact]
    public void A_line_that_is_not_in_the_order_or_has_fewer_left_is_named()
    {
        var story = OrderStory.TwoLinesPrepared();
        Assert.Equal(
            new("items[1].productId", "NOT_IN_ORDER"),
            Assert.IsType<CancelItemsReply.Rejected>(
                story.CancelItems(OrderStory.Line("P-1", 1), OrderStory.Line("P-3", 1, "red"))));
        Assert.Equal(
            new("items[0].quantity", "MORE_THAN_ORDERED"),
            Assert.IsType<CancelItemsReply.Rejected>(story.CancelItems(OrderStory.Line("P-1", 4))));
        Assert.Equal(
            new("items[1].quantity", "MORE_THAN_ORDERED"),
            Assert.IsType<CancelItemsReply.Rejected>(
                story.CancelItems(OrderStory.Line("P-1", 2), OrderStory.Line("P-1", 2))));
        Assert.Empty(story.Last.Changes);
    }

    [Fact]
    public void All_lines_are_a_cancel_of_the_order() => Assert.Equal(
        "ALL_LINES",
        RefusalOf(OrderStory.TwoLinesPrepared(), OrderStory.Line("P-1", 3), OrderStory.Line("P-2", 1)));

    [Fact]
    public void A_refund_that_would_be_negative_is_refused()
    {
        var options = new OrdersOptions { ShippingFee = 15_000, FreeShippingFrom = 60_000 };
        var story = OrderStory.TwoLinesPrepared(options);
        Assert.Equal("REFUND_WOULD_BE_NEGATIVE", RefusalOf(story, OrderStory.Line("P-1", 1)));
        Assert.Empty(story.Last.Changes);
    }

    [Fact]
    public void A_refund_of_nothing_is_no_refund_and_the_stock_is_released_at_once()
    {
        var options = new OrdersOptions { ShippingFee = 12_900, FreeShippingFrom = 60_000 };
        var story = OrderStory.TwoLinesPrepared(options);
        story.CancelItems(OrderStory.Line("P-1", 1));
        Assert.Equal(Money.Zero, story.Accepted.RefundAmount);
        story.When(story.ParcelAmended);
        Assert.IsType<ReleaseLinesRequested>(Assert.Single(story.Sent));
        story.When(story.CancelledReleased);
        Assert.IsType<OrderAmended>(Assert.Single(story.Sent));
    }

    [Fact]
    public void Before_the_parcel_is_prepared_the_customer_waits_or_cancels_the_order() => Assert.Equal(
        "ORDER_NOT_READY", RefusalOf(OrderStory.PaidFor(), OrderStory.Line("P-1", 1)));

    [Fact]
    public void Once_the_carrier_has_the_parcel_it_is_too_late() => Assert.Equal(
        "ALREADY_DISPATCHED", RefusalOf(OrderStory.Shipped(), OrderStory.Line("P-1", 1)));

    [Fact]
    public void A_cancelled_order_has_nothing_to_cancel()
    {
        var story = OrderStory.TwoLinesPrepared().WhenCancelled();
        Assert.Equal("ORDER_CANCELLING", RefusalOf(story, OrderStory.Line("P-1", 1)));
        story.When(story.ParcelCancelled, story.RefundedAll(), story.Released);
        Assert.Equal("ORDER_CANCELLED", RefusalOf(story, OrderStory.Line("P-1", 1)));
    }

    [Fact]
    public void One_partial_cancel_at_a_time()
    {
        var story = OrderStory.AmendAsked();
        Assert.Equal("AMEND_IN_PROGRESS", RefusalOf(story, OrderStory.Line("P-2", 1)));
        story.When(story.ParcelAmended, story.DifferenceRefunded, story.CancelledReleased);
        Assert.IsType<CancelItemsReply.Accepted>(story.CancelItems(OrderStory.Line("P-1", 1)));
    }

    [Fact]
    public void The_next_one_is_computed_from_what_is_left()
    {
        var story = OrderStory.Amended();
        Assert.Equal("ALL_LINES", RefusalOf(story, OrderStory.Line("P-1", 1), OrderStory.Line("P-2", 1)));
        story.CancelItems(OrderStory.Line("P-2", 1));
        Assert.Equal(new Money(30_000), story.Accepted.RefundAmount); // the fee is paid already
        Assert.Equal(new Money(15_900), story.Accepted.RemainingAmount);
        story.When(story.ParcelAmended, story.DifferenceRefunded, story.CancelledReleased);
        Assert.Equal("ALL_LINES", RefusalOf(story, OrderStory.Line("P-1", 1)));
    }

    [Fact]
    public void There_is_a_bound_on_the_partial_cancels_of_an_order()
    {
        var story = OrderStory.PreparedWith(new OrderStory(), OrderStory.Line("P-1", 100));
        for (var i = 0; i < CancelItemsDecider.MaxAmends; i++)
        {
            Assert.IsType<CancelItemsReply.Accepted>(story.CancelItems(OrderStory.Line("P-1", 1)));
            story.When(story.ParcelGone);
        }

        Assert.Equal("TOO_MANY_AMENDS", RefusalOf(story, OrderStory.Line("P-1", 1)));
    }

    [Fact]
    public void More_than_is_left_after_an_operators_refund_is_not_refunded()
    {
        var story = OrderStory.TwoLinesPrepared();
        story.When(story.Refund(60_000));
        Assert.Equal("ALREADY_REFUNDED", RefusalOf(story, OrderStory.Line("P-1", 2)));
    }

    [Fact]
    public void Another_customers_order_is_not_there_and_an_operators_wish_is_audited()
    {
        var story = OrderStory.TwoLinesPrepared();
        Assert.IsType<CancelItemsReply.NotFound>(
            story.CancelItems([OrderStory.Line("P-1", 1)], new UserId("user-2")));
        Assert.IsType<CancelItemsReply.Accepted>(
            story.CancelItems([OrderStory.Line("P-1", 1)], OrderStory.Operator, asOperator: true));
        Assert.Equal(
            new AuditEntry("order.cancel_items", story.Placed.OrderId.ToString(), "the wrong colour"),
            Assert.Single(story.Last.Audits));
    }

    [Fact]
    public void The_same_key_is_answered_the_same_and_begins_nothing_anew()
    {
        var story = OrderStory.TwoLinesPrepared();
        var key = new Idempotency("key-1", "body-1");
        story.CancelItems([OrderStory.Line("P-1", 1)], OrderStory.Buyer, idempotency: key);
        var again = Assert.IsType<CancelItemsReply.Replayed>(
            story.CancelItems([OrderStory.Line("P-1", 1)], OrderStory.Buyer, idempotency: key));
        Assert.Equal(story.Accepted.AmendId, again.Amend.AmendId);
        Assert.Empty(story.Last.Changes);
        Assert.IsType<CancelItemsReply.KeyReused>(story.CancelItems(
            [OrderStory.Line("P-1", 2)], OrderStory.Buyer, idempotency: key with { BodyHash = "body-2" }));
        Assert.IsType<PlaceOrderReply.KeyReused>(
            story.Place([OrderStory.Line("P-1", 1)], OrderStory.Buyer, key)); // one key, one purpose
    }
}
