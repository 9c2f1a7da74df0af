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
/// <param name="Restock">
/// Whether the goods are there; false when they are lost. Missing in messages from before: they are there.
/// </param>
public sealed record ShippingResolveRequested(OrderId OrderId, string Reason, bool Restock = true) : IOrderMessage;

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

/// <summary>`return.picked_up`: the carrier has fetched the parcel that comes back.</summary>
public sealed record ReturnPickedUp(OrderId OrderId, UserId UserId, Parcel Parcel, DateTimeOffset OccurredAt)
    : IOrderMessage;

/// <summary>`shipping.address_changed`: the parcel goes elsewhere. The address itself travels nowhere.</summary>
public sealed record ShippingAddressChanged(OrderId OrderId, UserId UserId, ShipmentId ShippingId) : IOrderMessage;

/// <summary>`shipping.amend_requested`: a partial cancel; the parcel has only these lines from now on.</summary>
/// <param name="Items">The remaining lines.</param>
/// <param name="Deadline">No change begins after it.</param>
public sealed record ShippingAmendRequested(
    OrderId OrderId, AmendId AmendId, IReadOnlyList<OrderItem> Items, string Reason, DateTimeOffset Deadline)
    : IOrderMessage;

/// <summary>`shipping.amended`: the parcel has the remaining lines only.</summary>
public sealed record ShippingAmended(OrderId OrderId, AmendId AmendId, ShipmentId ShippingId) : IOrderMessage;

/// <summary>`shipping.amend_refused`: it is too late; the parcel stays as it was.</summary>
public sealed record ShippingAmendRefused(OrderId OrderId, AmendId AmendId, string Reason) : IOrderMessage;

/// <summary>`shipping.amend_undo_requested`: the parcel has all of these lines again.</summary>
/// <param name="Items">The lines before the partial cancel.</param>
public sealed record ShippingAmendUndoRequested(
    OrderId OrderId, AmendId AmendId, IReadOnlyList<OrderItem> Items, string Reason) : IOrderMessage;

/// <summary>`shipping.amend_undone`: the partial cancel has no effect on the parcel, and will have none.</summary>
public sealed record ShippingAmendUndone(OrderId OrderId, AmendId AmendId) : IOrderMessage;
