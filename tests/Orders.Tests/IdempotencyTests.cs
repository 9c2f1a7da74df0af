using DoaMarket.Kernel;
using static DoaMarket.Orders.Tests.OrderStory;

namespace DoaMarket.Orders.Tests;

public sealed class IdempotencyTests
{
    private static readonly Idempotency Key = new("key-1", "hash-1");

    [Fact]
    public void The_same_key_with_the_same_body_is_answered_the_same_and_makes_one_order()
    {
        var story = new OrderStory();
        var first = Assert.IsType<PlaceOrderReply.Placed>(story.Place([Line("P-1", 1)], Buyer, Key));
        var again = Assert.IsType<PlaceOrderReply.Replayed>(
            story.After(TimeSpan.FromHours(1)).Place([Line("P-1", 1)], Buyer, Key));
        Assert.Equal(first.Order.OrderId, again.Order.OrderId);
        Assert.Equal(first.Order.TotalAmount, again.Order.TotalAmount);
        Assert.Empty(story.Sent);
        Assert.Equal(1, story.DocumentsOf(OrderKinds.Orders));
    }

    [Fact]
    public void After_its_retention_the_answer_is_removed_and_the_key_may_be_used_anew()
    {
        var story = new OrderStory();
        story.Place([Line("P-1", 1)], Buyer, Key);
        story.After(TimeSpan.FromDays(30) - TimeSpan.FromSeconds(1)).WhenKeysAreDue();
        Assert.Equal(1, story.DocumentsOf(OrderKinds.IdempotencyKeys));
        story.After(TimeSpan.FromSeconds(1)).WhenKeysAreDue();
        Assert.Equal(0, story.DocumentsOf(OrderKinds.IdempotencyKeys));
        Assert.IsType<PlaceOrderReply.Placed>(story.Place([Line("P-2", 1)], Buyer, Key with { BodyHash = "hash-2" }));
    }

    [Fact]
    public void The_same_key_with_another_body_is_refused()
    {
        var story = new OrderStory();
        story.Place([Line("P-1", 1)], Buyer, Key);
        Assert.IsType<PlaceOrderReply.KeyReused>(
            story.Place([Line("P-2", 1)], Buyer, Key with { BodyHash = "hash-2" }));
        Assert.Empty(story.Last.Changes);
    }

    [Fact]
    public void A_key_is_its_users_own()
    {
        var story = new OrderStory();
        story.Place([Line("P-1", 1)], Buyer, Key);
        Assert.IsType<PlaceOrderReply.Placed>(story.Place([Line("P-1", 1)], new UserId("user-2"), Key));
        Assert.Equal(2, story.DocumentsOf(OrderKinds.Orders));
    }

    [Fact]
    public void A_refused_order_does_not_use_its_key_up()
    {
        var story = new OrderStory();
        story.Place([Line("P-9", 1)], Buyer, Key);
        Assert.IsType<PlaceOrderReply.Placed>(story.Place([Line("P-1", 1)], Buyer, Key));
    }

    [Fact]
    public void Deciding_the_same_request_again_after_a_conflict_makes_the_same_ids()
    {
        var (one, other) = (New(), New());
        Assert.Equal(one.Placed.OrderId, other.Placed.OrderId);
        Assert.Equal(one.Last.Messages.Select(m => m.EventId), other.Last.Messages.Select(m => m.EventId));
    }
}
