using System.Net;
using System.Text;
using System.Text.Json;
using DoaMarket.Contracts;
using DoaMarket.Gateways;
using DoaMarket.Kernel;

namespace DoaMarket.Shipping.Tests;

/// <summary>What goes over the wire to a carrier, and what its recorded answers mean.</summary>
public sealed class CarrierGatewayTests : IDisposable
{
    private const string Reference = "DOA-0195fe00000070008000000000000001";
    private const string Key = "k1";
    private const string Shipment =
        $$"""
        {"trackingNumber":"610000000001","clientReference":"{{Reference}}","status":"REGISTERED",
         "registeredAt":"2026-03-02T01:00:00Z",
         "events":[{"status":"REGISTERED","at":"2026-03-02T01:00:00Z","description":"접수"}]}
        """;

    private static readonly OrderId Order = ClientReference.Order(Reference)!.Value;

    private readonly Recorder _wire = new();

    public void Dispose() => _wire.Dispose();

    [Fact]
    public async Task A_registration_is_one_post_with_everything_the_carrier_needs()
    {
        _wire.Answer(HttpStatusCode.Created, Shipment);
        var result = await CarryOut(Register(DateTimeOffset.MaxValue));

        Assert.Equal(new ParcelKnown("610000000001", CarrierStatus.Registered), result);
        Assert.Equal("POST http://carrier.test/carriers/kr.cjlogistics/v1/shipments", _wire.Request);
        Assert.Equal("Bearer carrier-key", _wire.Authorization);
        using var sent = JsonDocument.Parse(_wire.Body!);
        var body = sent.RootElement;
        Assert.Equal(Reference, body.GetProperty("clientReference").GetString());
        Assert.Equal(Order.ToString(), body.GetProperty("orderReference").GetString());
        Assert.Equal("홍길동", body.GetProperty("recipient").GetProperty("name").GetString());
        Assert.Equal("04524", body.GetProperty("recipient").GetProperty("postalCode").GetString());
        Assert.False(body.GetProperty("recipient").TryGetProperty("addressDetail", out _));
        Assert.Equal(1_000, body.GetProperty("weightGrams").GetInt32());
        var item = body.GetProperty("items")[0];
        Assert.Equal("P-1001", item.GetProperty("productId").GetString());
        Assert.Equal(2, item.GetProperty("quantity").GetInt32());
    }

    [Theory]
    [InlineData(200, Shipment, typeof(ParcelKnown))] // repeated: the same waybill
    [InlineData(422, """{"code":"INVALID_ADDRESS","message":"no such street"}""", typeof(CarrierRefused))]
    [InlineData(429, "", typeof(NotAttempted))]
    [InlineData(500, "oops", typeof(OutcomeUnknown))]
    [InlineData(503, """{"code":"DOWN"}""", typeof(OutcomeUnknown))]
    [InlineData(401, """{"code":"UNAUTHORIZED"}""", typeof(OutcomeUnknown))]
    [InlineData(201, "<html>proxy</html>", typeof(OutcomeUnknown))]
    [InlineData(201, """{"trackingNumber":"1","status":"NEVER_HEARD"}""", typeof(OutcomeUnknown))]
    [InlineData(201, "null", typeof(OutcomeUnknown))]
    public async Task Answers_to_a_registration(int status, string body, Type expected)
    {
        _wire.Answer((HttpStatusCode)status, body);
        Assert.IsType(expected, await CarryOut(Register(DateTimeOffset.MaxValue)));
    }

    [Fact]
    public async Task A_refusal_keeps_the_carriers_words()
    {
        _wire.Answer(HttpStatusCode.UnprocessableEntity, """{"code":"INVALID_ADDRESS","message":"no such street"}""");
        Assert.Equal(
            new CarrierRefused("INVALID_ADDRESS", "no such street"), await CarryOut(Register(DateTimeOffset.MaxValue)));
    }

    [Fact]
    public async Task A_registration_whose_time_is_over_is_not_sent()
    {
        Assert.IsType<NotAttempted>(await CarryOut(Register(DateTimeOffset.MinValue)));
        Assert.Null(_wire.Request);
    }

