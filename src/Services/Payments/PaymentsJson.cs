using System.Text.Json.Serialization;

namespace DoaMarket.Payments;

/// <summary>How the service's documents are written.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    UseStringEnumConverter = true)]
[JsonSerializable(typeof(Payment))]
[JsonSerializable(typeof(PaymentLedgerRow))]
public sealed partial class PaymentsJson : JsonSerializerContext;
