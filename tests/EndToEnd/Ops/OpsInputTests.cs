using DoaMarket.EndToEnd.Harness;

namespace DoaMarket.EndToEnd;

/// <summary>Operators' mistakes: a clear 4xx that names the field.</summary>
[Collection(typeof(OnTheHoldingShop))]
public sealed class OpsInputTests(HoldingShop fixture)
{
    private readonly Shop _shop = fixture.Shop;

    [Theory]
    [InlineData("GET", "ops/dead-letters?queue=no-such-queue", null, 400, "queue")]
    [InlineData("GET", "ops/dead-letters?status=lost", null, 400, "status")]
    [InlineData("GET", "ops/dead-letters?cursor=nonsense", null, 400, "cursor")]
    [InlineData("GET", "ops/dead-letters/019a0000-0000-7000-8000-000000000000", null, 404, null)]
    [InlineData("POST", "ops/dead-letters/019a0000-0000-7000-8000-000000000000/redrive", "{}", 404, null)]
    [InlineData("POST", "ops/dead-letters/redrive", """{"queue":"no-such-queue"}""", 400, "queue")]
    [InlineData("POST", "ops/dead-letters/redrive", """{"queue":"order-service-dlq","ratePerSecond":0}""", 400,
        "ratePerSecond")]
    [InlineData("POST", "ops/dead-letters/redrive", """{"queue":"order-service-dlq","ratePerSecond":1001}""", 400,
        "ratePerSecond")]
    [InlineData("POST", "ops/dead-letters/redrives/order-service-dlq/stop", """{"reason":"x"}""", 409, null)]
    [InlineData("GET", "ops/alerts?severity=P9", null, 400, "severity")]
    [InlineData("GET", "ops/alerts?status=gone", null, 400, "status")]
    [InlineData("GET", "ops/alerts/orders~NO_SUCH~x", null, 404, null)]
    [InlineData("GET", "ops/alerts?cursor=nonsense", null, 400, "cursor")]
    [InlineData("GET", "ops/audit?service=cellar", null, 400, "service")]
    [InlineData("GET", "ops/audit?limit=0", null, 400, "limit")]
    public async Task Wrong_questions_are_answered_with_the_field(
        string method, string path, string? body, int status, string? field)
    {
        var op = await _shop.Operator();
        var answer = await op.Send(
            new HttpMethod(method), path, body is null ? null : Person.Content(body));
        Assert.Equal(field, answer.Expect(status).Field);
        Assert.NotEmpty(answer.Json!["error"].Text("traceId"));
    }
}