    [Fact]
    public async Task A_lost_connection_leaves_the_outcome_unknown()
    {
        _wire.Break();
        Assert.IsType<OutcomeUnknown>(await CarryOut(Register(DateTimeOffset.MaxValue)));
    }

    [Fact]
    public async Task A_waybill_is_found_by_reference()
    {
        _wire.Answer(HttpStatusCode.OK, Shipment);
        var result = await CarryOut(new FindParcel("kr.cjlogistics", Key, Reference));
        Assert.Equal(new ParcelKnown("610000000001", CarrierStatus.Registered), result);
        Assert.Equal(
            $"GET http://carrier.test/carriers/kr.cjlogistics/v1/shipments?clientReference={Reference}", _wire.Request);

        _wire.Answer(HttpStatusCode.NotFound, """{"code":"NOT_FOUND"}""");
        Assert.IsType<ParcelNotFound>(await CarryOut(new FindParcel("kr.cjlogistics", Key, Reference)));
    }

    [Fact]
    public async Task A_parcel_is_tracked_by_number()
    {
        _wire.Answer(HttpStatusCode.OK, Shipment.Replace("REGISTERED", "IN_TRANSIT", StringComparison.Ordinal));
        var result = await CarryOut(new TrackParcel("kr.cjlogistics", Key, "610000000001"));
        Assert.Equal(new ParcelKnown("610000000001", CarrierStatus.InTransit), result);
        Assert.Equal("GET http://carrier.test/carriers/kr.cjlogistics/v1/shipments/610000000001", _wire.Request);
    }

    [Theory]
    [InlineData("dispatch", 200, "{}", CarrierStatus.HandedOver)]
    [InlineData("dispatch", 409, """{"code":"CANCELLED","message":"m"}""", CarrierStatus.Cancelled)]
    [InlineData("cancel", 200, "{}", CarrierStatus.Cancelled)]
    [InlineData("cancel", 409, """{"code":"ALREADY_DISPATCHED","message":"m"}""", CarrierStatus.HandedOver)]
    [InlineData("return", 202, "{}", CarrierStatus.ReturnStarted)]
    public async Task Dispatch_cancel_and_return_say_where_the_parcel_is(
        string action, int status, string body, CarrierStatus expected)
    {
        _wire.Answer((HttpStatusCode)status, body);
        Assert.Equal(new ParcelKnown("610000000001", expected), await CarryOut(Action(action)));
        Assert.Equal(
            $"POST http://carrier.test/carriers/kr.cjlogistics/v1/shipments/610000000001/{action}", _wire.Request);
        Assert.Equal($$"""{"clientReference":"{{Reference}}"}""", _wire.Body);
    }

    [Theory]
    [InlineData(200, "{}", typeof(ParcelKnown))]
    [InlineData(422, """{"code":"UNDELIVERABLE_ADDRESS","message":"no such street"}""", typeof(CarrierRefused))]
    [InlineData(404, """{"code":"UNKNOWN_SHIPMENT"}""", typeof(ParcelNotFound))]
    [InlineData(409, """{"code":"ALREADY_DISPATCHED"}""", typeof(ParcelKnown))]
    [InlineData(409, """{"code":"ODD"}""", typeof(OutcomeUnknown))]
    [InlineData(503, "", typeof(OutcomeUnknown))]
    [InlineData(429, "", typeof(NotAttempted))]
    public async Task A_changed_address_is_one_patch_under_a_reference_of_its_own(int status, string body, Type expected)
    {
        _wire.Answer((HttpStatusCode)status, body);
        ShippingAddress to = new("김영희", "010-9876-5432", "06236", "서울시 강남구 테헤란로 1");
        var result = await CarryOut(
            new ReaddressParcel("kr.cjlogistics", Key, "610000000001", $"{Reference}-A1", to));
        Assert.IsType(expected, result);
        Assert.Equal(
            "PATCH http://carrier.test/carriers/kr.cjlogistics/v1/shipments/610000000001/address", _wire.Request);
        using var sent = JsonDocument.Parse(_wire.Body!);
        Assert.Equal($"{Reference}-A1", sent.RootElement.GetProperty("clientReference").GetString());
        Assert.Equal("06236", sent.RootElement.GetProperty("recipient").GetProperty("postalCode").GetString());
    }

