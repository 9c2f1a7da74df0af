using DoaMarket.Contracts;
using static DoaMarket.Inventory.Tests.Warehouse;

namespace DoaMarket.Inventory.Tests;

public sealed class StockTests
{
    [Fact]
    public void Low_stock_is_told_once_per_crossing_of_the_threshold()
    {
        var warehouse = new Warehouse().With("P-1", 12, threshold: 10);
        var first = warehouse.NewOrder();
        warehouse.Reserve(first, Line("P-1", 2)); // 10 left: crossed
        warehouse.Reserve(warehouse.NewOrder(), Line("P-1", 3)); // 7 left: told already
        Assert.Equal(new LowStock(new("P-1"), null, 10, 10), Assert.Single(warehouse.SentOf<LowStock>()));

        warehouse.Adjust("P-1", 6); // 13 left
        warehouse.Reserve(warehouse.NewOrder(), Line("P-1", 4)); // 9 left: crossed again

        Assert.Equal([10, 9], warehouse.SentOf<LowStock>().Select(low => low.Available));
        Assert.Empty(warehouse.SentOf<OutOfStock>());
    }

    [Fact]
    public void A_shortage_is_an_alert_while_it_lasts()
    {
        var warehouse = new Warehouse().With("P-1", 12, threshold: 10);
        warehouse.Alerts.Clear();
        warehouse.Reserve(warehouse.NewOrder(), Line("P-1", 2)); // 10 left
        warehouse.Reserve(warehouse.NewOrder(), Line("P-1", 3)); // 7 left: open already
        var last = warehouse.NewOrder();
        warehouse.Reserve(last, Line("P-1", 7)); // none
        warehouse.Release(last); // 7 left
        warehouse.Adjust("P-1", 6); // 13 left

        Assert.Equal(
            ["+LOW_STOCK P4", "-LOW_STOCK", "+OUT_OF_STOCK P3", "-OUT_OF_STOCK", "+LOW_STOCK P4", "-LOW_STOCK"],
            warehouse.Alerts.Select(a => a.Resolution is null ? $"+{a.Alert.Type} {a.Alert.Severity}" : $"-{a.Alert.Type}"));
        Assert.All(warehouse.Alerts, a => Assert.Equal("P-1", a.Alert.Subject));
    }

    [Fact]
    public void Out_of_stock_is_told_once_when_the_last_unit_goes()
    {
        var warehouse = new Warehouse().With("P-1", 2, threshold: 10);
        var order = warehouse.NewOrder();

        warehouse.Reserve(order, Line("P-1", 2));
        warehouse.Reserve(warehouse.NewOrder(), Line("P-1", 1));
        warehouse.Pay(order);

        Assert.Equal(new OutOfStock(new("P-1"), null), Assert.Single(warehouse.SentOf<OutOfStock>()));
        Assert.Empty(warehouse.SentOf<LowStock>());
    }

    [Fact]
    public void An_adjustment_is_answered_told_audited_and_in_the_ledger()
    {
        var warehouse = new Warehouse().With("P-1", 10);
        warehouse.Reserve(warehouse.NewOrder(), Line("P-1", 4));

        var reply = warehouse.Adjust("P-1", -3, "water damage");

        Assert.Equal(new AdjustStockReply.Adjusted(7, 4, 3), reply);
        Assert.Equal(
            new InventoryAdjusted(new("P-1"), null, -3, 7, "water damage"),
            Assert.Single(warehouse.SentOf<InventoryAdjusted>()));
        var audit = Assert.Single(warehouse.Audits);
        Assert.Equal(("adjust_stock", "P-1", "-3: water damage"), (audit.Action, audit.Subject, audit.Reason));
        var row = Assert.Single(warehouse.Ledger, row => row.Reason == StockReason.Adjusted);
        Assert.Equal((-3, 0, null), (row.OnHandDelta, row.ReservedDelta, row.OrderId));
    }

    [Fact]
    public void An_adjustment_that_takes_the_last_unit_tells_out_of_stock()
    {
        var warehouse = new Warehouse().With("P-1", 10);

        warehouse.Adjust("P-1", -10);

        Assert.Single(warehouse.SentOf<OutOfStock>());
    }

    [Fact]
    public void An_adjustment_below_what_is_reserved_is_refused()
    {
        var warehouse = new Warehouse().With("P-1", 10);
        warehouse.Reserve(warehouse.NewOrder(), Line("P-1", 4));

        Assert.Equal(new AdjustStockReply.BelowReserved(10, 4), warehouse.Adjust("P-1", -7));
        Assert.Equal(new AdjustStockReply.BelowReserved(10, 4), warehouse.Adjust("P-1", int.MinValue));
        Assert.IsType<AdjustStockReply.Adjusted>(warehouse.Adjust("P-1", -6));
    }

