using System.Text.Json;

namespace DoaMarket.Payments;

/// <summary>Enumerations as the API writes them.</summary>
internal static class Words
{
    /// <summary>snake_case: "partial_cancel".</summary>
    public static string Of<T>(T value) where T : struct, Enum =>
        JsonNamingPolicy.SnakeCaseLower.ConvertName(value.ToString());
}
