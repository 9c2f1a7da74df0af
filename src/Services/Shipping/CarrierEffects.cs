using System.Text.Json;
using DoaMarket.Contracts;
using DoaMarket.Kernel;

namespace DoaMarket.Shipping;

/// <summary>Makes a waybill; the same client reference makes one waybill, however often it is asked.</summary>
/// <param name="NotAfter">The call must not begin later.</param>
public sealed record RegisterParcel(
    string Gateway,
    string Key,
    string ClientReference,
    OrderId OrderId,
    ShippingAddress Recipient,
    int WeightGrams,
    IReadOnlyList<OrderItem> Items,
    DateTimeOffset NotAfter) : Effect(Gateway, Key);

/// <summary>Looks a waybill up by the client reference.</summary>
public sealed record FindParcel(string Gateway, string Key, string ClientReference) : Effect(Gateway, Key);

/// <summary>Asks where a parcel is.</summary>
public sealed record TrackParcel(string Gateway, string Key, string TrackingNumber) : Effect(Gateway, Key);

/// <summary>Asks the tracker where a carrier's parcel is.</summary>
public sealed record LookUpParcel(string Gateway, string Key, string CarrierId, string TrackingNumber)
    : Effect(Gateway, Key);

/// <summary>Has the tracker call us when a carrier's parcel moves; repeating it only makes it last longer.</summary>
public sealed record WatchParcel(string Gateway, string Key, string CarrierId, string TrackingNumber)
    : Effect(Gateway, Key);

/// <summary>Has the carrier take the parcel.</summary>
public sealed record DispatchParcel(
    string Gateway, string Key, string TrackingNumber, string ClientReference) : Effect(Gateway, Key);

/// <summary>Changes where a waybill's parcel goes; the same reference changes it once.</summary>
/// <param name="ClientReference">Our reference of this one change.</param>
public sealed record ReaddressParcel(
    string Gateway, string Key, string TrackingNumber, string ClientReference, ShippingAddress Recipient)
    : Effect(Gateway, Key);

/// <summary>Cancels a waybill.</summary>
public sealed record CancelParcel(
    string Gateway, string Key, string TrackingNumber, string ClientReference) : Effect(Gateway, Key);

/// <summary>Has the carrier bring the parcel back.</summary>
public sealed record StartReturn(
    string Gateway, string Key, string TrackingNumber, string ClientReference) : Effect(Gateway, Key);

/// <summary>
/// The carrier's word on the parcel: it was registered, found, dispatched, cancelled, or it is on its way.
/// </summary>
/// <param name="Stop">The stop of the parcel that says so, if the answer shows one.</param>
public sealed record ParcelKnown(string TrackingNumber, CarrierStatus Status, ParcelStop? Stop = null) : EffectResult;

/// <summary>A stop of a parcel, in the words of whoever tells of it.</summary>
public sealed record ParcelStop(string Status, DateTimeOffset At, string? Description);

/// <summary>The tracker will tell of the parcel until then.</summary>
public sealed record WatchTaken(DateTimeOffset Until) : EffectResult;

/// <summary>The carrier knows no such waybill.</summary>
public sealed record ParcelNotFound : EffectResult;

/// <summary>The carrier refuses for good; nothing was done.</summary>
public sealed record CarrierRefused(string Code, string Message) : EffectResult;

/// <summary>Whether the carrier did it is not known.</summary>
public sealed record OutcomeUnknown(string Reason) : EffectResult;

/// <summary>What a shipment's state wants done outside.</summary>
internal static class CarrierEffects
{
    public static Effect? Wanted(Shipment s)
    {
        if (s.Call is not { IsPaused: false } call)
        {
            return null;
        }

        var key = $"{s.Id}/{Named(call.Kind)}/{call.Number}";
        var reference = ClientReference.Of(s.OrderId);
        if (call.Kind is CallKind.Register or CallKind.Find)
        {
            var to = s.Consignment
                ?? throw new InvalidOperationException($"Shipment {s.Id} wants a waybill for nothing.");
            return call.Kind == CallKind.Find
                ? new FindParcel(to.CarrierId, key, reference)
                : new RegisterParcel(
                    to.CarrierId,
                    key,
                    reference,
                    s.OrderId,
                    to.Address,
                    to.WeightGrams,
                    to.Items,
                    Earlier(call.WakeAt, to.Deadline));
        }

        var waybill = s.Waybill
            ?? throw new InvalidOperationException($"Shipment {s.Id} has no waybill to {call.Kind}.");
        return call.Kind switch
        {
            CallKind.Watch => new WatchParcel(Tracker(waybill), key, waybill.CarrierId, waybill.TrackingNumber),
            CallKind.Track when waybill.TrackedBy is not null && s.IsOnTheWay =>
                new LookUpParcel(Tracker(waybill), key, waybill.CarrierId, waybill.TrackingNumber),
            CallKind.Track => new TrackParcel(waybill.CarrierId, key, waybill.TrackingNumber),
            CallKind.Dispatch => new DispatchParcel(waybill.CarrierId, key, waybill.TrackingNumber, reference),
            CallKind.Cancel => new CancelParcel(waybill.CarrierId, key, waybill.TrackingNumber, reference),
            CallKind.Readdress when s.AddressChange is { } change => new ReaddressParcel(
                waybill.CarrierId,
                key,
                waybill.TrackingNumber,
                ClientReference.OfAddress(s.OrderId, change.Number),
                change.To),
            CallKind.StartReturn => new StartReturn(waybill.CarrierId, key, waybill.TrackingNumber, reference),
            _ => throw new InvalidOperationException($"No effect for {call.Kind}."),
        };
    }

    private static string Tracker(Waybill waybill) => waybill.TrackedBy
        ?? throw new InvalidOperationException($"Nobody tracks the waybill {waybill.TrackingNumber}.");

    private static string Named(CallKind kind) =>
        JsonNamingPolicy.SnakeCaseLower.ConvertName(kind.ToString());

    private static DateTimeOffset Earlier(DateTimeOffset a, DateTimeOffset b) => a < b ? a : b;
}
