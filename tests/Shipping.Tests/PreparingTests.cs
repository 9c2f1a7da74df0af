using DoaMarket.Contracts;
using DoaMarket.Kernel;

namespace DoaMarket.Shipping.Tests;

public sealed class PreparingTests
{
    private readonly World _world = new();

    [Fact]
    public void A_parcel_is_registered_and_prepared_is_told_once()
    {
        _world.Prepare();
        var register = Assert.IsType<RegisterParcel>(_world.Wanted);
        Assert.Equal("kr.cjlogistics", register.Gateway);
        Assert.Equal(ClientReference.Of(_world.Order), register.ClientReference);
        Assert.Equal(1_000, register.WeightGrams);

        _world.Call();

        var prepared = _world.Last<ShippingPrepared>();
        Assert.Equal("6100000001", prepared.TrackingNumber);
        Assert.Equal("CJ대한통운", prepared.CarrierName);
        Assert.Equal(ShipmentStatus.Prepared, _world.Status);
        Assert.Null(_world.Wanted);
    }

    [Fact]
    public void A_refused_parcel_fails_at_once_and_a_repeated_order_gets_the_same_answer()
    {
        _world.Prepare();
        _world.Answer(new CarrierRefused("INVALID_ADDRESS", "no such street"));
        Assert.Equal(ShipmentStatus.Failed, _world.Status);
        Assert.Equal("INVALID_ADDRESS", _world.Last<PrepareFailed>().Code);

        _world.Prepare();
        Assert.Equal(2, _world.All<PrepareFailed>().Count);
        Assert.Single(_world.All<PrepareFailed>().Select(m => m.EventId).Distinct());
    }

    [Fact]
    public void A_lost_answer_is_asked_for_by_reference_and_makes_no_second_waybill()
    {
        _world.Prepare();
        _world.CallButLoseTheAnswer();
        Assert.Empty(_world.Sent);
        Assert.Null(_world.Wanted);

        _world.Pass(TimeSpan.FromSeconds(2));
        Assert.IsType<FindParcel>(_world.Wanted);
        _world.Call();

        Assert.Single(_world.All<ShippingPrepared>());
        Assert.Equal(1, _world.Cj.LiveWaybills);
    }

    [Fact]
    public void A_carrier_that_was_down_and_comes_up_inside_the_deadline_registers_under_the_same_reference()
    {
        _world.Prepare();
        var first = (RegisterParcel)_world.Wanted!;
        _world.Answer(new OutcomeUnknown("503"));
        _world.Pass(TimeSpan.FromSeconds(2));
        _world.Answer(new ParcelNotFound());

        var second = Assert.IsType<RegisterParcel>(_world.Wanted);
        Assert.Equal(first.ClientReference, second.ClientReference);
        Assert.NotEqual(first.Key, second.Key, StringComparer.Ordinal);
        _world.Call();
        Assert.Equal(ShipmentStatus.Prepared, _world.Status);
    }

    [Fact]
    public void Not_found_after_the_deadline_is_believed_only_when_nothing_can_come_late_any_more()
    {
        _world.Tell(_world.PrepareMessage(within: TimeSpan.FromSeconds(3)));
        _world.Pass(TimeSpan.FromSeconds(2));
        _world.Answer(new OutcomeUnknown("timeout"));
        var sentAt = _world.Now;
        _world.Pass(TimeSpan.FromSeconds(2));
        _world.Answer(new ParcelNotFound());
        Assert.Equal(ShipmentStatus.Preparing, _world.Status);
        Assert.Empty(_world.Sent);

        _world.Pass(TimeSpan.FromSeconds(30));
        Assert.IsType<FindParcel>(_world.Wanted);
        _world.Answer(new ParcelNotFound());

        Assert.True(_world.Now - sentAt >= _world.Options.SettleAfter);
        Assert.Equal("NOT_REGISTERED_IN_TIME", _world.Last<PrepareFailed>().Code);
        Assert.Equal(ShipmentStatus.Failed, _world.Status);
    }

