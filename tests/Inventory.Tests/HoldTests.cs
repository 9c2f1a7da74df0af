using DoaMarket.Contracts;
using DoaMarket.Kernel;
using static DoaMarket.Inventory.Tests.Warehouse;

namespace DoaMarket.Inventory.Tests;

public sealed class HoldTests
{
    private readonly Warehouse _warehouse = new Warehouse().With("P-1", 5);
    private readonly OrderId _order;

    public HoldTests()
    {
        _order = _warehouse.NewOrder();
        _warehouse.Reserve(_order, Line("P-1", 2));
    }

    private DateTimeOffset? WakeAt => InventoryKinds.Reservations.WakeAt(_warehouse.Reservation(_order)!);

    [Fact]
    public void A_payment_sells_what_is_held_once()
    {
        _warehouse.Pay(_order);
        _warehouse.Pay(_order);

        Assert.Equal([Claimed("P-1", 2)], Assert.Single(_warehouse.SentOf<InventoryCommitted>()).Lines);
        Assert.Equal((3, 0), _warehouse.Units("P-1"));
        Assert.Null(WakeAt);
    }

    [Fact]
    public void A_payment_after_the_hold_expired_changes_nothing_and_is_remarked()
    {
        _warehouse.Now += TimeSpan.FromMinutes(30);
        _warehouse.FireDue();

        var decision = _warehouse.Pay(_order);

        Assert.Empty(decision.Changes);
        Assert.Empty(decision.Messages);
        Assert.Equal("payment_ignored", Assert.Single(decision.Notes).Kind);
        Assert.Equal((5, 0), _warehouse.Units("P-1"));
    }

    [Fact]
    public void A_payment_that_comes_before_the_timer_has_acted_still_sells()
    {
        _warehouse.Now += TimeSpan.FromMinutes(31);

        _warehouse.Pay(_order);
        _warehouse.Fire(_order);

        Assert.Single(_warehouse.SentOf<InventoryCommitted>());
        Assert.Empty(_warehouse.SentOf<ReservationExpired>());
    }

    [Fact]
    public void A_payment_for_an_order_without_a_reservation_is_remarked()
    {
        var decision = _warehouse.Pay(_warehouse.NewOrder());

        Assert.Empty(decision.Changes);
        Assert.Single(decision.Notes);
    }

    [Fact]
    public void An_unpaid_hold_ends_after_thirty_minutes_and_its_lines_are_free_again()
    {
        _warehouse.Now += TimeSpan.FromMinutes(30);

        var expired = Assert.Single(_warehouse.Fire(_order).Messages);

        Assert.Equal([Claimed("P-1", 2)], Assert.IsType<ReservationExpired>(expired.Message).Lines);
        Assert.Equal((5, 0), _warehouse.Units("P-1"));
        Assert.Null(WakeAt);
    }

    [Fact]
    public void A_timer_that_fires_early_or_twice_changes_nothing()
    {
        _warehouse.Now += TimeSpan.FromMinutes(30) - TimeSpan.FromMilliseconds(1);
        Assert.Empty(_warehouse.Fire(_order).Changes);

        _warehouse.Now += TimeSpan.FromMilliseconds(1);
        _warehouse.Fire(_order);
        Assert.Empty(_warehouse.Fire(_order).Changes);

        Assert.Single(_warehouse.SentOf<ReservationExpired>());
    }

    [Fact]
    public void What_expires_is_told_under_the_customers_own_request()
    {
        _warehouse.Now += TimeSpan.FromMinutes(30);

        var decision = _warehouse.Fire(_order);

        Assert.Equal(new CorrelationId(_order.Value), decision.Trail.CorrelationId);
        Assert.Equal(new UserId("customer-1"), decision.Trail.UserId);
    }

    [Fact]
    public void An_extended_hold_lasts_until_the_later_time()
    {
        var until = _warehouse.Now.AddDays(3);

        _warehouse.ExtendTo(_order, until);
        _warehouse.Now += TimeSpan.FromMinutes(30);
        _warehouse.Fire(_order);

        Assert.Equal(until, Assert.Single(_warehouse.SentOf<InventoryExtended>()).ExpiresAt);
        Assert.Equal(until, WakeAt);
        Assert.Equal(ReservationStatus.Held, _warehouse.Reservation(_order)!.Status);
    }

    [Fact]
    public void A_hold_is_never_extended_beyond_its_longest_time()
    {
        var longest = _warehouse.Now + _warehouse.Options.LongestHold;
        _warehouse.Now += TimeSpan.FromMinutes(10);

        _warehouse.ExtendTo(_order, longest.AddDays(30));

        Assert.Equal(longest, Assert.Single(_warehouse.SentOf<InventoryExtended>()).ExpiresAt);
    }

    [Fact]
    public void A_hold_is_never_shortened_by_an_extension()
    {
        var before = WakeAt;

        _warehouse.ExtendTo(_order, _warehouse.Now.AddMinutes(1));

        Assert.Equal(before, Assert.Single(_warehouse.SentOf<InventoryExtended>()).ExpiresAt);
        Assert.Equal(before, WakeAt);
    }

    [Fact]
    public void A_repeated_extension_is_answered_under_the_original_id()
    {
        var first = Assert.Single(_warehouse.ExtendTo(_order, _warehouse.Now.AddDays(1)).Messages);
        var second = Assert.Single(_warehouse.ExtendTo(_order, _warehouse.Now.AddDays(1)).Messages);
        var later = Assert.Single(_warehouse.ExtendTo(_order, _warehouse.Now.AddDays(2)).Messages);

        Assert.Equal((first.EventId, true), (second.EventId, second.Again));
        Assert.NotEqual(first.EventId, later.EventId);
    }

    [Fact]
    public void What_is_no_longer_held_cannot_be_extended()
    {
        _warehouse.Release(_order);

        var decision = _warehouse.ExtendTo(_order, _warehouse.Now.AddDays(1));

        Assert.Empty(decision.Messages);
        Assert.Equal("extend_ignored", Assert.Single(decision.Notes).Kind);
        Assert.Null(WakeAt);
    }
}
