using System.Net;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using System.Web;
using DoaMarket.Gateways;
using DoaMarket.Kernel;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace DoaMarket.Notifications.Tests;

/// <summary>FCM's HTTP v1 API in recorded shapes: what is sent, and what is made of each answer.</summary>
public sealed class PushGatewayTests : IDisposable
{
    private const string Sent = """{"name":"projects/shop-1/messages/0:1500415314455276%31bd1c9631bd1c96"}""";
    private const string Granted = """{"access_token":"ya29.a","expires_in":3599,"token_type":"Bearer"}""";

    private readonly RSA _key = RSA.Create(2_048);
    private readonly HandClock _clock = new() { Now = DateTimeOffset.UtcNow };
    private readonly Breakers _breakers = new();

    [Fact]
    public async Task A_push_is_sent_in_FCMs_form_with_a_token_got_for_a_signed_assertion()
    {
        var fcm = new Recorded((200, Granted), (200, Sent));
        var push = Push();

        Assert.IsType<NoticeSent>(await Carry(fcm, push));

        Assert.Equal("POST https://tokens.test/token", fcm.Asked[0].Line);
        var form = HttpUtility.ParseQueryString(fcm.Asked[0].Body);
        Assert.Equal("urn:ietf:params:oauth:grant-type:jwt-bearer", form["grant_type"]);
        var assertion = await new JsonWebTokenHandler().ValidateTokenAsync(form["assertion"], new()
        {
            ValidIssuer = "push@shop-1.iam.gserviceaccount.com",
            ValidAudience = "https://tokens.test/token",
            ValidAlgorithms = [SecurityAlgorithms.RsaSha256],
            IssuerSigningKey = new RsaSecurityKey(_key.ExportParameters(false)),
        });
        Assert.True(assertion.IsValid, assertion.Exception?.Message);
        Assert.Equal("https://www.googleapis.com/auth/firebase.messaging", assertion.Claims["scope"]);
        Assert.Equal(
            _clock.Now.ToUnixTimeSeconds() + 3_600, Convert.ToInt64(assertion.Claims["exp"], null));

        Assert.Equal("POST https://fcm.test/v1/projects/shop-1/messages:send", fcm.Last.Line);
        Assert.Equal("Bearer ya29.a", fcm.Last.Authorization);
        var expected = $$$"""
            {"message":{"token":"device-1",
              "notification":{"title":"{{{push.Text.Subject}}}","body":"{{{push.Text.Body}}}"},
              "data":{"notificationId":"{{{push.Id}}}","type":"order_received","orderId":"{{{push.OrderId}}}"},
              "android":{"notification":{"tag":"{{{push.Id}}}"}},
              "apns":{"headers":{"apns-collapse-id":"{{{push.Id}}}"}
              }
              }}
            """;
        Assert.True(
            JsonNode.DeepEquals(JsonNode.Parse(expected), JsonNode.Parse(fcm.Last.Body)), fcm.Last.Body);
    }

    [Fact]
    public async Task A_token_is_kept_until_shortly_before_its_end()
    {
        var fcm = new Recorded((200, Granted), (200, Sent), (200, Sent), (200, Granted), (200, Sent));
        using var gateway = Gateway(fcm);

        await gateway.CarryOut(Push(), TestContext.Current.CancellationToken);
        _clock.Now += TimeSpan.FromSeconds(3_599) - TimeSpan.FromMinutes(5) - TimeSpan.FromSeconds(1);
        await gateway.CarryOut(Push(), TestContext.Current.CancellationToken);
        Assert.Equal(3, fcm.Asked.Count);

        _clock.Now += TimeSpan.FromSeconds(2);
        Assert.IsType<NoticeSent>(await gateway.CarryOut(Push(), TestContext.Current.CancellationToken));
        Assert.Equal("POST https://tokens.test/token", fcm.Asked[3].Line);
        Assert.Equal(5, fcm.Asked.Count);
    }

    [Fact]
    public async Task A_token_that_FCM_refuses_is_replaced()
    {
        var fcm = new Recorded(
            (200, Granted), (401, Error(401, "UNAUTHENTICATED")), (200, Granted), (200, Sent));
        using var gateway = Gateway(fcm);

        Assert.IsType<NoticeDeferred>(await gateway.CarryOut(Push(), TestContext.Current.CancellationToken));
        Assert.IsType<NoticeSent>(await gateway.CarryOut(Push(), TestContext.Current.CancellationToken));
        Assert.Equal("POST https://tokens.test/token", fcm.Asked[2].Line);
    }

    [Fact]
    public async Task Without_a_token_nothing_is_sent_and_the_circuit_opens()
    {
        var fcm = new Recorded((400, """{"error":"invalid_grant","error_description":"Invalid JWT Signature."}"""));
        using var gateway = Gateway(fcm);

        for (var i = 0; i < 2; i++)
        {
            var deferred = Assert.IsType<NoticeDeferred>(await gateway.CarryOut(Push(), TestContext.Current.CancellationToken));
            Assert.Contains("invalid_grant", deferred.Reason, StringComparison.Ordinal);
        }

        Assert.IsType<NotAttempted>(await gateway.CarryOut(Push(), TestContext.Current.CancellationToken));
        Assert.All(fcm.Asked, a => Assert.Equal("POST https://tokens.test/token", a.Line));
        Assert.True(_breakers.IsOpen(PushGateway.Name));
    }

