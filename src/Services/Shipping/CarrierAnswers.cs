using DoaMarket.Kernel;

namespace DoaMarket.Shipping;

/// <summary>What came of a call to a carrier, in whatever status the shipment is by now.</summary>
internal static class CarrierAnswers
{
    /// <summary>A gateway that says "at once" must not make the timer spin.</summary>
    private static readonly TimeSpan ShortestPause = TimeSpan.FromMilliseconds(100);

    public static Decision Decide(Answer<Shipment> a, ShippingOptions options)
    {
        var d = Decision.On(a);
        var s = a.State;
        var isAwaited = CarrierEffects.Wanted(s)?.Key == a.Effect.Key;
        return d.Keep(s, a.Result switch
        {
            ParcelKnown known when isAwaited || IsWorthHearingLate(a.Effect, known) =>
                Known(
                    s.Stopped(known.Stop, d), known, CarrierOf(a.Effect), isAwaited, known.Stop?.At ?? d.Occasion.Now, d,
                    options),
            _ when !isAwaited => s.Ignore(d, $"A late answer to {a.Effect.Key}: it was asked again meanwhile."),
            WatchTaken watch => Tracking.Watched(s, watch, d, options),
            NotAttempted held => Held(s, held, d, options),
            ParcelNotFound => NotFound(s, d, options),
            CarrierRefused refused => Refused(s, refused, d, options),
            OutcomeUnknown unknown => Unknown(s, unknown.Reason, d, options),
            EffectFailed failed => Unknown(s, failed.Error, d, options),
            _ => throw new InvalidOperationException($"Nobody decides on {a.Result.GetType().Name}."),
        }, options);
    }

    private static string CarrierOf(Effect effect) => effect is LookUpParcel look ? look.CarrierId : effect.Gateway;

    /// <summary>The carrier's word on the parcel: from an answer or from a callback.</summary>
    public static Shipment Known(
        Shipment s,
        ParcelKnown known,
        string carrierId,
        bool isAwaited,
        DateTimeOffset occurredAt,
        Decision d,
        ShippingOptions options)
    {
        if (s.Waybill is { } waybill && waybill.TrackingNumber != known.TrackingNumber)
        {
            return SecondWaybill(s, known, d);
        }

        return s.Status switch
        {
            ShipmentStatus.Stub => s.Ignore(d, "A report on a parcel that nobody has ordered here."),
            ShipmentStatus.Preparing when carrierId == s.Consignment?.CarrierId =>
                Preparing.Registered(s, known, d, options),
            ShipmentStatus.Preparing => SecondWaybill(s, known, d),
            ShipmentStatus.Prepared when isAwaited => Readdressing.Known(s, known, d, options),
            ShipmentStatus.Prepared => Early(s, known, d),
            ShipmentStatus.Dispatching when !isAwaited && known.Status == CarrierStatus.Registered =>
                s.Ignore(d, "Registered, as known; the dispatch is under way."),
            ShipmentStatus.Dispatching => Dispatching.Known(s, known, occurredAt, d, options),
            ShipmentStatus.Cancelling => Cancelling.Known(s, known, occurredAt, d, options),
            ShipmentStatus.Cancelled or ShipmentStatus.Failed => Surfaced(s, known, carrierId, isAwaited, d, options),
            _ => Tracked(s, known, isAwaited, occurredAt, d, options),
        };
    }

    /// <summary>A parcel on its way. An answered question is closed whether or not it moved the parcel.</summary>
    private static Shipment Tracked(
        Shipment s, ParcelKnown known, bool isAwaited, DateTimeOffset occurredAt, Decision d, ShippingOptions options)
    {
        if (isAwaited && s.Call?.Kind == CallKind.StartReturn)
        {
            s = Returning.Started(s, d, options);
        }
        else if (isAwaited)
        {
            s = s.Answered(d, options);
        }

        var after = OnTheWay.Advance(s.Heard(d, options), known.Status, occurredAt, d, options);
        if (after.Status == s.Status)
        {
            d.Remark("no_move", $"The carrier says {known.Status}; the shipment is {s.Status.Wire()} already.");
        }

        return after;
    }

