using DoaMarket.Contracts;
using DoaMarket.Kernel;

namespace DoaMarket.Shipping;

/// <summary>
/// What the carrier tells about a parcel that it has. Reports may come twice, late, and in any order; only forward
/// counts.
/// </summary>
internal static class OnTheWay
{
    /// <summary>Moves the shipment forward to what was heard; the same shipment when that is behind it.</summary>
    public static Shipment Advance(
        Shipment s, CarrierStatus heard, DateTimeOffset occurredAt, Decision d, ShippingOptions options) => heard switch
        {
            CarrierStatus.InTransit when s.Status == ShipmentStatus.Dispatched =>
                Moving(s, ShipmentStatus.InTransit, occurredAt, d),
            CarrierStatus.OutForDelivery when s.Status is ShipmentStatus.Dispatched or ShipmentStatus.InTransit =>
                Moving(s, ShipmentStatus.OutForDelivery, occurredAt, d),
            CarrierStatus.Delivered when s.IsOnTheWay => Delivered(s, occurredAt, d, options),
            CarrierStatus.GivenUp when s.IsOnTheWay =>
                GivenUp(s.Answered(d, options), d).Ask(CallKind.StartReturn, d, options),
            CarrierStatus.ReturnStarted when s.IsOnTheWay || s.Status == ShipmentStatus.DeliveryFailed =>
                Returning.Started(ComingBack(s, d).Answered(d, options), d, options),
            CarrierStatus.ReturnPickedUp when s.IsOnTheWay || IsOwedBack(s) =>
                Returning.PickedUp(ComingBack(s, d).Answered(d, options), occurredAt, d),
            CarrierStatus.Returned when s.IsOnTheWay || IsOwedBack(s) || s.Status == ShipmentStatus.ReturnPickedUp =>
                Back(ComingBack(s, d).Answered(d, options), occurredAt, d),
            _ => s,
        };

    /// <summary>A parcel that is back was picked up, though the report of it is late or lost.</summary>
    private static Shipment Back(Shipment s, DateTimeOffset occurredAt, Decision d) => Returning.Received(
        s.Status == ShipmentStatus.ReturnPickedUp ? s : Returning.PickedUp(s, occurredAt, d), d);

    private static bool IsOwedBack(Shipment s) => s.Status is ShipmentStatus.DeliveryFailed or ShipmentStatus.Returning;

    private static Shipment Moving(Shipment s, ShipmentStatus to, DateTimeOffset occurredAt, Decision d)
    {
        d.Send(new ShippingInTransit(s.OrderId, s.Customer(), to.Wire(), s.Parcel(), occurredAt));
        return s.To(to);
    }

    private static Shipment Delivered(Shipment s, DateTimeOffset occurredAt, Decision d, ShippingOptions options)
    {
        d.Send(new ShippingDelivered(s.OrderId, s.Customer(), s.Parcel(), occurredAt));
        return s.Answered(d, options).To(ShipmentStatus.Delivered);
    }

    /// <summary>The carrier gave up: the parcel is asked back, without waiting for anybody's cancel.</summary>
    private static Shipment GivenUp(Shipment s, Decision d)
    {
        d.Send(new DeliveryFailed(s.OrderId, s.Customer(), s.Parcel(), "The carrier could not deliver the parcel."));
        return s.To(ShipmentStatus.DeliveryFailed);
    }

    /// <summary>It comes back although we have not heard why: what was missed is told first.</summary>
    private static Shipment ComingBack(Shipment s, Decision d)
    {
        if (s.IsOnTheWay)
        {
            s = GivenUp(s, d);
        }

        return s.Status == ShipmentStatus.DeliveryFailed
            ? Returning.Announced(s, "The carrier brings the parcel back.", d)
            : s;
    }
}
