using DoaMarket.Contracts;
using DoaMarket.Kernel;

namespace DoaMarket.Shipping.Tests;

/// <summary>Sending a parcel elsewhere: before and with a waybill, refused, lost, and in a race.</summary>
public sealed class ReaddressingTests
{
    private readonly World _world = new();

    private string PostalCode => _world.Shipment!.Consignment!.Address.PostalCode;

    [Fact]
    public void A_waybills_address_is_changed_at_the_carrier_and_dispatch_waits_for_it()
    {
        ReachPrepared();
        Assert.IsType<ChangeAddressReply.Changing>(_world.ChangeAddress());
        var call = Assert.IsType<ReaddressParcel>(_world.Wanted);
        Assert.Equal((ClientReference.Of(_world.Order) + "-A1", "06236"), (call.ClientReference, call.Recipient.PostalCode));
        _world.Pay();
        _world.Commit();
        _world.Pass(TimeSpan.FromSeconds(10));
        Assert.Equal(ShipmentStatus.Prepared, _world.Status);
        Assert.Equal("04524", PostalCode);

        _world.Call();
        Assert.Equal(["ShippingAddressChanged"], _world.SentTypes);
        Assert.Equal(ShipmentStatus.Dispatching, _world.Status);
        Assert.Equal("06236", PostalCode);
        Assert.Equal("06236", _world.Cj.Parcels.Single().To!.PostalCode);
    }

    [Fact]
    public void A_change_of_unknown_outcome_is_asked_again_under_the_same_reference_until_known()
    {
        ReachPrepared();
        _world.ChangeAddress();
        _world.CallButLoseTheAnswer();
        Assert.Null(_world.Wanted);
        _world.Pass(TimeSpan.FromSeconds(2));
        Assert.EndsWith("-A1", Assert.IsType<ReaddressParcel>(_world.Wanted).ClientReference, StringComparison.Ordinal);
        _world.Call();
        Assert.Single(_world.All<ShippingAddressChanged>());
        Assert.Single(_world.Cj.Parcels.Single().Changes);
    }

    [Fact]
    public void A_lost_call_is_made_again_and_after_the_last_one_a_person_is_called()
    {
        ReachPrepared();
        _world.ChangeAddress();
        var key = _world.Wanted!.Key;
        _world.Pass(_world.Options.CallPatience + TimeSpan.FromSeconds(1));
        Assert.Equal(key, _world.Wanted!.Key);
        _world.Pass(TimeSpan.FromMinutes(10));
        Assert.Equal("CARRIER_UNREACHABLE", Assert.Single(_world.Alerts).Alert.Type);
        _world.Call();
        Assert.NotNull(_world.Alerts[^1].Resolution);
        Assert.Equal("06236", PostalCode);
    }

    [Fact]
    public void A_carrier_that_refuses_changes_nothing_and_the_parcel_goes_where_it_was_to_go()
    {
        ReachPrepared();
        _world.Pay();
        _world.Commit();
        _world.ChangeAddress(_world.Address("00001"));
        _world.Call();
        Assert.Empty(_world.Sent);
        Assert.Equal("04524", PostalCode);
        Assert.Equal((1, "UNDELIVERABLE_ADDRESS"), (_world.Shipment!.AddressOutcome!.Number, _world.Shipment.AddressOutcome.Code));
        _world.Pass(_world.Options.HoldBeforeDispatch);
        Assert.Equal(ShipmentStatus.Dispatching, _world.Status);
    }

    [Fact]
    public void A_destination_that_the_parcels_carrier_does_not_serve_is_refused_at_once()
    {
        var options = new ShippingOptions();
        var world = new World
        {
            Options = options with
            {
                Carriers = [options.Carriers[0] with { RemoteDeliveryDays = null }, options.Carriers[1]],
            },
        };
        world.Prepare();
        world.Call();
        world.Sent.Clear();
        var reply = world.ChangeAddress(world.Address("63122"));
        Assert.Equal("DESTINATION_NOT_SERVED", Assert.IsType<ChangeAddressReply.Refused>(reply).Code);
        Assert.Null(world.Wanted);
        Assert.Empty(world.Sent);
        Assert.Equal("04524", world.Shipment!.Consignment!.Address.PostalCode);
    }

