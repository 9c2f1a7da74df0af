using DoaMarket.Contracts;
using DoaMarket.Kernel;

namespace DoaMarket.Shipping;

/// <summary>The single steps that deciders are made of: moving on, calling, keeping.</summary>
internal static class Steps
{
    public const string CarrierUnreachable = "CARRIER_UNREACHABLE";

    /// <summary>The shipment of an order as it is now.</summary>
    public static Shipment? ShipmentOf(this Documents documents, OrderId order) =>
        documents.Find(ShippingKinds.Shipments, ShipmentId.Of(order));

    /// <summary>A shipment of which nothing is known yet.</summary>
    public static Shipment Stub(OrderId order, Envelope envelope, DateTimeOffset now) =>
        new() { OrderId = order, Status = ShipmentStatus.Stub, Trail = Trail.Of(envelope), CreatedAt = now };

    /// <summary>The shipment, tied to the message that moves it; what that one does not know is kept.</summary>
    public static Shipment Follow(this Shipment s, Envelope envelope)
    {
        var trail = Trail.Of(envelope);
        return s with
        {
            Trail = trail with { SagaId = trail.SagaId ?? s.Trail.SagaId, UserId = trail.UserId ?? s.Trail.UserId },
        };
    }

    /// <summary>Moves on. A move that is not in the table is a bug and stops here.</summary>
    public static Shipment To(this Shipment s, ShipmentStatus next) =>
        ShipmentMoves.IsAllowed(s.Status, next)
            ? s with { Status = next }
            : throw new InvalidOperationException(
                $"Shipment {s.Id} cannot go from {s.Status.Wire()} to {next.Wire()}.");

    /// <summary>Wants a call, under a new number. Tries are counted on within one question.</summary>
    public static Shipment Ask(this Shipment s, CallKind kind, Decision d, ShippingOptions options)
    {
        var now = d.Occasion.Now;
        return s with
        {
            Calls = s.Calls + 1,
            Call = new(
                kind, s.Calls + 1, s.Call?.Tries ?? 0, now, now + s.PatienceFor(kind, options), IsPaused: false),
        };
    }

    /// <summary>Wants a call, but not before then.</summary>
    public static Shipment AskAt(this Shipment s, CallKind kind, DateTimeOffset at) =>
        s with { Call = Current(s) with { Kind = kind, IsPaused = true, WakeAt = at, HeldAt = null } };

    /// <summary>The outcome is unknown: asks after a wait that grows, up to the longest one.</summary>
    public static Shipment AskLater(this Shipment s, CallKind kind, string reason, Decision d, ShippingOptions options)
    {
        d.Remark("carrier_outcome_unknown", reason);
        s = s.CountTry(d, options);
        return s.AskAt(kind, d.Occasion.Now + options.AskAgain.After(Current(s).Tries, d.Occasion.Id));
    }

    /// <summary>One more call without an answer; the last one of the backoff calls for a person.</summary>
    public static Shipment CountTry(this Shipment s, Decision d, ShippingOptions options)
    {
        var tries = Current(s).Tries + 1;
        if (tries == options.AskAgain.MaxAttempts)
        {
            d.Raise(new Alert(
                CarrierUnreachable,
                AlertSeverity.P2,
                s.Id.ToString(),
                $"The carrier has not answered {tries} times while the shipment is {s.Status.Wire()}. "
                + "It is asked on; settle it by hand if the carrier cannot be reached.",
                s.OrderId.ToString()));
        }

        return s with { Call = Current(s) with { Tries = tries } };
    }

    /// <summary>The question is answered.</summary>
    public static Shipment Answered(this Shipment s, Decision d, ShippingOptions options)
    {
        if (s.Call?.Tries >= options.AskAgain.MaxAttempts)
        {
            d.Resolve(CarrierUnreachable, s.Id.ToString(), "The carrier has answered.");
        }

        return s with { Call = null };
    }

    /// <summary>How long a call may take before it counts as lost: the tracker is slower than carriers are.</summary>
    public static TimeSpan PatienceFor(this Shipment s, CallKind kind, ShippingOptions options) =>
        kind is CallKind.Watch or CallKind.Track && s.Waybill?.TrackedBy is not null
            ? options.TrackerPatience
            : options.CallPatience;

    /// <summary>The carrier was heard; silence counts from now, unless there was a hint to ask again.</summary>
    public static Shipment Heard(this Shipment s, Decision d, ShippingOptions options) =>
        s.AskNewsAt <= d.Occasion.Now ? s : s with { AskNewsAt = d.Occasion.Now + options.AskAfterSilence };

    /// <summary>Adds a stop that an answer shows, once, however often it is asked for.</summary>
    public static Shipment Stopped(this Shipment s, ParcelStop? stop, Decision d)
    {
        var id = stop is null ? "" : $"{stop.Status}@{stop.At.ToUnixTimeMilliseconds()}";
        return stop is null || s.History.Any(e => e.WebhookId == id)
            ? s
            : s.Noted(new TrackingEvent(id, stop.Status, stop.At, d.Occasion.Now, stop.Description));
    }

    /// <summary>Adds a stop to the parcel's history; the oldest goes when there are too many.</summary>
    public static Shipment Noted(this Shipment s, TrackingEvent stop) => s with
    {
        History = [.. s.History.Skip(Math.Max(0, s.History.Count + 1 - Shipment.MaxHistoryEvents)), stop],
    };

    /// <summary>Adds a stop that the carrier told in an answer, once.</summary>
    public static Shipment Noted(this Shipment s, string id, string status, Decision d) =>
        s.History.Any(e => e.WebhookId == id)
            ? s
            : s.Noted(new TrackingEvent(id, status, d.Occasion.Now, d.Occasion.Now, Description: null));

    /// <summary>A registration may have been sent; "not found" proves nothing before then.</summary>
    public static Shipment UnsettledFor(this Shipment s, DateTimeOffset until) =>
        s with { UnsettledUntil = s.UnsettledUntil > until ? s.UnsettledUntil : until };

    /// <summary>Takes a message as having changed nothing, and says why.</summary>
    public static Shipment Ignore(this Shipment s, Decision d, string reason)
    {
        d.Remark("ignored", reason);
        return s;
    }

    /// <summary>
    /// Writes the shipment if it changed. A registration that is under way when something else changes the document may
    /// be started a second time by that commit, so that one "not attempted" no longer proves that none was sent.
    /// </summary>
    public static Decision Keep(this Decision d, Shipment? before, Shipment after, ShippingOptions options)
    {
        if (ReferenceEquals(before, after))
        {
            return d;
        }

        if (after.Call is { Kind: CallKind.Register, IsPaused: false } call && before?.Call == call)
        {
            after = after.UnsettledFor(call.WakeAt + options.SettleAfter);
        }

        return d.Put(ShippingKinds.Shipments, after.Id, after);
    }

    /// <summary>The customer of a shipment that was ordered.</summary>
    public static UserId Customer(this Shipment s) =>
        s.UserId ?? throw new InvalidOperationException($"Shipment {s.Id} moves for nobody.");

    /// <summary>What reports say about the parcel.</summary>
    public static Parcel Parcel(this Shipment s)
    {
        var w = s.Waybill ?? throw new InvalidOperationException($"Shipment {s.Id} has no waybill to report on.");
        return new(s.Id, w.TrackingNumber, w.CarrierId, w.CarrierName);
    }

    private static OutsideCall Current(Shipment s) =>
        s.Call ?? throw new InvalidOperationException($"Shipment {s.Id} has asked nothing that could be asked again.");
}
