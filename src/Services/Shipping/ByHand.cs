using DoaMarket.Contracts;
using DoaMarket.Kernel;

namespace DoaMarket.Shipping;

/// <summary>
/// An operator has settled the parcel with the carrier: the document is closed against further calls, and the saga gets
/// the answer that it waits for, cancelled or, when the carrier had the parcel, returned.
/// </summary>
internal static class ByHand
{
    public static Decision Decide(Documents documents, Incoming<ShippingResolveRequested> m, ShippingOptions options)
    {
        var d = Decision.On(m);
        var before = documents.ShipmentOf(m.Message.OrderId);
        var s = (before ?? Steps.Stub(m.Message.OrderId, m.Envelope, m.Now)).Follow(m.Envelope);
        var reason = m.Message.Reason;
        var subject = s.Id.ToString();
        var lost = m.Message.Restock ? "" : " (the goods are lost)";
        d.Remark("settled_by_hand", $"The shipment was {s.Status.Wire()}: {reason}{lost}")
            .Audit("shipping.resolve", subject, reason + lost)
            .Resolve(Steps.CarrierUnreachable, subject, reason)
            .Resolve(Returning.ReturnRefused, subject, reason);
        s = s.IsHandedOver ? s : Readdressing.Dropped(s, d);
        s = s with { Call = null, UnsettledUntil = null, SettledByHand = s.SettledByHand ?? reason };
        return d.Keep(before, s.Status switch
        {
            ShipmentStatus.Stub or ShipmentStatus.Preparing or ShipmentStatus.Prepared or ShipmentStatus.Dispatching
                or ShipmentStatus.Cancelling => Cancelling.Confirm(s, reason, d),
            ShipmentStatus.Cancelled or ShipmentStatus.Failed => Cancelling.Answer(s, reason, d),
            ShipmentStatus.Returned or ShipmentStatus.ReturnCompleted =>
                Returning.AnswerReceived(s, isNewQuestion: false, d),
            _ => Returning.Received(s, d),
        }, options);
    }
}
