using DoaMarket.Contracts;
using DoaMarket.Kernel;

namespace DoaMarket.Shipping.Tests;

public sealed class OnTheWayTests
{
    private readonly World _world = new();

    public OnTheWayTests()
    {
        _world.Prepare();
        _world.Call();
        _world.Pay();
        _world.Commit();
        _world.Pass(_world.Options.HoldBeforeDispatch);
        _world.Call();
        _world.Sent.Clear();
    }

    [Fact]
    public void Reports_lead_to_delivered()
    {
        Assert.Equal("taken", _world.Report("IN_TRANSIT", "m1").Outcome);
        Assert.Equal("taken", _world.Report("OUT_FOR_DELIVERY", "m2").Outcome);
        Assert.Equal("taken", _world.Report("DELIVERED", "m3").Outcome);
        Assert.Equal(["ShippingInTransit", "ShippingInTransit", "ShippingDelivered"], _world.SentTypes);
        Assert.Equal("out_for_delivery", _world.Last<ShippingInTransit>().Status);
        Assert.Equal(ShipmentStatus.Delivered, _world.Status);
        Assert.Null(ShippingKinds.Shipments.WakeAt(_world.Shipment!));
    }

    [Fact]
    public void A_repeated_report_is_ignored()
    {
        _world.Report("IN_TRANSIT", "m1");
        Assert.Equal("ignored", _world.Report("IN_TRANSIT", "m1").Outcome);
        Assert.Equal("ignored", _world.Report("IN_TRANSIT", "m2").Outcome);
        Assert.Single(_world.Sent);
        Assert.Equal(2, _world.Shipment!.History.Count(e => e.Status == "IN_TRANSIT"));
    }

    [Fact]
    public void Reports_in_the_wrong_order_never_move_it_back()
    {
        _world.Report("DELIVERED", "m3");
        Assert.Equal("ignored", _world.Report("OUT_FOR_DELIVERY", "m2").Outcome);
        Assert.Equal("ignored", _world.Report("AT_PICKUP", "m0").Outcome);
        Assert.Equal("ignored", _world.Report("EXCEPTION", "m9").Outcome);
        Assert.Equal(ShipmentStatus.Delivered, _world.Status);
        Assert.Equal(["ShippingDelivered"], _world.SentTypes);
        Assert.Equal(
            ["AT_PICKUP", "DELIVERED", "OUT_FOR_DELIVERY", "AT_PICKUP", "EXCEPTION"],
            _world.Shipment!.History.Select(e => e.Status));
    }

    [Fact]
    public void A_failed_attempt_is_history_and_no_more()
    {
        _world.Report("OUT_FOR_DELIVERY", "m1");
        Assert.Equal("ignored", _world.Report("ATTEMPT_FAIL", "m2").Outcome);
        Assert.Equal("ignored", _world.Report("LOST_IN_SPACE", "m3").Outcome);
        Assert.Equal(ShipmentStatus.OutForDelivery, _world.Status);
        Assert.Equal("LOST_IN_SPACE", _world.Shipment!.History[^1].Status);
    }

    [Theory]
    [InlineData("DOA-nonsense", null)]
    [InlineData(null, "9999999999")]
    public void A_report_on_another_parcel_is_not_ours(string? reference, string? trackingNumber)
    {
        var reply = _world.Report("DELIVERED", "m1", trackingNumber, reference);
        Assert.Equal("unknown_parcel", reply.Outcome);
        Assert.Equal(ShipmentStatus.Dispatched, _world.Status);
    }

    [Fact]
    public void The_history_is_bounded()
    {
        for (var i = 0; i < Shipment.MaxHistoryEvents + 20; i++)
        {
            _world.Report("ATTEMPT_FAIL", $"m{i}");
        }

        Assert.Equal(Shipment.MaxHistoryEvents, _world.Shipment!.History.Count);
        Assert.Equal("m119", _world.Shipment.History[^1].WebhookId);
    }

    [Fact]
    public void A_persons_cancel_begins_a_return_that_ends_completed()
    {
        _world.Report("IN_TRANSIT", "m1");
        _world.Cancel();
        Assert.Equal(["ShippingInTransit", "ShippingCancelRefused", "ReturnInitiated"], _world.SentTypes);
        Assert.Equal(ShipmentStatus.Returning, _world.Status);
        Assert.IsType<StartReturn>(_world.Wanted);
        _world.Call();
        Assert.Null(_world.Wanted);

        Assert.Equal("taken", _world.Report("RETURN_PICKED_UP", "m2").Outcome);
        Assert.Equal("taken", _world.Report("RETURNED", "m3").Outcome);
        Assert.Equal("ignored", _world.Report("RETURNED", "m4").Outcome);
        Assert.Equal(["ReturnPickedUp", "ReturnReceived"], _world.SentTypes.Skip(3));

        _world.OrderReturned();
        _world.OrderReturned();
        Assert.Single(_world.All<ReturnCompleted>());
        Assert.Equal(ShipmentStatus.ReturnCompleted, _world.Status);
    }

    [Fact]
    public void The_sagas_own_cancel_is_refused_without_a_return_and_a_persons_cancel_later_is_a_new_question()
    {
        _world.Cancel(byPerson: false);
        _world.Cancel(byPerson: false);
        Assert.Equal(["ShippingCancelRefused", "ShippingCancelRefused"], _world.SentTypes);
        Assert.True(_world.Sent[1].Again);

        _world.Cancel(byPerson: true);
        Assert.Equal("ReturnInitiated", _world.SentTypes[^1]);
        Assert.Equal(2, _world.All<ShippingCancelRefused>().Select(m => m.EventId).Distinct().Count());
    }

