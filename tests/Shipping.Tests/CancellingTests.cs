using DoaMarket.Contracts;
using DoaMarket.Kernel;

namespace DoaMarket.Shipping.Tests;

public sealed class CancellingTests
{
    private readonly World _world = new();

    [Fact]
    public void A_cancel_before_the_order_to_prepare_leaves_a_tombstone_that_refuses_it()
    {
        _world.Cancel();
        Assert.Equal(ShipmentStatus.Cancelled, _world.Status);
        Assert.Single(_world.All<ShippingCancelled>());

        _world.Prepare();
        Assert.Equal("CANCELLED", _world.Last<PrepareFailed>().Code);
        Assert.Null(_world.Wanted);
        Assert.Equal(ShipmentStatus.Cancelled, _world.Status);
    }

    [Fact]
    public void A_cancel_upon_facts_alone_leaves_the_tombstone_too()
    {
        _world.Pay();
        _world.Cancel();
        _world.Prepare();
        _world.Commit();
        Assert.Equal(ShipmentStatus.Cancelled, _world.Status);
        Assert.Null(_world.Wanted);
    }

    [Fact]
    public void A_registration_that_cannot_have_started_is_voided_at_once()
    {
        _world.Prepare();
        _world.Answer(new NotAttempted(TimeSpan.FromSeconds(5), "open"));
        _world.Answer(new NotAttempted(TimeSpan.FromSeconds(5), "open"));
        Assert.Null(_world.Wanted);

        _world.Cancel();
        Assert.Equal(ShipmentStatus.Cancelled, _world.Status);
        Assert.Equal(["ShippingCancelled"], _world.SentTypes);
        _world.Pass(TimeSpan.FromMinutes(10));
        Assert.Null(_world.Wanted);
    }

    [Fact]
    public void A_cancel_during_the_registration_is_silent_until_known_and_then_cancels_at_the_carrier()
    {
        _world.Prepare();
        _world.Cancel();
        _world.Cancel();
        Assert.Empty(_world.Sent);

        _world.Call();
        Assert.Equal(ShipmentStatus.Cancelling, _world.Status);
        Assert.Empty(_world.Sent);
        Assert.IsType<CancelParcel>(_world.Wanted);
        _world.Call();

        Assert.Equal(["ShippingCancelled"], _world.SentTypes);
        Assert.Equal(0, _world.Cj.LiveWaybills);
    }

    [Fact]
    public void A_cancel_while_the_outcome_is_unknown_waits_until_nothing_can_come_late()
    {
        _world.Prepare();
        _world.Answer(new OutcomeUnknown("timeout"));
        var sentAt = _world.Now;
        _world.Cancel();
        _world.Pass(TimeSpan.FromSeconds(2));
        _world.Answer(new ParcelNotFound());
        Assert.Empty(_world.Sent);
        _world.Settle();
        Assert.True(_world.Now - sentAt >= _world.Options.SettleAfter);
        Assert.Equal(["ShippingCancelled"], _world.SentTypes);
    }

    [Fact]
    public void A_registration_found_after_a_cancel_is_cancelled_by_the_shipment_itself()
    {
        _world.Prepare();
        _world.CallButLoseTheAnswer();
        _world.Cancel();
        _world.Settle();
        Assert.Equal(["ShippingCancelled"], _world.SentTypes);
        Assert.Equal(0, _world.Cj.LiveWaybills);
    }

    [Fact]
    public void A_refused_registration_answers_the_cancel_that_waits()
    {
        _world.Prepare();
        _world.Cancel();
        _world.Answer(new CarrierRefused("INVALID_ADDRESS", "no such street"));
        Assert.Equal(["ShippingCancelled"], _world.SentTypes);
    }

    [Fact]
    public void A_prepared_parcel_is_cancelled_at_the_carrier_and_never_dispatched()
    {
        ReachPrepared();
        _world.Cancel();
        Assert.Equal(ShipmentStatus.Cancelling, _world.Status);
        _world.Pay();
        _world.Commit();
        _world.Settle();
        Assert.Equal(["ShippingPrepared", "ShippingCancelled"], _world.SentTypes);
        Assert.Equal(0, _world.Cj.Parcels.Single().Dispatches);
    }

