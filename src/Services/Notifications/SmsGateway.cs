using System.ComponentModel.DataAnnotations;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Serialization;
using DoaMarket.Contracts;
using DoaMarket.Gateways;
using DoaMarket.Kernel;

namespace DoaMarket.Notifications;

/// <summary>The shop's account at its provider of text messages.</summary>
public sealed record SmsAccount
{
    /// <summary>Sent as a bearer token.</summary>
    [Required]
    public string ApiKey { get; init; } = "";

    /// <summary>The number that messages come from; in Korea it must be registered beforehand.</summary>
    [Required]
    public string From { get; init; } = "";

    /// <summary>Without the key, since options get logged.</summary>
    public override string ToString() => $"{nameof(SmsAccount)} {{ From = {From} }}";
}

/// <summary>
/// Text messages over a small HTTP interface, which a provider's adapter or proxy implements: `POST v1/messages {from,
/// to, text, clientReference}` gives 201 with a `messageId`, and 200 with the same one when the reference was used
/// before. 422 refuses the message for good.
/// </summary>
/// <param name="gateway">The gateway called <see cref="Name"/>.</param>
/// <param name="account">The shop's account.</param>
public sealed class SmsGateway(Gateway gateway, SmsAccount account)
{
    /// <summary>Name, as effects and operators know it.</summary>
    public const string Name = "sms";

    private const int WaitingMax = 2_000;
    private const int MaxReasonCharacters = 300;

    private static readonly TimeSpan ThrottledPause = TimeSpan.FromSeconds(5);

    /// <summary>Who carries text messages out.</summary>
    public GatewayBinding Binding => new(Name, gateway.Options.MaxConcurrentCalls, WaitingMax, CarryOut);

    /// <summary>Which answers count against the circuit: with a refused key nothing goes through at all.</summary>
    public static bool CountsAgainst(HttpStatusCode status) =>
        (int)status >= 500 || status is HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden;

    /// <summary>
    /// Sends one text message: <see cref="NoticeSent"/>, <see cref="NoticeDeferred"/>, <see cref="NoticeRefused"/>, or
    /// <see cref="NotAttempted"/>.
    /// </summary>
    public async Task<EffectResult> CarryOut(Effect effect, CancellationToken stop)
    {
        if (effect is not SendNotice sms)
        {
            throw new ArgumentException($"{effect.GetType().Name} is no text message.", nameof(effect));
        }

        var body = new SmsBody(account.From, sms.To, sms.Text.Body, sms.Id.ToString());
        return await gateway.Call(
            async (client, token) =>
            {
                using var request = new HttpRequestMessage(
                    HttpMethod.Post, new Uri("v1/messages", UriKind.Relative));
                request.Content = JsonContent.Create(body, SmsJson.Default.SmsBody);
                request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", account.ApiKey);
                return await client.SendAsync(request, HttpCompletionOption.ResponseContentRead, token);
            },
            (status, text) => Read(status, text, sms.To),
            why => new NoticeDeferred(Short(why, sms.To)),
            stop);
    }

    private static EffectResult Read(HttpStatusCode status, string body, string to) => (int)status switch
    {
        >= 200 and < 300 => new NoticeSent(),
        422 => new NoticeRefused(Short(Said(body), to)),
        429 => new NotAttempted(ThrottledPause, "The SMS provider is throttling."),
        var code => new NoticeDeferred(Short($"The SMS provider answered {code}: {Said(body)}", to)),
    };

    private static string Said(string body)
    {
        try
        {
            return JsonSerializer.Deserialize(body, SmsJson.Default.SmsRefusal) is { Code: { } code } refusal
                ? $"{code}: {refusal.Message}"
                : body;
        }
        catch (JsonException)
        {
            return body; // not JSON (a proxy's page): told as it is
        }
    }

    private static string Short(string reason, string to)
    {
        var masked = reason.Replace(to, Mask.Phone(to), StringComparison.Ordinal);
        return masked.Length <= MaxReasonCharacters ? masked : masked[..MaxReasonCharacters];
    }
}

/// <summary>A text message.</summary>
internal sealed record SmsBody(string From, string To, string Text, string ClientReference);

/// <summary>A provider's refusal.</summary>
internal sealed record SmsRefusal(string? Code, string? Message);

/// <summary>How text messages are written and refusals read.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(SmsBody))]
[JsonSerializable(typeof(SmsRefusal))]
internal sealed partial class SmsJson : JsonSerializerContext;
