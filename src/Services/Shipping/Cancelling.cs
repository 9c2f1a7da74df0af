using DoaMarket.Contracts;
using DoaMarket.Kernel;

namespace DoaMarket.Shipping;

/// <summary>
/// Undoing. Always answered, but only when the outcome is definite: cancelled, or refused because the carrier has the
/// parcel.
/// </summary>
internal static class Cancelling
{
    public static Decision Decide(Documents documents, Incoming<ShippingCancelRequested> m, ShippingOptions options)
    {
        var d = Decision.On(m);
        var before = documents.ShipmentOf(m.Message.OrderId);
        var s = (before ?? Steps.Stub(m.Message.OrderId, m.Envelope, m.Now)).Follow(m.Envelope);
        var ask = m.Message;
        var isNewQuestion = s.Cancel is null || (ask.AskedByPerson && !s.Cancel.AskedByPerson);
        var isRetry = ask.RetryNumber > (s.Cancel?.RetryNumber ?? 0);
        s = s with
        {
            Cancel = new(
                s.Cancel?.Reason ?? ask.Reason,
                ask.AskedByPerson || s.Cancel?.AskedByPerson == true,
                Math.Max(ask.RetryNumber, s.Cancel?.RetryNumber ?? 0)),
        };
        if (!s.IsHandedOver)
        {
            s = Readdressing.Dropped(s, d);
        }

        return d.Keep(before, s.Status switch
        {
            ShipmentStatus.Stub => Confirm(s, ask.Reason, d),
            ShipmentStatus.Preparing when s.NothingWasSent || OnlyWantedInThisBatch(documents, s) =>
                Preparing.NothingRegistered(s, ask.Reason, "CANCELLED", d, options),
            ShipmentStatus.Dispatching when OnlyDispatchedInThisBatch(documents, s) => AskCarrier(s, d, options),
            ShipmentStatus.Preparing or ShipmentStatus.Dispatching or ShipmentStatus.Cancelling => Wait(s, isRetry, d),
            ShipmentStatus.Prepared => AskCarrier(s, d, options),
            ShipmentStatus.Cancelled or ShipmentStatus.Failed => Answer(s, ask.Reason, d),
            _ => Refuse(s, isNewQuestion, isRetry, d, options),
        }, options);
    }

    // Effects start after a commit: a registration that was wanted first in this very batch has not left.
    private static bool OnlyWantedInThisBatch(Documents documents, Shipment s) =>
        s.UnsettledUntil is null && documents.Committed(ShippingKinds.Shipments, s.Id)?.Call?.Number != s.Call?.Number;

    // Likewise: where the hold ends and the cancel comes in one batch, the cancel is in time.
    private static bool OnlyDispatchedInThisBatch(Documents documents, Shipment s) =>
        documents.Committed(ShippingKinds.Shipments, s.Id)?.Status != ShipmentStatus.Dispatching;

    /// <summary>Has the carrier cancel the waybill.</summary>
    public static Shipment AskCarrier(Shipment s, Decision d, ShippingOptions options) =>
        s.To(ShipmentStatus.Cancelling).Ask(CallKind.Cancel, d, options);

    /// <summary>The carrier has said where the parcel is, while it was being told to cancel.</summary>
    public static Shipment Known(
        Shipment s, ParcelKnown known, DateTimeOffset occurredAt, Decision d, ShippingOptions options) =>
        known.Status switch
        {
            CarrierStatus.Registered => s.Ignore(d, "Registered, as known; the cancel is under way."),
            CarrierStatus.Cancelled => Confirm(s.Answered(d, options), s.Cancel?.Reason ?? "cancelled", d),
            _ => Dispatching.HandedOver(s.Answered(d, options), known.Status, occurredAt, d, options),
        };

    /// <summary>Definite: no live waybill, and none will be. The document stays as the tombstone.</summary>
    public static Shipment Confirm(Shipment s, string reason, Decision d) =>
        Answer(s.To(ShipmentStatus.Cancelled) with { UnsettledUntil = null }, reason, d);

    /// <summary>Says that it is cancelled; said before, it is said again under the same id.</summary>
    public static Shipment Answer(Shipment s, string reason, Decision d)
    {
        d.Resolve(Dispatching.WaybillGoneAlert, s.Id.ToString(), "The order is being cancelled.");
        if (s.Replies.Cancelled is { } given)
        {
            d.SendAgain(given.Sent, given.Message);
            return s;
        }

        var reply = new ShippingCancelled(s.OrderId, s.Id, reason);
        d.Send(reply, out var sent);
        return s with { Replies = s.Replies with { Cancelled = new(sent, reply) } };
    }

    /// <summary>
    /// The parcel is handed over. A person who asks gets a return, unless it is delivered or coming back already. A
    /// person's cancel after the saga's own is a new question: under the old reply's id the answer would be taken for a
    /// copy.
    /// </summary>
    public static Shipment Refuse(Shipment s, bool isNewQuestion, bool isRetry, Decision d, ShippingOptions options)
    {
        if (s.Replies.CancelRefused is { } given && !isNewQuestion)
        {
            d.SendAgain(given.Sent, given.Message);
        }
        else
        {
            var reply = new ShippingCancelRefused(
                s.OrderId, s.Id, s.Parcel().TrackingNumber, $"The carrier has the parcel ({s.Status.Wire()}).");
            d.Send(reply, out var sent);
            s = s with { Replies = s.Replies with { CancelRefused = new(sent, reply) } };
        }

        if (s.Status is ShipmentStatus.Returned or ShipmentStatus.ReturnCompleted)
        {
            return Returning.AnswerReceived(s, isNewQuestion, d);
        }

        // Delivered while the cancel was on its way: the customer was promised "cancelled or returned" all the same.
        if ((s.IsOnTheWay || s.Status == ShipmentStatus.Delivered) && s.Cancel?.AskedByPerson == true)
        {
            return Returning.Begin(s, s.Cancel.Reason, d, options);
        }

        var isReturnOwed = s.Status is ShipmentStatus.Returning or ShipmentStatus.DeliveryFailed && s.Call is null;
        return isRetry && isReturnOwed ? s.Ask(CallKind.StartReturn, d, options) : s;
    }

    /// <summary>Silent until it is known; an operator's retry ends a pause.</summary>
    private static Shipment Wait(Shipment s, bool isRetry, Decision d)
    {
        d.Remark("cancel_remembered", $"The shipment is {s.Status.Wire()}; answered when the outcome is definite.");
        return isRetry && s.Call is { IsPaused: true } call
            ? s with { Call = call with { WakeAt = d.Occasion.Now } }
            : s;
    }
}
