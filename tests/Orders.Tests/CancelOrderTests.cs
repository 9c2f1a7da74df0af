using DoaMarket.Contracts;
using DoaMarket.Kernel;

namespace DoaMarket.Orders.Tests;

public sealed class CancelOrderTests
{
    [Fact]
    public void While_the_stock_is_being_reserved_only_the_stock_is_released()
    {
        var story = OrderStory.New().WhenCancelled();
        Assert.Collection(story.Sent, m => Assert.IsType<OrderCancelling>(m), m => Assert.IsType<ReleaseRequested>(m));
    }

    [Fact]
    public void While_the_card_is_being_charged_the_charge_is_asked_back_first()
    {
        var story = OrderStory.New();
        story.When(story.Reserved).WhenCancelled();
        Assert.IsType<RefundRequested>(story.Sent[1]);
        story.When(new PaymentCancelled(story.Placed.OrderId, "nothing was captured"));
        Assert.IsType<ReleaseRequested>(Assert.Single(story.Sent));
    }

    [Fact]
    public void While_the_parcel_is_being_prepared_the_parcel_is_cancelled_first()
    {
        var story = OrderStory.PaidFor().WhenCancelled();
        Assert.Contains(story.Sent, m => m is ShippingCancelRequested { AskedByPerson: true });
    }

    [Fact]
    public void A_completed_order_is_undone_in_reverse_and_ends_cancelled()
    {
        var story = OrderStory.Prepared().WhenCancelled();
        story.When(story.ParcelCancelled);
        Assert.IsType<RefundRequested>(Assert.Single(story.Sent));
        story.When(story.RefundedAll());
        Assert.IsType<ReleaseRequested>(Assert.Single(story.Sent));
        story.When(story.Released);
        Assert.IsType<OrderCancelled>(Assert.Single(story.Sent));
        Assert.Equal(OrderStatus.Cancelled, Assert.IsType<CancelOrderReply.Cancelled>(story.Cancel()).Status);
    }

    [Fact]
    public void An_order_that_the_carrier_has_is_returned()
    {
        var story = OrderStory.Shipped().WhenCancelled();
        story.When(story.ParcelHandedOver);
        Assert.Equal(OrderStatus.Returning, story.Status);
        story.When(story.ReturnBegun, story.ParcelBack, story.RefundedAll(), story.Released);
        Assert.Equal(OrderStatus.Returned, story.Status);
        Assert.IsType<OrderReturned>(Assert.Single(story.Sent));
        Assert.Equal(OrderStatus.Returned, Assert.IsType<CancelOrderReply.Cancelled>(story.Cancel()).Status);
    }

    [Fact]
    public void A_delivered_order_cannot_be_cancelled()
    {
        var story = OrderStory.Shipped();
        story.When(story.Delivered);
        Assert.Equal("ALREADY_DELIVERED", Assert.IsType<CancelOrderReply.Refused>(story.Cancel()).Code);
        Assert.Empty(story.Last.Changes);
    }

    [Fact]
    public void A_parcel_delivered_while_it_is_being_called_back_is_still_returned()
    {
        var story = OrderStory.Shipped().WhenCancelled();
        story.When(story.ParcelHandedOver, story.Delivered);
        Assert.Equal(OrderStatus.Returning, story.Status);
        Assert.Empty(story.Sent);
        Assert.IsType<CancelOrderReply.Cancelling>(story.Cancel());
    }

    [Fact]
    public void A_delivered_parcel_that_the_customer_sends_back_is_refunded()
    {
        var story = OrderStory.Shipped();
        story.When(story.Delivered, story.ReturnBegun);
        Assert.Equal(OrderStatus.Returning, story.Status);
        story.When(story.ParcelBack);
        Assert.IsType<RefundRequested>(Assert.Single(story.Sent));
    }

    [Fact]
    public void Asked_again_it_is_answered_the_same_and_nothing_more_is_sent()
    {
        var story = OrderStory.Prepared().WhenCancelled();
        Assert.Equal(OrderStatus.Cancelling, Assert.IsType<CancelOrderReply.Cancelling>(story.Cancel()).Status);
        Assert.Empty(story.Sent);
    }

    [Fact]
    public void Another_customers_order_is_not_there()
    {
        var story = OrderStory.Prepared();
        Assert.IsType<CancelOrderReply.NotFound>(story.Cancel(by: new UserId("user-2")));
        Assert.Empty(story.Last.Changes);
    }

    [Fact]
    public void An_operator_may_cancel_any_order_and_it_is_audited()
    {
        var story = OrderStory.Prepared();
        Assert.IsType<CancelOrderReply.Cancelling>(story.Cancel(OrderStory.Operator, asOperator: true));
        Assert.Equal("order.cancel", Assert.Single(story.Last.Audits).Action);
    }

    [Fact]
    public void What_a_cancel_sends_carries_the_orders_trail_and_not_the_requests()
    {
        var story = OrderStory.Prepared().WhenCancelled();
        Assert.Equal(story.Placed.CorrelationId, story.Last.Trail.CorrelationId);
        Assert.Equal(story.Placed.SagaId, story.Last.Trail.SagaId);
    }
}
