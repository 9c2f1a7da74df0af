using DoaMarket.Contracts;
using DoaMarket.Kernel;

namespace DoaMarket.Shipping;

/// <summary>
/// From the order to prepare until it is known whether a waybill exists. A time-out is not a failure: the carrier is
/// asked by our reference until it is known, and nothing is said before.
/// </summary>
internal static class Preparing
{
    private const string NotInTime = "NOT_REGISTERED_IN_TIME";

    public static Decision Decide(Documents documents, Incoming<PrepareRequested> m, ShippingOptions options)
    {
        var d = Decision.On(m);
        var before = documents.ShipmentOf(m.Message.OrderId);
        var s = before ?? Steps.Stub(m.Message.OrderId, m.Envelope, m.Now);
        return d.Keep(before, s.Status switch
        {
            ShipmentStatus.Stub => Begin(s.Follow(m.Envelope), m.Message, d, options),
            ShipmentStatus.Preparing => s.Ignore(d, "Already preparing; the answer follows."),
            ShipmentStatus.Failed => AnswerFailed(s, "Nothing was registered.", "FAILED", d),
            ShipmentStatus.Cancelled or ShipmentStatus.Cancelling => s.Replies.Prepared is null
                ? AnswerFailed(s, "The shipment was cancelled before.", "CANCELLED", d)
                : s.Ignore(d, "Prepared and cancelled before: a late copy of the order to prepare."),
            _ => AnswerPrepared(s, d),
        }, options);
    }

    /// <summary>What to do next while no call is under way: void, give up, register, or look the waybill up.</summary>
    public static Shipment Next(Shipment s, Decision d, ShippingOptions options)
    {
        if (!s.NothingWasSent)
        {
            return s.Ask(CallKind.Find, d, options);
        }

        if (s.Cancel is not null || d.Occasion.Now >= Consignment(s).Deadline)
        {
            return NothingRegistered(
                s, "The carrier could not be reached in time; nothing was sent.", NotInTime, d, options);
        }

        return s.Ask(CallKind.Register, d, options);
    }

    /// <summary>
    /// A waybill exists: taken as prepared, or, when a cancel was asked for meanwhile, cancelled at the carrier.
    /// </summary>
    public static Shipment Registered(Shipment s, ParcelKnown known, Decision d, ShippingOptions options)
    {
        var carrier = options.Carrier(Consignment(s).CarrierId);
        s = s.Answered(d, options) with
        {
            Waybill = new(carrier.Id, carrier.Name, known.TrackingNumber, carrier.TrackedBy),
            UnsettledUntil = null,
        };
        if (known.Status == CarrierStatus.Cancelled)
        {
            return NothingRegistered(s, "The carrier has cancelled the waybill.", "CANCELLED_BY_CARRIER", d, options);
        }

        if (s.Cancel is not null)
        {
            return known.Status.IsHandedOver()
                ? Dispatching.HandedOver(s, known.Status, d.Occasion.Now, d, options)
                : Cancelling.AskCarrier(s, d, options);
        }

        s = s.To(ShipmentStatus.Prepared) with { HoldUntil = d.Occasion.Now + options.HoldBeforeDispatch };
        s = Readdressing.AskIfOwed(AnswerPrepared(s, d), d, options);
        return Dispatching.IfCleared(s, d, options);
    }

    /// <summary>
    /// The carrier was not asked at all: another one is, as long as nothing can have been sent to this one.
    /// </summary>
    public static Shipment NotAttempted(Shipment s, NotAttempted result, Decision d, ShippingOptions options)
    {
        s = s with { Call = s.Call! with { IsPaused = true } };
        if (!s.NothingWasSent)
        {
            return s.AskAt(CallKind.Find, d.Occasion.Now + result.RetryAfter);
        }

        s = Readdressing.BeforeRegistering(s, d, options);
        var to = Consignment(s);
        var following = to.Carriers.SkipWhile(c => c != to.CarrierId).Skip(1).FirstOrDefault();
        s = s with { Consignment = to with { CarrierId = following ?? to.Carriers[0] } };
        if (following is not null || s.Cancel is not null)
        {
            return Next(s, d, options);
        }

        var again = d.Occasion.Now + result.RetryAfter;
        return s.AskAt(CallKind.Register, again < to.Deadline ? again : to.Deadline);
    }

