using System.ComponentModel.DataAnnotations;
using DoaMarket.Api;
using DoaMarket.Contracts;
using DoaMarket.Host.Ops;
using DoaMarket.Host.Server.Peers;
using DoaMarket.Inventory;
using DoaMarket.Journal;
using DoaMarket.Kernel;
using DoaMarket.Notifications;
using DoaMarket.OpsConsole;
using DoaMarket.Orders;
using DoaMarket.Payments;
using DoaMarket.Sagas;
using DoaMarket.Shipping;
using DoaMarket.Shipping.Tracker;
using DoaMarket.Stats;
using ShipmentStatus = DoaMarket.Shipping.ShipmentStatus;

namespace DoaMarket.Host.Server;

/// <summary>Whom a development token is for.</summary>
public sealed record TokenBody([property: Required] string UserId, string Role = Roles.Customer);

/// <summary>A development token.</summary>
public sealed record TokenView(string Token, string UserId, string Role, DateTimeOffset ExpiresAt);

/// <summary>The HTTP side of a shop: each service's endpoints, sign-in, health, documentation.</summary>
public static class ShopWeb
{
    /// <summary>Adds everything to an application.</summary>
    /// <param name="tokenKey">Signs the tokens that are given to anybody who asks; null where nobody gets one.</param>
    public static void Map(WebApplication app, Shop shop, byte[]? tokenKey, TimeProvider time)
    {
        app.Services.GetRequiredService<ForwardedMark>().Use(app);
        app.UseCorrelation();
        app.UseApiFaults();
        app.UseAuthentication();
        RateLimiting.Use(app);
        app.UseAuthorization();
        app.Services.GetRequiredService<Forwarding>().Use(app);

        var api = app.MapGroup("/api/v1");
        var outlines = OrderOutlines.All(shop.Options.Orders, shop.Options.Participants);
        MapOrders(Of(ShopTopology.Orders), shop, outlines, time);
        MapShipping(Of(ShopTopology.Shipping), shop, time);
        InventoryApi.Map(Of(ShopTopology.Inventory), shop.Store);
        OpsStockApi.Map(Of(ShopTopology.Inventory), shop.Store);
        PaymentsApi.Map(Of(ShopTopology.Payments), shop.Store, shop.Options.Payments, WasDispatched(shop.Store));
        new NotificationsApi(shop.Store, shop.Options.Notifications).Map(Of(ShopTopology.Notifications));
        OpsNotificationsApi.Map(Of(ShopTopology.Notifications), shop.Store);
        new StatsApi(shop.Store, shop.Options.Stats, time).Map(Of(ShopTopology.Stats));
        RebuildApi.Map(Of(ShopTopology.Stats), shop.Store);
        JournalApi.Map(api, shop.Journal);
        OpsApi.Map(api, shop, outlines, time);
        ConsoleWeb.Map(app, oneClick: tokenKey is not null);
        if (tokenKey is not null)
        {
            MapTokens(app, tokenKey, time);
        }

        MapHealth(app, shop);
        ApiDocs.Map(app);

        // Endpoints that answer in processes which run the service; elsewhere their requests are handed on.
        RouteGroupBuilder Of(string service) => api.MapGroup("").WithMetadata(new ServedBy(service));
    }

    private static void MapOrders(
        IEndpointRouteBuilder api, Shop shop, IReadOnlyList<SagaOutline> outlines, TimeProvider time)
    {
        new OrdersApi(shop.Store, shop.Feed, shop.Admission, time, HeldUp(shop.Store)).Map(api);
        new ProductsApi(shop.Store, Availability(shop.Store)).Map(api);
        AmendsApi.Map(api);
        new OrderEventsApi(shop.Store, shop.Feed, shop.Options.Orders, time).Map(api);
        new SagasApi(shop.Store, HeldUp(shop.Store), outlines).Map(api);
        OpsOrdersApi.Map(api, shop.Store);
        WatchdogApi.Map(api, shop.Watchdog, shop.Options.Orders);
    }

