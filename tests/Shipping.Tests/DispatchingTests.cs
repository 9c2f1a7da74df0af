using DoaMarket.Contracts;
using DoaMarket.Kernel;

namespace DoaMarket.Shipping.Tests;

public sealed class DispatchingTests
{
    private readonly World _world = new();

    [Theory]
    [InlineData("prepare,register,pay,commit")]
    [InlineData("prepare,register,commit,pay")]
    [InlineData("pay,prepare,register,commit")]
    [InlineData("commit,prepare,register,pay")]
    [InlineData("pay,commit,prepare,register")]
    [InlineData("commit,pay,prepare,register")]
    [InlineData("prepare,pay,commit,register")]
    [InlineData("prepare,commit,pay,register")]
    public void Facts_in_any_order_lead_to_one_dispatch_after_the_hold(string order)
    {
        foreach (var step in order.Split(','))
        {
            Do(step);
        }

        Assert.Equal(ShipmentStatus.Prepared, _world.Status);
        Assert.Null(_world.Wanted);
        _world.Pass(_world.Options.HoldBeforeDispatch);
        Assert.Equal(ShipmentStatus.Dispatching, _world.Status);
        Assert.IsType<DispatchParcel>(_world.Wanted);
        _world.Call();

        var told = _world.Last<ShippingDispatched>();
        Assert.Equal(_world.User, told.UserId);
        Assert.Equal("6100000001", told.TrackingNumber);
        Assert.Equal("CJ대한통운", told.CarrierName);
        Assert.Equal(new DateOnly(2026, 3, 3), told.EstimatedDeliveryDate);
        Assert.Equal(1, _world.Cj.Parcels.Single().Dispatches);
    }

    [Theory]
    [InlineData("prepare,register,pay")]
    [InlineData("prepare,register,commit")]
    [InlineData("pay,commit")]
    [InlineData("prepare,register")]
    public void Without_all_gates_nothing_is_dispatched_however_long_it_takes(string order)
    {
        foreach (var step in order.Split(','))
        {
            Do(step);
        }

        _world.Pass(TimeSpan.FromDays(30));
        Assert.Null(_world.Wanted);
        Assert.Empty(_world.All<ShippingDispatched>());
    }

    [Fact]
    public void A_gate_that_opens_after_the_hold_dispatches_at_once()
    {
        Do("prepare");
        Do("register");
        Do("pay");
        _world.Pass(TimeSpan.FromMinutes(1));
        Do("commit");
        Assert.Equal(ShipmentStatus.Dispatching, _world.Status);
    }

    [Fact]
    public void A_dispatch_of_unknown_outcome_is_asked_for_by_tracking_number()
    {
        ReachDispatching();
        _world.CallButLoseTheAnswer();
        _world.Pass(TimeSpan.FromSeconds(2));
        Assert.IsType<TrackParcel>(_world.Wanted);
        _world.Call();
        Assert.Single(_world.All<ShippingDispatched>());
        Assert.Equal(1, _world.Cj.Parcels.Single().Dispatches);
    }

    [Fact]
    public void A_dispatch_that_never_reached_the_carrier_is_made_again()
    {
        ReachDispatching();
        _world.Answer(new OutcomeUnknown("503"));
        _world.Pass(TimeSpan.FromSeconds(2));
        _world.Call(); // tracked: still registered
        Assert.IsType<DispatchParcel>(_world.Wanted);
        _world.Call();
        Assert.Single(_world.All<ShippingDispatched>());
    }

    [Fact]
    public void A_callback_proves_the_dispatch_before_its_answer_does()
    {
        ReachDispatching();
        var effect = _world.Wanted!;
        var answer = _world.Cj.Do(effect);
        Assert.Equal("taken", _world.Report("IN_TRANSIT", "msg_1").Outcome);
        Assert.Equal(["ShippingPrepared", "ShippingDispatched", "ShippingInTransit"], _world.SentTypes);

        _world.Answer(effect, answer);
        Assert.Single(_world.All<ShippingDispatched>());
        Assert.Equal(ShipmentStatus.InTransit, _world.Status);
    }

    [Fact]
    public void An_open_circuit_holds_the_dispatch_without_counting_a_try()
    {
        ReachDispatching();
        _world.Answer(new NotAttempted(TimeSpan.FromSeconds(5), "open"));
        Assert.Null(_world.Wanted);
        _world.Pass(TimeSpan.FromSeconds(5));
        Assert.IsType<DispatchParcel>(_world.Wanted);
        Assert.Equal(0, _world.Shipment!.Call!.Tries);
    }

    [Fact]
    public void A_waybill_that_the_carrier_cancelled_by_itself_is_told_and_calls_for_a_person()
    {
        ReachDispatching();
        _world.Answer(new ParcelKnown("6100000001", CarrierStatus.Cancelled));
        Assert.Equal(ShipmentStatus.Cancelled, _world.Status);
        Assert.Single(_world.All<ShippingCancelled>());
        Assert.Equal("WAYBILL_GONE", Assert.Single(_world.Alerts).Alert.Type);

        _world.Cancel(); // a new question deserves an answer of its own
        Assert.Equal(2, _world.All<ShippingCancelled>().Select(m => m.EventId).Distinct().Count());
    }

    [Fact]
    public void The_same_fact_twice_changes_nothing()
    {
        Do("prepare");
        Do("pay");
        var before = _world.Shipment;
        Do("pay");
        Assert.Same(before, _world.Shipment);
    }

    private void ReachDispatching()
    {
        foreach (var step in "prepare,register,pay,commit".Split(','))
        {
            Do(step);
        }

        _world.Pass(_world.Options.HoldBeforeDispatch);
    }

    private void Do(string step)
    {
        switch (step)
        {
            case "prepare": _world.Prepare(); break;
            case "register": _world.Call(); break;
            case "pay": _world.Pay(); break;
            case "commit": _world.Commit(); break;
            default: throw new ArgumentException(step, nameof(step));
        }
    }
}
