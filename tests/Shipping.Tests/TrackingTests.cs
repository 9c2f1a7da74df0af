using DoaMarket.Contracts;
using DoaMarket.Kernel;
using DoaMarket.Shipping.Tracker;

namespace DoaMarket.Shipping.Tests;

/// <summary>Parcels of a carrier that calls nobody: watched by a tracker that hints, and asked for.</summary>
public sealed class TrackingTests
{
    private static readonly DateTimeOffset Noon = World.Start.AddHours(2);

    private readonly World _world = new()
    {
        Options = new()
        {
            Carriers =
            [
                new()
                {
                    Id = "kr.cjlogistics",
                    Name = "CJ대한통운",
                    MaxWeightGrams = 20_000,
                    DeliveryDays = 1,
                    TrackedBy = TrackerGateway.Name,
                },
            ],
        },
    };

    [Fact]
    public void A_dispatched_parcel_is_given_to_the_tracker_and_asked_for_once()
    {
        ReachDispatched();
        var watch = Assert.IsType<WatchParcel>(Due());
        Assert.Equal((TrackerGateway.Name, "kr.cjlogistics"), (watch.Gateway, watch.CarrierId));
        _world.Answer(new WatchTaken(_world.Now.AddHours(48)));
        Assert.IsType<LookUpParcel>(Due());
        _world.Answer(Known("AT_PICKUP", CarrierStatus.HandedOver));
        Assert.Null(_world.Wanted);
        Assert.Equal(ShipmentStatus.Dispatched, _world.Status);
    }

    [Fact]
    public void A_hint_makes_us_ask_and_the_answer_moves_the_parcel()
    {
        ReachWatched();
        Assert.Equal("taken", _world.Hint().Outcome);
        Assert.Equal(ShipmentStatus.Dispatched, _world.Status); // a hint alone moves nothing
        Assert.IsType<LookUpParcel>(Due());
        _world.Answer(Known("IN_TRANSIT", CarrierStatus.InTransit));
        var told = _world.Last<ShippingInTransit>();
        Assert.Equal(("in_transit", Noon), (told.Status, told.OccurredAt));
        Assert.Equal(("IN_TRANSIT", Noon), (_world.Shipment!.History[^1].Status, _world.Shipment.History[^1].OccurredAt));

        _world.Hint();
        Assert.IsType<LookUpParcel>(Due());
        _world.Answer(Known("DELIVERED", CarrierStatus.Delivered));
        Assert.Equal(ShipmentStatus.Delivered, _world.Status);
        Assert.Null(ShippingKinds.Shipments.WakeAt(_world.Shipment!));
        Assert.Equal("ignored", _world.Hint().Outcome);
    }

    [Fact]
    public void A_hint_during_a_question_makes_one_more_question()
    {
        ReachWatched();
        _world.Hint();
        var first = Due();
        for (var i = 0; i < 5; i++)
        {
            _world.Hint();
        }

        Assert.Equal(first, _world.Wanted);
        _world.Answer(Known("IN_TRANSIT", CarrierStatus.InTransit));
        Assert.NotEqual(first.Key, Assert.IsType<LookUpParcel>(Due()).Key);
        _world.Answer(Known("IN_TRANSIT", CarrierStatus.InTransit));
        Assert.Single(_world.Shipment!.History, e => e.Status == "IN_TRANSIT");
        _world.Pass(TimeSpan.FromMinutes(5));
        Assert.Null(_world.Wanted);
    }

    [Fact]
    public void The_watch_is_renewed_before_it_ends_and_as_long_as_the_parcel_is_on_its_way()
    {
        ReachWatched();
        _world.Hint();
        _ = Due();
        _world.Answer(Known("IN_TRANSIT", CarrierStatus.InTransit));
        for (var renewal = 0; renewal < 3; renewal++)
        {
            var renewAt = _world.Shipment!.WatchAt!.Value;
            while (_world.Now < renewAt)
            {
                _world.Pass(TimeSpan.FromHours(1));
                if (_world.Wanted is LookUpParcel)
                {
                    _world.Answer(Known("IN_TRANSIT", CarrierStatus.InTransit)); // the daily question
                }
            }

            Assert.IsType<WatchParcel>(_world.Wanted);
            _world.Answer(new WatchTaken(_world.Now.AddHours(48)));
            Assert.True(_world.Shipment!.WatchAt - _world.Now <= TimeSpan.FromHours(44));
            Assert.Null(_world.Wanted); // a renewal asks nothing
        }
    }

