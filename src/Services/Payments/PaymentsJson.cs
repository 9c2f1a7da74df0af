using System.Text.Json.Serialization;
using DoaMarket.Payments.Reconciling;

namespace DoaMarket.Payments;

/// <summary>How the service's documents are written.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    UseStringEnumConverter = true)]
[JsonSerializable(typeof(Payment))]
[JsonSerializable(typeof(PaymentLedgerRow))]
[JsonSerializable(typeof(Reconciliation))]
[JsonSerializable(typeof(ReconciliationBook))]
[JsonSerializable(typeof(PgRecord))]
public sealed partial class PaymentsJson : JsonSerializerContext;
