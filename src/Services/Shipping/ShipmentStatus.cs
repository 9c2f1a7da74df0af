using System.Text.Json;
using System.Text.Json.Serialization;

namespace DoaMarket.Shipping;

/// <summary>Where a shipment stands. Written in snake_case.</summary>
[JsonConverter(typeof(ShipmentStatusConverter))]
public enum ShipmentStatus
{
    /// <summary>Only facts have arrived; the order to prepare has not.</summary>
    Stub,

    /// <summary>A waybill is wanted, and may exist already.</summary>
    Preparing,

    /// <summary>A waybill exists.</summary>
    Prepared,

    /// <summary>The pivot: the carrier is being told to take the parcel.</summary>
    Dispatching,

    /// <summary>The carrier has the parcel.</summary>
    Dispatched,

    /// <summary>Between depots.</summary>
    InTransit,

    /// <summary>On the van.</summary>
    OutForDelivery,

    /// <summary>The customer has it.</summary>
    Delivered,

    /// <summary>The carrier gave up; the parcel is asked back.</summary>
    DeliveryFailed,

    /// <summary>The carrier is being told to cancel the waybill.</summary>
    Cancelling,

    /// <summary>No live waybill, and none will be: also the tombstone of a shipment that never was.</summary>
    Cancelled,

    /// <summary>Refused, or not registered in time: no waybill, and none will be.</summary>
    Failed,

    /// <summary>The carrier is to bring the parcel back.</summary>
    Returning,

    /// <summary>The carrier has fetched the parcel.</summary>
    ReturnPickedUp,

    /// <summary>The parcel is back in the warehouse.</summary>
    Returned,

    /// <summary>Back, refunded and restocked.</summary>
    ReturnCompleted,
}

/// <summary>
/// Which status may follow which: an invariant (a status never moves backwards), asserted at every move.
/// </summary>
public static class ShipmentMoves
{
    private static readonly ShipmentStatus[] Back =
        [ShipmentStatus.Returning, ShipmentStatus.ReturnPickedUp, ShipmentStatus.Returned];

    private static readonly Dictionary<ShipmentStatus, ShipmentStatus[]> Allowed = new()
    {
        [ShipmentStatus.Stub] = [ShipmentStatus.Preparing, ShipmentStatus.Failed, ShipmentStatus.Cancelled],
        [ShipmentStatus.Preparing] =
        [
            ShipmentStatus.Prepared, ShipmentStatus.Failed, ShipmentStatus.Cancelling, ShipmentStatus.Cancelled,
            ShipmentStatus.Dispatched, // found handed over although a cancel was asked for
        ],
        [ShipmentStatus.Prepared] = [ShipmentStatus.Dispatching, ShipmentStatus.Cancelling, ShipmentStatus.Cancelled],
        [ShipmentStatus.Dispatching] = [ShipmentStatus.Dispatched, ShipmentStatus.Cancelling, ShipmentStatus.Cancelled],
        [ShipmentStatus.Cancelling] = [ShipmentStatus.Cancelled, ShipmentStatus.Dispatched],
        [ShipmentStatus.Dispatched] =
        [
            ShipmentStatus.InTransit, ShipmentStatus.OutForDelivery, ShipmentStatus.Delivered,
            ShipmentStatus.DeliveryFailed, .. Back,
        ],
        [ShipmentStatus.InTransit] =
            [ShipmentStatus.OutForDelivery, ShipmentStatus.Delivered, ShipmentStatus.DeliveryFailed, .. Back],
        [ShipmentStatus.OutForDelivery] = [ShipmentStatus.Delivered, ShipmentStatus.DeliveryFailed, .. Back],
        [ShipmentStatus.DeliveryFailed] = Back,
        [ShipmentStatus.Delivered] = Back, // a cancel promised while the parcel was being delivered, or settled by hand
        [ShipmentStatus.Returning] = [ShipmentStatus.ReturnPickedUp, ShipmentStatus.Returned],
        [ShipmentStatus.ReturnPickedUp] = [ShipmentStatus.Returned],
        [ShipmentStatus.Returned] = [ShipmentStatus.ReturnCompleted],
    };

    /// <summary>Whether a shipment may go from one status to the other in one move.</summary>
    public static bool IsAllowed(ShipmentStatus from, ShipmentStatus to) =>
        Allowed.TryGetValue(from, out var next) && next.Contains(to);

    /// <summary>The name as documents and messages show it, e.g. "in_transit".</summary>
    public static string Wire(this ShipmentStatus status) =>
        JsonNamingPolicy.SnakeCaseLower.ConvertName(status.ToString());
}

/// <summary>Writes a status in snake_case.</summary>
public sealed class ShipmentStatusConverter()
    : JsonStringEnumConverter<ShipmentStatus>(JsonNamingPolicy.SnakeCaseLower);
