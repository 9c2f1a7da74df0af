using System.Text.Json.Serialization;

namespace DoaMarket.Stats;

/// <summary>How the documents of Stats are written.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    UseStringEnumConverter = true)]
[JsonSerializable(typeof(StatsBooks))]
[JsonSerializable(typeof(OrderBook))]
[JsonSerializable(typeof(DayFigures))]
[JsonSerializable(typeof(ProductDay))]
[JsonSerializable(typeof(ProductName))]
public sealed partial class StatsJson : JsonSerializerContext;
