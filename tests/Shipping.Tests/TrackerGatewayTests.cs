using System.Net;
using System.Text;
using System.Text.Json;
using DoaMarket.Gateways;
using DoaMarket.Kernel;
using DoaMarket.Shipping.Tracker;

namespace DoaMarket.Shipping.Tests;

/// <summary>What goes over the wire to tracker.delivery, and what its recorded answers mean.</summary>
public sealed class TrackerGatewayTests : IDisposable
{
    private const string Number = "901234567890";
    private static readonly LookUpParcel Look = new(TrackerGateway.Name, "k", "kr.logen", Number);
    private static readonly WatchParcel Watch = new(TrackerGateway.Name, "k", "kr.logen", Number);

    private readonly Wire _wire = new();

    public void Dispose() => _wire.Dispose();

    [Fact]
    public async Task A_parcel_is_asked_for_with_the_key_and_the_last_event_counts()
    {
        _wire.Answer(Event("IN_TRANSIT"));
        var result = await CarryOut(Look);
        Assert.Equal(
            new ParcelKnown(
                Number, CarrierStatus.InTransit,
                new("IN_TRANSIT", new(2026, 3, 2, 13, 5, 0, TimeSpan.FromHours(9)), "옥천HUB")),
            result);
        Assert.Equal("POST https://apis.tracker.delivery/graphql", _wire.Request);
        Assert.Equal("TRACKQL-API-KEY client:secret", _wire.Authorization);
        using var sent = JsonDocument.Parse(_wire.Body!);
        Assert.Contains("track(carrierId: $carrierId", sent.RootElement.GetProperty("query").GetString(), StringComparison.Ordinal);
        Assert.Equal(
            $$"""{"carrierId":"kr.logen","trackingNumber":"{{Number}}"}""",
            sent.RootElement.GetProperty("variables").GetRawText());
    }

    [Theory]
    [InlineData("UNKNOWN", CarrierStatus.Registered)]
    [InlineData("INFORMATION_RECEIVED", CarrierStatus.Registered)]
    [InlineData("AT_PICKUP", CarrierStatus.HandedOver)]
    [InlineData("OUT_FOR_DELIVERY", CarrierStatus.OutForDelivery)]
    [InlineData("ATTEMPT_FAIL", CarrierStatus.AttemptFailed)]
    [InlineData("DELIVERED", CarrierStatus.Delivered)]
    [InlineData("AVAILABLE_FOR_PICKUP", CarrierStatus.OutForDelivery)]
    [InlineData("EXCEPTION", CarrierStatus.GivenUp)]
    [InlineData("BEAMED_UP", CarrierStatus.Registered)]
    public async Task Each_of_its_words_means_something_here(string code, CarrierStatus expected)
    {
        _wire.Answer(Event(code));
        Assert.Equal(expected, Assert.IsType<ParcelKnown>(await CarryOut(Look)).Status);
    }

    [Theory]
    [InlineData(200, """{"data":{"track":null},"errors":[{"message":"m","extensions":{"code":"NOT_FOUND"}}]}""", typeof(ParcelNotFound))]
    [InlineData(200, """{"data":{"track":null}}""", typeof(ParcelNotFound))]
    [InlineData(200, """{"data":{"track":{"lastEvent":null}}}""", typeof(ParcelKnown))]
    [InlineData(200, """{"errors":[{"message":"m","extensions":{"code":"UNAUTHENTICATED"}}]}""", typeof(OutcomeUnknown))]
    [InlineData(200, """{"errors":[{"message":"m"}],"data":null}""", typeof(OutcomeUnknown))]
    [InlineData(200, "<html>proxy</html>", typeof(OutcomeUnknown))]
    [InlineData(401, "{}", typeof(OutcomeUnknown))]
    [InlineData(503, "", typeof(OutcomeUnknown))]
    [InlineData(429, "", typeof(NotAttempted))]
    public async Task What_else_it_may_answer(int status, string body, Type expected)
    {
        _wire.Answer(body, (HttpStatusCode)status);
        Assert.IsType(expected, await CarryOut(Look));
    }

    [Fact]
    public async Task A_watch_names_our_secret_address_and_its_end()
    {
        _wire.Answer("""{"data":{"registerTrackWebhook":true}}""");
        Assert.Equal(new WatchTaken(World.Start.AddHours(48)), await CarryOut(Watch));
        using var sent = JsonDocument.Parse(_wire.Body!);
        Assert.Contains("registerTrackWebhook(input: $input)", sent.RootElement.GetProperty("query").GetString(), StringComparison.Ordinal);
        var input = sent.RootElement.GetProperty("variables").GetProperty("input");
        Assert.Equal("kr.logen", input.GetProperty("carrierId").GetString());
        Assert.Equal(Number, input.GetProperty("trackingNumber").GetString());
        Assert.Equal(
            "https://shop.test/api/v1/webhooks/tracker/secret-secret-secret", input.GetProperty("callbackUrl").GetString());
        Assert.Equal(World.Start.AddHours(48), input.GetProperty("expirationTime").GetDateTimeOffset());
        Assert.False(sent.RootElement.GetProperty("variables").TryGetProperty("carrierId", out _));
    }

