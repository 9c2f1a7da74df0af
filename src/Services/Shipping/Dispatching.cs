using DoaMarket.Contracts;
using DoaMarket.Kernel;

namespace DoaMarket.Shipping;

/// <summary>
/// The pivot. A parcel is dispatched when it is prepared, paid, its stock committed, no cancel was taken in, no partial
/// cancel and no change of its address is under way, and the hold is over; the decision is committed together with the wanted call, so that a cancel comes either before it or
/// waits for its outcome.
/// </summary>
internal static class Dispatching
{
    public const string WaybillGoneAlert = "WAYBILL_GONE";

    /// <summary>Korea has one time zone and no summer time.</summary>
    private static readonly TimeSpan Seoul = TimeSpan.FromHours(9);

    public static Decision Paid(Documents documents, Incoming<PaymentCompleted> m, ShippingOptions options) =>
        Gate(documents, m, m.Message.OrderId, s => s.IsPaid ? s : s with { IsPaid = true }, options);

    public static Decision Committed(Documents documents, Incoming<InventoryCommitted> m, ShippingOptions options) =>
        Gate(documents, m, m.Message.OrderId, s => s.IsCommitted ? s : s with { IsCommitted = true }, options);

    /// <summary>Dispatches if all gates are open and the hold is over.</summary>
    public static Shipment IfCleared(Shipment s, Decision d, ShippingOptions options)
    {
        if (!s.IsCleared || d.Occasion.Now < s.HoldUntil)
        {
            return s;
        }

        return Asserted(s).To(ShipmentStatus.Dispatching).Ask(CallKind.Dispatch, d, options);
    }

    /// <summary>The carrier has said where the parcel is, while it was being told to take it.</summary>
    public static Shipment Known(
        Shipment s, ParcelKnown known, DateTimeOffset occurredAt, Decision d, ShippingOptions options)
    {
        if (known.Status.IsHandedOver())
        {
            return HandedOver(s.Answered(d, options), known.Status, occurredAt, d, options);
        }

        if (known.Status == CarrierStatus.Cancelled)
        {
            return WaybillGone(s, "The carrier has cancelled the waybill.", d, options);
        }

        return s.Cancel is null
            ? s.Ask(CallKind.Dispatch, d, options)
            // A dispatch still under way cannot overtake: the carrier takes one of the two
            : Cancelling.AskCarrier(s, d, options);
    }

    /// <summary>The carrier has the parcel: told, and a cancel that waited for this is refused.</summary>
    public static Shipment HandedOver(
        Shipment s, CarrierStatus status, DateTimeOffset occurredAt, Decision d, ShippingOptions options)
    {
        var now = d.Occasion.Now;
        var carrier = options.Carrier(s.Parcel().CarrierId);
        var days = carrier.DaysTo(s.Consignment!.Address.PostalCode, options) ?? carrier.DeliveryDays;
        var arrival = DateOnly.FromDateTime(now.ToOffset(Seoul).Date).AddDays(days);
        s = s.To(ShipmentStatus.Dispatched).Heard(d, options).Noted("dispatch", "AT_PICKUP", d) with
        {
            EstimatedDelivery = arrival,
            WatchAt = s.Waybill?.TrackedBy is null ? null : now,
        };
        d.Send(new ShippingDispatched(
            s.OrderId, s.Customer(), s.Parcel().TrackingNumber, s.Parcel().CarrierName, arrival, s.Parcel()));
        if (s.Cancel is not null)
        {
            s = Cancelling.Refuse(s, isNewQuestion: true, isRetry: false, d, options);
        }

        return OnTheWay.Advance(s, status, occurredAt, d, options);
    }

    /// <summary>The waybill is gone without our doing: the parcel cannot go, and nobody asked for that.</summary>
    public static Shipment WaybillGone(Shipment s, string reason, Decision d, ShippingOptions options)
    {
        s = Readdressing.Dropped(s.Answered(d, options), d);
        if (s.Cancel is { } cancel)
        {
            return Cancelling.Confirm(s, cancel.Reason, d);
        }

        d.Raise(new Alert(
            WaybillGoneAlert,
            AlertSeverity.P1,
            s.Id.ToString(),
            $"{reason} The paid order's parcel cannot be dispatched: cancel the order, or send the parcel by hand.",
            s.OrderId.ToString()));

        // Not remembered as a reply: a cancel that is asked for later is a question of its own.
        d.Send(new ShippingCancelled(s.OrderId, s.Id, reason));
        return s.To(ShipmentStatus.Cancelled);
    }

    private static Decision Gate<T>(
        Documents documents, Incoming<T> m, OrderId order, Func<Shipment, Shipment> open, ShippingOptions options)
        where T : IMessage
    {
        var d = Decision.On(m);
        var before = documents.ShipmentOf(order);
        if (before?.Status is ShipmentStatus.Cancelled or ShipmentStatus.Failed)
        {
            before.Ignore(d, $"The shipment is {before.Status.Wire()}: nothing will be dispatched.");
            return d;
        }

        var known = before ?? Steps.Stub(order, m.Envelope, m.Now);
        var opened = open(known);
        return ReferenceEquals(known, opened)
            ? d.Keep(before, known.Ignore(d, "Known already."), options)
            : d.Keep(before, IfCleared(opened.Follow(m.Envelope), d, options), options);
    }

    /// <summary>H1, asserted where it matters whatever led here.</summary>
    private static Shipment Asserted(Shipment s) =>
        s is { Status: ShipmentStatus.Prepared, IsPaid: true, IsCommitted: true, Cancel: null }
            and { SettledByHand: null, Waybill: not null, AddressChange: null }
            && s.Amends.All(a => a.Status != AmendStatus.Open)
            ? s
            : throw new InvalidOperationException($"Shipment {s.Id} may not be dispatched: a gate is closed.");
}
