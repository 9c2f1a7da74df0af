using System.Text.Json;
using System.Text.Json.Serialization;

namespace DoaMarket.Notifications;

/// <summary>`messages:send`.</summary>
internal sealed record FcmBody(FcmMessage Message);

/// <summary>One push.</summary>
/// <param name="Token">The device.</param>
/// <param name="Data">For the app: strings only.</param>
internal sealed record FcmMessage(
    string Token, FcmNotification Notification, Dictionary<string, string> Data, FcmAndroid Android, FcmApns Apns);

/// <summary>What is shown.</summary>
internal sealed record FcmNotification(string Title, string Body);

/// <summary>What only Android understands.</summary>
internal sealed record FcmAndroid(FcmAndroidNotification Notification);

/// <summary>A notification with the tag of one that is shown takes its place.</summary>
internal sealed record FcmAndroidNotification(string Tag);

/// <summary>What only Apple's devices understand: `apns-collapse-id` is their tag.</summary>
internal sealed record FcmApns(Dictionary<string, string> Headers);

/// <summary>
/// A refusal: FCM's own error code where its details have one, otherwise the general one of Google's APIs.
/// </summary>
internal sealed record FcmError(string Code, string Message, bool BlamesToken)
{
    public static FcmError Of(string body)
    {
        try
        {
            using var json = JsonDocument.Parse(body);
            if (Member(json.RootElement, "error") is { } error)
            {
                var details = Member(error, "details") is { ValueKind: JsonValueKind.Array } list
                    ? list.EnumerateArray().ToList()
                    : [];
                return new(
                    details.Select(d => Text(d, "errorCode")).FirstOrDefault(code => code is not null)
                        ?? Text(error, "status") ?? "",
                    Text(error, "message") ?? "",
                    details.SelectMany(Violations).Contains("message.token", StringComparer.Ordinal));
            }
        }
        catch (JsonException)
        {
            // Not FCM's form (a proxy's page): told as it is.
        }

        return new("", body, BlamesToken: false);
    }

    private static IEnumerable<string?> Violations(JsonElement detail) =>
        Member(detail, "fieldViolations") is { ValueKind: JsonValueKind.Array } list
            ? list.EnumerateArray().Select(v => Text(v, "field"))
            : [];

    private static JsonElement? Member(JsonElement element, string name) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out var found) ? found : null;

    private static string? Text(JsonElement element, string name) =>
        Member(element, name) is { ValueKind: JsonValueKind.String } found ? found.GetString() : null;
}

/// <summary>How pushes are written.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(FcmBody))]
internal sealed partial class FcmJson : JsonSerializerContext;