    [Theory]
    [InlineData("""{"data":{"registerTrackWebhook":false}}""")]
    [InlineData("""{"data":null,"errors":[{"message":"m","extensions":{"code":"BAD_REQUEST"}}]}""")]
    public async Task A_watch_that_was_not_taken_is_asked_for_again(string body)
    {
        _wire.Answer(body);
        Assert.IsType<OutcomeUnknown>(await CarryOut(Watch));
    }

    [Fact]
    public async Task Before_our_own_address_is_known_no_watch_is_asked_for()
    {
        using var gateway = NewGateway(new Breakers());
        var adapter = new TrackerGateway(gateway, Account, () => null, Time);
        Assert.IsType<NotAttempted>(await adapter.CarryOut(Watch, TestContext.Current.CancellationToken));
        Assert.Null(_wire.Request);
    }

    [Fact]
    public async Task An_open_circuit_sends_nothing()
    {
        var breakers = new Breakers();
        using var gateway = NewGateway(breakers);
        var adapter = new TrackerGateway(gateway, Account, () => "https://shop.test", Time);
        _wire.Answer("", HttpStatusCode.BadGateway);
        for (var i = 0; i < 3 && !breakers.IsOpen(TrackerGateway.Name); i++)
        {
            await adapter.CarryOut(Look, TestContext.Current.CancellationToken);
        }

        Assert.True(breakers.IsOpen(TrackerGateway.Name));
        Assert.IsType<NotAttempted>(await adapter.CarryOut(Look, TestContext.Current.CancellationToken));
    }

    [Fact]
    public void The_key_stays_out_of_logs_and_what_is_missing_is_named()
    {
        Assert.DoesNotContain("secret", Account.ToString(), StringComparison.Ordinal);
        Assert.Null(Account.Missing);
        Assert.Null(new TrackerOptions().Missing);
        Assert.Equal("ClientSecret", (Account with { ClientSecret = "" }).Missing);
        Assert.Equal("CallbackSecret", (Account with { CallbackSecret = "" }).Missing);
    }

    private static TrackerOptions Account { get; } = new()
    {
        Enabled = true,
        ClientId = "client",
        ClientSecret = "secret",
        CallbackSecret = "secret-secret-secret",
    };

    private static TimeProvider Time { get; } = new FixedTime();

    private static string Event(string code) =>
        """{"data":{"track":{"lastEvent":{"time":"2026-03-02T13:05:00.000+09:00","status":{"code":"CODE"},"description":"옥천HUB"}}}}"""
            .Replace("CODE", code, StringComparison.Ordinal);

    private async Task<EffectResult> CarryOut(Effect effect)
    {
        using var gateway = NewGateway(new Breakers());
        return await new TrackerGateway(gateway, Account, () => "https://shop.test/api/v1/webhooks/tracker/", Time)
            .CarryOut(effect, TestContext.Current.CancellationToken);
    }

    private Gateway NewGateway(Breakers breakers) => new(
        TrackerGateway.Name,
        new GatewayOptions { BaseUrl = TrackerGateway.BaseUrl, MinimumCalls = 2, ConnectRetries = 0 },
        breakers,
        TimeProvider.System,
        _wire);

    private sealed class FixedTime : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => World.Start;
    }

    private sealed class Wire : HttpMessageHandler
    {
        private Func<HttpResponseMessage> _answer = () => throw new HttpRequestException("nothing recorded");

        public string? Request { get; private set; }

        public string? Authorization { get; private set; }

        public string? Body { get; private set; }

        public void Answer(string body, HttpStatusCode status = HttpStatusCode.OK) => _answer = () =>
            new HttpResponseMessage(status) { Content = new StringContent(body, Encoding.UTF8, "application/json") };

        protected override async Task<HttpResponseMessage> SendAsync(
            HttpRequestMessage request, CancellationToken cancellationToken)
        {
            Request = $"{request.Method} {request.RequestUri}";
            Authorization = request.Headers.Authorization?.ToString();
            Body = await request.Content!.ReadAsStringAsync(cancellationToken);
            return _answer();
        }
    }
}
