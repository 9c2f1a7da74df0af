using DoaMarket.Contracts;
using DoaMarket.Kernel;

namespace DoaMarket.Shipping;

/// <summary>
/// The way back: initiated, picked up, received, and completed when the order says that money and stock are back too.
/// </summary>
internal static class Returning
{
    public const string ReturnRefused = "RETURN_REFUSED";

    /// <summary>The parcel is to come back: told at once, asked of the carrier with the same commit.</summary>
    public static Shipment Begin(Shipment s, string reason, Decision d, ShippingOptions options) =>
        (Announced(s, reason, d) with { Call = null }).Ask(CallKind.StartReturn, d, options);

    /// <summary>Tells that the parcel comes back.</summary>
    public static Shipment Announced(Shipment s, string reason, Decision d)
    {
        d.Send(new ReturnInitiated(s.OrderId, s.Customer(), s.Parcel(), reason));
        return s.To(ShipmentStatus.Returning);
    }

    /// <summary>The carrier has taken the return on.</summary>
    public static Shipment Started(Shipment s, Decision d, ShippingOptions options)
    {
        d.Resolve(ReturnRefused, s.Id.ToString(), "The carrier brings the parcel back.");
        s = s.Answered(d, options).Heard(d, options).Noted("return", "RETURN_REQUESTED", d);
        return s.Status == ShipmentStatus.DeliveryFailed
            ? Announced(s, "The carrier could not deliver the parcel.", d)
            : s;
    }

    /// <summary>The carrier will not bring it back: a person must see to it.</summary>
    public static Shipment Refused(Shipment s, string reason, Decision d, ShippingOptions options)
    {
        d.Raise(new Alert(
            ReturnRefused,
            AlertSeverity.P1,
            s.Id.ToString(),
            $"The carrier refuses the return: {reason}. Have it brought back, which is then noticed as always, or settle the "
                + "step by hand.",
            s.OrderId.ToString()));
        return s.Answered(d, options).Heard(d, options);
    }

    /// <summary>The carrier has fetched the parcel.</summary>
    public static Shipment PickedUp(Shipment s, DateTimeOffset occurredAt, Decision d)
    {
        d.Send(new ReturnPickedUp(s.OrderId, s.Customer(), s.Parcel(), occurredAt));
        return s.To(ShipmentStatus.ReturnPickedUp);
    }

    /// <summary>The parcel is back.</summary>
    public static Shipment Received(Shipment s, Decision d)
    {
        d.Resolve(ReturnRefused, s.Id.ToString(), "The parcel is back.");
        return AnswerReceived(s.To(ShipmentStatus.Returned), isNewQuestion: true, d);
    }

    /// <summary>Says that the parcel is back; to the same question, under the same id.</summary>
    public static Shipment AnswerReceived(Shipment s, bool isNewQuestion, Decision d)
    {
        if (s.Replies.ReturnReceived is { } given && !isNewQuestion)
        {
            d.SendAgain(given.Sent, given.Message);
            return s;
        }

        var reply = new ReturnReceived(s.OrderId, s.Customer(), s.Parcel());
        d.Send(reply, out var sent);
        return s with { Replies = s.Replies with { ReturnReceived = new(sent, reply) } };
    }

    /// <summary>Refunded and restocked: the return is closed.</summary>
    public static Decision Completed(Documents documents, Incoming<OrderReturned> m, ShippingOptions options)
    {
        var d = Decision.On(m);
        if (documents.ShipmentOf(m.Message.OrderId) is not { } before)
        {
            return d.Remark("ignored", "An order was returned that has no shipment here.");
        }

        if (before.Status != ShipmentStatus.Returned)
        {
            before.Ignore(d, $"The shipment is {before.Status.Wire()}: no return to close.");
            return d;
        }

        d.Send(new ReturnCompleted(before.OrderId, before.Customer(), before.Parcel()));
        return d.Keep(before, before.Follow(m.Envelope).To(ShipmentStatus.ReturnCompleted), options);
    }
}
