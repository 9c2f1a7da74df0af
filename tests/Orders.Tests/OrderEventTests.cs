using DoaMarket.Contracts;
using DoaMarket.Kernel;
using DoaMarket.Sagas;

namespace DoaMarket.Orders.Tests;

public sealed class OrderEventTests
{
    [Fact]
    public void Every_version_of_the_saga_is_one_event_without_a_gap()
    {
        var story = OrderStory.Shipped();
        story.When(story.Delivered);

        var events = story.Saga.Events;
        Assert.Equal(Enumerable.Range(1, events.Count), events.Select(e => e.Version));
        Assert.Equal(story.Saga.Saga.Version, events[^1].Version);
        Assert.Equal(
            [
                OrderStatus.Pending, OrderStatus.InventoryReserved, OrderStatus.Paid, OrderStatus.Preparing,
                OrderStatus.Shipped, OrderStatus.Delivered,
            ],
            events.Select(e => e.Status));
        Assert.Equal([false, false, false, false, false, true], events.Select(e => e.IsLast));
    }

    [Fact]
    public void An_event_names_the_steps_that_changed_and_no_others()
    {
        var story = OrderStory.New();
        story.When(story.Reserved);

        Assert.Equal(
            [(OrderFlow.CreateOrder, StepStatus.Completed), (OrderFlow.ReserveInventory, StepStatus.InProgress)],
            story.Saga.Events[0].Steps.Select(s => (s.Key, s.Value)));
        Assert.Equal(
            [(OrderFlow.ReserveInventory, StepStatus.Completed), (OrderFlow.ProcessPayment, StepStatus.InProgress)],
            story.Saga.Events[1].Steps.Select(s => (s.Key, s.Value)));
    }

    [Fact]
    public void A_message_that_changes_nothing_a_customer_sees_is_no_event()
    {
        var story = OrderStory.Shipped();
        var before = story.Saga.Events;

        story.When(new ShippingInTransit(
            story.Placed.OrderId, OrderStory.Buyer, "in_transit", story.Parcel, story.Now), story.Dispatched);

        Assert.Equal(before, story.Saga.Events, (a, b) => a.Version == b.Version);
    }

    [Fact]
    public void An_order_that_is_undone_tells_why()
    {
        var story = OrderStory.New();
        story.When(story.Reserved, story.Declined, story.Released);

        Assert.Equal(
            [null, null, "card refused", "card refused"], story.Saga.Events.Select(e => e.Reason));
        Assert.True(story.Saga.Events[^1].IsLast);
    }

    [Fact]
    public void However_often_an_operator_retries_the_newest_events_are_kept()
    {
        var story = OrderStory.PaidFor().WhenCancelled();
        story.When(story.ParcelCancelled);
        for (var i = 0; i < OrderEvent.MaxKept; i++)
        {
            story.When(story.RefundRefused);
            Assert.IsType<SagaInterventionReply.Accepted>(story.Retry());
        }

        var events = story.Saga.Events;
        Assert.Equal(OrderEvent.MaxKept, events.Count);
        Assert.Equal(story.Saga.Saga.Version, events[^1].Version);
        Assert.Equal(
            Enumerable.Range(events[0].Version, events.Count), events.Select(e => e.Version));
    }

    [Fact]
    public void One_user_and_the_shop_have_a_bounded_number_of_streams()
    {
        var streams = new EventStreams(maxInAll: 3, maxPerUser: 2);
        UserId one = new("u-1"), other = new("u-2"), third = new("u-3");

        Assert.Equal(EventStreams.Entry.Granted, streams.TryEnter(one, out var place));
        Assert.Equal(EventStreams.Entry.Granted, streams.TryEnter(one, out _));
        Assert.Equal(EventStreams.Entry.UserIsFull, streams.TryEnter(one, out _));
        Assert.Equal(EventStreams.Entry.Granted, streams.TryEnter(other, out _));
        Assert.Equal(EventStreams.Entry.ShopIsFull, streams.TryEnter(third, out _));

        place!.Dispose();
        place.Dispose();
        Assert.Equal(EventStreams.Entry.Granted, streams.TryEnter(third, out _));
        Assert.Equal(EventStreams.Entry.ShopIsFull, streams.TryEnter(one, out _));
    }
}
