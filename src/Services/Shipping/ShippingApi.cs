using System.Text.Json;
using DoaMarket.Api;
using DoaMarket.Contracts;
using DoaMarket.Kernel;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace DoaMarket.Shipping;

/// <summary>A carrier's callback, as carriers send it; members that we do not know are ignored.</summary>
public sealed record CarrierCallback(
    string Type, string TrackingNumber, string Status, DateTimeOffset OccurredAt, string? ClientReference = null,
    string? Description = null);

/// <summary>Where a parcel is; nothing in it tells whose it is.</summary>
public sealed record TrackingView(
    string TrackingNumber, string CarrierId, string CarrierName, string Status, DateOnly? EstimatedDeliveryDate,
    IReadOnlyList<TrackingEventView> Events);

/// <summary>One stop of a parcel, in the carrier's word, with its time in UTC.</summary>
public sealed record TrackingEventView(string Status, DateTimeOffset At);

/// <summary>Shipping's part of the HTTP API.</summary>
public sealed class ShippingApi(IStore store, WebhookSignature signature, TimeProvider time)
{
    private static readonly JsonSerializerOptions Callbacks = new(JsonSerializerDefaults.Web)
    {
        MaxDepth = ApiJson.MaxDepth,
        RespectNullableAnnotations = true,
        RespectRequiredConstructorParameters = true,
    };

    private static readonly ApiError BadSignature = new(
        401, "BAD_SIGNATURE", "웹훅 서명이 올바르지 않습니다: {0}", "The webhook's signature is not valid: {0}");

    /// <summary>Adds the endpoints.</summary>
    public void Map(IEndpointRouteBuilder api)
    {
        api.MapPost("/webhooks/carriers/{carrier}", TakeCallback).AllowAnonymous().WithTags("Webhooks")
            .WithSummary(
                "A carrier reports (Standard Webhooks signature); 200 only after it is durable; "
                + "repeating has no effect")
            .Accepts<CarrierCallback>("application/json").Produces(200).Produces<ApiFailure>(401);
        api.MapGet("/shipping/track/{trackingNumber}", Track).AllowAnonymous().WithTags("Shipping")
            .WithSummary("Where a parcel is").Produces<ApiSuccess<TrackingView>>().Produces<ApiFailure>(404);
    }

    private async Task<IResult> TakeCallback(string carrier, HttpContext http)
    {
        var bytes = await ApiBody.ReadBytes(http.Request, http.RequestAborted);
        var id = http.Request.Headers["webhook-id"].ToString();
        var verdict = signature.Verify(
            id, http.Request.Headers["webhook-timestamp"].ToString(),
            http.Request.Headers["webhook-signature"].ToString(), bytes, time.GetUtcNow());
        if (verdict != WebhookVerdict.Genuine)
        {
            return ApiAnswers.Fail(http, BadSignature, null, verdict);
        }

        var callback = ApiBody.Parse<CarrierCallback>(bytes, Callbacks);
        var report = new CarrierReported(
            carrier, callback.TrackingNumber, callback.ClientReference, callback.Status, callback.OccurredAt, id,
            callback.Description);
        return ApiAnswers.Ok(http, await http.Ask(ShopTopology.Shipping, report));
    }

    private async Task<IResult> Track(string trackingNumber, HttpContext http)
    {
        var page = await store.Query(
            new(ShippingKinds.Shipments, "by_tracking_number", [trackingNumber], 1), http.RequestAborted);
        if (page.Documents is not [{ State: Shipment { Waybill: { } waybill } shipment }])
        {
            return ApiAnswers.Fail(http, ApiError.NotFound, new { trackingNumber }, trackingNumber);
        }

        return ApiAnswers.Ok(http, new TrackingView(
            waybill.TrackingNumber, waybill.CarrierId, waybill.CarrierName, shipment.Status.Wire(),
            shipment.EstimatedDelivery,
            [
                .. shipment.History
                    // What the carrier answered is shown until it reports the same itself.
                    .Where(h => !h.IsOurNote || shipment.History.All(o => o.IsOurNote || o.Status != h.Status))
                    .OrderBy(h => h.OccurredAt)
                    .Select(h => new TrackingEventView(h.Status, h.OccurredAt.ToUniversalTime())),
            ]));
    }
}
