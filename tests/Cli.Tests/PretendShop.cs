using System.Text.Json;
using DoaMarket.Host.Cli;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace DoaMarket.Cli.Tests;

/// <summary>
/// A few routes of the shop's API on a real socket. Sagas end as the sandbox's cards and addresses say, one look later.
/// </summary>
internal sealed class PretendShop : IAsyncDisposable
{
    private const string Now = "2026-01-05T03:00:00Z";

    private readonly WebApplication _app;
    private readonly Lock _lock = new();
    private readonly Dictionary<string, Saga> _sagas = new(StringComparer.Ordinal);
    private long _limitedLeft = 100;
    private int _next;

    private PretendShop(WebApplication app) => _app = app;

    public string Url => _app.Urls.Single();

    /// <summary>Method, path and query, in order.</summary>
    public List<string> Requests { get; } = [];

    public List<JsonElement> Orders { get; } = [];

    public List<IHeaderDictionary> Headers { get; } = [];

    /// <summary>Answers a request before the routes do; null lets it pass.</summary>
    public Func<HttpContext, IResult?> Instead { get; set; } = _ => null;

    /// <summary>How a saga ends: card, address and product decide, unless a test says otherwise.</summary>
    public Func<JsonElement, string> EndOf { get; set; } = _ => "";

    public static async Task<PretendShop> Open(string url = "http://127.0.0.1:0")
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls(url);
        builder.Logging.ClearProviders();
        var shop = new PretendShop(builder.Build());
        shop.MapRoutes();
        await shop._app.StartAsync();
        return shop;
    }

    public static IResult Data(object data, int status = 200, string? nextCursor = null) =>
        Results.Json(new { success = true, data, meta = new { nextCursor }, timestamp = Now }, statusCode: status);

    public static IResult Error(int status, string code, string message, object? details = null) => Results.Json(
        new { success = false, error = new { code, message, details, traceId = "trace-1" }, timestamp = Now },
        statusCode: status);

    public RunningShop AsRunning() => new(Url, SandboxUrl: null, DisposeAsync);

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private void MapRoutes()
    {
        _app.Use(async (http, next) =>
        {
            lock (_lock)
            {
                Requests.Add($"{http.Request.Method} {http.Request.Path}{http.Request.QueryString}");
                // A copy: the server uses its own dictionary again for the next request.
                Headers.Add(new HeaderDictionary(http.Request.Headers.ToDictionary()));
            }

            await (Instead(http) is { } answer ? answer.ExecuteAsync(http) : next(http));
        });
        _app.MapPost("/dev/token", (JsonElement body) => Data(new
        {
            token = $"token-{body.GetProperty("role").GetString()}-{body.GetProperty("userId").GetString()}",
            expiresAt = "2026-01-05T04:00:00Z",
        }));
        _app.MapGet("/api/v1/products", () => Data(new[]
        {
            new { productId = "P-1001", name = "Mug", price = 12_000, available = 5_000 },
            new { productId = "P-1002", name = "Cup", price = 9_000, available = 4_000 },
            new { productId = "P-1003", name = "Pot", price = 29_000, available = 3_000 },
            new { productId = "P-3001", name = "한정판 / Limited edition", price = 49_000, available = 100 },
            new { productId = "P-2001", name = "Lamp", price = 59_000, available = 0 },
        }));
        _app.MapPost("/api/v1/orders", Place);
        _app.MapPost("/api/v1/orders/{id}/cancel", Cancel);
        _app.MapGet("/api/v1/ops/sagas", List);
        _app.MapGet("/api/v1/ops/sagas/{id}", (string id) => Locked(() => Data(_sagas[id].Look())));
        _app.MapGet("/api/v1/ops/queues", () => Data(new[]
        {
            new { queue = "order-service-queue", waiting = 0 },
        }));
    }

    private IResult Place(JsonElement order) => Locked(() =>
    {
        Orders.Add(order);
        var id = $"{++_next:D4}";
        var end = EndOf(order) is { Length: > 0 } told ? told : Usual(order);
        var saga = new Saga("saga-" + id, "order-" + id) { End = end };
        _sagas.Add(saga.SagaId, saga);
        var number = "ORD-20260105-00" + id;
        return Data(new { saga.OrderId, orderNumber = number, saga.SagaId, status = "pending" }, 201);
    });

    private string Usual(JsonElement order)
    {
        var item = order.GetProperty("items")[0];
        var product = item.GetProperty("productId").GetString();
        var refused = order.GetProperty("shippingAddress").GetProperty("postalCode").GetString() == "00001";
        switch (order.GetProperty("paymentMethod").GetProperty("billingKey").GetString())
        {
            case "bk_declined" or "bk_insufficient" or "bk_timeout_forever":
                return "cancelled";
            case "bk_refund_fails" when refused:
                return "needs_attention";
        }

        if (product == "P-3001")
        {
            _limitedLeft -= item.GetProperty("quantity").GetInt32();
        }

        var isTooLate = product == "P-2001" || (product == "P-3001" && _limitedLeft < 0);
        return refused || isTooLate ? "cancelled" : "completed";
    }

    private IResult Cancel(string id) => Locked(() =>
    {
        var saga = _sagas.Values.Single(saga => saga.OrderId == id);
        saga.End = "cancelled";
        saga.Looks = 0;
        return Data(new { orderId = id, status = "cancelling" }, 202);
    });

    private IResult List(string? status) => Locked(() =>
        Data(_sagas.Values.Where(saga => saga.Status == status).Select(saga => saga.Look()).ToList()));

    private IResult Locked(Func<IResult> work)
    {
        lock (_lock)
        {
            return work();
        }
    }

    private sealed class Saga(string sagaId, string orderId)
    {
        public string SagaId { get; } = sagaId;

        public string OrderId { get; } = orderId;

        public required string End { get; set; }

        public int Looks { get; set; }

        public string Status => Looks > 0 ? End : "in_progress";

        public SagaRow Look()
        {
            var seen = new SagaRow(
                SagaId, OrderId, "c-" + SagaId, Status, "prepare_shipping", Now, "2026-01-05T03:00:00.250Z");
            Looks++;
            return seen;
        }
    }

    private sealed record SagaRow(
        string SagaId, string OrderId, string CorrelationId, string Status, string CurrentStep, string CreatedAt,
        string UpdatedAt);
}
