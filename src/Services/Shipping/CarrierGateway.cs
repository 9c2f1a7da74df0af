using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using DoaMarket.Contracts;
using DoaMarket.Gateways;
using DoaMarket.Kernel;

namespace DoaMarket.Shipping;

/// <summary>
/// One carrier over HTTP. Each carrier has a gateway of its own, named by the carrier's id, and with it a circuit
/// breaker and a bound on concurrent calls of its own.
/// </summary>
/// <param name="gateway">The carrier's gateway; its base URL includes the carrier's prefix.</param>
/// <param name="apiKey">Sent as a bearer token.</param>
/// <param name="time">For the time after which a registration must not begin.</param>
public sealed class CarrierGateway(Gateway gateway, string apiKey, TimeProvider time)
{
    /// <summary>Effects that may wait for their turn; beyond that the shipment's timer asks again.</summary>
    public const int MaxWaitingCalls = 1_000;

    private const int BodyExcerptLength = 200;

    /// <summary>Too many requests: the carrier has done nothing and wants to be left alone for a while.</summary>
    private static readonly TimeSpan ThrottledPause = TimeSpan.FromSeconds(5);

    /// <summary>Who carries out this carrier's effects.</summary>
    public GatewayBinding Binding => new(gateway.Name, gateway.Options.MaxConcurrentCalls, MaxWaitingCalls, CarryOut);

    /// <summary>Makes the call that an effect wants.</summary>
    public async Task<EffectResult> CarryOut(Effect effect, CancellationToken stop) => effect switch
    {
        RegisterParcel register when time.GetUtcNow() > register.NotAfter =>
            new NotAttempted(TimeSpan.Zero, "The registration's turn came after its deadline."),
        RegisterParcel register => await Register(register, stop),
        FindParcel find => await Send(
            HttpMethod.Get,
            $"v1/shipments?clientReference={Uri.EscapeDataString(find.ClientReference)}",
            null,
            Shown,
            stop),
        TrackParcel track => await Send(HttpMethod.Get, Path(track.TrackingNumber), null, Shown, stop),
        DispatchParcel dispatch => await Send(
            HttpMethod.Post,
            Path(dispatch.TrackingNumber, "/dispatch"),
            Reference(dispatch.ClientReference),
            (status, body) => Done(status, body, dispatch.TrackingNumber, CarrierStatus.HandedOver),
            stop),
        ReaddressParcel elsewhere => await Readdress(elsewhere, stop),
        CancelParcel cancel => await Send(
            HttpMethod.Post,
            Path(cancel.TrackingNumber, "/cancel"),
            Reference(cancel.ClientReference),
            (status, body) => Done(status, body, cancel.TrackingNumber, CarrierStatus.Cancelled),
            stop),
        StartReturn back => await Send(
            HttpMethod.Post,
            Path(back.TrackingNumber, "/return"),
            Reference(back.ClientReference),
            (status, body) => ReturnTaken(status, body, back.TrackingNumber),
            stop),
        _ => throw new InvalidOperationException($"A carrier cannot do {effect.GetType().Name}."),
    };

    private Task<EffectResult> Readdress(ReaddressParcel e, CancellationToken stop)
    {
        var body = new ReaddressBody(e.ClientReference, Recipient(e.Recipient));
        return Send(
            HttpMethod.Patch,
            Path(e.TrackingNumber, "/address"),
            () => JsonContent.Create(body, CarrierJson.Default.ReaddressBody),
            (status, text) => status == HttpStatusCode.UnprocessableEntity
                ? Refused(text)
                : Done(status, text, e.TrackingNumber, CarrierStatus.Registered),
            stop);
    }

    private static RecipientBody Recipient(ShippingAddress to) =>
        new(to.RecipientName, to.Phone, to.PostalCode, to.Address, to.AddressDetail);

    private Task<EffectResult> Register(RegisterParcel e, CancellationToken stop)
    {
        var body = new RegisterBody(
            e.ClientReference,
            e.OrderId.ToString(),
            Recipient(e.Recipient),
            e.WeightGrams,
            [.. e.Items.Select(i => new ItemBody(i.ProductId.Value, i.Name, i.Quantity))]);
        return Send(
            HttpMethod.Post,
            "v1/shipments",
            () => JsonContent.Create(body, CarrierJson.Default.RegisterBody),
            (status, text) => status == HttpStatusCode.UnprocessableEntity ? Refused(text) : Shown(status, text),
            stop);
    }

