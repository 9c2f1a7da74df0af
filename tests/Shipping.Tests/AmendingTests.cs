using DoaMarket.Contracts;
using DoaMarket.Kernel;

namespace DoaMarket.Shipping.Tests;

/// <summary>Partial cancels on the shipment: before, while and after the parcel is prepared, and undone.</summary>
public sealed class AmendingTests
{
    private readonly World _world = new();

    private int Pieces => _world.Shipment!.Consignment!.Items.Sum(i => i.Quantity);

    [Fact]
    public void A_prepared_parcel_has_the_remaining_lines_and_keeps_its_waybill()
    {
        ReachPrepared();
        var waybill = _world.Shipment!.Waybill;
        _world.Amend(_world.NewAmend(), remaining: 1);
        Assert.Equal(["ShippingAmended"], _world.SentTypes);
        Assert.Equal((1, 500), (Pieces, _world.Shipment.Consignment!.WeightGrams));
        Assert.Equal(waybill, _world.Shipment.Waybill);
        Assert.Null(_world.Wanted);
    }

    [Fact]
    public void A_partial_cancel_may_come_before_the_order_to_prepare()
    {
        _world.Amend(_world.NewAmend(), remaining: 1);
        Assert.Equal(["ShippingAmended"], _world.SentTypes);
        _world.Prepare();
        var register = Assert.IsType<RegisterParcel>(_world.Wanted);
        Assert.Equal((1, 500), (register.Items.Sum(i => i.Quantity), register.WeightGrams));
    }

    [Fact]
    public void The_carrier_of_a_parcel_amended_before_it_was_prepared_takes_the_whole_too()
    {
        _world.Amend(_world.NewAmend(), remaining: 1);
        _world.Tell(_world.PrepareMessage(quantity: 41)); // 20.5 kg: too heavy for CJ should it be undone
        Assert.Equal("kr.hanjin", _world.Wanted!.Gateway);
    }

    [Fact]
    public void A_partial_cancel_while_the_parcel_is_being_registered_changes_the_parcel_and_not_the_waybill()
    {
        _world.Prepare();
        var effect = _world.Wanted!;
        _world.Amend(_world.NewAmend(), remaining: 1);
        _world.Answer(effect, _world.Cj.Do(effect));
        Assert.Equal(["ShippingAmended", "ShippingPrepared"], _world.SentTypes);
        Assert.Equal(1, Pieces);
        Assert.Equal(1, _world.Cj.LiveWaybills);
    }

    [Fact]
    public void Nothing_is_dispatched_before_money_and_stock_have_followed()
    {
        ReachPrepared();
        var amend = _world.NewAmend();
        _world.Amend(amend, remaining: 1);
        _world.Pass(TimeSpan.FromHours(1));
        Assert.Equal(ShipmentStatus.Prepared, _world.Status);
        Assert.Null(ShippingKinds.Shipments.WakeAt(_world.Shipment!));

        _world.SettleAmend(amend);
        Assert.Equal(ShipmentStatus.Dispatching, _world.Status);
        _world.SettleAmend(amend);
        Assert.Equal(AmendStatus.Settled, Assert.Single(_world.Shipment!.Amends).Status);
    }

    [Fact]
    public void An_undone_partial_cancel_makes_the_parcel_whole_and_lets_it_go()
    {
        ReachPrepared();
        var amend = _world.NewAmend();
        _world.Amend(amend, remaining: 1);
        _world.UndoAmend(amend);
        Assert.Equal(["ShippingAmended", "ShippingAmendUndone"], _world.SentTypes);
        Assert.Equal((2, 1_000), (Pieces, _world.Shipment!.Consignment!.WeightGrams));
        _world.Pass(_world.Options.HoldBeforeDispatch);
        Assert.Equal(ShipmentStatus.Dispatching, _world.Status);
    }

    [Fact]
    public void An_undo_that_overtakes_its_amend_leaves_a_tombstone_that_refuses_it()
    {
        ReachPrepared();
        var amend = _world.NewAmend();
        _world.UndoAmend(amend);
        _world.Amend(amend, remaining: 1);
        Assert.Equal(["ShippingAmendUndone", "ShippingAmendRefused"], _world.SentTypes);
        Assert.Equal(2, Pieces);
    }