    [Fact]
    public void A_seller_adjusts_what_is_theirs_and_nothing_else()
    {
        var warehouse = new Warehouse();
        warehouse.Seed(
            new SeedItem(new("P-1"), null, 10, 0, new SellerId("S-01")), new SeedItem(new("P-2"), null, 10, 0));

        Assert.IsType<AdjustStockReply.Adjusted>(warehouse.Adjust("P-1", 1, seller: "S-01"));
        Assert.IsType<AdjustStockReply.NotTheirs>(warehouse.Adjust("P-1", 1, seller: "S-02"));
        Assert.IsType<AdjustStockReply.NotTheirs>(warehouse.Adjust("P-2", 1, seller: "S-01"));
        Assert.IsType<AdjustStockReply.Adjusted>(warehouse.Adjust("P-1", 1));
        Assert.Equal(12, warehouse.Item("P-1").OnHand);
    }

    [Fact]
    public void An_item_that_was_nobodys_gets_its_seller_when_it_is_seeded_again_and_keeps_everything_else()
    {
        var warehouse = new Warehouse().With("P-1", 10, threshold: 3);
        var seed = new SeedItem(new("P-1"), null, 99, 50, new SellerId("S-01"));

        Assert.Equal(new SeedStockReply(0, 1), warehouse.Seed(seed));
        warehouse.Seed(seed with { SellerId = new SellerId("S-02") });

        var item = warehouse.Item("P-1");
        Assert.Equal((10, 3, new SellerId("S-01")), (item.OnHand, item.LowStockThreshold, item.SellerId!.Value));
    }

    [Fact]
    public void Adjustments_that_mean_nothing_or_too_much_are_refused_and_leave_no_trace()
    {
        var warehouse = new Warehouse().With("P-1", 10);

        Assert.IsType<AdjustStockReply.UnknownItem>(warehouse.Adjust("P-9", 1));
        Assert.IsType<AdjustStockReply.UnknownItem>(warehouse.Adjust("P-1", 1, variant: "red"));
        Assert.IsType<AdjustStockReply.NothingToDo>(warehouse.Adjust("P-1", 0));
        Assert.IsType<AdjustStockReply.NothingToDo>(warehouse.Adjust("P-1", 1, reason: " "));
        Assert.IsType<AdjustStockReply.AboveLimit>(warehouse.Adjust("P-1", int.MaxValue));

        Assert.Equal(10, warehouse.Item("P-1").OnHand);
        Assert.Empty(warehouse.Sent);
        Assert.Empty(warehouse.Audits);
    }

    [Fact]
    public void Seeding_again_leaves_what_is_there_alone()
    {
        var warehouse = new Warehouse();
        SeedItem[] seeds = [new(new("P-1"), null, 100, 10), new(new("P-0"), new VariantId("red"), 0, 0)];

        Assert.Equal(new SeedStockReply(2, 0), warehouse.Seed(seeds));
        warehouse.Reserve(warehouse.NewOrder(), Line("P-1", 1));
        Assert.Equal(new SeedStockReply(0, 2), warehouse.Seed(seeds));

        Assert.Equal((100, 1), warehouse.Units("P-1"));
        Assert.Equal(10, warehouse.Item("P-1").LowStockThreshold);
        Assert.Equal(0, warehouse.Item("P-0", "red").Available);
        var received = warehouse.Ledger.Where(row => row.Reason == StockReason.Received).Select(row => row.OnHandDelta);
        Assert.Equal([100, 0], received);
        Assert.Empty(warehouse.SentOf<OutOfStock>());
    }

    [Fact]
    public void A_wrong_seed_is_a_bug_and_says_so()
    {
        var warehouse = new Warehouse();
        var item = new SeedItem(new("P-1"), null, 1, 0);

        Assert.Throws<InvalidOperationException>(() => warehouse.Seed(item, item));
        Assert.Throws<InvalidOperationException>(() => warehouse.Seed(item with { Quantity = -1 }));
        Assert.Throws<InvalidOperationException>(() => warehouse.Seed(item with { LowStockThreshold = -1 }));
        Assert.Throws<InvalidOperationException>(() => warehouse.Seed(item with { Quantity = int.MaxValue }));
        Assert.Throws<InvalidOperationException>(() => warehouse.Seed(
            [.. Enumerable.Range(0, SeedStock.MaxItems + 1).Select(n => item with { ProductId = new($"P-{n}") })]));
    }

    [Theory]
    [InlineData(0, 1)]
    [InlineData(0, -1)]
    [InlineData(-1, 0)]
    public void An_item_whose_hold_exceeds_its_stock_is_never_written(int onHandDelta, int reservedDelta)
    {
        var item = new StockItem(new("P-1"), null, 0, 0, 0);

        Assert.Throws<InvalidOperationException>(() => item.Changed(onHandDelta, reservedDelta));
    }
}
