using DoaMarket.Contracts;
using DoaMarket.Sagas;

namespace DoaMarket.Orders.Tests;

/// <summary>A partial cancel and the whole order's way back: the rest goes back once.</summary>
public sealed class AmendAndCancelTests
{
    private static OrderStory CancelledWhileAmending(OrderStory story)
    {
        var reply = Assert.IsType<CancelOrderReply.Cancelling>(story.Cancel());
        Assert.Equal(OrderStatus.Cancelling, reply.Status);
        return story;
    }

    [Fact]
    public void A_full_cancel_is_promised_at_once_and_waits()
    {
        var story = CancelledWhileAmending(OrderStory.AmendApproved());
        Assert.Empty(story.Sent);
        Assert.Equal("changed my mind", story.Saga.CancelWaiting!.Reason);
        Assert.Equal(OrderStatus.Cancelling, story.Status);
        Assert.Equal(OrderStatus.Cancelling, Assert.IsType<CancelOrderReply.Cancelling>(story.Cancel()).Status);
        Assert.IsType<CancelItemsReply.Refused>(story.CancelItems(OrderStory.Line("P-2", 1)));
    }

    [Fact]
    public void It_is_carried_out_when_the_partial_cancel_is_done_and_refunds_the_rest_only()
    {
        var story = CancelledWhileAmending(OrderStory.AmendApproved());
        story.When(story.DifferenceRefunded, story.CancelledReleased);
        Assert.Collection(
            story.Sent,
            m => Assert.IsType<OrderAmended>(m),
            m => Assert.IsType<OrderCancelling>(m),
            m => Assert.True(Assert.IsType<ShippingCancelRequested>(m).AskedByPerson));
        Assert.Null(story.Saga.CancelWaiting);
        story.When(story.ParcelCancelled);
        Assert.IsType<RefundRequested>(Assert.Single(story.Sent)); // Payments gives back what is left
        story.When(story.RestRefunded);
        Assert.IsType<ReleaseRequested>(Assert.Single(story.Sent)); // Inventory gives back what is left
        story.When(story.Released);
        Assert.Equal(OrderStatus.Cancelled, story.Status);
        Assert.Equal([OrderStatus.Cancelling], story.Saga.History.Select(h => h.Status).Where(s => s is OrderStatus.Cancelling));
    }

    [Fact]
    public void It_is_carried_out_when_the_partial_cancel_is_refused()
    {
        var story = CancelledWhileAmending(OrderStory.AmendAsked());
        story.When(story.ParcelGone);
        Assert.Contains(story.Sent, m => m is OrderAmendRefused);
        Assert.Contains(story.Sent, m => m is ShippingCancelRequested);
    }

    [Fact]
    public void It_does_not_wait_for_a_person()
    {
        var story = CancelledWhileAmending(OrderStory.AmendApproved());
        story.When(story.DifferenceRefused);
        Assert.Contains(story.Sent, m => m is ShippingCancelRequested);
        Assert.Null(story.Saga.OpenAmend); // what it still owed is covered by the refund and release of the rest
        Assert.True(story.AmendFact is { Status: SagaStatus.Completed, IsSuperseded: true, IsApproved: true });
        Assert.Empty(story.OpenAlerts);
    }

    [Fact]
    public void A_partial_cancel_that_waits_for_a_person_is_covered_by_a_full_cancel()
    {
        var story = OrderStory.AmendApproved().WhenTheAmendIsNeverAnswered();
        story.Cancel();
        Assert.Contains(story.Sent, m => m is ShippingCancelRequested);
        Assert.Empty(story.OpenAlerts);
        story.When(story.ParcelCancelled);
        Assert.IsType<RefundRequested>(Assert.Single(story.Sent));
        story.When(story.DifferenceRefunded); // the partial refund was only late: it is one of the two
        Assert.Empty(story.Sent);
        Assert.Equal(StepStatus.Compensating, story.Saga.Saga.Step(OrderFlow.ProcessPayment).Status);
        story.When(story.RestRefunded);
        Assert.IsType<ReleaseRequested>(Assert.Single(story.Sent));
    }

    [Fact]
    public void The_two_refunds_may_be_told_in_the_other_order()
    {
        var story = OrderStory.AmendApproved().WhenTheAmendIsNeverAnswered();
        story.Cancel();
        story.When(story.ParcelCancelled, story.RestRefunded);
        Assert.Empty(story.Sent);
        story.When(story.DifferenceRefunded);
        Assert.IsType<ReleaseRequested>(Assert.Single(story.Sent));
    }

    [Fact]
    public void An_expired_hold_waits_too_and_a_persons_wish_outweighs_it()
    {
        var story = OrderStory.AmendApproved();
        story.When(new ReservationExpired(story.Placed.OrderId, []));
        Assert.Empty(story.Sent);
        Assert.False(story.Saga.CancelWaiting!.ByPerson);
        story.Cancel();
        Assert.True(story.Saga.CancelWaiting!.ByPerson);
        story.When(story.DifferenceRefunded, story.CancelledReleased);
        Assert.Contains(story.Sent, m => m is ShippingCancelRequested { AskedByPerson: true });
    }

    [Fact]
    public void A_parcel_that_comes_back_meanwhile_ends_the_partial_cancel()
    {
        var story = OrderStory.AmendApproved();
        story.When(story.Dispatched, new DeliveryFailed(story.Placed.OrderId, OrderStory.Buyer, story.Parcel, "nobody home"));
        Assert.Equal(OrderStatus.Returning, story.Status);
        Assert.True(story.AmendFact.IsSuperseded);
        story.When(story.ParcelBack);
        Assert.IsType<RefundRequested>(Assert.Single(story.Sent));
        story.When(story.CancelledReleased); // told after all: recorded, and nothing comes of it
        Assert.Empty(story.Sent);
    }

    [Fact]
    public void A_parcel_may_be_dispatched_and_delivered_while_the_refund_is_still_tried()
    {
        var story = OrderStory.AmendApproved();
        story.When(story.Dispatched, story.Delivered);
        Assert.Equal(OrderStatus.Delivered, story.Status);
        story.When(story.DifferenceRefunded, story.CancelledReleased);
        Assert.IsType<OrderAmended>(Assert.Single(story.Sent));
        Assert.Equal(OrderStatus.Delivered, story.Status);
    }

    [Fact]
    public void A_cancel_that_waited_is_a_return_if_the_parcel_has_gone_meanwhile()
    {
        var story = CancelledWhileAmending(OrderStory.AmendApproved());
        story.When(story.Dispatched);
        Assert.Equal(OrderStatus.Shipped, story.Status);
        story.When(story.DifferenceRefunded, story.CancelledReleased);
        story.When(story.ParcelHandedOver);
        Assert.Equal(OrderStatus.Returning, story.Status);
    }
}