    /// <summary>Whether the registration was carried out is unknown.</summary>
    public static Shipment Unknown(Shipment s, string reason, Decision d, ShippingOptions options) =>
        (s.Call!.Kind == CallKind.Register ? s.UnsettledFor(d.Occasion.Now + options.SettleAfter) : s)
        .AskLater(CallKind.Find, reason, d, options);

    /// <summary>A call got lost (a crash, a full runner): a registration may have been sent.</summary>
    public static Shipment Lost(Shipment s, Decision d, ShippingOptions options)
    {
        var now = d.Occasion.Now;
        s = s.UnsettledFor(now + options.SettleAfter).CountTry(d, options);
        return s.Cancel is null && now < Consignment(s).Deadline
            // The same call once more, with the same reference: one waybill.
            ? s with { Call = s.Call! with { WakeAt = now + options.CallPatience } }
            : s.Ask(CallKind.Find, d, options);
    }

    /// <summary>
    /// The carrier has no such waybill: registered again while there is time, else definite once it cannot come late.
    /// </summary>
    public static Shipment NotFound(Shipment s, Decision d, ShippingOptions options)
    {
        var now = d.Occasion.Now;
        if (s.Cancel is null && now < Consignment(s).Deadline)
        {
            return s.Ask(CallKind.Register, d, options);
        }

        if (s.UnsettledUntil is { } until && s.Call!.WantedAt < until)
        {
            return s.AskAt(CallKind.Find, until > now ? until : now);
        }

        return NothingRegistered(
            s, "The carrier has not registered the parcel in time.", NotInTime, d, options);
    }

    /// <summary>Definite: no live waybill, and none will be. Answers whichever question is open.</summary>
    public static Shipment NothingRegistered(
        Shipment s, string reason, string code, Decision d, ShippingOptions options)
    {
        s = Readdressing.Dropped(s.Answered(d, options), d) with { UnsettledUntil = null };
        return s.Cancel is { } cancel
            ? Cancelling.Confirm(s, cancel.Reason, d)
            : AnswerFailed(s.To(ShipmentStatus.Failed), reason, code, d);
    }

    private static Shipment Begin(Shipment s, PrepareRequested m, Decision d, ShippingOptions options)
    {
        s = s with { UserId = m.UserId };
        if (d.Occasion.Now >= m.Deadline)
        {
            return AnswerFailed(
                s.To(ShipmentStatus.Failed), "The order to prepare came after its deadline.", NotInTime, d);
        }

        // A partial cancel that came first may still be undone: the carrier must take the whole, too.
        var lines = Amending.LinesOf(s, m.Items);
        var weight = Weights.Of(lines);
        var carriers = CarrierChoice.Preference(
            Math.Max(weight, Weights.Of(m.Items)), m.ShippingAddress.PostalCode, options);
        if (carriers.Count == 0)
        {
            return AnswerFailed(
                s.To(ShipmentStatus.Failed), "No carrier takes this parcel to its destination.", "NO_CARRIER", d);
        }

        return (s.To(ShipmentStatus.Preparing) with
        {
            Consignment = new(lines, m.ShippingAddress, m.DeliveryMemo, weight, m.Deadline, carriers, carriers[0]),
        }).Ask(CallKind.Register, d, options);
    }

    private static Shipment AnswerPrepared(Shipment s, Decision d)
    {
        if (s.Replies.Prepared is { } given)
        {
            d.SendAgain(given.Sent, given.Message);
            return s;
        }

        var w = s.Parcel();
        var reply = new ShippingPrepared(s.OrderId, s.Id, w.TrackingNumber, w.CarrierId, w.CarrierName);
        d.Send(reply, out var sent);
        return s with { Replies = s.Replies with { Prepared = new(sent, reply) } };
    }

    private static Shipment AnswerFailed(Shipment s, string reason, string code, Decision d)
    {
        if (s.Replies.PrepareFailed is { } given)
        {
            d.SendAgain(given.Sent, given.Message);
            return s;
        }

        var reply = new PrepareFailed(s.OrderId, reason, code);
        d.Send(reply, out var sent);
        return s with { Replies = s.Replies with { PrepareFailed = new(sent, reply) } };
    }

    private static Consignment Consignment(Shipment s) =>
        s.Consignment ?? throw new InvalidOperationException($"Shipment {s.Id} is prepared without knowing what.");
}