    [Fact]
    public void A_registration_that_surfaces_late_is_taken_when_nobody_asked_for_a_cancel()
    {
        _world.Tell(_world.PrepareMessage(within: TimeSpan.FromSeconds(3)));
        var slow = _world.Wanted!;
        _world.Answer(new OutcomeUnknown("timeout"));
        _world.Pass(TimeSpan.FromSeconds(4));
        _world.Answer(new ParcelNotFound());
        _world.Cj.Do(slow); // the carrier was slow, not dead
        _world.Settle();

        Assert.Equal(ShipmentStatus.Prepared, _world.Status);
        Assert.Single(_world.All<ShippingPrepared>());
    }

    [Fact]
    public void No_registration_begins_after_the_deadline()
    {
        _world.Tell(_world.PrepareMessage(within: TimeSpan.Zero));
        Assert.Equal(ShipmentStatus.Failed, _world.Status);
        Assert.Null(_world.Wanted);
        Assert.Equal("NOT_REGISTERED_IN_TIME", _world.Last<PrepareFailed>().Code);
    }

    [Fact]
    public void A_call_never_outlives_its_deadline_in_the_queue()
    {
        _world.Tell(_world.PrepareMessage(within: TimeSpan.FromSeconds(4)));
        Assert.Equal(World.Start + TimeSpan.FromSeconds(4), ((RegisterParcel)_world.Wanted!).NotAfter);
    }

    [Fact]
    public void An_open_circuit_sends_the_parcel_to_the_other_carrier_without_counting_a_try()
    {
        _world.Prepare();
        _world.Answer(new NotAttempted(TimeSpan.FromSeconds(5), "open"));
        Assert.Equal("kr.hanjin", _world.Wanted!.Gateway);
        Assert.Equal(0, _world.Shipment!.Call!.Tries);

        _world.Call();
        Assert.Equal("한진택배", _world.Last<ShippingPrepared>().CarrierName);
        Assert.Equal(0, _world.Cj.LiveWaybills);
    }

    [Fact]
    public void When_all_circuits_are_open_it_waits_inside_the_deadline_and_then_fails_definitely()
    {
        _world.Prepare();
        for (var round = 0; _world.Status == ShipmentStatus.Preparing && round < 50; round++)
        {
            if (_world.Wanted is null)
            {
                _world.Pass(TimeSpan.FromSeconds(5));
                continue;
            }

            _world.Answer(new NotAttempted(TimeSpan.FromSeconds(5), "open"));
        }

        Assert.Equal(ShipmentStatus.Failed, _world.Status);
        Assert.InRange(_world.Now - World.Start, TimeSpan.FromSeconds(30), TimeSpan.FromSeconds(35));
        Assert.Empty(_world.Alerts);
    }

    [Fact]
    public void A_carrier_to_which_something_may_have_been_sent_is_not_left_for_another()
    {
        _world.Prepare();
        _world.Answer(new OutcomeUnknown("timeout"));
        _world.Pass(TimeSpan.FromSeconds(2));
        _world.Answer(new NotAttempted(TimeSpan.FromSeconds(5), "open"));
        Assert.Null(_world.Wanted);
        _world.Pass(TimeSpan.FromSeconds(5));
        Assert.Equal("kr.cjlogistics", Assert.IsType<FindParcel>(_world.Wanted).Gateway);
    }

    [Fact]
    public void A_fact_during_the_call_makes_not_attempted_prove_nothing_since_the_call_may_run_twice()
    {
        _world.Prepare();
        _world.Cj.Do(_world.Wanted!); // the first run, whose answer is on its way
        _world.Commit();              // starts it again, in another process whose circuit is open
        _world.Answer(new NotAttempted(TimeSpan.FromSeconds(5), "open"));
        _world.Settle();

        Assert.Equal(1, _world.Cj.LiveWaybills);
        Assert.Equal(0, _world.Hanjin.LiveWaybills);
        Assert.Equal(ShipmentStatus.Prepared, _world.Status);
    }

    [Fact]
    public void A_call_lost_in_a_crash_is_made_again_with_the_same_key_and_the_same_reference()
    {
        _world.Prepare();
        var lost = _world.Wanted!;
        _world.Cj.Do(lost);
        _world.Pass(TimeSpan.FromSeconds(16));
        Assert.Equal(lost.Key, _world.Wanted!.Key);
        _world.Call();
        Assert.Equal(1, _world.Cj.LiveWaybills);
        Assert.Single(_world.All<ShippingPrepared>());
    }

