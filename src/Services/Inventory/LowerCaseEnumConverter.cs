using System.Text.Json;
using System.Text.Json.Serialization;

namespace DoaMarket.Inventory;

/// <summary>Writes an enum in snake_case ("held"), as statuses and reasons are written everywhere.</summary>
public sealed class LowerCaseEnumConverter<T>() :
    JsonStringEnumConverter<T>(JsonNamingPolicy.SnakeCaseLower, allowIntegerValues: false)
    where T : struct, Enum;
