using DoaMarket.Contracts;
using static DoaMarket.Inventory.Tests.Warehouse;

namespace DoaMarket.Inventory.Tests;

public sealed class ReserveTests
{
    [Fact]
    public void Reserving_holds_the_merged_lines_for_thirty_minutes()
    {
        var warehouse = new Warehouse().With("P-1", 10).With("P-2", 5, variant: "red");
        var order = warehouse.NewOrder();

        warehouse.Reserve(order, Line("P-2", 1, "red"), Line("P-1", 2), Line("P-1", 3));

        var reserved = Assert.Single(warehouse.SentOf<InventoryReserved>());
        Assert.Equal(
            [Claimed("P-1", 5), Claimed("P-2", 1, "red")], reserved.Reservations);
        Assert.Equal(warehouse.Now.AddMinutes(30), reserved.ExpiresAt);
        Assert.Equal(ReservationStatus.Held, warehouse.Reservation(order)!.Status);
        Assert.Equal((10, 5), warehouse.Units("P-1"));
        Assert.Equal(5, warehouse.Item("P-1").Available);
        Assert.Equal(1, warehouse.Item("P-2", "red").Reserved);
    }

    [Fact]
    public void When_one_line_is_short_no_line_is_held_and_the_missing_units_are_named()
    {
        var warehouse = new Warehouse().With("P-1", 10).With("P-2", 1);
        var order = warehouse.NewOrder();

        warehouse.Reserve(order, Line("P-1", 2), Line("P-2", 3));

        var failed = Assert.Single(warehouse.SentOf<ReserveFailed>());
        Assert.Equal(RefusalReason.InsufficientStock, failed.Reason);
        Assert.Equal([Line("P-2", 2)], failed.Missing);
        Assert.All(warehouse.Items, item => Assert.Equal(0, item.Reserved));
        Assert.Empty(warehouse.SentOf<InventoryReserved>());
    }

    [Fact]
    public void Two_lines_of_one_item_are_not_each_served_from_the_same_units()
    {
        var warehouse = new Warehouse().With("P-1", 5);

        warehouse.Reserve(warehouse.NewOrder(), Line("P-1", 3), Line("P-1", 3));

        Assert.Equal([Line("P-1", 1)], Assert.Single(warehouse.SentOf<ReserveFailed>()).Missing);
        Assert.Equal(5, warehouse.Item("P-1").Available);
    }

    [Fact]
    public void Lines_whose_sum_exceeds_an_int_are_refused_and_not_wrapped_around()
    {
        var warehouse = new Warehouse().With("P-1", 5);

        warehouse.Reserve(warehouse.NewOrder(), Line("P-1", int.MaxValue), Line("P-1", int.MaxValue));

        Assert.Equal([Line("P-1", int.MaxValue)], Assert.Single(warehouse.SentOf<ReserveFailed>()).Missing);
    }

    [Fact]
    public void An_unknown_product_fails_the_reserve()
    {
        var warehouse = new Warehouse().With("P-1", 5);

        warehouse.Reserve(warehouse.NewOrder(), Line("P-1", 1), Line("P-9", 1));

        var failed = Assert.Single(warehouse.SentOf<ReserveFailed>());
        Assert.Equal(RefusalReason.UnknownProduct, failed.Reason);
        Assert.Equal([Line("P-9", 1)], failed.Missing);
    }

    [Fact]
    public void A_product_id_with_a_slash_is_not_taken_for_another_products_variant()
    {
        var warehouse = new Warehouse().With("P-1", 5, variant: "red");

        warehouse.Reserve(warehouse.NewOrder(), Line("P-1/red", 1));

        Assert.Equal(RefusalReason.UnknownProduct, Assert.Single(warehouse.SentOf<ReserveFailed>()).Reason);
        Assert.Equal(0, warehouse.Item("P-1", "red").Reserved);
    }

    [Fact]
    public void No_hold_begins_after_the_deadline()
    {
        var warehouse = new Warehouse().With("P-1", 5);
        var order = warehouse.NewOrder();
        var request = new ReserveRequested(order, [Line("P-1", 1)], warehouse.Now);

        warehouse.Now += TimeSpan.FromMilliseconds(1);
        warehouse.Receive(request);

        Assert.Equal(RefusalReason.DeadlinePassed, Assert.Single(warehouse.SentOf<ReserveFailed>()).Reason);
        Assert.Equal(0, warehouse.Item("P-1").Reserved);
    }

