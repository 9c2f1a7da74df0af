using System.Text.Json.Serialization;

namespace DoaMarket.Inventory;

/// <summary>How Inventory's documents are written.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    UseStringEnumConverter = true)]
[JsonSerializable(typeof(StockItem))]
[JsonSerializable(typeof(StockLedgerRow))]
[JsonSerializable(typeof(Reservation))]
public sealed partial class InventoryJson : JsonSerializerContext;