    private Task<EffectResult> Send(
        HttpMethod method,
        string path,
        Func<HttpContent>? content,
        Func<HttpStatusCode, string, EffectResult> read,
        CancellationToken stop) => gateway.Call(
            async (client, token) =>
            {
                // Made anew for each connect retry: a content can be sent once.
                using var request = new HttpRequestMessage(method, new Uri(path, UriKind.Relative));
                request.Content = content?.Invoke();
                request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", apiKey);
                return await client.SendAsync(request, HttpCompletionOption.ResponseContentRead, token);
            },
            (status, body) => status == HttpStatusCode.TooManyRequests
                ? new NotAttempted(ThrottledPause, $"{gateway.Name} is throttling.")
                : read(status, body),
            why => new OutcomeUnknown(why),
            stop);

    /// <summary>An answer that shows a shipment: registered, found, or tracked.</summary>
    private EffectResult Shown(HttpStatusCode status, string body)
    {
        if (status == HttpStatusCode.NotFound)
        {
            return new ParcelNotFound();
        }

        var shown = IsSuccess(status) ? Read(body, CarrierJson.Default.ShipmentBody) : null;
        return shown is { TrackingNumber: { Length: > 0 } number, Status: { } text }
            && CarrierStatuses.Parse(text) is { } known
            ? new ParcelKnown(number, known)
            : Puzzling(status, body);
    }

    /// <summary>An answer to dispatch or cancel: done (also when done before), or what stands against it.</summary>
    private EffectResult Done(HttpStatusCode status, string body, string trackingNumber, CarrierStatus done) =>
        status switch
        {
            _ when IsSuccess(status) => new ParcelKnown(trackingNumber, done),
            HttpStatusCode.NotFound => new ParcelNotFound(),
            HttpStatusCode.Conflict => Read(body, CarrierJson.Default.RefusalBody)?.Code switch
            {
                "CANCELLED" => new ParcelKnown(trackingNumber, CarrierStatus.Cancelled),
                "ALREADY_DISPATCHED" => new ParcelKnown(trackingNumber, CarrierStatus.HandedOver),
                _ => Puzzling(status, body),
            },
            _ => Puzzling(status, body),
        };

    private EffectResult ReturnTaken(HttpStatusCode status, string body, string trackingNumber) => status switch
    {
        _ when IsSuccess(status) => new ParcelKnown(trackingNumber, CarrierStatus.ReturnStarted),
        HttpStatusCode.NotFound => new ParcelNotFound(),
        HttpStatusCode.Conflict or HttpStatusCode.UnprocessableEntity => Refused(body),
        _ => Puzzling(status, body),
    };

    private static CarrierRefused Refused(string body)
    {
        var refusal = Read(body, CarrierJson.Default.RefusalBody);
        return new(refusal?.Code ?? "REFUSED", refusal?.Message ?? Excerpt(body));
    }

    /// <summary>
    /// A 5xx, our key refused, a body that cannot be read: whether anything happened is asked, never guessed.
    /// </summary>
    private OutcomeUnknown Puzzling(HttpStatusCode status, string body) =>
        new($"{gateway.Name} answered {(int)status}: {Excerpt(body)}");

    private static T? Read<T>(string body, JsonTypeInfo<T> type) where T : class
    {
        try
        {
            return JsonSerializer.Deserialize(body, type);
        }
        catch (JsonException)
        {
            return null; // not JSON (a proxy's page): the caller says what was sent
        }
    }

    private static Func<HttpContent> Reference(string reference) =>
        () => JsonContent.Create(new ReferenceBody(reference), CarrierJson.Default.ReferenceBody);

    private static string Path(string trackingNumber, string action = "") =>
        $"v1/shipments/{Uri.EscapeDataString(trackingNumber)}{action}";

    private static bool IsSuccess(HttpStatusCode status) => (int)status is >= 200 and < 300;

    private static string Excerpt(string body) =>
        body.Length <= BodyExcerptLength ? body : body[..BodyExcerptLength] + "…";
}
