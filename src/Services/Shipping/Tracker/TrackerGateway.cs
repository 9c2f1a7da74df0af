using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using DoaMarket.Gateways;
using DoaMarket.Kernel;

namespace DoaMarket.Shipping.Tracker;

/// <summary>
/// tracker.delivery over HTTP (https://tracker.delivery/docs): where a parcel of any carrier is, and a call when it moves.
/// </summary>
/// <param name="gateway">Its gateway; 15 s is the time limit that it recommends.</param>
/// <param name="options">The account.</param>
/// <param name="callbackUrl">Where the tracker calls us; null while that is not known yet.</param>
/// <param name="time">For the end of a watch.</param>
public sealed class TrackerGateway(Gateway gateway, TrackerOptions options, Func<string?> callbackUrl, TimeProvider time)
{
    /// <summary>Name of its gateway, and what a carrier's profile says that is tracked by it.</summary>
    public const string Name = "tracker.delivery";

    /// <summary>Where it is.</summary>
    public const string BaseUrl = "https://apis.tracker.delivery";

    /// <summary>The time limit that its documentation recommends.</summary>
    public static readonly TimeSpan Timeout = TimeSpan.FromSeconds(15);

    private const int MaxWaitingCalls = 1_000;
    private const int BodyExcerptLength = 200;

    private const string TrackQuery = """
        query Track($carrierId: ID!, $trackingNumber: String!) {
          track(carrierId: $carrierId, trackingNumber: $trackingNumber) {
            lastEvent { time status { code } description }
          }
        }
        """;

    private const string WatchMutation = """
        mutation RegisterTrackWebhook($input: RegisterTrackWebhookInput!) { registerTrackWebhook(input: $input) }
        """;

    private static readonly TimeSpan ThrottledPause = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan NotReadyPause = TimeSpan.FromSeconds(1);

    private readonly AuthenticationHeaderValue _authorization =
        new("TRACKQL-API-KEY", $"{options.ClientId}:{options.ClientSecret}");

    /// <summary>Who carries out the tracker's effects.</summary>
    public GatewayBinding Binding => new(Name, gateway.Options.MaxConcurrentCalls, MaxWaitingCalls, CarryOut);

    /// <summary>Makes the call that an effect wants.</summary>
    public async Task<EffectResult> CarryOut(Effect effect, CancellationToken stop) => effect switch
    {
        LookUpParcel look => await Send(
            new(TrackQuery, new(look.CarrierId, look.TrackingNumber)), data => Shown(look.TrackingNumber, data), stop),
        WatchParcel watch when callbackUrl() is { } url => await Watch(watch, url, stop),
        WatchParcel => new NotAttempted(NotReadyPause, "The address that the tracker is to call is not known yet."),
        _ => throw new InvalidOperationException($"A tracker cannot do {effect.GetType().Name}."),
    };

    private Task<EffectResult> Watch(WatchParcel watch, string url, CancellationToken stop)
    {
        var until = time.GetUtcNow() + options.WatchFor;
        var input = new TrackerWebhook(
            watch.CarrierId, watch.TrackingNumber, $"{url.TrimEnd('/')}/{options.CallbackSecret}", until);
        return Send(
            new(WatchMutation, new(Input: input)),
            data => data.RegisterTrackWebhook == true
                ? new WatchTaken(until)
                : new OutcomeUnknown($"{Name} did not take the watch over {watch.TrackingNumber}."),
            stop);
    }

    private Task<EffectResult> Send(
        TrackerRequest body, Func<TrackerData, EffectResult> read, CancellationToken stop) => gateway.Call(
            async (client, token) =>
            {
                using var request = new HttpRequestMessage(HttpMethod.Post, new Uri("graphql", UriKind.Relative));
                request.Content = JsonContent.Create(body, TrackerJson.Default.TrackerRequest);
                request.Headers.Authorization = _authorization;
                return await client.SendAsync(request, HttpCompletionOption.ResponseContentRead, token);
            },
            (status, text) => status == HttpStatusCode.TooManyRequests
                ? new NotAttempted(ThrottledPause, $"{Name} is throttling.")
                : Answer(status, text, read),
            why => new OutcomeUnknown(why),
            stop);

    /// <summary>GraphQL tells errors beside the data, whatever the HTTP status.</summary>
    private static EffectResult Answer(HttpStatusCode status, string text, Func<TrackerData, EffectResult> read)
    {
        var response = Read(text);
        if (response?.Errors is [var error, ..])
        {
            return error.Extensions?.Code == "NOT_FOUND"
                ? new ParcelNotFound()
                : new OutcomeUnknown($"{Name} says {error.Extensions?.Code}: {error.Message}");
        }

        return (int)status is >= 200 and < 300 && response?.Data is { } data
            ? read(data)
            : new OutcomeUnknown($"{Name} answered {(int)status}: {Excerpt(text)}");
    }

    /// <summary>Only the last event counts. Without one, or with one of no news, the parcel stays where it is.</summary>
    private static EffectResult Shown(string trackingNumber, TrackerData data)
    {
        if (data.Track is not { } track)
        {
            return new ParcelNotFound();
        }

        return track.LastEvent is { Status.Code: { } code, Time: { } at } last
            ? new ParcelKnown(trackingNumber, TrackerStatuses.Parse(code), new(code, at, last.Description))
            : new ParcelKnown(trackingNumber, CarrierStatus.Registered);
    }

    private static TrackerResponse? Read(string text)
    {
        try
        {
            return JsonSerializer.Deserialize(text, TrackerJson.Default.TrackerResponse);
        }
        catch (JsonException)
        {
            return null; // not JSON (a proxy's page): the caller says what was sent
        }
    }

    private static string Excerpt(string body) =>
        body.Length <= BodyExcerptLength ? body : body[..BodyExcerptLength] + "…";
}

/// <summary>The tracker's words for where a parcel is.</summary>
internal static class TrackerStatuses
{
    /// <summary>What a word means here; a word that we do not know (UNKNOWN is one of its own) is no news.</summary>
    public static CarrierStatus Parse(string code) => code switch
    {
        "AT_PICKUP" => CarrierStatus.HandedOver,
        "IN_TRANSIT" => CarrierStatus.InTransit,
        "OUT_FOR_DELIVERY" or "AVAILABLE_FOR_PICKUP" => CarrierStatus.OutForDelivery, // waits for the customer
        "ATTEMPT_FAIL" => CarrierStatus.AttemptFailed,
        "DELIVERED" => CarrierStatus.Delivered,
        "EXCEPTION" => CarrierStatus.GivenUp,
        _ => CarrierStatus.Registered, // INFORMATION_RECEIVED, UNKNOWN
    };
}
