using DoaMarket.Contracts;

namespace DoaMarket.Orders.Tests;

/// <summary>Several sellers in one order: each has own lines and an own share of the money, to the won.</summary>
public sealed class SellerTests
{
    private const int Cases = 500;

    [Fact]
    public void Each_seller_finds_the_order_under_a_number_of_its_own()
    {
        var story = OrderStory.TwoLinesPrepared();
        var first = story.Document(OrderKinds.SellerOrders, SellerOrder.Key(new("S-01"), story.Placed.OrderId))!;
        var second = story.Document(OrderKinds.SellerOrders, SellerOrder.Key(new("S-02"), story.Placed.OrderId))!;
        Assert.Equal($"{story.Placed.OrderNumber}-1", first.SubOrderNumber);
        Assert.Equal($"{story.Placed.OrderNumber}-2", second.SubOrderNumber);
        Assert.Equal(2, story.DocumentsOf(OrderKinds.SellerOrders));
    }

    [Fact]
    public void A_seller_sees_own_lines_and_own_share_and_nothing_of_how_the_customer_pays()
    {
        var story = OrderStory.TwoLinesPrepared();
        var view = ViewOf(story, "S-02");
        Assert.Equal(["P-2"], view.Items.Select(i => i.ProductId.Value));
        Assert.Equal((new Money(30_000), new Money(30_000)), (view.Amount, view.PaidAmount));
        Assert.Equal(("홍*동", "04524"), (view.Recipient, view.PostalCode));
        var json = System.Text.Json.JsonSerializer.Serialize(view, Api.ApiJson.Answers);
        foreach (var secret in (string[])["bk_ok", "010-1234", "세종대로", "user-1", "P-1", "문 앞에"])
        {
            Assert.DoesNotContain(secret, json, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void After_a_partial_cancel_the_parts_are_computed_anew_and_still_add_up()
    {
        var story = OrderStory.Amended();
        var (one, two) = (ViewOf(story, "S-01"), ViewOf(story, "S-02"));
        Assert.Equal(new Money(45_900), one.RemainingAmount + two.RemainingAmount);
        Assert.Equal(new Money(3_000), one.ShippingFee + two.ShippingFee);
        Assert.Equal(story.Accepted.RefundAmount, one.RefundedAmount + two.RefundedAmount);
        Assert.Equal(new Money(12_900 + 902), one.RemainingAmount); // 3,000 × 12,900 / 42,900
        Assert.Equal(new Money(-2_098), two.RefundedAmount); // its goods stay, and the parcel is not free any more
        Assert.Equal(2, Assert.Single(one.CancelledItems).Quantity);
        Assert.Empty(two.CancelledItems);
        Assert.Equal(one.RemainingAmount, one.PaidAmount - one.RefundedAmount);
    }

    [Fact]
    public void A_seller_of_whom_nothing_is_left_has_a_part_of_nothing()
    {
        var story = OrderStory.TwoLinesPrepared();
        story.CancelItems(OrderStory.Line("P-2", 1));
        story.When(story.ParcelAmended, story.DifferenceRefunded, story.CancelledReleased);
        var gone = ViewOf(story, "S-02");
        Assert.Empty(gone.Items);
        Assert.Equal((Money.Zero, gone.Amount), (gone.RemainingAmount, gone.RefundedAmount));
    }

    [Fact]
    public void Whatever_is_ordered_cancelled_and_refunded_the_shares_add_up_to_the_won()
    {
        var random = new Random(20260401);
        for (var i = 0; i < Cases; i++)
        {
            var order = AnyOrder(random);
            var (amends, refunds) = AnyHistory(random, order);
            var captured = random.Next(4) == 0 ? Money.Zero : order.TotalAmount;
            var shares = SellerShare.Of(order, amends, captured, refunds);
            var sums = Remains.SumsOf(order, amends);
            Assert.Equal(order.TotalAmount.Won, shares.Sum(s => s.Ordered.Amount.Won));
            Assert.Equal(order.ItemsTotal.Won, shares.Sum(s => s.Ordered.ItemsTotal.Won));
            Assert.Equal(order.ShippingFee.Won, shares.Sum(s => s.Ordered.ShippingFee.Won));
            Assert.Equal(sums.Amount.Won, shares.Sum(s => s.Remaining.Amount.Won));
            Assert.Equal(sums.ShippingFee.Won, shares.Sum(s => s.Remaining.ShippingFee.Won));
            Assert.Equal(captured.Won, shares.Sum(s => s.Paid.Won));
            Assert.Equal(refunds.Sum(r => r.Amount.Won), shares.Sum(s => s.Refunded.Won));
            Assert.All(shares, s => Assert.True(s.Remaining.Amount >= Money.Zero && s.Paid >= Money.Zero));
        }
    }

    [Fact]
    public void Each_share_is_the_exact_one_rounded_up_or_down()
    {
        var random = new Random(7);
        for (var i = 0; i < Cases; i++)
        {
            var amount = new Money(random.NextInt64(0, 9_007_199_254_740_991));
            List<Money> weights = [.. Enumerable.Range(0, random.Next(1, 9)).Select(_ => new Money(random.NextInt64(0, 1_000_000_000_000)))];
            var shares = ShareOut.Of(amount, weights);
            var all = weights.Sum(w => w.Won);
            Assert.Equal(amount.Won, shares.Sum(s => s.Won));
            for (var k = 0; k < weights.Count && all > 0; k++)
            {
                var exact = (decimal)amount.Won * weights[k].Won / all;
                Assert.InRange(shares[k].Won, decimal.Floor(exact), decimal.Ceiling(exact));
            }
        }
    }

    private static SellerOrderView ViewOf(OrderStory story, string seller) => SellerOrderView.Of(
        story.Document(OrderKinds.SellerOrders, SellerOrder.Key(new(seller), story.Placed.OrderId))!,
        story.Order, story.Saga);

    private static Order AnyOrder(Random random)
    {
        List<OrderItem> items =
        [
            .. Enumerable.Range(0, random.Next(1, 7)).Select(i => new OrderItem(
                new($"P-{i}"), null, "상품", random.Next(1, 5), new Money(random.Next(0, 100_000)),
                new SellerId($"S-{random.Next(3)}"), 100)),
        ];
        var total = Remains.TotalOf(items);
        var (fee, discount) = (new Money(random.Next(4_000)), new Money(random.NextInt64(0, total.Won + 1)));
        var order = OrderStory.New().Order;
        return order with
        {
            Items = items,
            ItemsTotal = total,
            ShippingFee = fee,
            DiscountAmount = discount,
            TotalAmount = total + fee - discount,
            ShippingTerms = new(fee, new Money(random.Next(200_000))),
        };
    }

    private static (IReadOnlyList<AmendFact> Amends, IReadOnlyList<RefundFact> Refunds) AnyHistory(
        Random random, Order order)
    {
        var (amends, refunds) = (new List<AmendFact>(), new List<RefundFact>());
        for (var i = 0; i < random.Next(4); i++)
        {
            var items = Remains.Of(order, amends);
            if (items.Sum(item => item.Quantity) < 2)
            {
                break;
            }

            var line = items[random.Next(items.Count)];
            IReadOnlyList<OrderItem> cancelled = [line with { Quantity = items.Count > 1 ? line.Quantity : 1 }];
            var sums = Remains.SumsOf(order, Remains.Without(items, cancelled), order.ShippingTerms!);
            var refund = Remains.SumsOf(order, amends).Amount - sums.Amount;
            var id = new AmendId(Guid.CreateVersion7());
            var approved = random.Next(4) > 0 && refund >= Money.Zero;
            amends.Add(new(
                id, cancelled, refund, sums, "", default, Sagas.SagaStatus.Completed, approved, EndedAt: null));
            if (approved && random.Next(3) > 0)
            {
                refunds.Add(new(Amend.RefundOf(id), refund));
            }
        }

        for (var i = 0; i < random.Next(3); i++)
        {
            refunds.Add(new(new RefundId(Guid.CreateVersion7()), new Money(random.Next(5_000))));
        }

        return (amends, refunds);
    }
}
