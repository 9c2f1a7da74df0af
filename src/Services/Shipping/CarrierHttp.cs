using System.Text.Json.Serialization;

namespace DoaMarket.Shipping;

/// <summary>`POST v1/shipments`: what a carrier is told of a parcel.</summary>
internal sealed record RegisterBody(
    string ClientReference,
    string OrderReference,
    RecipientBody Recipient,
    int WeightGrams,
    IReadOnlyList<ItemBody> Items);

/// <summary>`PATCH v1/shipments/{trackingNumber}/address`: where a parcel is to go instead.</summary>
/// <param name="ClientReference">Of this change: repeating it changes nothing more.</param>
internal sealed record ReaddressBody(string ClientReference, RecipientBody Recipient);

/// <summary>Whom the parcel goes to.</summary>
internal sealed record RecipientBody(
    string Name, string Phone, string PostalCode, string Address, string? AddressDetail);

/// <summary>What is in it.</summary>
internal sealed record ItemBody(string ProductId, string Name, int Quantity);

/// <summary>Our reference, by which the carrier recognises a repeated call.</summary>
internal sealed record ReferenceBody(string ClientReference);

/// <summary>A carrier's shipment, as far as it matters here.</summary>
internal sealed record ShipmentBody(string? TrackingNumber, string? ClientReference, string? Status);

/// <summary>A carrier's refusal.</summary>
internal sealed record RefusalBody(string? Code, string? Message);

/// <summary>How carriers' bodies are read (members that we do not know are theirs) and written.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(RegisterBody))]
[JsonSerializable(typeof(ReaddressBody))]
[JsonSerializable(typeof(ReferenceBody))]
[JsonSerializable(typeof(ShipmentBody))]
[JsonSerializable(typeof(RefusalBody))]
internal sealed partial class CarrierJson : JsonSerializerContext;
