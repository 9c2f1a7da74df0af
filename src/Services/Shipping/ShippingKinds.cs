using System.Text.Json.Serialization;
using DoaMarket.Contracts;
using DoaMarket.Kernel;

namespace DoaMarket.Shipping;

/// <summary>The kinds of documents that Shipping owns.</summary>
public static class ShippingKinds
{
    /// <summary>
    /// Shipments by <see cref="ShipmentId"/>. The timer yields to older messages: after an outage, a cancel that waits
    /// in the queue is heard before the parcel is dispatched.
    /// </summary>
    public static DocumentKind<Shipment> Shipments { get; } =
        new DocumentKind<Shipment>(
            ShopTopology.Shipping,
            "shipments",
            ShippingJson.Default.Shipment,
            wakeAt: Timers.WakeAt,
            trail: s => s.Trail,
            wanted: CarrierEffects.Wanted,
            timerYieldsToOlderMessages: true)
        .WaitsAtCircuit(s => s.Call?.HeldAt, (s, now) => s with { Call = s.Call! with { WakeAt = now } })
        .Column("status", s => s.Status.Wire())
        .Column("tracking_number", s => s.Waybill?.TrackingNumber)
        .Column("carrier_id", s => s.Waybill?.CarrierId)
        .Column("user_id", s => s.UserId?.Value)
        .Column("order_id", s => s.OrderId.ToString())
        .Column("created_at", s => s.CreatedAt.ToUnixTimeMilliseconds())
        .Index("by_tracking_number", "tracking_number")
        .Index("by_user", "user_id", "created_at")
        .Index("by_status", "status", "created_at");
}

/// <summary>How shipments are written.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    UseStringEnumConverter = true)]
[JsonSerializable(typeof(Shipment))]
public sealed partial class ShippingJson : JsonSerializerContext;
