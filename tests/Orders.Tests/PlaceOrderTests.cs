using DoaMarket.Contracts;
using DoaMarket.Kernel;
using static DoaMarket.Orders.Tests.OrderStory;

namespace DoaMarket.Orders.Tests;

public sealed class PlaceOrderTests
{
    [Fact]
    public void An_order_begins_with_its_saga_and_their_first_messages_in_one_decision()
    {
        var story = New();
        Assert.Collection(story.Sent, m => Assert.IsType<OrderCreated>(m), m => Assert.IsType<ReserveRequested>(m));
        var reserve = (ReserveRequested)story.Sent[1];
        Assert.Equal([new StockLine(new("P-1"), null, 2)], reserve.Items);
        Assert.Equal(story.Now.AddSeconds(30), reserve.Deadline);
        Assert.Equal(OrderStatus.Pending, story.Status);
    }

    [Fact]
    public void Prices_come_from_the_price_list_and_a_small_order_pays_for_its_parcel()
    {
        var placed = New().Placed;
        Assert.Equal(new Money(25_800), placed.ItemsTotal);
        Assert.Equal(new Money(3_000), placed.ShippingFee);
        Assert.Equal(new Money(28_800), placed.TotalAmount);
        Assert.Equal("상품 P-1", Assert.Single(placed.Items).Name);
    }

    [Theory]
    [InlineData(49_999, 3_000)]
    [InlineData(50_000, 0)]
    public void The_parcel_is_free_from_50000_won_on(long itemsTotal, long fee) =>
        Assert.Equal(new Money(fee), new OrdersOptions().ShippingTerms.FeeFor(new Money(itemsTotal)));

    [Fact]
    public void Lines_of_the_same_product_are_one()
    {
        var story = new OrderStory();
        story.Place(Line("P-1", 1), Line("P-2", 1), Line("P-1", 2));
        Assert.Equal([("P-1", 3), ("P-2", 1)], story.Placed.Items.Select(i => (i.ProductId.Value, i.Quantity)));
    }

    [Fact]
    public void Numbers_count_within_the_day_of_Seoul()
    {
        var story = new OrderStory(); // 00:30 UTC is 09:30 in Seoul
        story.WhenOrdered();
        Assert.Equal("ORD-20260401-000001", story.Placed.OrderNumber);
        story.WhenOrdered();
        Assert.Equal("ORD-20260401-000002", story.Placed.OrderNumber);
        story.After(TimeSpan.FromHours(15)).WhenOrdered(); // 00:30 of the next day in Seoul
        Assert.Equal("ORD-20260402-000001", story.Placed.OrderNumber);
    }

    [Fact]
    public void Messages_carry_the_orders_own_trail()
    {
        var story = New();
        var trail = story.Last.Trail;
        Assert.Equal((story.Placed.SagaId, story.Placed.CorrelationId), (trail.SagaId, trail.CorrelationId));
        Assert.Equal((Buyer, "00-trace"), (trail.UserId, trail.Traceparent));
    }

    [Fact]
    public void The_order_is_found_from_its_saga_and_back_without_a_look_up()
    {
        var placed = New().Placed;
        Assert.NotEqual(placed.OrderId.Value, placed.SagaId.Value);
        Assert.Equal(placed.SagaId, OrderSagaId.Of(placed.OrderId));
        Assert.Equal(placed.OrderId, OrderSagaId.OrderOf(placed.SagaId));
    }

    [Fact]
    public void The_card_statement_names_the_first_item_and_counts_the_rest()
    {
        var story = new OrderStory();
        story.Place(Line("P-1", 1), Line("P-2", 1));
        Assert.Equal("상품 P-1 외 1건", story.Order.Name());
        var (first, second) = (story.Order.Items[0], story.Order.Items[1]);
        var longest = story.Order with { Items = [first with { Name = new string('가', 300) }, second] };
        Assert.Equal(100, longest.Name().Length);
        var loud = first with { Name = "a" + string.Concat(Enumerable.Repeat("🎧", 99)) };
        var emoji = story.Order with { Items = [loud] };
        Assert.EndsWith("🎧", emoji.Name(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("P-9", null, 1, "items[0].productId", "UNKNOWN_PRODUCT")]
    [InlineData("P-3", null, 1, "items[0].productId", "UNKNOWN_PRODUCT")] // it is sold in variants only
    [InlineData("P-1", "red", 1, "items[0].productId", "UNKNOWN_PRODUCT")]
    [InlineData("P-1", null, 0, "items[0].quantity", "INVALID_QUANTITY")]
    [InlineData("P-1", null, -5, "items[0].quantity", "INVALID_QUANTITY")]
    [InlineData("P-1", null, 1_000, "items[0].quantity", "INVALID_QUANTITY")]
    public void A_line_that_cannot_be_sold_is_refused_by_name_and_nothing_changes(
        string product, string? variant, int quantity, string field, string code)
    {
        var story = new OrderStory();
        var rejected = Assert.IsType<PlaceOrderReply.Rejected>(story.Place(Line(product, quantity, variant)));
        Assert.Equal((field, code), (rejected.Field, rejected.Code));
        Assert.Empty(story.Last.Changes);
        Assert.Empty(story.Sent);
    }

    [Fact]
    public void Lines_that_exceed_the_quantity_only_together_are_refused_too()
    {
        var rejected = Assert.IsType<PlaceOrderReply.Rejected>(
            new OrderStory().Place(Line("P-1", 999), Line("P-1", 1)));
        Assert.Equal("items[1].quantity", rejected.Field);
    }

    [Fact]
    public void An_order_has_1_to_40_lines()
    {
        Assert.Equal("EMPTY_ORDER", Assert.IsType<PlaceOrderReply.Rejected>(new OrderStory().Place()).Code);
        var many = Enumerable.Repeat(Line("P-1", 1), 41).ToArray();
        Assert.Equal("TOO_MANY_LINES", Assert.IsType<PlaceOrderReply.Rejected>(new OrderStory().Place(many)).Code);
    }

    [Fact]
    public void A_total_too_large_to_be_read_exactly_is_refused()
    {
        var story = new OrderStory();
        story.Ask<SeedProducts, ProductsSeeded>(
            new([Product("P-gold", long.MaxValue / 2)]), SeedProductsDecider.Decide);
        var rejected = Assert.IsType<PlaceOrderReply.Rejected>(story.Place(Line("P-gold", 999)));
        Assert.Equal("TOTAL_TOO_LARGE", rejected.Code);
    }

    [Fact]
    public void Seeding_adds_only_what_is_missing()
    {
        var story = new OrderStory();
        var seeded = story.Ask<SeedProducts, ProductsSeeded>(
            new([Product("P-1", 1), Product("P-4", 5_000), Product("P-4", 6_000)]), SeedProductsDecider.Decide);
        Assert.Equal(1, seeded.Added);
        story.WhenOrdered();
        Assert.Equal(new Money(12_900), story.Placed.Items[0].UnitPrice);
    }

    [Fact]
    public void A_slash_in_an_id_makes_no_two_things_alike()
    {
        string[] keys =
        [
            Orders.Product.Key(new("a/b"), null),
            Orders.Product.Key(new("a"), new VariantId("b")),
            IdempotencyRecord.Key(new UserId("c"), "d/e"),
            IdempotencyRecord.Key(new UserId("c/d"), "e"),
        ];
        Assert.Equal(keys.Length, keys.Distinct(StringComparer.Ordinal).Count());
    }
}