    [Fact]
    public void A_hold_may_begin_at_the_very_deadline()
    {
        var warehouse = new Warehouse().With("P-1", 5);

        warehouse.Receive(new ReserveRequested(warehouse.NewOrder(), [Line("P-1", 1)], warehouse.Now));

        Assert.Single(warehouse.SentOf<InventoryReserved>());
    }

    [Fact]
    public void Orders_without_lines_with_too_many_or_with_a_quantity_below_one_are_refused()
    {
        var warehouse = new Warehouse { Options = new() { MaxLinesPerOrder = 2 } };
        warehouse.With("P-1", 9).With("P-2", 9).With("P-3", 9);

        warehouse.Reserve(warehouse.NewOrder());
        warehouse.Reserve(warehouse.NewOrder(), Line("P-1", 1), Line("P-2", 1), Line("P-3", 1));
        warehouse.Reserve(warehouse.NewOrder(), Line("P-1", 2), Line("P-1", -1));

        Assert.Equal(3, warehouse.SentOf<ReserveFailed>().Count(f => f.Reason == RefusalReason.InvalidLines));
        Assert.All(warehouse.Items, item => Assert.Equal(0, item.Reserved));
    }

    [Fact]
    public void A_repeated_reserve_holds_nothing_more_and_is_answered_under_the_original_id()
    {
        var warehouse = new Warehouse().With("P-1", 5);
        var order = warehouse.NewOrder();

        warehouse.Reserve(order, Line("P-1", 2));
        var again = warehouse.Reserve(order, Line("P-1", 2));

        Assert.Equal(2, warehouse.Item("P-1").Reserved);
        var answer = Assert.Single(again.Messages);
        Assert.True(answer.Again);
        Assert.Equal(warehouse.Sent[0].EventId, answer.EventId);
        Assert.IsType<InventoryReserved>(answer.Message);
    }

    [Fact]
    public void An_order_that_was_refused_once_stays_refused_when_stock_comes_in()
    {
        var warehouse = new Warehouse().With("P-1", 0);
        var order = warehouse.NewOrder();

        warehouse.Reserve(order, Line("P-1", 1));
        warehouse.Adjust("P-1", 10);
        var again = warehouse.Reserve(order, Line("P-1", 1));

        var answer = Assert.Single(again.Messages);
        Assert.True(answer.Again);
        Assert.IsType<ReserveFailed>(answer.Message);
        Assert.Equal(0, warehouse.Item("P-1").Reserved);
    }

    [Fact]
    public void The_longest_order_that_empties_every_item_fits_one_decision()
    {
        var warehouse = new Warehouse();
        var products = Enumerable.Range(0, warehouse.Options.MaxLinesPerOrder).Select(n => $"P-{n}").ToList();
        products.ForEach(product => warehouse.With(product, 9, threshold: 3));

        warehouse.Reserve(warehouse.NewOrder(), [.. products.Select(product => Line(product, 9))]);

        Assert.Equal(products.Count, warehouse.SentOf<OutOfStock>().Count);
        Assert.Single(warehouse.SentOf<InventoryReserved>());
    }

    [Fact]
    public void Three_hundred_orders_for_a_hundred_units_sell_exactly_a_hundred()
    {
        var warehouse = new Warehouse().With("P-1", 100, threshold: 10);
        var orders = Enumerable.Range(0, 300).Select(_ => warehouse.NewOrder()).ToList();

        orders.ForEach(order => warehouse.Reserve(order, Line("P-1", 1)));
        orders.ForEach(order => warehouse.Pay(order));

        Assert.Equal(100, warehouse.SentOf<InventoryReserved>().Count);
        Assert.Equal(200, warehouse.SentOf<ReserveFailed>().Count);
        Assert.Equal(100, warehouse.SentOf<InventoryCommitted>().Count);
        Assert.Equal((0, 0), warehouse.Units("P-1"));
        Assert.Single(warehouse.SentOf<LowStock>());
        Assert.Single(warehouse.SentOf<OutOfStock>());
    }
}
