using DoaMarket.Contracts;
using DoaMarket.Kernel;

namespace DoaMarket.Shipping;

/// <summary>
/// Sending a parcel elsewhere, as long as it has not been dispatched. Whether that, a cancel or the dispatch comes first
/// is decided by the shipment alone. A waybill stays with its carrier (docs/adr): a carrier that does not go to the new
/// destination is a refusal, and nothing changes.
/// </summary>
internal static class Readdressing
{
    public const string AlreadyDispatched = "ALREADY_DISPATCHED";
    public const string Cancelled = "SHIPMENT_CANCELLED";
    public const string InProgress = "ADDRESS_CHANGE_IN_PROGRESS";
    public const string NotServed = "DESTINATION_NOT_SERVED";
    public const string SettledByHand = "SETTLED_BY_HAND";

    public static Decision Decide(
        Documents documents, Asked<ChangeAddress, ChangeAddressReply> asked, ShippingOptions options)
    {
        var d = Decision.On(asked);
        var wish = asked.Body;
        var before = documents.Find(ShippingKinds.Shipments, wish.ShipmentId);
        if (before?.UserId != wish.By)
        {
            return d.Answer(new ChangeAddressReply.NotFound());
        }

        // The customer caused it, not the message that moved the shipment last.
        d.Follow(before.Trail with { CausationId = null, Traceparent = asked.Trail.Traceparent });
        if (Obstacle(before) is { } code)
        {
            return d.Remark("address_kept", code).Answer(new ChangeAddressReply.Refused(code));
        }

        if (before.AddressChange is { } underWay)
        {
            return underWay.To == wish.To
                ? d.Answer(new ChangeAddressReply.Changing(underWay.Number))
                : d.Answer(new ChangeAddressReply.Refused(InProgress));
        }

        if (before.Consignment!.Address == wish.To)
        {
            return d.Answer(new ChangeAddressReply.Changed());
        }

        if (Serving(before, wish.To, options).Count == 0)
        {
            return d.Remark("address_kept", NotServed).Answer(new ChangeAddressReply.Refused(NotServed));
        }

        var s = before with
        {
            AddressChanges = before.AddressChanges + 1,
            AddressChange = new(before.AddressChanges + 1, wish.To, d.Occasion.Now),
        };
        s = IsUnsent(s) ? BeforeRegistering(s, d, options) : AskIfOwed(s, d, options);
        return d
            .Answer(s.AddressChange is { } change
                ? new ChangeAddressReply.Changing(change.Number)
                : new ChangeAddressReply.Changed())
            .Keep(before, s, options);
    }

    /// <summary>No waybill can exist yet: the parcel is simply addressed anew, and its carriers chosen again.</summary>
    public static Shipment BeforeRegistering(Shipment s, Decision d, ShippingOptions options)
    {
        if (s.AddressChange is not { } change || !IsUnsent(s))
        {
            return s;
        }

        var carriers = Serving(s, change.To, options);
        if (carriers.Count == 0)
        {
            return Ended(s, NotServed, reason: null, d);
        }

        var to = s.Consignment!;
        var carrier = carriers.Contains(to.CarrierId, StringComparer.Ordinal) ? to.CarrierId : carriers[0];
        return Took(s with { Consignment = to with { Carriers = carriers, CarrierId = carrier } }, d);
    }

    /// <summary>A waybill exists and its address is to change: the carrier is asked, unless it is being asked.</summary>
    public static Shipment AskIfOwed(Shipment s, Decision d, ShippingOptions options) =>
        s is { AddressChange: not null, Status: ShipmentStatus.Prepared, Call: null }
            ? s.Ask(CallKind.Readdress, d, options)
            : s;

    /// <summary>The carrier's answer: it has the new address, or something happened to the waybill.</summary>
    public static Shipment Known(Shipment s, ParcelKnown known, Decision d, ShippingOptions options) =>
        known.Status switch
        {
            CarrierStatus.Registered => Dispatching.IfCleared(Took(s.Answered(d, options), d), d, options),
            CarrierStatus.Cancelled =>
                Dispatching.WaybillGone(s, "The carrier has cancelled the waybill.", d, options),
            _ => CarrierAnswers.Early(Ended(s.Answered(d, options), AlreadyDispatched, reason: null, d), known, d),
        };

    /// <summary>The carrier does not go there: the parcel goes where it was to go before.</summary>
    public static Shipment Refused(Shipment s, CarrierRefused refused, Decision d, ShippingOptions options) =>
        Dispatching.IfCleared(
            Ended(s.Answered(d, options), refused.Code, refused.Message, d), d, options);

    /// <summary>The parcel is cancelled, or never was: nobody waits for its address any more.</summary>
    public static Shipment Dropped(Shipment s, Decision d) =>
        s.AddressChange is null ? s : Ended(s, Cancelled, reason: null, d);

    private static string? Obstacle(Shipment s) => s switch
    {
        { SettledByHand: not null } => SettledByHand,
        _ when s.IsHandedOver => AlreadyDispatched,
        { Cancel: not null }
            or { Status: ShipmentStatus.Cancelling or ShipmentStatus.Cancelled or ShipmentStatus.Failed } => Cancelled,
        { Status: ShipmentStatus.Preparing or ShipmentStatus.Prepared } => null,
        _ => AlreadyDispatched,
    };

    private static bool IsUnsent(Shipment s) => s.Status == ShipmentStatus.Preparing && s.NothingWasSent;

    /// <summary>Carriers that take the parcel there; once one was asked for a waybill, only that one counts.</summary>
    private static IReadOnlyList<string> Serving(Shipment s, ShippingAddress to, ShippingOptions options)
    {
        var carriers = CarrierChoice.Preference(s.Consignment!.WeightGrams, to.PostalCode, options);
        return IsUnsent(s)
            ? carriers
            : [.. carriers.Where(c => c == s.Consignment.CarrierId)];
    }

    private static Shipment Took(Shipment s, Decision d)
    {
        var change = s.AddressChange!;
        d.Send(new ShippingAddressChanged(s.OrderId, s.Customer(), s.Id));
        return s with
        {
            Consignment = s.Consignment! with { Address = change.To },
            AddressChange = null,
            AddressOutcome = new(change.Number, Code: null, Reason: null, d.Occasion.Now),
        };
    }

    private static Shipment Ended(Shipment s, string code, string? reason, Decision d)
    {
        d.Remark("address_kept", reason is null ? code : $"{code}: {reason}");
        return s with
        {
            AddressChange = null,
            AddressOutcome = new(s.AddressChange!.Number, code, reason, d.Occasion.Now),
        };
    }
}
