using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using DoaMarket.Api;
using DoaMarket.Contracts;
using DoaMarket.Kernel;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace DoaMarket.Shipping.Tracker;

/// <summary>The tracker's call, as the tracker sends it; members that we do not know are ignored.</summary>
public sealed record TrackerCallback(string CarrierId, string TrackingNumber);

/// <summary>
/// Where the tracker calls us. It does not sign: the address is the secret, and what it says only makes us ask.
/// </summary>
public sealed class TrackerApi(IStore store, TrackerOptions options)
{
    /// <summary>Two carriers may use the same number; more do not.</summary>
    private const int SameNumberAtMost = 10;

    private static readonly JsonSerializerOptions Callbacks = new(JsonSerializerDefaults.Web)
    {
        MaxDepth = ApiJson.MaxDepth,
        RespectNullableAnnotations = true,
        RespectRequiredConstructorParameters = true,
    };

    private readonly byte[] _secret = Encoding.UTF8.GetBytes(options.CallbackSecret);

    /// <summary>Adds the endpoint.</summary>
    public void Map(IEndpointRouteBuilder api) => api.MapPost("/webhooks/tracker/{secret}", Take)
        .AllowAnonymous().WithTags("Webhooks")
        .WithSummary("The tracker hints that a parcel moved; it is then asked. 200 only after the hint is durable")
        .Accepts<TrackerCallback>("application/json").Produces(200).Produces<ApiFailure>(404);

    private async Task<IResult> Take(string secret, HttpContext http)
    {
        if (!CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(secret), _secret))
        {
            return ApiAnswers.Fail(http, ApiError.NotFound, null, "webhooks/tracker");
        }

        var bytes = await ApiBody.ReadBytes(http.Request, http.RequestAborted);
        var call = ApiBody.Parse<TrackerCallback>(bytes, Callbacks);
        var page = await store.Query(
            new(ShippingKinds.Shipments, "by_tracking_number", [call.TrackingNumber], SameNumberAtMost),
            http.RequestAborted);
        var hinted = page.Documents.Select(d => (Shipment)d.State)
            .FirstOrDefault(s => s.Waybill?.CarrierId == call.CarrierId);
        return ApiAnswers.Ok(http, hinted is null
            ? CarrierReportReply.UnknownParcel("No shipment has this waybill.")
            : await http.Ask(
                ShopTopology.Shipping, new ParcelHinted(ShipmentId.Of(hinted.OrderId), call.CarrierId, call.TrackingNumber)));
    }
}
