using DoaMarket.Kernel;

namespace DoaMarket.Contracts;

/// <summary>Where the parcel goes. Personal data.</summary>
public sealed record ShippingAddress(
    string RecipientName, string Phone, string PostalCode, string Address, string? AddressDetail = null)
{
    /// <summary>The address with name, phone and street masked; the postal code stays for statistics.</summary>
    public ShippingAddress Masked() => new(
        Mask.Name(RecipientName), Mask.Phone(Phone), PostalCode, Mask.Rest(Address),
        AddressDetail is null ? null : "***");
}

/// <summary>`shipping.prepare_requested`: register a parcel. The only message that carries personal data.</summary>
/// <param name="Deadline">No registration begins after it.</param>
public sealed record PrepareRequested(
    OrderId OrderId, UserId UserId, IReadOnlyList<OrderItem> Items, ShippingAddress ShippingAddress,
    string? DeliveryMemo, DateTimeOffset Deadline)
    : IOrderMessage, IPersonalMessage
{
    /// <inheritdoc />
    public IMessage Masked() =>
        this with { ShippingAddress = ShippingAddress.Masked(), DeliveryMemo = DeliveryMemo is null ? null : "***" };
}

/// <summary>`shipping.cancel_requested`: cancel the parcel; answered also when there is none.</summary>
/// <param name="AskedByPerson">Whether somebody wants the order cancelled; a parcel already handed over
/// then comes back.</param>
/// <param name="RetryNumber">0 from the saga; each operator's retry counts on.</param>
public sealed record ShippingCancelRequested(
    OrderId OrderId, string Reason, bool AskedByPerson, int RetryNumber) : IOrderMessage;

/// <summary>`shipping.resolve_requested`: an operator settled this by hand; close it and answer as usual.</summary>
public sealed record ShippingResolveRequested(OrderId OrderId, string Reason) : IOrderMessage;

/// <summary>`shipping.prepared`: a waybill exists.</summary>
public sealed record ShippingPrepared(
    OrderId OrderId, ShipmentId ShippingId, string TrackingNumber, string CarrierId, string CarrierName)
    : IOrderMessage;

/// <summary>`shipping.prepare_failed`: no waybill exists, and none will.</summary>
public sealed record PrepareFailed(OrderId OrderId, string Reason, string? Code) : IOrderMessage;

/// <summary>`shipping.cancelled`: no live waybill exists, and none will.</summary>
public sealed record ShippingCancelled(OrderId OrderId, ShipmentId ShippingId, string Reason) : IOrderMessage;

/// <summary>`shipping.cancel_refused`: the parcel is already handed over.</summary>
public sealed record ShippingCancelRefused(
    OrderId OrderId, ShipmentId ShippingId, string TrackingNumber, string Reason) : IOrderMessage;

/// <summary>What every report on a parcel's way tells.</summary>
public sealed record Parcel(ShipmentId ShippingId, string TrackingNumber, string CarrierId, string CarrierName);

/// <summary>`shipping.dispatched`: the carrier has the parcel.</summary>
public sealed record ShippingDispatched(
    OrderId OrderId, UserId UserId, string TrackingNumber, string CarrierName, DateOnly EstimatedDeliveryDate,
    Parcel Parcel)
    : IOrderMessage;

/// <summary>`shipping.in_transit`: the parcel is on its way.</summary>
public sealed record ShippingInTransit(
    OrderId OrderId, UserId UserId, string Status, Parcel Parcel, DateTimeOffset OccurredAt) : IOrderMessage;

/// <summary>`shipping.delivered`: the customer has the parcel.</summary>
public sealed record ShippingDelivered(
    OrderId OrderId, UserId UserId, Parcel Parcel, DateTimeOffset OccurredAt) : IOrderMessage;

/// <summary>`shipping.delivery_failed`: the carrier gave up; the parcel comes back.</summary>
public sealed record DeliveryFailed(OrderId OrderId, UserId UserId, Parcel Parcel, string Reason) : IOrderMessage;

/// <summary>`return.initiated`: the carrier will fetch the parcel.</summary>
public sealed record ReturnInitiated(OrderId OrderId, UserId UserId, Parcel Parcel, string Reason) : IOrderMessage;

/// <summary>`return.received`: the parcel is back in the warehouse.</summary>
public sealed record ReturnReceived(OrderId OrderId, UserId UserId, Parcel Parcel) : IOrderMessage;

/// <summary>`return.completed`: refunded and restocked; the return is closed.</summary>
public sealed record ReturnCompleted(OrderId OrderId, UserId UserId, Parcel Parcel) : IOrderMessage;