    [Fact]
    public void A_cancel_of_unknown_outcome_is_made_again_until_known()
    {
        ReachPrepared();
        _world.Cancel();
        _world.CallButLoseTheAnswer();
        _world.Pass(TimeSpan.FromSeconds(2));
        Assert.IsType<CancelParcel>(_world.Wanted);
        _world.Call();
        Assert.Single(_world.All<ShippingCancelled>());
    }

    [Fact]
    public void A_repeated_cancel_gets_the_same_answer_under_its_original_id()
    {
        ReachPrepared();
        _world.Cancel();
        _world.Settle();
        _world.Cancel();
        var answers = _world.All<ShippingCancelled>();
        Assert.Equal(2, answers.Count);
        Assert.Equal(answers[0].EventId, answers[1].EventId);
        Assert.True(answers[1].Again);
    }

    [Fact]
    public void A_cancel_after_a_failure_is_answered_as_cancelled()
    {
        _world.Prepare();
        _world.Answer(new CarrierRefused("INVALID_ADDRESS", "no such street"));
        _world.Cancel();
        _world.Cancel();
        Assert.Equal(["PrepareFailed", "ShippingCancelled", "ShippingCancelled"], _world.SentTypes);
        Assert.Equal(ShipmentStatus.Failed, _world.Status);
    }

    [Fact]
    public void A_cancel_during_the_dispatch_waits_and_is_refused_when_the_carrier_has_the_parcel()
    {
        ReachDispatching();
        _world.Cancel(byPerson: false);
        Assert.Empty(_world.All<ShippingCancelRefused>());
        _world.Call();
        Assert.Equal(["ShippingPrepared", "ShippingDispatched", "ShippingCancelRefused"], _world.SentTypes);
        Assert.Equal(ShipmentStatus.Dispatched, _world.Status);
    }

    [Fact]
    public void A_cancel_in_the_batch_in_which_the_hold_ends_is_in_time()
    {
        ReachPrepared();
        _world.Pay();
        _world.Commit();
        var committed = _world.Shipment!;
        _world.Pass(_world.Options.HoldBeforeDispatch);
        var e = _world.Enveloped(new ShippingCancelRequested(_world.Order, "고객 변심", AskedByPerson: true, 0));

        var decision = Cancelling.Decide(
            new OneBatch(committed, _world.Shipment!),
            new(e, (ShippingCancelRequested)e.Data, _world.Now), _world.Options);

        var shipment = Assert.IsType<Shipment>(Assert.Single(decision.Changes).State);
        Assert.Equal(ShipmentStatus.Cancelling, shipment.Status);
        Assert.IsType<CancelParcel>(ShippingKinds.Shipments.Wanted(shipment));
    }

    [Fact]
    public void A_cancel_during_a_dispatch_that_never_arrived_cancels_the_waybill()
    {
        ReachDispatching();
        _world.Cancel();
        _world.Answer(new OutcomeUnknown("503"));
        _world.Settle();
        Assert.Equal(["ShippingPrepared", "ShippingCancelled"], _world.SentTypes);
        Assert.Equal(0, _world.Cj.LiveWaybills);
    }

    [Fact]
    public void A_dispatch_that_arrives_late_against_a_cancel_is_settled_by_the_carrier()
    {
        ReachDispatching();
        var late = _world.Wanted!;
        _world.Cancel();
        _world.Answer(new OutcomeUnknown("timeout"));
        _world.Pass(TimeSpan.FromSeconds(2));
        Assert.IsType<CancelParcel>(_world.Wanted);
        _world.Cj.Do(late); // it overtakes the cancel after all
        _world.Settle();
        Assert.Single(_world.All<ShippingCancelRefused>());
        Assert.Empty(_world.All<ShippingCancelled>());
        Assert.Equal(ShipmentStatus.Returning, _world.Status);
    }

