using System.Text.Json;
using System.Text.Json.Serialization;

namespace DoaMarket.Kernel;

/// <summary>Writes an enum in snake_case ("refund_failed"), as statuses are written everywhere.</summary>
public sealed class SnakeCaseEnumConverter<T>() :
    JsonStringEnumConverter<T>(JsonNamingPolicy.SnakeCaseLower, allowIntegerValues: false)
    where T : struct, Enum;
