using DoaMarket.Contracts;
using static DoaMarket.Stats.Tests.Told;

namespace DoaMarket.Stats.Tests;

public sealed class FiguresTests
{
    private readonly Ledger _ledger = new();

    [Fact]
    public void A_paid_order_counts_on_the_day_on_which_each_thing_happened()
    {
        var (order, evening) = (_ledger.NewOrder(), new DateTimeOffset(2026, 1, 5, 14, 59, 59, TimeSpan.Zero)); // 23:59:59 in Seoul
        _ledger.Now = evening;
        _ledger.Hear(Created(order, Item("P-1", 2, 10_000)));
        _ledger.Now = evening.AddSeconds(2);
        _ledger.Hear(Paid(order, 20_000));
        _ledger.Hear(Completed(order));

        var (monday, tuesday) = (_ledger.Day(evening), _ledger.Day(_ledger.Now));
        Assert.Equal((1, 0, 0L), (monday.Orders, monday.PaidOrders, monday.Gross.Won));
        Assert.Equal((0, 1, 20_000L), (tuesday.Orders, tuesday.PaidOrders, tuesday.Gross.Won));
        Assert.Equal((1, 0), (tuesday.SagasSucceeded, tuesday.SagasFailed));
        Assert.Equal(Durations.Of(2_000), tuesday.SuccessTook);
        Assert.Equal(new(2, new(20_000), 0, Money.Zero), _ledger.Product(_ledger.Now, "P-1"));
    }

    [Fact]
    public void A_refund_lowers_the_day_of_the_refund_and_leaves_the_day_of_the_sale()
    {
        var order = Sold(Item("P-1", 1, 30_000));
        var sale = _ledger.Now;
        _ledger.Now = sale.AddDays(3);
        _ledger.Hear(Refunded(order, 30_000));
        _ledger.Hear(Cancelled(order));

        Assert.Equal((30_000L, 0L), (_ledger.Day(sale).Gross.Won, _ledger.Day(sale).Refunded.Won));
        var refund = _ledger.Day(_ledger.Now);
        Assert.Equal((0L, 30_000L, -30_000L), (refund.Gross.Won, refund.Refunded.Won, refund.Net.Won));
        Assert.Equal((1, 1, 0), (refund.CancelledOrders, refund.SagasUndone, refund.SagasFailed));
        Assert.Equal(1, _ledger.Product(sale, "P-1").SoldUnits);
        Assert.Equal((1, 30_000L, -1), (
            _ledger.Product(_ledger.Now, "P-1").ReversedUnits, _ledger.Product(_ledger.Now, "P-1").ReversedAmount.Won,
            _ledger.Product(_ledger.Now, "P-1").Units));
    }

    [Fact]
    public void An_order_that_was_never_paid_sells_nothing_and_takes_nothing_back()
    {
        var order = _ledger.NewOrder();
        _ledger.Hear(Created(order, Item("P-1", 1, 30_000)));
        _ledger.Now += TimeSpan.FromMilliseconds(700);
        _ledger.Hear(Cancelled(order));

        var day = _ledger.Day(_ledger.Now);
        Assert.Equal((1, 0, 1, 1), (day.Orders, day.PaidOrders, day.CancelledOrders, day.SagasFailed));
        Assert.Equal(Durations.Of(700), day.FailureTook);
        Assert.Equal(ProductFigures.Zero, _ledger.Product(_ledger.Now, "P-1"));
    }

    [Fact]
    public void A_partial_cancel_takes_its_lines_back_and_a_later_return_only_the_rest()
    {
        var order = Sold(Item("P-1", 2, 10_000), Item("P-2", 1, 5_000));
        _ledger.Hear(Amended(order, [Item("P-1", 1, 10_000)], 10_000, [Item("P-1", 1, 10_000), Item("P-2", 1, 5_000)]));
        Assert.Equal((2, 1), (_ledger.Product(_ledger.Now, "P-1").SoldUnits, _ledger.Product(_ledger.Now, "P-1").ReversedUnits));

        _ledger.Hear(Returned(order));
        Assert.Equal((2, 20_000L), (
            _ledger.Product(_ledger.Now, "P-1").ReversedUnits, _ledger.Product(_ledger.Now, "P-1").ReversedAmount.Won));
        Assert.Equal(1, _ledger.Product(_ledger.Now, "P-2").ReversedUnits);
        Assert.Equal((1, 1), (_ledger.Day(_ledger.Now).ReturnedOrders, _ledger.Day(_ledger.Now).SagasUndone));
    }

    [Fact]
    public void A_capture_that_only_the_refund_tells_of_counts_on_the_refunds_day()
    {
        var order = _ledger.NewOrder();
        _ledger.Hear(Created(order, Item("P-1", 1, 9_000)));
        _ledger.Hear(Cancelled(order));
        _ledger.Now = _ledger.Now.AddDays(1);
        _ledger.Hear(Refunded(order, 9_000, captured: 9_000));

        var day = _ledger.Day(_ledger.Now);
        Assert.Equal((9_000L, 9_000L, 0L), (day.Gross.Won, day.Refunded.Won, day.Net.Won));
        Assert.Equal(0, _ledger.Product(_ledger.Now, "P-1").Units);
    }