    [Fact]
    public void Before_anything_was_sent_the_parcel_is_addressed_anew_and_its_carriers_are_chosen_again()
    {
        _world.Prepare();
        _world.Answer(new NotAttempted(TimeSpan.FromSeconds(5), "open"));
        _world.Answer(new NotAttempted(TimeSpan.FromSeconds(5), "open"));
        Assert.IsType<ChangeAddressReply.Changed>(_world.ChangeAddress(_world.Address("63122")));
        Assert.Equal(["ShippingAddressChanged"], _world.SentTypes);
        Assert.Equal(["kr.hanjin", "kr.cjlogistics"], _world.Shipment!.Consignment!.Carriers);
        _world.Pass(TimeSpan.FromSeconds(5));
        Assert.Equal("63122", Assert.IsType<RegisterParcel>(_world.Wanted).Recipient.PostalCode);
    }

    [Fact]
    public void A_change_during_the_registration_is_told_to_the_carrier_once_the_waybill_is_known()
    {
        _world.Prepare();
        var register = _world.Wanted!;
        Assert.IsType<ChangeAddressReply.Changing>(_world.ChangeAddress());
        Assert.Equal(register.Key, _world.Wanted!.Key); // the registration goes on as it was sent
        _world.Answer(register, _world.Cj.Do(register));
        Assert.IsType<ReaddressParcel>(_world.Wanted);
        _world.Call();
        Assert.Equal(["ShippingPrepared", "ShippingAddressChanged"], _world.SentTypes);
        Assert.Equal("06236", _world.Cj.Parcels.Single().To!.PostalCode);
    }

    [Fact]
    public void A_cancel_during_the_change_wins_and_the_change_is_over()
    {
        ReachPrepared();
        _world.ChangeAddress();
        var late = _world.Wanted!;
        _world.Cancel();
        Assert.IsType<CancelParcel>(_world.Wanted);
        Assert.Equal("SHIPMENT_CANCELLED", _world.Shipment!.AddressOutcome!.Code);
        _world.Answer(late, _world.Cj.Do(late));
        _world.Settle();
        Assert.Equal(["ShippingCancelled"], _world.SentTypes);
    }

    [Fact]
    public void After_a_cancel_or_the_dispatch_it_is_too_late()
    {
        ReachPrepared();
        _world.Pay();
        _world.Commit();
        _world.Pass(_world.Options.HoldBeforeDispatch);
        Assert.Equal("ALREADY_DISPATCHED", Assert.IsType<ChangeAddressReply.Refused>(_world.ChangeAddress()).Code);

        var cancelled = new World();
        cancelled.Prepare();
        cancelled.Cancel();
        Assert.Equal("SHIPMENT_CANCELLED", Assert.IsType<ChangeAddressReply.Refused>(cancelled.ChangeAddress()).Code);
    }

    [Fact]
    public void One_change_at_a_time_and_the_same_wish_is_one_change()
    {
        ReachPrepared();
        Assert.Equal(new ChangeAddressReply.Changing(1), _world.ChangeAddress());
        Assert.Equal(new ChangeAddressReply.Changing(1), _world.ChangeAddress());
        Assert.Equal(
            new ChangeAddressReply.Refused("ADDRESS_CHANGE_IN_PROGRESS"), _world.ChangeAddress(_world.Address("04524")));
        _world.Call();
        Assert.IsType<ChangeAddressReply.Changed>(_world.ChangeAddress());
        Assert.Equal(new ChangeAddressReply.Changing(2), _world.ChangeAddress(_world.Address("04524")));
        _world.Call();
        Assert.Equal(2, _world.All<ShippingAddressChanged>().Count);
        Assert.Equal("04524", _world.Cj.Parcels.Single().To!.PostalCode);
    }

    [Fact]
    public void Only_the_owner_reaches_it()
    {
        Assert.IsType<ChangeAddressReply.NotFound>(_world.ChangeAddress());
        ReachPrepared();
        Assert.IsType<ChangeAddressReply.NotFound>(_world.ChangeAddress(by: new("somebody-else")));
        Assert.Null(_world.Wanted);
    }

    [Fact]
    public void A_waybill_that_is_gone_is_found_out_by_the_change()
    {
        ReachPrepared();
        _world.ChangeAddress();
        _world.Answer(new ParcelNotFound());
        Assert.Equal(ShipmentStatus.Cancelled, _world.Status);
        Assert.Equal("WAYBILL_GONE", Assert.Single(_world.Alerts).Alert.Type);
        Assert.Null(_world.Shipment!.AddressChange);
    }

    private void ReachPrepared()
    {
        _world.Prepare();
        _world.Call();
        _world.Sent.Clear();
    }
}
