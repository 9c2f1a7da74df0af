using System.Text.Json;
using DoaMarket.Api;
using DoaMarket.Contracts;
using DoaMarket.Kernel;
using DoaMarket.Payments.Reconciling;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace DoaMarket.Payments;

/// <summary>
/// Payments' part of the HTTP API. The PG does not sign its webhooks, so what they say is not believed: they only make
/// us ask the PG sooner.
/// </summary>
public static class PaymentsApi
{
    private const string Provider = "toss";

    /// <summary>Adds the endpoints.</summary>
    public static void Map(
        IEndpointRouteBuilder api, IStore store, PaymentsOptions options, WasDispatched wasDispatched)
    {
        api.MapPost("/webhooks/payments/{provider}", TakeWebhook).AllowAnonymous().WithTags("Webhooks")
            .WithSummary("The PG hints that a payment changed; it is then asked. 200 only after the hint is durable")
            .Accepts<JsonElement>("application/json").Produces(200).Produces<ApiFailure>(404);
        new PaymentsReadApi(store).Map(api);
        new RefundsApi(store, wasDispatched).Map(api);
        new ReconciliationApi(store, options).Map(api);
    }

    private static async Task<IResult> TakeWebhook(string provider, HttpContext http)
    {
        if (provider != Provider)
        {
            return ApiAnswers.Fail(http, ApiError.NotFound, new { provider }, provider);
        }

        var bytes = await ApiBody.ReadBytes(http.Request, http.RequestAborted);
        var (order, secret) = Read(bytes);
        var transmission = http.Request.Headers["tosspayments-webhook-transmission-id"].ToString();
        if (transmission.Length is 0 or > 200)
        {
            throw ApiException.Field(
                "tosspayments-webhook-transmission-id", "헤더가 필요합니다(200자 이하).",
                "the header is required (200 characters at most).");
        }

        var taken = await http.Ask(ShopTopology.Payments, new PaymentHint(order, transmission, secret));
        return ApiAnswers.Ok(http, new { outcome = Words.Of(taken.Outcome) });
    }

    // PAYMENT_STATUS_CHANGED has data.orderId, DEPOSIT_CALLBACK has orderId; the rest is none of our business.
    private static (OrderId Order, string? Secret) Read(byte[] json)
    {
        try
        {
            using var document = JsonDocument.Parse(json, new JsonDocumentOptions { MaxDepth = ApiJson.MaxDepth });
            var body = document.RootElement.TryGetProperty("data", out var data) ? data : document.RootElement;
            if (body.TryGetProperty("orderId", out var id)
                && id.ValueKind == JsonValueKind.String
                && Guid.TryParse(id.GetString(), out var order))
            {
                var secret = body.TryGetProperty("secret", out var s) && s.ValueKind == JsonValueKind.String
                    ? s.GetString()
                    : null;
                return (new OrderId(order), secret);
            }
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException)
        {
            throw new ApiException(ApiError.InvalidJson, null, error.Message);
        }

        throw ApiException.Field("data.orderId", "우리 주문의 UUID여야 합니다.", "it must be the UUID of one of our orders.");
    }
}
