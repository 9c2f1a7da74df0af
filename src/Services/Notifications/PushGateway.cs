using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using DoaMarket.Gateways;
using DoaMarket.Kernel;

namespace DoaMarket.Notifications;

/// <summary>
/// Pushes over FCM's HTTP v1 API (https://firebase.google.com/docs/reference/fcm/rest/v1/projects.messages). FCM knows
/// no idempotency key: the notification's id goes along as the tag under which a device shows it, so that one sent again
/// after a lost answer takes the place of the first.
/// </summary>
public sealed class PushGateway : IDisposable
{
    /// <summary>Name, as effects and operators know it.</summary>
    public const string Name = "push";

    private const int WaitingMax = 2_000;
    private const int MaxReasonCharacters = 300;

    /// <summary>Too many requests: FCM asks for a minute at least when it names no time.</summary>
    private static readonly TimeSpan ThrottledPause = TimeSpan.FromMinutes(1);

    private readonly Gateway _gateway;
    private readonly AccessTokens _tokens;
    private readonly Uri _send;

    /// <summary>An adapter over the gateway called <see cref="Name"/>.</summary>
    /// <exception cref="ArgumentException">The account's private key is none.</exception>
    public PushGateway(Gateway gateway, FcmOptions account, TimeProvider time)
    {
        _gateway = gateway;
        _tokens = new AccessTokens(account, time);
        _send = new Uri(
            $"v1/projects/{Uri.EscapeDataString(account.ProjectId)}/messages:send", UriKind.Relative);
    }

    /// <summary>Who carries pushes out.</summary>
    public GatewayBinding Binding => new(Name, _gateway.Options.MaxConcurrentCalls, WaitingMax, CarryOut);

    /// <summary>
    /// Which answers count against the circuit: with refused credentials, or a project that there is not, nothing goes
    /// through at all.
    /// </summary>
    public static bool CountsAgainst(HttpStatusCode status) =>
        (int)status >= 500 || status is HttpStatusCode.Unauthorized;

    /// <summary>
    /// Sends one push: <see cref="NoticeSent"/>, <see cref="NoticeDeferred"/>, <see cref="NoticeRefused"/>, or
    /// <see cref="NotAttempted"/>.
    /// </summary>
    public async Task<EffectResult> CarryOut(Effect effect, CancellationToken stop)
    {
        if (effect is not SendNotice push)
        {
            throw new ArgumentException($"{effect.GetType().Name} is no push.", nameof(effect));
        }

        string? used = null;
        return await _gateway.Call(
            async (client, token) =>
            {
                used = await _tokens.Get(client, token);
                using var request = new HttpRequestMessage(HttpMethod.Post, _send);
                request.Content = JsonContent.Create(Body(push), FcmJson.Default.FcmBody);
                request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", used);
                return await client.SendAsync(request, HttpCompletionOption.ResponseContentRead, token);
            },
            (status, body) => Read(status, body, push, used),
            why => new NoticeDeferred(Short(why, push)),
            stop);
    }

    /// <inheritdoc />
    public void Dispose() => _tokens.Dispose();

    private static FcmBody Body(SendNotice push)
    {
        var id = push.Id.ToString();
        return new(new(
            push.To,
            new(push.Text.Subject, push.Text.Body),
            new(StringComparer.Ordinal)
            {
                ["notificationId"] = id,
                ["type"] = push.Type,
                ["orderId"] = push.OrderId.ToString(),
            },
            new(new(id)),
            new(new(StringComparer.Ordinal) { ["apns-collapse-id"] = id })));
    }

    private EffectResult Read(HttpStatusCode status, string body, SendNotice push, string? used)
    {
        if ((int)status is >= 200 and < 300)
        {
            return new NoticeSent();
        }

        var error = FcmError.Of(body);
        if (status is HttpStatusCode.Unauthorized && used is not null)
        {
            _tokens.Forget(used);
        }

        var reason = Short($"FCM answered {(int)status} {error.Code}: {error.Message}", push);
        return error.Code switch
        {
            "UNREGISTERED" or "SENDER_ID_MISMATCH" => new NoticeRefused(reason, IsAddressGone: true),
            "INVALID_ARGUMENT" => new NoticeRefused(reason, IsAddressGone: error.BlamesToken),
            _ when status is HttpStatusCode.TooManyRequests => new NotAttempted(ThrottledPause, reason),
            // Also a 404 without UNREGISTERED (no such project) and a 403: somebody can put that right.
            _ => new NoticeDeferred(reason),
        };
    }

    private static string Short(string reason, SendNotice push)
    {
        var masked = reason.Replace(push.To, "***", StringComparison.Ordinal);
        return masked.Length <= MaxReasonCharacters ? masked : masked[..MaxReasonCharacters];
    }
}