    [Fact]
    public void Already_dispatched_counts_as_handed_over()
    {
        ReachPrepared();
        _world.Cancel(byPerson: false);
        _world.Answer(new ParcelKnown("6100000001", CarrierStatus.HandedOver));
        Assert.Equal(["ShippingPrepared", "ShippingDispatched", "ShippingCancelRefused"], _world.SentTypes);
    }

    [Fact]
    public void A_waybill_that_surfaces_after_cancelled_was_said_is_cancelled_quietly()
    {
        _world.Prepare();
        var slow = _world.Wanted!;
        _world.Cancel();
        _world.Answer(new OutcomeUnknown("timeout"));
        _world.Settle();
        Assert.Equal(ShipmentStatus.Cancelled, _world.Status);

        _world.Cj.Do(slow);
        _world.Report(_world.Cj.Outbox[0]);
        Assert.IsType<CancelParcel>(_world.Wanted);
        _world.Settle();
        Assert.Equal(0, _world.Cj.LiveWaybills);
        Assert.Single(_world.All<ShippingCancelled>());
    }

    [Fact]
    public void The_answer_of_a_registration_that_surfaces_after_cancelled_was_said_leads_to_a_cancel_too()
    {
        _world.Prepare();
        var slow = _world.Wanted!;
        _world.Cancel();
        _world.Answer(new OutcomeUnknown("timeout"));
        _world.Settle();
        _world.Answer(slow, _world.Cj.Do(slow));
        _world.Settle();
        Assert.Equal(0, _world.Cj.LiveWaybills);
        Assert.Equal(["ShippingCancelled"], _world.SentTypes);
    }

    [Fact]
    public void A_lost_cancel_call_is_made_again_with_the_same_key()
    {
        ReachPrepared();
        _world.Cancel();
        var lost = _world.Wanted!;
        _world.Pass(TimeSpan.FromSeconds(16));
        Assert.Equal(lost.Key, _world.Wanted!.Key);
    }

    [Fact]
    public void An_operators_retry_ends_a_pause()
    {
        ReachPrepared();
        _world.Cancel();
        for (var call = 0; call < 5; call++)
        {
            _world.Answer(new OutcomeUnknown("503"));
            _world.Pass(call < 4 ? TimeSpan.FromSeconds(40) : TimeSpan.Zero);
        }

        Assert.Null(_world.Wanted);
        _world.Cancel(retry: 1);
        _world.Pass(TimeSpan.Zero);
        Assert.IsType<CancelParcel>(_world.Wanted);
    }

    [Fact]
    public void Settled_by_hand_before_the_hand_over_answers_cancelled_and_calls_nobody_any_more()
    {
        ReachPrepared();
        _world.Cancel();
        _world.Resolve();
        Assert.Equal(ShipmentStatus.Cancelled, _world.Status);
        Assert.Single(_world.All<ShippingCancelled>());
        _world.Pass(TimeSpan.FromDays(2));
        Assert.Null(_world.Wanted);
        _world.Resolve();
        Assert.Single(_world.All<ShippingCancelled>().Select(m => m.EventId).Distinct());
    }

    [Fact]
    public void The_longest_undo_covers_every_wait_that_a_cancel_can_meet()
    {
        var options = new ShippingOptions();
        Assert.True(
            options.LongestUndo > options.SettleAfter + options.CallPatience + (2 * options.AskAgain.Longest()));
        Assert.InRange(options.LongestUndo, TimeSpan.FromMinutes(1), TimeSpan.FromMinutes(10));
    }

    private void ReachPrepared()
    {
        _world.Prepare();
        _world.Call();
    }

    private void ReachDispatching()
    {
        ReachPrepared();
        _world.Pay();
        _world.Commit();
        _world.Pass(_world.Options.HoldBeforeDispatch);
    }

    // A batch that has changed the shipment and is not committed yet.
    private sealed class OneBatch(Shipment committed, Shipment decided) : Documents
    {
        protected override object? Find(DocumentKey key) => decided;

        protected override object? FindCommitted(DocumentKey key) => committed;
    }
}