    [Theory]
    [InlineData("dispatch", 404, typeof(ParcelNotFound))]
    [InlineData("cancel", 404, typeof(ParcelNotFound))]
    [InlineData("return", 404, typeof(ParcelNotFound))]
    [InlineData("return", 409, typeof(CarrierRefused))]
    [InlineData("cancel", 409, typeof(OutcomeUnknown))]
    [InlineData("dispatch", 500, typeof(OutcomeUnknown))]
    public async Task What_else_a_carrier_may_answer(string action, int status, Type expected)
    {
        _wire.Answer((HttpStatusCode)status, """{"code":"ODD","message":"m"}""");
        Assert.IsType(expected, await CarryOut(Action(action)));
    }

    [Fact]
    public async Task Each_carrier_has_a_circuit_of_its_own_and_an_open_one_sends_nothing()
    {
        var breakers = new Breakers();
        using var cj = NewGateway("kr.cjlogistics", breakers);
        using var hanjin = NewGateway("kr.hanjin", breakers);
        var (first, second) = (Adapter(cj), Adapter(hanjin));
        _wire.Answer(HttpStatusCode.ServiceUnavailable, "");
        for (var i = 0; i < 3 && !breakers.IsOpen("kr.cjlogistics"); i++)
        {
            await first.CarryOut(Register(DateTimeOffset.MaxValue), TestContext.Current.CancellationToken);
        }

        Assert.True(breakers.IsOpen("kr.cjlogistics"));
        Assert.IsType<NotAttempted>(
            await first.CarryOut(Register(DateTimeOffset.MaxValue), TestContext.Current.CancellationToken));
        _wire.Answer(HttpStatusCode.Created, Shipment);
        Assert.IsType<ParcelKnown>(
            await second.CarryOut(Register(DateTimeOffset.MaxValue), TestContext.Current.CancellationToken));
        Assert.Equal("kr.hanjin", second.Binding.Gateway);
    }

    private static RegisterParcel Register(DateTimeOffset notAfter) => new(
        "kr.cjlogistics",
        Key,
        Reference,
        Order,
        new("홍길동", "010-1234-5678", "04524", "서울시 중구 세종대로 110"),
        1_000,
        [new OrderItem(new("P-1001"), null, "머그컵", 2, new(12_900), new("S-01"), WeightGrams: 500)],
        notAfter);

    private static Effect Action(string action) => action switch
    {
        "dispatch" => new DispatchParcel("kr.cjlogistics", Key, "610000000001", Reference),
        "cancel" => new CancelParcel("kr.cjlogistics", Key, "610000000001", Reference),
        _ => new StartReturn("kr.cjlogistics", Key, "610000000001", Reference),
    };

    private async Task<EffectResult> CarryOut(Effect effect)
    {
        using var gateway = NewGateway("kr.cjlogistics", new Breakers());
        return await Adapter(gateway).CarryOut(effect, TestContext.Current.CancellationToken);
    }

    private static CarrierGateway Adapter(Gateway gateway) => new(gateway, "carrier-key", TimeProvider.System);

    private Gateway NewGateway(string carrier, Breakers breakers) => new(
        carrier,
        new GatewayOptions
        {
            BaseUrl = $"http://carrier.test/carriers/{carrier}",
            MinimumCalls = 2,
            ConnectRetries = 0,
        },
        breakers,
        TimeProvider.System,
        _wire);

    private sealed class Recorder : HttpMessageHandler
    {
        private Func<HttpResponseMessage> _answer = () => throw new HttpRequestException("nothing recorded");

        public string? Request { get; private set; }

        public string? Authorization { get; private set; }

        public string? Body { get; private set; }

        public void Answer(HttpStatusCode status, string body) => _answer = () =>
            new HttpResponseMessage(status) { Content = new StringContent(body, Encoding.UTF8, "application/json") };

        public void Break() => _answer = () => throw new HttpRequestException("connection reset");

        protected override async Task<HttpResponseMessage> SendAsync(
            HttpRequestMessage request, CancellationToken cancellationToken)
        {
            Request = $"{request.Method} {request.RequestUri}";
            Authorization = request.Headers.Authorization?.ToString();
            Body = request.Content is null ? null : await request.Content.ReadAsStringAsync(cancellationToken);
            return _answer();
        }
    }
}