    [Fact]
    public void The_same_question_gets_the_same_answer_under_its_original_id()
    {
        ReachPrepared();
        var (done, refused) = (_world.NewAmend(), _world.NewAmend());
        for (var i = 0; i < 2; i++)
        {
            _world.Amend(done, remaining: 1);
            _world.Amend(refused, remaining: 0);
        }

        _world.UndoAmend(done);
        _world.UndoAmend(done);
        foreach (var answers in new[]
        {
            _world.All<ShippingAmended>(), _world.All<ShippingAmendRefused>(), _world.All<ShippingAmendUndone>(),
        })
        {
            Assert.Equal([false, true], answers.Select(a => a.Again));
            Assert.Equal(answers[0].EventId, answers[1].EventId);
        }
    }

    [Fact]
    public void After_its_deadline_no_change_begins()
    {
        ReachPrepared();
        _world.Amend(_world.NewAmend(), remaining: 1, within: TimeSpan.Zero);
        Assert.Equal(["ShippingAmendRefused"], _world.SentTypes);
        Assert.Equal(2, Pieces);
    }

    [Fact]
    public void Lines_that_are_not_in_the_parcel_cannot_remain_in_it()
    {
        ReachPrepared();
        _world.Amend(_world.NewAmend(), remaining: 3);
        Assert.Equal(["ShippingAmendRefused"], _world.SentTypes);
        Assert.Equal(2, Pieces);
    }

    [Fact]
    public void A_parcel_that_leaves_or_is_cancelled_stays_as_it_is()
    {
        ReachPrepared();
        _world.Pass(_world.Options.HoldBeforeDispatch);
        Assert.Equal(ShipmentStatus.Dispatching, _world.Status);
        _world.Amend(_world.NewAmend(), remaining: 1);
        Assert.Equal(["ShippingAmendRefused"], _world.SentTypes);
        _world.Call();
        Assert.Equal(2, Pieces);

        var cancelled = new World();
        cancelled.Prepare();
        cancelled.Cancel();
        cancelled.Amend(cancelled.NewAmend(), remaining: 1);
        Assert.Equal(["ShippingAmendRefused"], cancelled.SentTypes);
    }

    [Fact]
    public void An_undo_after_the_parcel_is_gone_is_answered_and_calls_a_person()
    {
        ReachPrepared();
        var amend = _world.NewAmend();
        _world.Amend(amend, remaining: 1);
        _world.SettleAmend(amend);
        _world.Pass(_world.Options.HoldBeforeDispatch);
        _world.Call();
        _world.UndoAmend(amend);
        Assert.Equal("ShippingAmendUndone", _world.SentTypes[^1]);
        Assert.Equal("PARCEL_LACKS_LINES", Assert.Single(_world.Alerts).Alert.Type);
        Assert.Equal(1, Pieces);
    }

    [Fact]
    public void A_cancel_of_the_whole_order_needs_no_end_of_the_partial_one()
    {
        ReachPrepared();
        var amend = _world.NewAmend();
        _world.Amend(amend, remaining: 1);
        _world.Cancel();
        _world.Settle();
        Assert.Equal(ShipmentStatus.Cancelled, _world.Status);
        _world.UndoAmend(amend);
        _world.SettleAmend(amend);
        Assert.Equal("ShippingAmendUndone", _world.SentTypes[^1]);
        Assert.DoesNotContain(_world.Alerts, a => a.Resolution is null);
    }

    [Fact]
    public void There_is_a_bound_on_what_a_shipment_remembers()
    {
        ReachPrepared();
        for (var i = 0; i < Amending.MaxAmends + 5; i++)
        {
            _world.Amend(_world.NewAmend(), remaining: 0);
        }

        Assert.Equal(Amending.MaxAmends, _world.Shipment!.Amends.Count);
        Assert.Equal(Amending.MaxAmends + 5, _world.All<ShippingAmendRefused>().Count);
        _world.Amend(_world.NewAmend(), remaining: 1);
        Assert.Equal(2, Pieces);
    }

    private void ReachPrepared()
    {
        _world.Prepare();
        _world.Call();
        _world.Pay();
        _world.Commit();
        _world.Sent.Clear();
    }
}
