using System.Text.Json;
using System.Text.RegularExpressions;

namespace DoaMarket.Api;

/// <summary>
/// What is wrong with a body, in words for its sender. The serializer's own sentences name .NET types, and for a
/// missing member only the object that misses it.
/// </summary>
internal static partial class BodyFault
{
    /// <summary>The field, as a path in the body ("$" is the whole body), and a sentence that begins with it.</summary>
    public static (string Field, string Sentence) Of(JsonException error)
    {
        var field = error.Path is { } path && path.StartsWith("$.", StringComparison.Ordinal)
            ? path[2..]
            : error.Path ?? "$";
        if (Missing().Match(error.Message) is { Success: true } missing)
        {
            var name = missing.Groups["name"].Value;
            field = field == "$" ? name : $"{field}.{name}";
            return (field, $"{field}: It is required.");
        }

        var what = error.Message switch
        {
            var text when text.Contains("could not be mapped", StringComparison.Ordinal) => "There is no such member.",
            var text when text.StartsWith("Duplicate property", StringComparison.Ordinal) => "It is there twice.",
            var text when text.Contains("doesn't allow null values", StringComparison.Ordinal) =>
                "It must not be null.",
            var text when text.Contains("could not be converted", StringComparison.Ordinal) => "It has the wrong type.",
            var text => WithoutPlace(text),
        };
        return (field, field == "$" ? what : $"{field}: {what}");
    }

    // " Path: … | LineNumber: …" ends the serializer's sentences; the path is told as the field.
    private static string WithoutPlace(string text)
    {
        var cut = text.IndexOf(" Path: ", StringComparison.Ordinal);
        return cut < 0 ? text : text[..cut];
    }

    [GeneratedRegex(
        "missing required properties including: '(?<name>[^']+)'", RegexOptions.None, matchTimeoutMilliseconds: 100)]
    private static partial Regex Missing();
}
