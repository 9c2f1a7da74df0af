using System.Text.Json.Nodes;
using DoaMarket.Gateways;
using DoaMarket.Kernel;

namespace DoaMarket.Notifications.Tests;

/// <summary>The SMS interface in recorded shapes: what is sent, and what is made of each answer.</summary>
public sealed class SmsGatewayTests
{
    private const string Taken = """{"messageId":"sms_1"}""";

    private readonly Breakers _breakers = new();

    [Fact]
    public async Task A_text_is_sent_with_its_reference()
    {
        var provider = new Recorded((201, Taken));
        var sms = Text();

        Assert.IsType<NoticeSent>(await Gateway(provider).CarryOut(sms, TestContext.Current.CancellationToken));

        Assert.Equal(("POST https://sms.test/base/v1/messages", "Bearer key-1"), (provider.Last.Line, provider.Last.Authorization));
        var expected = $$"""
            {"from":"15880000","to":"01012345678","text":"{{sms.Text.Body}}","clientReference":"{{sms.Id}}"}
            """;
        Assert.True(
            JsonNode.DeepEquals(JsonNode.Parse(expected), JsonNode.Parse(provider.Last.Body)), provider.Last.Body);
    }

    [Fact]
    public async Task One_that_the_provider_knows_already_is_sent() =>
        Assert.IsType<NoticeSent>(await Gateway(new((200, Taken))).CarryOut(Text(), TestContext.Current.CancellationToken));

    [Fact]
    public async Task A_number_that_cannot_receive_fails_for_good()
    {
        const string body = """{"code":"INVALID_NUMBER","message":"01012345678 cannot receive."}""";

        var refused = Assert.IsType<NoticeRefused>(await Gateway(new((422, body))).CarryOut(Text(), TestContext.Current.CancellationToken));

        Assert.Equal("INVALID_NUMBER: 010-****-5678 cannot receive.", refused.Reason);
    }

    [Theory]
    [InlineData(400)]
    [InlineData(401)]
    [InlineData(404)]
    [InlineData(500)]
    [InlineData(503)]
    public async Task What_may_go_through_later_is_tried_again(int status) =>
        Assert.IsType<NoticeDeferred>(await Gateway(new((status, "not JSON"))).CarryOut(Text(), TestContext.Current.CancellationToken));

    [Fact]
    public async Task A_throttled_text_is_no_attempt() =>
        Assert.IsType<NotAttempted>(await Gateway(new((429, "{}"))).CarryOut(Text(), TestContext.Current.CancellationToken));

    [Theory]
    [InlineData(503)]
    [InlineData(401)] // a wrong key lets nothing through: somebody must hear of it
    public async Task A_provider_that_takes_nothing_opens_the_circuit(int status)
    {
        var gateway = Gateway(new((status, "{}")));
        for (var i = 0; i < 2; i++)
        {
            await gateway.CarryOut(Text(), TestContext.Current.CancellationToken);
        }

        Assert.IsType<NotAttempted>(await gateway.CarryOut(Text(), TestContext.Current.CancellationToken));
        Assert.True(_breakers.IsOpen("sms"));
    }

    [Fact]
    public async Task A_lost_connection_is_an_unknown_outcome_and_tried_again()
    {
        var deferred = Assert.IsType<NoticeDeferred>(await Gateway(
            new((201, Taken)) { Broken = new HttpRequestException("reset by 01012345678") }).CarryOut(Text(), TestContext.Current.CancellationToken));

        Assert.DoesNotContain("01012345678", deferred.Reason, StringComparison.Ordinal);
    }

    private SmsGateway Gateway(Recorded provider) => new(
        new Gateway(
            SmsGateway.Name, new GatewayOptions { BaseUrl = "https://sms.test/base", MinimumCalls = 2 }, _breakers,
            TimeProvider.System, provider)
        {
            CountsAgainst = SmsGateway.CountsAgainst,
        },
        new() { ApiKey = "key-1", From = "15880000" });

    private static SendNotice Text() =>
        Story.Wanted(new Story().Hears(Samples.Confirmed).Of(NotificationTypes.OrderConfirmed, "sms"))! with
        {
            To = "01012345678",
        };
}
