using DoaMarket.Contracts;
using DoaMarket.Kernel;
using DoaMarket.Sagas;

namespace DoaMarket.Orders.Tests;

public sealed class OrderLifeTests
{
    [Fact]
    public void An_order_goes_from_pending_to_delivered_and_tells_it_at_the_right_moments()
    {
        var story = OrderStory.New();
        story.When(story.Reserved);
        Assert.Equal(OrderStatus.InventoryReserved, story.Status);
        Assert.IsType<PaymentRequested>(Assert.Single(story.Sent));

        story.When(story.Paid);
        Assert.Equal(OrderStatus.Paid, story.Status);
        Assert.Collection(story.Sent, m => Assert.IsType<OrderPaid>(m), m => Assert.IsType<PrepareRequested>(m));

        story.When(story.ParcelPrepared);
        Assert.Equal(OrderStatus.Preparing, story.Status);
        Assert.Collection(story.Sent, m => Assert.IsType<SendRequested>(m), m => Assert.IsType<OrderCompleted>(m));

        story.When(story.Dispatched);
        Assert.Equal(OrderStatus.Shipped, story.Status);
        Assert.Equal(new DateOnly(2026, 4, 3), story.Saga.Shipment!.EstimatedDeliveryDate);

        story.When(story.Delivered);
        Assert.Equal(OrderStatus.Delivered, story.Status);
        Assert.IsType<OrderDelivered>(Assert.Single(story.Sent));
    }

    [Fact]
    public void A_clock_that_is_set_back_does_not_turn_an_orders_history_round()
    {
        var story = OrderStory.New();
        story.When(story.Reserved).After(-TimeSpan.FromHours(1));
        story.When(story.Paid).After(TimeSpan.FromHours(2));
        story.When(story.ParcelPrepared);

        var (history, events) = (story.Saga.History.Select(h => h.At), story.Saga.Events.Select(e => e.At));
        Assert.Equal(history.Order(), history);
        Assert.Equal(events.Order(), events);
        Assert.Equal(OrderStory.Morning.AddHours(1), story.Saga.History[^1].At);
    }

    [Fact]
    public void A_parcel_delivered_twice_is_told_once()
    {
        var story = OrderStory.Shipped();
        story.When(story.Delivered, story.Delivered);
        Assert.Empty(story.Sent);
    }

    [Fact]
    public void Reports_on_a_parcel_that_come_in_the_wrong_order_do_not_move_it_backwards()
    {
        var story = OrderStory.Prepared();
        story.When(story.Delivered, story.Dispatched);
        Assert.Equal(OrderStatus.Delivered, story.Status);
        Assert.Equal(new DateOnly(2026, 4, 3), story.Saga.Shipment!.EstimatedDeliveryDate);
    }

    [Fact]
    public void Every_status_keeps_its_time()
    {
        var story = OrderStory.New().After(TimeSpan.FromSeconds(1));
        story.When(story.Reserved).After(TimeSpan.FromSeconds(2)).When(story.Paid);
        Assert.Equal(
            [
                new(OrderStatus.Pending, OrderStory.Morning),
                new(OrderStatus.InventoryReserved, OrderStory.Morning.AddSeconds(1)),
                new StatusChange(OrderStatus.Paid, OrderStory.Morning.AddSeconds(3)),
            ],
            story.Saga.History);
    }

    [Fact]
    public void A_declined_payment_releases_the_stock_and_only_then_cancels_the_order()
    {
        var story = OrderStory.New();
        story.When(story.Reserved, story.Declined);
        Assert.Equal(OrderStatus.Cancelling, story.Status);
        Assert.Collection(story.Sent, m => Assert.IsType<OrderCancelling>(m), m => Assert.IsType<ReleaseRequested>(m));
        story.When(story.Released);
        Assert.Equal(OrderStatus.Cancelled, story.Status);
        Assert.Equal("card refused", Assert.IsType<OrderCancelled>(Assert.Single(story.Sent)).Reason);
    }

    [Fact]
    public void A_payment_that_is_not_answered_is_asked_back_before_the_stock()
    {
        var story = OrderStory.New();
        story.When(story.Reserved).WhenNoReplyComes();
        Assert.Contains(story.Sent, m => m is RefundRequested { RetryNumber: 0 });
        Assert.DoesNotContain(story.Sent, m => m is ReleaseRequested);
    }

    [Fact]
    public void A_capture_found_only_after_the_refund_was_asked_for_is_undone_by_its_refund_alone()
    {
        var story = OrderStory.New();
        story.When(story.Reserved).WhenNoReplyComes().When(story.RefundedAll());
        Assert.IsType<ReleaseRequested>(Assert.Single(story.Sent));
        Assert.Equal(PaymentStatus.Refunded, story.Saga.Payment!.Status);
    }

    [Fact]
    public void A_reservation_that_expires_before_dispatch_cancels_even_a_completed_order()
    {
        var story = OrderStory.Prepared();
        story.When(new ReservationExpired(story.Placed.OrderId, []));
        Assert.Equal(OrderStatus.Cancelling, story.Status);
        Assert.Contains(story.Sent, m => m is ShippingCancelRequested { AskedByPerson: false });
    }

    [Fact]
    public void A_reservation_that_expires_after_dispatch_changes_nothing()
    {
        var story = OrderStory.Shipped();
        story.When(new ReservationExpired(story.Placed.OrderId, []));
        Assert.Equal(OrderStatus.Shipped, story.Status);
        Assert.Empty(story.Sent);
    }

