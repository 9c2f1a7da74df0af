using DoaMarket.Contracts;

namespace DoaMarket.Orders.Tests;

/// <summary>Customers are told a reason that they can read, in their language.</summary>
public sealed class CancelReasonTests
{
    private static void Says(OrderStory story, string code, string korean, string english)
    {
        Assert.Equal(new CancelReasonView(code, korean), CancelReasons.Of(story.Saga, english: false));
        Assert.Equal(new CancelReasonView(code, english), CancelReasons.Of(story.Saga, english: true));
    }

    private static OrderStory StockFailed(string reason)
    {
        var story = OrderStory.New();
        return story.When(new ReserveFailed(story.Placed.OrderId, reason, []));
    }

    [Fact]
    public void Sold_out() =>
        Says(StockFailed("insufficient_stock"), "insufficient_stock", "상품의 재고가 부족합니다.", "The items are out of stock.");

    [Fact]
    public void A_reason_of_Inventory_that_is_for_operators_is_put_in_our_words() => Says(
        StockFailed("released_before"), "stock_not_reserved", "재고를 확보하지 못했습니다.", "The items could not be reserved.");

    [Fact]
    public void Declined()
    {
        var story = OrderStory.New();
        story.When(story.Reserved, story.Declined);
        Says(story, "payment_declined", "결제가 승인되지 않았습니다.", "The payment was declined.");
        story.When(story.Released);
        Says(story, "payment_declined", "결제가 승인되지 않았습니다.", "The payment was declined.");
    }

    [Fact]
    public void Other_services_are_told_what_it_was_for()
    {
        var story = OrderStory.New();
        story.When(story.Reserved, story.Declined, story.Released);
        Assert.Equal(CancelCauses.Payment, Assert.Single(story.Sent.OfType<OrderCancelled>()).Cause);

        var soldOut = StockFailed("insufficient_stock");
        Assert.Equal(CancelCauses.Stock, Assert.Single(soldOut.Sent.OfType<OrderCancelled>()).Cause);
    }

    [Fact]
    public void No_carrier_takes_it()
    {
        var story = OrderStory.PaidFor();
        story.When(new PrepareFailed(story.Placed.OrderId, "no such address", "BAD_ADDRESS"));
        Assert.Equal("shipping_unavailable", CancelReasons.Of(story.Saga, english: true)!.Code);
    }

    [Fact]
    public void A_service_that_did_not_answer()
    {
        var story = OrderStory.New().WhenNoReplyComes();
        Says(story, "timed_out", "주문을 제시간에 처리하지 못했습니다.", "The order could not be processed in time.");
        story.When(story.Released);
        Assert.Equal("timed_out", CancelReasons.Of(story.Saga, english: true)!.Code);
    }

    [Fact]
    public void The_hold_expired()
    {
        var story = OrderStory.Prepared();
        story.When(new ReservationExpired(story.Placed.OrderId, []));
        Assert.Equal("reservation_expired", CancelReasons.Of(story.Saga, english: true)!.Code);
    }

    [Fact]
    public void A_persons_words_stay_as_they_are()
    {
        var story = OrderStory.Prepared().WhenCancelled();
        Says(story, "requested", "changed my mind", "changed my mind");
        var waiting = OrderStory.AmendApproved();
        waiting.Cancel();
        Says(waiting, "requested", "changed my mind", "changed my mind");
    }

    [Fact]
    public void Nobody_accepted_the_parcel_or_the_customer_sent_it_back()
    {
        var failed = OrderStory.Shipped();
        failed.When(new DeliveryFailed(failed.Placed.OrderId, OrderStory.Buyer, failed.Parcel, "nobody home"));
        Assert.Equal("delivery_failed", CancelReasons.Of(failed.Saga, english: true)!.Code);
        var returned = OrderStory.Shipped();
        returned.When(returned.Delivered, returned.ReturnBegun);
        Assert.Equal("returned", CancelReasons.Of(returned.Saga, english: true)!.Code);
    }

    [Fact]
    public void An_order_that_goes_forward_has_no_such_reason()
    {
        Assert.Null(CancelReasons.Of(OrderStory.New().Saga, english: true));
        Assert.Null(CancelReasons.Of(OrderStory.Amended().Saga, english: true));
    }
}
