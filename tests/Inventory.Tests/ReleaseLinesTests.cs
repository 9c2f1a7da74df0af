using DoaMarket.Contracts;
using static DoaMarket.Inventory.Tests.Warehouse;

namespace DoaMarket.Inventory.Tests;

public sealed class ReleaseLinesTests
{
    private readonly Warehouse _warehouse = new Warehouse().With("P-1", 5).With("P-2", 5, variant: "red");
    private readonly OrderId _order;
    private readonly AmendId _amend;

    public ReleaseLinesTests()
    {
        (_order, _amend) = (_warehouse.NewOrder(), _warehouse.NewAmend());
        _warehouse.Reserve(_order, Line("P-1", 3), Line("P-2", 2, "red"));
    }

    [Fact]
    public void The_lines_of_a_partial_cancel_are_restocked_and_the_rest_stays_sold()
    {
        _warehouse.Pay(_order);

        _warehouse.ReleaseLines(_order, _amend, Line("P-1", 1), Line("P-2", 2, "red"));

        ReservedLine[] back = [Claimed("P-1", 1), Claimed("P-2", 2, "red")];
        var released = Assert.Single(_warehouse.SentOf<LinesReleased>());
        Assert.Equal((_order, _amend), (released.OrderId, released.AmendId));
        Assert.Equal(back, released.Lines);
        Assert.Equal(back, Assert.Single(_warehouse.SentOf<InventoryRestocked>()).Lines);
        Assert.Equal((3, 0), _warehouse.Units("P-1"));
        Assert.Equal((5, 0), _warehouse.Units("P-2", "red"));
        Assert.Equal(ReservationStatus.Committed, _warehouse.Reservation(_order)!.Status);
        Assert.Equal([Claimed("P-1", 2)], _warehouse.Reservation(_order)!.Remaining);
    }

    [Fact]
    public void Held_lines_are_released_and_only_the_rest_is_sold_later()
    {
        _warehouse.ReleaseLines(_order, _amend, Line("P-1", 1));
        Assert.Equal((5, 2), _warehouse.Units("P-1"));
        Assert.Empty(_warehouse.SentOf<InventoryRestocked>());

        _warehouse.Pay(_order);

        Assert.Equal(
            [Claimed("P-1", 2), Claimed("P-2", 2, "red")], Assert.Single(_warehouse.SentOf<InventoryCommitted>()).Lines);
        Assert.Equal((3, 0), _warehouse.Units("P-1"));
    }

    [Fact]
    public void A_repeated_request_of_the_same_partial_cancel_is_answered_again_and_gives_nothing_more_back()
    {
        _warehouse.Pay(_order);

        var first = _warehouse.ReleaseLines(_order, _amend, Line("P-1", 1)).Messages;
        var second = Assert.Single(_warehouse.ReleaseLines(_order, _amend, Line("P-1", 1)).Messages);

        Assert.Equal((first[0].EventId, true), (second.EventId, second.Again));
        Assert.Equal([Claimed("P-1", 1)], Assert.IsType<LinesReleased>(second.Message).Lines);
        Assert.Equal((3, 0), _warehouse.Units("P-1"));
    }

    [Fact]
    public void Another_partial_cancel_gives_back_what_is_left_and_no_more()
    {
        _warehouse.Pay(_order);
        _warehouse.ReleaseLines(_order, _amend, Line("P-1", 2));

        var decision = _warehouse.ReleaseLines(_order, _warehouse.NewAmend(), Line("P-1", 2), Line("P-9", 1));

        Assert.Equal([Claimed("P-1", 1)], _warehouse.SentOf<LinesReleased>()[^1].Lines);
        Assert.Equal("less_released", Assert.Single(decision.Notes).Kind);
        Assert.Equal((5, 0), _warehouse.Units("P-1"));
    }

    [Fact]
    public void A_full_release_gives_back_only_what_partial_cancels_left()
    {
        _warehouse.Pay(_order);
        _warehouse.ReleaseLines(_order, _amend, Line("P-1", 1), Line("P-2", 2, "red"));

        _warehouse.Release(_order);

        Assert.Equal([Claimed("P-1", 2)], Assert.Single(_warehouse.SentOf<InventoryReleased>()).Released);
        Assert.Equal([Claimed("P-1", 2)], _warehouse.SentOf<InventoryRestocked>()[^1].Lines);
        Assert.Equal((5, 0), _warehouse.Units("P-1"));
        Assert.Equal((5, 0), _warehouse.Units("P-2", "red"));
    }

    [Fact]
    public void A_full_release_after_every_line_was_cancelled_restocks_nothing_twice()
    {
        _warehouse.Pay(_order);
        _warehouse.ReleaseLines(_order, _amend, Line("P-1", 3), Line("P-2", 2, "red"));

        _warehouse.Release(_order);

        Assert.Empty(Assert.Single(_warehouse.SentOf<InventoryReleased>()).Released);
        Assert.Single(_warehouse.SentOf<InventoryRestocked>());
    }

    [Fact]
    public void A_partial_cancel_that_comes_after_a_full_release_is_answered_with_nothing()
    {
        _warehouse.Pay(_order);
        _warehouse.Release(_order);

        _warehouse.ReleaseLines(_order, _amend, Line("P-1", 1));

        Assert.Empty(Assert.Single(_warehouse.SentOf<LinesReleased>()).Lines);
        Assert.Equal((5, 0), _warehouse.Units("P-1"));
    }

    [Fact]
    public void An_expiring_hold_frees_only_what_partial_cancels_left()
    {
        _warehouse.ReleaseLines(_order, _amend, Line("P-1", 1));
        _warehouse.Now += _warehouse.Options.HoldFor;

        _warehouse.FireDue();

        Assert.Equal(
            [Claimed("P-1", 2), Claimed("P-2", 2, "red")], Assert.Single(_warehouse.SentOf<ReservationExpired>()).Lines);
        Assert.Equal((5, 0), _warehouse.Units("P-1"));
    }

    [Fact]
    public void A_partial_cancel_of_an_order_that_never_reserved_leaves_a_tombstone()
    {
        var order = _warehouse.NewOrder();

        _warehouse.ReleaseLines(order, _amend, Line("P-1", 1));
        _warehouse.Reserve(order, Line("P-1", 1));
        _warehouse.Release(order);

        Assert.Empty(Assert.Single(_warehouse.SentOf<LinesReleased>()).Lines);
        Assert.Equal(RefusalReason.ReleasedBefore, Assert.Single(_warehouse.SentOf<ReserveFailed>()).Reason);
        Assert.Empty(Assert.Single(_warehouse.SentOf<InventoryReleased>()).Released);
        Assert.Equal((5, 3), _warehouse.Units("P-1"));
    }

    [Fact]
    public void One_order_has_a_bounded_number_of_partial_cancels()
    {
        for (var i = 0; i < Reservation.MaxPartialCancels; i++)
        {
            _warehouse.ReleaseLines(_order, _warehouse.NewAmend(), Line("P-9", 1));
        }

        Assert.Throws<InvalidOperationException>(
            () => _warehouse.ReleaseLines(_order, _warehouse.NewAmend(), Line("P-1", 1)));
    }

    [Fact]
    public void A_partial_cancels_ledger_rows_name_it()
    {
        _warehouse.Pay(_order);

        _warehouse.ReleaseLines(_order, _amend, Line("P-1", 1));

        var row = Assert.Single(_warehouse.Ledger, r => r.AmendId == _amend);
        Assert.Equal((StockReason.Restocked, 1, 0), (row.Reason, row.OnHandDelta, row.ReservedDelta));
    }
}
