using DoaMarket.Api;
using DoaMarket.Contracts;
using DoaMarket.Kernel;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace DoaMarket.Shipping;

/// <summary>A parcel as its owner sees it.</summary>
/// <param name="Address">Where it goes; masked for everybody but the owner.</param>
/// <param name="IsAddressChanging">Whether the carrier is being told another address.</param>
/// <param name="AddressChange">How the last change of the address ended; null when there was none.</param>
public sealed record ShipmentView(
    ShipmentId ShipmentId, OrderId OrderId, string Status, string? TrackingNumber, string? CarrierName,
    DateOnly? EstimatedDeliveryDate, ShippingAddress Address, IReadOnlyList<OrderItem> Items, bool IsAddressChanging,
    AddressOutcomeView? AddressChange)
{
    internal static ShipmentView Of(Shipment s, Consignment parcel, bool masked) => new(
        s.Id, s.OrderId, s.Status.Wire(), s.Waybill?.TrackingNumber, s.Waybill?.CarrierName, s.EstimatedDelivery,
        masked ? parcel.Address.Masked() : parcel.Address, parcel.Items, s.AddressChange is not null,
        s.AddressOutcome is { } o ? new(o.Code is null ? "changed" : "refused", o.Code, o.Reason, o.At) : null);
}

/// <summary>How a change of an address ended.</summary>
/// <param name="Outcome">changed or refused.</param>
/// <param name="Code">Why it was refused.</param>
/// <param name="Reason">The carrier's words.</param>
public sealed record AddressOutcomeView(string Outcome, string? Code, string? Reason, DateTimeOffset At);

/// <summary>The owner's part of Shipping's HTTP API: look at a parcel, and send it elsewhere before it is dispatched.</summary>
public sealed class ShipmentsApi(IStore store, ChangeFeed feed, TimeProvider time)
{
    /// <summary>How long an answer is held while the carrier is being told; afterwards it is 202.</summary>
    private static readonly TimeSpan OutcomeWithin = TimeSpan.FromSeconds(5);

    private static readonly Dictionary<string, ApiError> Refusals = new List<ApiError>
    {
        new(
            409, Readdressing.AlreadyDispatched, "이미 발송되어 주소를 바꿀 수 없습니다.",
            "The parcel has been dispatched; its address cannot be changed any more."),
        new(
            409, Readdressing.Cancelled, "취소된 배송이라 주소를 바꿀 수 없습니다.",
            "The parcel is cancelled, or is being cancelled; its address cannot be changed."),
        new(
            409, Readdressing.InProgress, "다른 주소로 변경하는 중입니다. 잠시 후 다시 시도해 주세요.",
            "Another change of the address is under way; try again when it has ended."),
        new(
            409, Readdressing.NotServed, "택배사가 이 상품을 해당 지역으로 배송하지 않습니다.",
            "The parcel's carrier does not take it to this destination. Nothing was changed."),
        new(
            409, Readdressing.SettledByHand, "운영자가 직접 처리한 배송이라 주소를 바꿀 수 없습니다.",
            "An operator has settled this parcel by hand; its address cannot be changed."),
    }.ToDictionary(e => e.Code, StringComparer.Ordinal);

    private static readonly ApiError RefusedByCarrier = new(
        409, "ADDRESS_REFUSED", "택배사가 주소 변경을 거부했습니다: {0}",
        "The carrier has refused the new address, so nothing was changed: {0}");

    /// <summary>Adds the endpoints.</summary>
    public void Map(IEndpointRouteBuilder api)
    {
        api.MapGet("/shipping/{shipmentId:guid}", Show).RequireAuthorization().WithTags("Shipping")
            .WithSummary("One's own parcel: address, lines, and how a change of its address ended")
            .Produces<ApiSuccess<ShipmentView>>().Produces<ApiFailure>(404);
        api.MapPatch("/shipping/{shipmentId:guid}/address", Change).RequireAuthorization().WithTags("Shipping")
            .WithSummary("Send one's own parcel elsewhere, before it is dispatched")
            .WithDescription(
                "200 when it goes there, 202 while the carrier is still being told (GET /shipping/{shipmentId} shows "
                + "how it ends), 409 with a code when it cannot; then nothing changed.")
            .Accepts<ShippingAddressBody>("application/json")
            .Produces<ApiSuccess<ShipmentView>>().Produces<ApiSuccess<ShipmentView>>(202)
            .Produces<ApiFailure>(404).Produces<ApiFailure>(409);
    }

    private async Task<IResult> Show(Guid shipmentId, HttpContext http)
    {
        var caller = Caller.Of(http);
        return await Find(new(shipmentId), http) is { Consignment: { } parcel, UserId: { } owner } s
            && caller.MaySee(owner)
            ? ApiAnswers.Ok(http, ShipmentView.Of(s, parcel, masked: owner != caller.UserId))
            : NotFound(http, shipmentId);
    }

    private async Task<IResult> Change(Guid shipmentId, HttpContext http)
    {
        var body = await ApiBody.Read<ShippingAddressBody>(http.Request, http.RequestAborted);
        body.Check(path: "");
        var (id, user) = (new ShipmentId(shipmentId), Caller.Of(http).UserId);
        return await http.Ask(ShopTopology.Shipping, new ChangeAddress(id, user, body.ToAddress()), user) switch
        {
            ChangeAddressReply.Changed => await Shown(http, id, StatusCodes.Status200OK),
            ChangeAddressReply.Changing changing => await Outcome(http, id, changing.Number),
            ChangeAddressReply.Refused refused => ApiAnswers.Fail(http, Refusals[refused.Code], new { shipmentId }),
            _ => NotFound(http, shipmentId),
        };
    }

    private async Task<IResult> Outcome(HttpContext http, ShipmentId id, int number)
    {
        await feed.WaitFor(
            ShippingKinds.Shipments, ShippingKinds.Shipments.Key(id).Id, s => s.AddressChange?.Number != number,
            store.Find, OutcomeWithin, time, http.RequestAborted);
        var outcome = (await Find(id, http))?.AddressOutcome;
        if (outcome?.Number != number)
        {
            return await Shown(http, id, StatusCodes.Status202Accepted);
        }

        return outcome.Code is not { } code
            ? await Shown(http, id, StatusCodes.Status200OK)
            : ApiAnswers.Fail(
                http, Refusals.GetValueOrDefault(code, RefusedByCarrier), new { shipmentId = id, carrierCode = code },
                outcome.Reason);
    }

    private async Task<IResult> Shown(HttpContext http, ShipmentId id, int status) =>
        await Find(id, http) is { Consignment: { } parcel } s
            ? ApiAnswers.Ok(http, ShipmentView.Of(s, parcel, masked: false), status)
            : NotFound(http, id.Value);

    private async Task<Shipment?> Find(ShipmentId id, HttpContext http) =>
        (Shipment?)(await store.Find(ShippingKinds.Shipments.Key(id), http.RequestAborted))?.State;

    private static IResult NotFound(HttpContext http, Guid shipmentId) =>
        ApiAnswers.Fail(http, ApiError.NotFound, new { shipmentId }, shipmentId);
}