    [Theory]
    [InlineData(404, "NOT_FOUND", "UNREGISTERED", true)]
    [InlineData(403, "PERMISSION_DENIED", "SENDER_ID_MISMATCH", true)]
    [InlineData(400, "INVALID_ARGUMENT", "INVALID_ARGUMENT", false)]
    public async Task What_FCM_would_refuse_again_fails_for_good(int status, string code, string detail, bool isGone)
    {
        var refused = Assert.IsType<NoticeRefused>(
            await Carry(new Recorded((200, Granted), (status, Error(status, code, detail))), Push()));

        Assert.Equal(isGone, refused.IsAddressGone);
        Assert.DoesNotContain("device-1", refused.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_token_that_never_was_one_is_gone_too()
    {
        const string body = """
            {"error":{"code":400,"message":"The registration token is not a valid FCM registration token",
             "status":"INVALID_ARGUMENT","details":[
               {"@type":"type.googleapis.com/google.firebase.fcm.v1.FcmError","errorCode":"INVALID_ARGUMENT"},
               {"@type":"type.googleapis.com/google.rpc.BadRequest","fieldViolations":[
                 {"field":"message.token","description":"Invalid registration token"}]}]}}
            """;

        var refused = Assert.IsType<NoticeRefused>(await Carry(new Recorded((200, Granted), (400, body)), Push()));

        Assert.True(refused.IsAddressGone);
    }

    [Theory]
    [InlineData(404, "NOT_FOUND", null)] // no such project
    [InlineData(403, "PERMISSION_DENIED", null)]
    [InlineData(401, "UNAUTHENTICATED", "THIRD_PARTY_AUTH_ERROR")]
    [InlineData(500, "INTERNAL", "INTERNAL")]
    [InlineData(503, "UNAVAILABLE", "UNAVAILABLE")]
    public async Task What_may_go_through_later_is_tried_again(int status, string code, string? detail) =>
        Assert.IsType<NoticeDeferred>(
            await Carry(new Recorded((200, Granted), (status, Error(status, code, detail))), Push()));

    [Fact]
    public async Task A_full_quota_is_no_attempt() => Assert.IsType<NotAttempted>(
        await Carry(new Recorded((200, Granted), (429, Error(429, "RESOURCE_EXHAUSTED", "QUOTA_EXCEEDED"))), Push()));

    [Fact]
    public async Task An_answer_that_is_no_JSON_is_told_as_it_is()
    {
        var deferred = Assert.IsType<NoticeDeferred>(
            await Carry(new Recorded((200, Granted), (502, "<html>Bad Gateway</html>")), Push()));

        Assert.Contains("Bad Gateway", deferred.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void A_key_that_is_none_stops_the_start() => Assert.Contains(
        "Fcm:PrivateKey",
        Assert.Throws<ArgumentException>(() => new PushGateway(
            Named(new Recorded((200, Sent))), Account() with { PrivateKey = "no key" }, _clock)).Message,
        StringComparison.Ordinal);

    public void Dispose() => _key.Dispose();

    private async Task<EffectResult> Carry(Recorded fcm, SendNotice push)
    {
        using var gateway = Gateway(fcm);
        return await gateway.Binding.CarryOut(push, TestContext.Current.CancellationToken);
    }

    private PushGateway Gateway(Recorded fcm) => new(Named(fcm), Account(), _clock);

    private Gateway Named(Recorded fcm) => new(
        PushGateway.Name, new GatewayOptions { BaseUrl = "https://fcm.test", MinimumCalls = 2 }, _breakers, _clock, fcm)
    {
        CountsAgainst = PushGateway.CountsAgainst,
    };

    // As environment variables made of a key file have it: line ends written as \n.
    private FcmOptions Account() => new()
    {
        ProjectId = "shop-1",
        ClientEmail = "push@shop-1.iam.gserviceaccount.com",
        PrivateKey = _key.ExportPkcs8PrivateKeyPem().Replace("\n", "\\n", StringComparison.Ordinal),
        TokenUrl = "https://tokens.test/token",
    };

    private static SendNotice Push() =>
        Story.Wanted(new Story().Hears(Samples.Created).Of(NotificationTypes.OrderReceived, "push"))! with
        {
            To = "device-1",
        };

    private static string Error(int code, string status, string? detail = null) => new JsonObject
    {
        ["error"] = new JsonObject
        {
            ["code"] = code,
            ["message"] = "to device-1",
            ["status"] = status,
            ["details"] = detail is null ? null : new JsonArray(new JsonObject
            {
                ["@type"] = "type.googleapis.com/google.firebase.fcm.v1.FcmError",
                ["errorCode"] = detail,
            }),
        },
    }.ToJsonString();

    private sealed class HandClock : TimeProvider
    {
        public DateTimeOffset Now { get; set; }

        public override DateTimeOffset GetUtcNow() => Now;
    }
}