    [Fact]
    public void A_parcel_delivered_while_its_cancel_was_on_the_way_comes_back_as_promised()
    {
        _world.Report("DELIVERED", "m1");
        _world.Cancel();
        Assert.Equal(["ShippingDelivered", "ShippingCancelRefused", "ReturnInitiated"], _world.SentTypes);
        Assert.Equal(ShipmentStatus.Returning, _world.Status);
    }

    [Fact]
    public void A_repeated_cancel_during_and_after_the_return_is_answered_again()
    {
        _world.Cancel();
        _world.Call();
        _world.Cancel();
        _world.Report("RETURNED", "m1");
        _world.Cancel();
        Assert.Single(_world.All<ReturnInitiated>());
        Assert.Single(_world.All<ShippingCancelRefused>().Select(m => m.EventId).Distinct());
        Assert.Equal(2, _world.All<ReturnReceived>().Count);
        Assert.Single(_world.All<ReturnReceived>().Select(m => m.EventId).Distinct());
    }

    [Fact]
    public void A_parcel_that_cannot_be_delivered_is_asked_back_by_itself()
    {
        _world.Report("EXCEPTION", "m1");
        Assert.Equal(ShipmentStatus.DeliveryFailed, _world.Status);
        Assert.IsType<StartReturn>(_world.Wanted);
        _world.Call();
        Assert.Equal(["DeliveryFailed", "ReturnInitiated"], _world.SentTypes);
        Assert.Equal(ShipmentStatus.Returning, _world.Status);
    }

    [Fact]
    public void A_parcel_that_comes_back_unannounced_is_told_from_the_beginning()
    {
        _world.Report("RETURNED", "m1");
        Assert.Equal(["DeliveryFailed", "ReturnInitiated", "ReturnPickedUp", "ReturnReceived"], _world.SentTypes);
        Assert.Equal("ignored", _world.Report("EXCEPTION", "m0").Outcome);
        Assert.Equal(ShipmentStatus.Returned, _world.Status);
    }

    [Fact]
    public void A_parcel_that_is_back_was_picked_up_whether_or_not_that_report_comes_in_time()
    {
        _world.Cancel();
        _world.Call();
        _world.Sent.Clear();
        Assert.Equal("taken", _world.Report("RETURNED", "m2").Outcome);
        Assert.Equal("ignored", _world.Report("RETURN_PICKED_UP", "m1").Outcome);
        Assert.Equal(["ReturnPickedUp", "ReturnReceived"], _world.SentTypes);
        Assert.Equal(ShipmentStatus.Returned, _world.Status);
    }

    [Fact]
    public void A_return_of_unknown_outcome_is_asked_again_and_a_refused_one_waits_for_an_operators_retry()
    {
        _world.Cancel();
        _world.Answer(new OutcomeUnknown("503"));
        _world.Pass(TimeSpan.FromSeconds(2));
        _world.Answer(new CarrierRefused("DELIVERED", "too late"));
        Assert.Equal("RETURN_REFUSED", Assert.Single(_world.Alerts).Alert.Type);
        Assert.Null(_world.Wanted);

        _world.Cancel();
        Assert.Null(_world.Wanted);
        _world.Cancel(retry: 1);
        Assert.IsType<StartReturn>(_world.Wanted);
        _world.Call();
        Assert.NotNull(_world.Alerts[^1].Resolution);
    }

    [Fact]
    public void Settled_by_hand_after_the_hand_over_answers_that_the_parcel_is_back()
    {
        _world.Cancel();
        _world.Resolve();
        Assert.Equal("ReturnReceived", _world.SentTypes[^1]);
        Assert.Equal(ShipmentStatus.Returned, _world.Status);
        _world.OrderReturned();
        Assert.Equal(ShipmentStatus.ReturnCompleted, _world.Status);
        Assert.Equal("ignored", _world.Report("RETURNED", "m1").Outcome);
    }

    [Fact]
    public void A_silent_parcel_is_asked_after()
    {
        _world.Cj.Play(_world.Cj.Parcels.Single());
        _world.Cj.Play(_world.Cj.Parcels.Single());
        _world.Cj.Play(_world.Cj.Parcels.Single());
        _world.Pass(_world.Options.AskAfterSilence);
        Assert.IsType<TrackParcel>(_world.Wanted);
        _world.Call();
        Assert.Equal(ShipmentStatus.Delivered, _world.Status);
        Assert.Null(ShippingKinds.Shipments.WakeAt(_world.Shipment!));
    }

    [Fact]
    public void Messages_born_of_a_callback_carry_the_orders_trail()
    {
        var docs = Documents.Of(
            new DocumentChange(ShippingKinds.Shipments.Key(ShipmentId.Of(_world.Order)), _world.Shipment!));
        var report = new CarrierReported(
            "kr.cjlogistics", "6100000001", ClientReference.Of(_world.Order), "DELIVERED", _world.Now, "m1");
        var asked = new Asked<CarrierReported, CarrierReportReply>(
            Guid.Parse("0195fe00-0000-7000-8000-0000000000ff"), _world.Now, new Trail(new(Guid.Empty)), report);
        var decision = CarrierReports.Decide(docs, asked, _world.Options);
        Assert.Equal(_world.Shipment!.Trail, decision.Trail);
        Assert.Equal([ShippingKinds.Shipments.Key(ShipmentId.Of(_world.Order))], CarrierReports.Keys(report));
    }
}