    [Fact]
    public void An_answer_that_comes_after_the_shipment_asked_on_is_still_heard()
    {
        _world.Tell(_world.PrepareMessage(within: TimeSpan.FromSeconds(10)));
        var register = _world.Wanted!;
        var answer = _world.Cj.Do(register);
        _world.Pass(TimeSpan.FromSeconds(16)); // taken for lost, past the deadline: looked for
        Assert.IsType<FindParcel>(_world.Wanted);
        _world.Answer(register, answer);
        Assert.Equal(ShipmentStatus.Prepared, _world.Status);
        Assert.Null(_world.Wanted);
    }

    [Fact]
    public void A_callback_can_tell_of_the_registration_before_its_answer()
    {
        _world.Prepare();
        var effect = _world.Wanted!;
        var answer = _world.Cj.Do(effect);
        Assert.Equal("taken", _world.Report(_world.Cj.Outbox[0]).Outcome);
        Assert.Equal(ShipmentStatus.Prepared, _world.Status);

        _world.Answer(effect, answer);
        Assert.Single(_world.All<ShippingPrepared>());
    }

    [Fact]
    public void A_silent_carrier_is_asked_for_ever_more_seldom_and_calls_for_a_person_once()
    {
        _world.Prepare();
        for (var call = 0; call < 12; call++)
        {
            _world.Answer(call % 2 == 0 ? new OutcomeUnknown("504") : new EffectFailed("bug"));
            _world.Pass(TimeSpan.FromSeconds(40));
        }

        var alert = Assert.Single(_world.Alerts).Alert;
        Assert.Equal("CARRIER_UNREACHABLE", alert.Type);
        Assert.Equal(ShipmentStatus.Preparing, _world.Status);
        Assert.Empty(_world.Sent);

        _world.Settle();
        Assert.Equal(ShipmentStatus.Failed, _world.Status);
        Assert.NotNull(_world.Alerts[^1].Resolution);
    }

    [Theory]
    [InlineData(1, "kr.cjlogistics", 500)]
    [InlineData(40, "kr.cjlogistics", 20_000)]
    [InlineData(41, "kr.hanjin", 20_500)]
    public void The_carrier_is_chosen_by_what_the_lines_weigh(int quantity, string carrier, int grams)
    {
        _world.Tell(_world.PrepareMessage(quantity: quantity));
        var register = Assert.IsType<RegisterParcel>(_world.Wanted);
        Assert.Equal((carrier, grams), (register.Gateway, register.WeightGrams));
    }

    [Fact]
    public void A_weight_beyond_all_numbers_is_too_heavy_for_everybody_and_poisons_nothing()
    {
        OrderItem line = new(new("P-1001"), null, "모루", 999, new(1), new("S-01"), WeightGrams: int.MaxValue);
        Assert.Equal(int.MaxValue, Weights.Of([.. Enumerable.Repeat(line, 40)]));
        Assert.Empty(CarrierChoice.Preference(int.MaxValue, "04524", _world.Options));
        Assert.Equal(1, Weights.Of([line with { WeightGrams = 0 }]));
    }

    [Fact]
    public void A_parcel_that_no_carrier_takes_fails_without_a_call()
    {
        _world.Tell(_world.PrepareMessage(quantity: 61));
        Assert.Equal("NO_CARRIER", _world.Last<PrepareFailed>().Code);
        Assert.Null(_world.Wanted);
    }

    [Theory]
    [InlineData("04524", 2, "kr.cjlogistics,kr.hanjin")]
    [InlineData("63122", 2, "kr.hanjin,kr.cjlogistics")] // Jeju: Hanjin is quicker
    [InlineData("04524", 41, "kr.hanjin")] // 20.5 kg: too heavy for CJ
    [InlineData("04524", 61, "")]
    public void Carriers_are_preferred_by_weight_and_destination(string postalCode, int pieces, string expected)
    {
        var options = new ShippingOptions();
        var preference = CarrierChoice.Preference(pieces * 500, postalCode, options);
        Assert.Equal(expected, string.Join(',', preference));
    }

    [Fact]
    public void A_second_order_to_prepare_gets_the_first_answer_again()
    {
        _world.Prepare();
        _world.Prepare();
        Assert.Empty(_world.Sent);
        _world.Call();
        _world.Prepare();
        Assert.Single(_world.All<ShippingPrepared>().Select(m => m.EventId).Distinct());
        Assert.True(_world.Sent[^1].Again);
    }
}
