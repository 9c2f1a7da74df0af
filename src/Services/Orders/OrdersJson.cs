using System.Text.Json.Serialization;

namespace DoaMarket.Orders;

/// <summary>How the documents of Orders are written.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    UseStringEnumConverter = true)]
[JsonSerializable(typeof(Order))]
[JsonSerializable(typeof(OrderSaga))]
[JsonSerializable(typeof(AmendSaga))]
[JsonSerializable(typeof(SellerOrder))]
[JsonSerializable(typeof(IdempotencyRecord))]
[JsonSerializable(typeof(Product))]
[JsonSerializable(typeof(OrderNumbers))]
public sealed partial class OrdersJson : JsonSerializerContext;
