using DoaMarket.Contracts;
using DoaMarket.Kernel;

namespace DoaMarket.Orders.Tests;

public sealed class PriceTests
{
    [Fact]
    public void A_price_that_changes_changes_no_order_and_no_refund()
    {
        var story = OrderStory.TwoLinesPrepared();
        story.ChangePrice("P-1", 1, OrderStory.Operator, asOperator: true);
        Assert.Equal(new Money(12_900), story.Order.Items[0].UnitPrice);
        story.CancelItems(OrderStory.Line("P-1", 2));
        Assert.Equal(new Money(68_700 - 45_900), story.Accepted.RefundAmount);
        story.Place(OrderStory.Line("P-1", 2));
        Assert.Equal(new Money(2), story.Placed.ItemsTotal);
    }

    [Fact]
    public void An_operator_and_the_products_seller_may_change_it_and_it_is_audited()
    {
        var story = new OrderStory();
        Assert.Equal(new Money(9_900), story.ChangePrice("P-1", 9_900, new UserId("S-01")).Product!.Price);
        Assert.Equal(
            new AuditEntry("product.price", "P-1", "12,900원 → 9,900원: spring sale"), Assert.Single(story.Last.Audits));
        Assert.Null(story.ChangePrice("P-1", 1, new UserId("S-02")).Product);
        Assert.Null(story.ChangePrice("P-9", 1, OrderStory.Operator, asOperator: true).Product);
        Assert.Empty(story.Last.Changes);
    }
}
