using DoaMarket.Contracts;
using static DoaMarket.Inventory.Tests.Warehouse;

namespace DoaMarket.Inventory.Tests;

public sealed class ReleaseTests
{
    [Fact]
    public void Releasing_a_hold_gives_the_lines_back()
    {
        var warehouse = new Warehouse().With("P-1", 5);
        var order = warehouse.NewOrder();
        warehouse.Reserve(order, Line("P-1", 2));

        warehouse.Release(order);

        Assert.Equal([Claimed("P-1", 2)], Assert.Single(warehouse.SentOf<InventoryReleased>()).Released);
        Assert.Equal((5, 0), warehouse.Units("P-1"));
        Assert.Equal(ReservationStatus.Released, warehouse.Reservation(order)!.Status);
        Assert.Empty(warehouse.SentOf<InventoryRestocked>());
    }

    [Fact]
    public void Releasing_what_is_sold_restocks_every_line_once()
    {
        var warehouse = new Warehouse().With("P-1", 5).With("P-2", 5);
        var order = warehouse.NewOrder();
        warehouse.Reserve(order, Line("P-1", 2), Line("P-2", 1));
        warehouse.Pay(order);

        warehouse.Release(order);
        warehouse.Release(order);

        var restocked = Assert.Single(warehouse.SentOf<InventoryRestocked>());
        Assert.Equal(restocked.Lines, warehouse.SentOf<InventoryReleased>()[0].Released);
        Assert.Equal(2, restocked.Lines.Count);
        Assert.All(warehouse.Items, item => Assert.Equal((5, 0), (item.OnHand, item.Reserved)));
        Assert.Equal(ReservationStatus.Restocked, warehouse.Reservation(order)!.Status);
    }

    [Fact]
    public void What_is_sold_and_lost_is_not_put_back_and_no_repeat_puts_it_back_later()
    {
        var warehouse = new Warehouse().With("P-1", 5).With("P-2", 5);
        var order = warehouse.NewOrder();
        warehouse.Reserve(order, Line("P-1", 2), Line("P-2", 1));
        warehouse.Pay(order);

        warehouse.Release(order, restock: false);
        warehouse.Release(order);

        Assert.All(warehouse.SentOf<InventoryReleased>(), told => Assert.Empty(told.Released));
        Assert.Empty(warehouse.SentOf<InventoryRestocked>());
        Assert.Equal([(3, 0), (4, 0)], [warehouse.Units("P-1"), warehouse.Units("P-2")]);
        Assert.Equal(ReservationStatus.WrittenOff, warehouse.Reservation(order)!.Status);
        var rows = warehouse.Ledger.Where(row => row.Reason == StockReason.WrittenOff).ToList();
        Assert.Equal(2, rows.Count);
        Assert.All(rows, row => Assert.Equal((0, 0, order), (row.OnHandDelta, row.ReservedDelta, row.OrderId)));
        Assert.Contains(warehouse.Notes, n => n.Kind == "written_off" && n.Text.Contains("3 units", StringComparison.Ordinal));
    }

    [Fact]
    public void Only_what_a_partial_cancel_left_is_lost()
    {
        var warehouse = new Warehouse().With("P-1", 5);
        var order = warehouse.NewOrder();
        warehouse.Reserve(order, Line("P-1", 3));
        warehouse.Pay(order);
        warehouse.ReleaseLines(order, warehouse.NewAmend(), Line("P-1", 1));

        warehouse.Release(order, restock: false);

        Assert.Equal((3, 0), warehouse.Units("P-1"));
        Assert.Single(warehouse.SentOf<InventoryRestocked>());
    }

    [Fact]
    public void What_is_only_held_never_left_the_warehouse_and_is_released_also_when_it_is_said_to_be_lost()
    {
        var warehouse = new Warehouse().With("P-1", 5);
        var order = warehouse.NewOrder();
        warehouse.Reserve(order, Line("P-1", 2));

        warehouse.Release(order, restock: false);

        Assert.Equal([Claimed("P-1", 2)], Assert.Single(warehouse.SentOf<InventoryReleased>()).Released);
        Assert.Equal((5, 0), warehouse.Units("P-1"));
    }

    [Fact]
    public void A_repeated_release_is_answered_under_the_original_id()
    {
        var warehouse = new Warehouse().With("P-1", 5);
        var order = warehouse.NewOrder();
        warehouse.Reserve(order, Line("P-1", 2));

        var first = Assert.Single(warehouse.Release(order).Messages);
        var second = Assert.Single(warehouse.Release(order).Messages);

        Assert.Equal(first.EventId, second.EventId);
        Assert.True(second.Again);
        Assert.Equal(2, Assert.Single(Assert.IsType<InventoryReleased>(second.Message).Released).Reserved);
        Assert.Equal(0, warehouse.Item("P-1").Reserved);
    }

    [Fact]
    public void A_release_that_overtakes_its_reserve_is_answered_and_the_late_reserve_holds_nothing()
    {
        var warehouse = new Warehouse().With("P-1", 5);
        var order = warehouse.NewOrder();

        var released = Assert.Single(warehouse.Release(order).Messages);
        var late = Assert.Single(warehouse.Reserve(order, Line("P-1", 2)).Messages);

        Assert.Empty(Assert.IsType<InventoryReleased>(released.Message).Released);
        Assert.Equal(RefusalReason.ReleasedBefore, Assert.IsType<ReserveFailed>(late.Message).Reason);
        Assert.Equal(0, warehouse.Item("P-1").Reserved);
        Assert.Contains(warehouse.Notes, note => note.Kind == "late_request_refused");
    }

    [Fact]
    public void After_a_late_reserve_was_refused_both_requests_still_get_their_own_answers_again()
    {
        var warehouse = new Warehouse().With("P-1", 5);
        var order = warehouse.NewOrder();
        var released = Assert.Single(warehouse.Release(order).Messages);
        var failed = Assert.Single(warehouse.Reserve(order, Line("P-1", 2)).Messages);

        var reservedAgain = Assert.Single(warehouse.Reserve(order, Line("P-1", 2)).Messages);
        var releasedAgain = Assert.Single(warehouse.Release(order).Messages);

        Assert.Equal((failed.EventId, true), (reservedAgain.EventId, reservedAgain.Again));
        Assert.IsType<ReserveFailed>(reservedAgain.Message);
        Assert.Equal((released.EventId, true), (releasedAgain.EventId, releasedAgain.Again));
        Assert.IsType<InventoryReleased>(releasedAgain.Message);
    }

    [Fact]
    public void Releasing_an_expired_hold_gives_nothing_back_a_second_time()
    {
        var warehouse = new Warehouse().With("P-1", 5);
        var order = warehouse.NewOrder();
        warehouse.Reserve(order, Line("P-1", 2));
        warehouse.Now += TimeSpan.FromMinutes(30);
        warehouse.FireDue();

        warehouse.Release(order);

        Assert.Empty(Assert.Single(warehouse.SentOf<InventoryReleased>()).Released);
        Assert.Equal((5, 0), warehouse.Units("P-1"));
        Assert.Equal(ReservationStatus.Expired, warehouse.Reservation(order)!.Status);
    }
}