    [Fact]
    public void A_tracker_that_is_away_is_asked_again_and_the_parcel_waits()
    {
        ReachDispatched();
        _ = Due();
        _world.Answer(new NotAttempted(TimeSpan.FromSeconds(5), "open"));
        Assert.Null(_world.Wanted);
        _world.Pass(TimeSpan.FromSeconds(5));
        Assert.IsType<WatchParcel>(_world.Wanted);
        _world.Answer(new OutcomeUnknown("503"));
        _world.Pass(TimeSpan.FromSeconds(3));
        _world.Answer(new WatchTaken(_world.Now.AddHours(48)));
        Assert.True(_world.Shipment!.IsWatched);
    }

    [Fact]
    public void What_the_tracker_does_not_know_is_no_news()
    {
        ReachWatched();
        _world.Hint();
        _ = Due();
        _world.Answer(new ParcelNotFound());
        _world.Hint();
        _ = Due();
        _world.Answer(Known("UNKNOWN", CarrierStatus.Registered));
        Assert.Equal(ShipmentStatus.Dispatched, _world.Status);
        Assert.Null(_world.Wanted);
    }

    [Fact]
    public void What_comes_back_is_asked_of_the_carrier_itself()
    {
        ReachWatched();
        _world.Hint();
        _ = Due();
        _world.Answer(Known("EXCEPTION", CarrierStatus.GivenUp));
        Assert.Equal("kr.cjlogistics", Assert.IsType<StartReturn>(_world.Wanted).Gateway);
        _world.Call();
        Assert.Equal(ShipmentStatus.Returning, _world.Status);
        _world.Hint();
        Assert.Equal("kr.cjlogistics", Assert.IsType<TrackParcel>(Due()).Gateway);
        _world.Answer(new ParcelKnown(_world.Shipment!.Waybill!.TrackingNumber, CarrierStatus.Returned));
        Assert.Equal(ShipmentStatus.Returned, _world.Status);
    }

    [Fact]
    public void A_persons_cancel_does_not_wait_for_the_tracker()
    {
        ReachDispatched();
        var watch = Due();
        _world.Cancel();
        Assert.IsType<StartReturn>(_world.Wanted);
        _world.Answer(watch, new WatchTaken(_world.Now.AddHours(48))); // late: nobody waits for it
        Assert.IsType<StartReturn>(_world.Wanted);
    }

    [Fact]
    public void A_hint_about_another_parcel_is_not_ours()
    {
        Assert.Equal("unknown_parcel", _world.Hint().Outcome);
        ReachWatched();
        Assert.Equal("unknown_parcel", _world.Hint("999").Outcome);
        Assert.Null(_world.Wanted);
    }

    private ParcelKnown Known(string word, CarrierStatus status) =>
        new(_world.Shipment!.Waybill!.TrackingNumber, status, new(word, Noon, null));

    /// <summary>Fires the timer that is due now, and gives what is wanted then.</summary>
    private Effect Due()
    {
        _world.Pass(TimeSpan.Zero);
        return _world.Wanted ?? throw new InvalidOperationException($"Nothing is wanted: {_world.Shipment}");
    }

    private void ReachDispatched()
    {
        _world.Prepare();
        _world.Call();
        _world.Pay();
        _world.Commit();
        _world.Pass(_world.Options.HoldBeforeDispatch);
        _world.Call();
        Assert.Equal(ShipmentStatus.Dispatched, _world.Status);
    }

    private void ReachWatched()
    {
        ReachDispatched();
        _ = Due();
        _world.Answer(new WatchTaken(_world.Now.AddHours(48)));
        _ = Due();
        _world.Answer(Known("AT_PICKUP", CarrierStatus.HandedOver));
        _world.Sent.Clear();
    }
}