    /// <summary>
    /// A waybill came to light after it was said that there is none: this shipment's own doing, so it is cancelled from
    /// here.
    /// </summary>
    private static Shipment Surfaced(
        Shipment s, ParcelKnown known, string carrierId, bool isAwaited, Decision d, ShippingOptions options)
    {
        if (known.Status == CarrierStatus.Cancelled)
        {
            return isAwaited ? s.Answered(d, options) : s.Ignore(d, "Cancelled, as known.");
        }

        if (known.Status.IsHandedOver() || s.SettledByHand is not null)
        {
            d.Raise(new Alert(
                "PARCEL_WITHOUT_ORDER",
                AlertSeverity.P1,
                s.Id.ToString(),
                $"{carrierId} has the waybill {known.TrackingNumber} ({known.Status}) although the shipment is "
                + $"{s.Status.Wire()}. Stop the parcel with the carrier.",
                s.OrderId.ToString()));
            return isAwaited ? s.Answered(d, options) : s;
        }

        if (s.Waybill is not null)
        {
            return s.Ignore(d, "A late report on a waybill that was cancelled, or is being cancelled.");
        }

        d.Remark("late_waybill", $"{carrierId} has registered {known.TrackingNumber} after all; it is cancelled.");
        var waybill = new Waybill(carrierId, options.Carrier(carrierId).Name, known.TrackingNumber);
        return (s with { Waybill = waybill, Call = null }).Ask(CallKind.Cancel, d, options);
    }

    /// <summary>Only we dispatch: before that, anything but "registered" is wrong and for a person to see.</summary>
    public static Shipment Early(Shipment s, ParcelKnown known, Decision d)
    {
        if (known.Status != CarrierStatus.Registered)
        {
            d.Raise(new Alert(
                "CARRIER_CONTRADICTS",
                AlertSeverity.P2,
                s.Id.ToString(),
                $"The carrier says {known.Status} of a parcel that was neither dispatched nor cancelled.",
                s.OrderId.ToString()));
        }

        return s.Ignore(d, $"The carrier says {known.Status}; the shipment is prepared.");
    }

    private static Shipment SecondWaybill(Shipment s, ParcelKnown known, Decision d)
    {
        d.Raise(new Alert(
            "SECOND_WAYBILL",
            AlertSeverity.P1,
            s.Id.ToString(),
            $"A second waybill {known.TrackingNumber} exists for the order; cancel it with the carrier.",
            s.OrderId.ToString()));
        return s.Ignore(d, "A report on another waybill than the shipment's.");
    }

    private static Shipment Held(Shipment s, NotAttempted held, Decision d, ShippingOptions options)
    {
        d.Remark("carrier_not_attempted", held.Reason);
        held = held with { RetryAfter = held.RetryAfter < ShortestPause ? ShortestPause : held.RetryAfter };
        s = s.Status == ShipmentStatus.Preparing
            ? Preparing.NotAttempted(s, held, d, options)
            : s.AskAt(s.Call!.Kind, d.Occasion.Now + held.RetryAfter);
        return s.Call is { IsPaused: true } ? s with { Call = s.Call with { HeldAt = held.Circuit } } : s;
    }

    private static Shipment NotFound(Shipment s, Decision d, ShippingOptions options) => s.Status switch
    {
        ShipmentStatus.Preparing => Preparing.NotFound(s, d, options),
        ShipmentStatus.Prepared or ShipmentStatus.Dispatching =>
            Dispatching.WaybillGone(s, "The carrier does not know the waybill any more.", d, options),
        ShipmentStatus.Cancelling => Cancelling.Confirm(s.Answered(d, options), s.Cancel?.Reason ?? "cancelled", d),
        _ when s.Call!.Kind == CallKind.StartReturn => Returning.Refused(s, "it does not know the parcel", d, options),
        _ => s.Ignore(d, "The carrier does not know the parcel.").Answered(d, options).Heard(d, options),
    };

    private static Shipment Refused(Shipment s, CarrierRefused refused, Decision d, ShippingOptions options) =>
        s.Call!.Kind switch
        {
            CallKind.Register => Preparing.NothingRegistered(s, refused.Message, refused.Code, d, options),
            CallKind.Readdress => Readdressing.Refused(s, refused, d, options),
            CallKind.StartReturn => Returning.Refused(s, $"{refused.Code}: {refused.Message}", d, options),
            _ => Unknown(s, $"{refused.Code}: {refused.Message}", d, options),
        };

    /// <summary>
    /// Looking and cancelling are simply asked again; after a dispatch the parcel is asked for first, after a
    /// registration the waybill.
    /// </summary>
    private static Shipment Unknown(Shipment s, string reason, Decision d, ShippingOptions options) => s.Status switch
    {
        ShipmentStatus.Preparing => Preparing.Unknown(s, reason, d, options),
        ShipmentStatus.Dispatching => s.AskLater(CallKind.Track, reason, d, options),
        _ => s.AskLater(s.Call!.Kind, reason, d, options),
    };

    /// <summary>
    /// A waybill that exists, and a parcel that is gone, stay so: such an answer counts however late it comes.
    /// </summary>
    private static bool IsWorthHearingLate(Effect effect, ParcelKnown known) =>
        effect is RegisterParcel or FindParcel || known.Status != CarrierStatus.Registered;
}
