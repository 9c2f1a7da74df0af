using System.Globalization;
using System.Text.Json;

namespace DoaMarket.Host.Cli.Api;

/// <summary>A successful answer of the shop.</summary>
/// <param name="Body">All of it, as it came.</param>
internal sealed record ApiAnswer(JsonElement Body)
{
    public JsonElement Data => Body.GetProperty("data");

    /// <summary>The rows of a list.</summary>
    /// <exception cref="ApiFailure">The data is no list: another version of the API.</exception>
    public IEnumerable<JsonElement> Rows => Data.ValueKind == JsonValueKind.Array
        ? Data.EnumerateArray()
        : throw Unexpected("a list");

    /// <summary>Asks for the next page of a list; null on the last.</summary>
    public string? NextCursor => Body.Part("meta")?.Text("nextCursor");

    /// <summary>A member of the data that must be there.</summary>
    /// <exception cref="ApiFailure">It is not: another version of the API.</exception>
    public string Required(string name) => Data.Text(name) ?? throw Unexpected($"'{name}'");

    private static ApiFailure Unexpected(string what) =>
        new(200, "UNEXPECTED_ANSWER", $"The shop's answer should hold {what}, and does not. Is it another version?");
}

/// <summary>Reads members that may be missing.</summary>
internal static class JsonMembers
{
    public static JsonElement? Part(this JsonElement element, string name) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out var part)
            && part.ValueKind is not (JsonValueKind.Null or JsonValueKind.Undefined)
            ? part
            : null;

    /// <summary>The member as text: strings as they are, anything else as JSON; null when missing.</summary>
    public static string? Text(this JsonElement element, string name) => element.Part(name) is not { } part
        ? null
        : part.ValueKind == JsonValueKind.String ? part.GetString() : part.GetRawText();

    /// <summary>The member as a whole number; null when it is missing or no such number.</summary>
    public static long? Whole(this JsonElement element, string name) =>
        element.Part(name) is { ValueKind: JsonValueKind.Number } part && part.TryGetInt64(out var number)
            ? number
            : null;

    /// <summary>The member as an instant; null when it is missing or no instant.</summary>
    public static DateTimeOffset? Instant(this JsonElement element, string name) =>
        DateTimeOffset.TryParse(
            element.Text(name), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var instant)
            ? instant
            : null;

    /// <summary>The member's entries; none when it is missing.</summary>
    public static IEnumerable<JsonElement> Entries(this JsonElement element, string name) =>
        element.Part(name) is { ValueKind: JsonValueKind.Array } part ? part.EnumerateArray() : [];
}