    private static void MapShipping(IEndpointRouteBuilder api, Shop shop, TimeProvider time)
    {
        new ShippingApi(shop.Store, new WebhookSignature(shop.Options.CarrierAccount.WebhookSecrets), time).Map(api);
        new ShipmentsApi(shop.Store, shop.Feed, time).Map(api);
        if (shop.Options.TrackerAccount.Enabled)
        {
            new TrackerApi(shop.Store, shop.Options.TrackerAccount).Map(api);
        }
    }

    // Orders shows what holds the other services up: here they are neighbours.
    private static HeldUpBy HeldUp(IStore store) => async (order, stop) =>
    {
        DocumentKey[] outside =
        [
            PaymentKinds.Payments.Key(PaymentId.Of(order)), ShippingKinds.Shipments.Key(ShipmentId.Of(order)),
        ];
        foreach (var key in outside)
        {
            if ((await store.Find(key, stop))?.State is { } state && key.Kind.HeldAt(state) is { } gateway)
            {
                return $"the circuit to {gateway}";
            }
        }

        return null;
    };

    // For development: whoever reaches this port may act as anybody.
    private static void MapTokens(WebApplication app, byte[] key, TimeProvider time) => app
        .MapPost("/dev/token", async (HttpContext http) =>
        {
            var body = await ApiBody.Read<TokenBody>(http.Request, http.RequestAborted);
            if (body.UserId.Trim().Length is 0 or > 64)
            {
                throw ApiException.Field("userId", "1자 이상 64자 이하로 적어 주세요.", "write 1 to 64 characters.");
            }

            if (!Roles.All.Contains(body.Role, StringComparer.Ordinal))
            {
                var roles = string.Join(", ", Roles.All);
                throw ApiException.Field("role", $"다음 중 하나여야 합니다: {roles}", $"it must be one of: {roles}");
            }

            var now = time.GetUtcNow();
            return ApiAnswers.Ok(http, new TokenView(
                ApiTokens.Make(key, new UserId(body.UserId.Trim()), body.Role, now), body.UserId.Trim(), body.Role,
                now + ApiTokens.Lifetime));
        })
        .AllowAnonymous().WithTags("Sign-in").WithSummary("A token for development: embedded mode, and wherever the sandbox is")
        .Accepts<TokenBody>("application/json").Produces<ApiSuccess<TokenView>>();

    private static void MapHealth(WebApplication app, Shop shop)
    {
        app.MapGet("/health/live", () => Results.Json(new { status = "live" })).AllowAnonymous().WithTags("Health");
        app.MapGet("/health/ready", async (HttpContext http) =>
        {
            var queues = await shop.Transport.Status(http.RequestAborted); // reads the database
            return shop.Admission.IsOpen
                ? Results.Json(
                    new { status = "ready", waiting = queues.Sum(q => q.Waiting), effects = shop.Effects.Outstanding })
                : Results.Json(
                    new { status = "busy", waiting = queues.Sum(q => q.Waiting), effects = shop.Effects.Outstanding },
                    statusCode: 503);
        }).AllowAnonymous().WithTags("Health");
    }

    // Before dispatch a full refund is a cancel: Payments asks what Shipping has on record.
    private static WasDispatched WasDispatched(IStore store) => async (order, stop) =>
        (await store.Find(ShippingKinds.Shipments.Key(ShipmentId.Of(order)), stop))?.State is Shipment
        {
            Status: ShipmentStatus.Dispatched or ShipmentStatus.InTransit or ShipmentStatus.OutForDelivery
                or ShipmentStatus.Delivered or ShipmentStatus.DeliveryFailed or ShipmentStatus.Returning
                or ShipmentStatus.ReturnPickedUp or ShipmentStatus.Returned or ShipmentStatus.ReturnCompleted,
        };

    // Orders shows what Inventory has: here the two are neighbours.
    private static AvailabilityOf Availability(IStore store) => async (products, stop) =>
    {
        var available = new Dictionary<(ProductId, VariantId?), int>();
        foreach (var product in products)
        {
            foreach (var item in await InventoryApi.Read(store, product, stop))
            {
                available[(item.ProductId, item.VariantId)] = item.Available;
            }
        }

        return available;
    };
}