    [Fact]
    public void Goods_of_a_payment_that_came_after_the_cancel_are_not_taken_back_before_they_were_sold()
    {
        var order = _ledger.NewOrder();
        _ledger.Hear(Created(order, Item("P-1", 1, 9_000)));
        _ledger.Hear(Cancelled(order));
        var cancelled = _ledger.Now;
        _ledger.Now = _ledger.Now.AddDays(1);
        _ledger.Hear(Paid(order, 9_000));

        Assert.Equal(ProductFigures.Zero, _ledger.Product(cancelled, "P-1"));
        Assert.Equal((1, 1), (_ledger.Product(_ledger.Now, "P-1").SoldUnits, _ledger.Product(_ledger.Now, "P-1").ReversedUnits));
    }

    [Fact]
    public void A_deposit_that_the_bank_takes_back_is_no_revenue()
    {
        var order = Sold(Item("P-1", 1, 30_000));
        _ledger.Now = _ledger.Now.AddDays(1);
        var id = _ledger.Hear(Reversed(order, 30_000));
        _ledger.Hear(Reversed(order, 30_000), id);

        Assert.Equal((30_000L, -30_000L), (_ledger.Day(_ledger.Now).Refunded.Won, _ledger.Day(_ledger.Now, "S-1").Net.Won));
    }

    [Fact]
    public void The_same_message_counts_once_whether_it_has_the_same_id_or_another()
    {
        var order = _ledger.NewOrder();
        var id = _ledger.Hear(Created(order, Item("P-1", 1, 9_000)));
        _ledger.Hear(Paid(order, 9_000));
        _ledger.Hear(Refunded(order, 1_000));
        var before = _ledger.Everything();

        _ledger.Hear(Created(order, Item("P-1", 1, 9_000)), id);
        _ledger.Now = _ledger.Now.AddHours(1);
        _ledger.Hear(Created(order, Item("P-1", 1, 9_000)));
        _ledger.Hear(Paid(order, 9_000));
        _ledger.Hear(Refunded(order, 1_000));

        Assert.Equal(before, _ledger.Everything());
        Assert.Equal(3, _ledger.Notes.Count(n => n.Kind == "stats_known"));
    }

    [Fact]
    public void Every_seller_has_the_own_figures_and_the_shop_their_sum()
    {
        var order = Sold(Item("P-1", 1, 10_001, "S-1"), Item("P-2", 1, 20_000, "S-2"));
        _ledger.Hear(Refunded(order, 10_000));

        var (shop, first, second) = (_ledger.Day(_ledger.Now), _ledger.Day(_ledger.Now, "S-1"), _ledger.Day(_ledger.Now, "S-2"));
        Assert.Equal((30_001L, 10_001L, 20_000L), (shop.Gross.Won, first.Gross.Won, second.Gross.Won));
        Assert.Equal((3_334L, 6_666L), (first.Refunded.Won, second.Refunded.Won)); // 3,333.6 and 6,666.4, to the won
        Assert.Equal((1, 1, 1), (shop.Orders, first.Orders, second.Orders));
    }

    [Fact]
    public void A_partial_cancels_refund_is_borne_by_the_seller_whose_line_it_was()
    {
        var order = Sold(Item("P-1", 1, 10_000, "S-1"), Item("P-2", 1, 20_000, "S-2"));
        _ledger.Hear(Refunded(order, 10_000));
        _ledger.Hear(Amended(order, [Item("P-1", 1, 10_000, "S-1")], 10_000, [Item("P-2", 1, 20_000, "S-2")]));

        Assert.Equal((10_000L, 0L), (_ledger.Day(_ledger.Now, "S-1").Refunded.Won, _ledger.Day(_ledger.Now, "S-2").Refunded.Won));
    }

    [Theory]
    [InlineData(133)]
    [InlineData(777)]
    [InlineData(4_999)]
    public void However_the_refunds_are_cut_nobody_has_anything_left_in_the_end_and_nobody_pays_for_another(int cut)
    {
        var order = Sold(Item("P-1", 1, 3_333, "S-1"), Item("P-2", 1, 3_334, "S-2"), Item("P-3", 1, 6_666, "S-3"));
        for (var (left, n) = (13_333, 1); left > 0; left -= cut, n++)
        {
            _ledger.Hear(Refunded(order, Math.Min(cut, left), n));
            foreach (var seller in new[] { "S-1", "S-2", "S-3" })
            {
                Assert.InRange(_ledger.Day(_ledger.Now, seller).Net.Won, 0, 6_666);
            }
        }

        Assert.All(new[] { "S-1", "S-2", "S-3" }, s => Assert.Equal(0, _ledger.Day(_ledger.Now, s).Net.Won));
        Assert.Equal(0, _ledger.Day(_ledger.Now).Net.Won);
    }

    [Fact]
    public void A_product_is_called_what_it_was_called_in_its_newest_order()
    {
        var (older, newer) = (Created(_ledger.NewOrder(), Item("P-1", 1, 1)), Created(_ledger.NewOrder(), Item("P-1", 1, 1) with { Name = "새 이름" }));
        _ledger.Hear(newer);
        _ledger.Now = _ledger.Now.AddHours(-1);
        _ledger.Hear(older);

        Assert.Equal("새 이름", Assert.Single(_ledger.Documents.OfType<ProductName>()).Name);
    }

    private OrderId Sold(params OrderItem[] items)
    {
        var order = _ledger.NewOrder();
        var created = Created(order, items);
        _ledger.Hear(created);
        _ledger.Hear(Paid(order, created.TotalAmount.Won));
        _ledger.Hear(Completed(order));
        return order;
    }
}