    [Fact]
    public void A_parcel_prepared_too_late_and_handed_over_all_the_same_leads_forward()
    {
        var story = OrderStory.PaidFor().WhenNoReplyComes();
        story.When(story.Dispatched, story.ParcelHandedOver);
        Assert.Equal(OrderStatus.Shipped, story.Status);
        Assert.Equal(SagaStatus.Completed, story.Saga.Saga.Status);
        Assert.Contains(story.Sent, m => m is OrderCompleted);
    }

    [Fact]
    public void A_delivery_that_fails_brings_the_parcel_the_money_and_the_stock_back()
    {
        var story = OrderStory.Shipped();
        story.When(new DeliveryFailed(story.Placed.OrderId, OrderStory.Buyer, story.Parcel, "nobody at home"));
        Assert.Equal(OrderStatus.Returning, story.Status);
        Assert.DoesNotContain(story.Sent, m => m is ShippingCancelRequested);
        story.When(story.ParcelBack, story.RefundedAll(), story.Released);
        Assert.Equal(OrderStatus.Returned, story.Status);
        Assert.IsType<OrderReturned>(Assert.Single(story.Sent));
    }

    [Fact]
    public void A_partial_refund_by_an_operator_undoes_nothing()
    {
        var story = OrderStory.Prepared();
        story.When(story.Refund(1_000)).WhenCancelled().When(story.ParcelCancelled);
        Assert.IsType<RefundRequested>(Assert.Single(story.Sent));
        Assert.Equal(PaymentStatus.PartiallyRefunded, story.Saga.Payment!.Status);
        story.When(story.Refund(story.Placed.TotalAmount.Won - 1_000, number: 2));
        Assert.IsType<ReleaseRequested>(Assert.Single(story.Sent));
    }

    [Fact]
    public void Partial_refunds_that_add_up_to_everything_count_as_the_undo_since_it_will_not_be_told_again()
    {
        var story = OrderStory.Prepared();
        story.When(story.Refund(1_000), story.Refund(story.Placed.TotalAmount.Won - 1_000, number: 2));
        Assert.Equal(OrderStatus.Preparing, story.Status);
        story.WhenCancelled().When(story.ParcelCancelled);
        Assert.IsType<ReleaseRequested>(Assert.Single(story.Sent));
    }

    [Fact]
    public void The_same_refund_told_twice_counts_once()
    {
        var story = OrderStory.Prepared();
        var half = story.Placed.TotalAmount.Won / 2;
        story.When(story.Refund(half), story.Refund(half));
        Assert.Equal(PaymentStatus.PartiallyRefunded, story.Saga.Payment!.Status);
    }

    [Fact]
    public void A_message_about_an_unknown_order_is_not_swallowed()
    {
        var story = OrderStory.New();
        Assert.Throws<InvalidOperationException>(() => story.When(new InventoryReleased(new OrderId(Guid.Empty), [])));
    }

    [Fact]
    public void Every_message_meets_every_moment_of_an_order_on_purpose()
    {
        foreach (var moment in Moments())
        {
            foreach (var tell in Messages())
            {
                var story = moment();
                var before = story.Saga.Saga.Version;
                story.When(tell(story));
                Assert.InRange(story.Saga.Saga.Version - before, 0, 1);
                Assert.NotEmpty(story.Last.Changes);
            }
        }
    }

    private static IEnumerable<Func<OrderStory>> Moments() =>
    [
        OrderStory.New,
        OrderStory.PaidFor,
        OrderStory.Prepared,
        OrderStory.Shipped,
        () => OrderStory.New().WhenNoReplyComes(),
        () => OrderStory.PaidFor().WhenNoReplyComes(),
        () => OrderStory.PaidFor().WhenNoReplyComes().WhenNoUndoIsEverAnswered(),
        () => OrderStory.Prepared().WhenCancelled(),
        () => With(OrderStory.Shipped().WhenCancelled(), s => s.ParcelHandedOver),
        () => With(OrderStory.Shipped(), s => s.Delivered),
        () => With(OrderStory.New().WhenCancelled(), s => s.Released),
        () => With(With(OrderStory.Prepared().WhenCancelled(), s => s.ParcelCancelled), s => s.RefundRefused),
    ];

    private static IEnumerable<Func<OrderStory, IOrderMessage>> Messages() =>
    [
        s => s.Reserved,
        s => new ReserveFailed(s.Placed.OrderId, "sold out", []),
        s => s.Released,
        s => new ReservationExpired(s.Placed.OrderId, []),
        s => s.Paid,
        s => s.Declined,
        s => new PaymentCancelled(s.Placed.OrderId, "nothing was captured"),
        s => s.RefundedAll(),
        s => s.Refund(1),
        s => s.RefundRefused,
        s => s.ParcelPrepared,
        s => new PrepareFailed(s.Placed.OrderId, "no carrier", null),
        s => s.ParcelCancelled,
        s => s.ParcelHandedOver,
        s => s.Dispatched,
        s => new ShippingInTransit(s.Placed.OrderId, OrderStory.Buyer, "in_transit", s.Parcel, s.Now),
        s => s.Delivered,
        s => new DeliveryFailed(s.Placed.OrderId, OrderStory.Buyer, s.Parcel, "nobody at home"),
        s => s.ReturnBegun,
        s => s.ParcelBack,
        s => new ReturnCompleted(s.Placed.OrderId, OrderStory.Buyer, s.Parcel),
    ];

    private static OrderStory With(OrderStory story, Func<OrderStory, IOrderMessage> message) =>
        story.When(message(story));
}
