using Microsoft.AspNetCore.Http;

namespace DoaMarket.Cli.Tests;

/// <summary>What operators type, what the shop is asked, and what they read.</summary>
public sealed class OpsCommandTests
{
    private const string Letter = "d-0001";

    [Theory]
    [InlineData("GET /api/v1/ops/dead-letters?limit=20&queue=order-service-dlq&type=a.b", "dlq", "list", "--queue", "order-service-dlq", "--type", "a.b")]
    [InlineData("GET /api/v1/ops/dead-letters/groups?limit=20", "dlq", "list", "--by-reason")]
    [InlineData("GET /api/v1/ops/dead-letters/d-0001", "dlq", "show", Letter)]
    [InlineData("POST /api/v1/ops/dead-letters/d-0001/reveal", "dlq", "show", Letter, "--reveal", "asked")]
    [InlineData("POST /api/v1/ops/dead-letters/d-0001/dry-run", "dlq", "dry-run", Letter)]
    [InlineData("POST /api/v1/ops/dead-letters/d-0001/redrive", "dlq", "redrive", Letter)]
    [InlineData("POST /api/v1/ops/dead-letters/redrive", "dlq", "redrive", "--queue", "order-service-dlq", "--rate", "20")]
    [InlineData("POST /api/v1/ops/dead-letters/d-0001/discard", "dlq", "discard", Letter, "--reason", "a test")]
    [InlineData("GET /api/v1/ops/alerts?limit=20&status=open&severity=P1", "alerts", "list", "--severity", "P1")]
    [InlineData("GET /api/v1/ops/alerts/orders~DEAD_LETTER~q", "alerts", "show", "orders~DEAD_LETTER~q")]
    [InlineData("POST /api/v1/ops/alerts/orders~DEAD_LETTER~q/acknowledge", "alerts", "acknowledge", "orders~DEAD_LETTER~q")]
    [InlineData("POST /api/v1/ops/alerts/orders~DEAD_LETTER~q/resolve", "alerts", "resolve", "orders~DEAD_LETTER~q", "--reason", "r")]
    [InlineData("GET /api/v1/ops/queues", "queues")]
    [InlineData("GET /api/v1/ops/breakers", "breakers")]
    [InlineData("POST /api/v1/ops/sagas/s-1/cancel", "saga", "cancel", "s-1", "--reason", "r")]
    public async Task A_command_asks_the_shop_as_the_operator(string request, params string[] args)
    {
        await using var shop = await PretendShop.Open();
        shop.Instead = http => http.Request.Path == "/dev/token" ? null : Answer(http);
        var doa = new Doa();

        Assert.Equal(0, await doa.Run([.. args, "--url", shop.Url]));

        Assert.Equal(["POST /dev/token", request], shop.Requests);
        Assert.Equal("Bearer token-operator-doa-cli", shop.Headers[1].Authorization);
        Assert.NotEmpty(doa.Output);
    }

    [Theory]
    [InlineData("""{"step":"prepare_shipping","reason":"r","amount":null,"restock":false}""", "prepare_shipping", "--lost")]
    [InlineData("""{"step":"process_payment","reason":"r","amount":5000,"restock":null}""", "process_payment", "--amount", "5000")]
    [InlineData("""{"step":"process_payment","reason":"r","amount":null,"restock":null}""", "process_payment")]
    public async Task A_settlement_by_hand_says_what_the_operator_did(string body, string step, params string[] args)
    {
        await using var shop = await PretendShop.Open();
        var told = new List<string>();
        shop.Instead = http =>
        {
            if (http.Request.Path != "/api/v1/ops/sagas/s-1/resolve")
            {
                return null;
            }

            using var reader = new StreamReader(http.Request.BodyReader.AsStream());
            told.Add(reader.ReadToEnd());
            return PretendShop.Data(new { });
        };

        Assert.Equal(0, await new Doa().Run(
            ["saga", "resolve", "s-1", "--step", step, "--reason", "r", .. args, "--url", shop.Url]));

        Assert.Equal([body], told);
    }

    [Theory]
    [InlineData(200, 0, "/health/ready")]
    [InlineData(503, 1, "/health/ready")]
    [InlineData(200, 0, "/health/live", "--live")]
    public async Task Health_is_an_exit_code(int status, int exitCode, string path, params string[] args)
    {
        await using var shop = await PretendShop.Open();
        shop.Instead = http => Results.Json(new { status = http.Request.Path.Value }, statusCode: status);
        var doa = new Doa();
        Assert.Equal(exitCode, await doa.Run(["health", .. args, "--url", shop.Url]));
        Assert.Contains(path, doa.Output, StringComparison.Ordinal);
        Assert.Equal([$"GET {path}"], shop.Requests);
    }

    [Fact]
    public async Task Queues_are_a_table()
    {
        await using var shop = await PretendShop.Open();
        shop.Instead = http => http.Request.Path == "/dev/token" ? null : Answer(http);
        var doa = new Doa();
        await doa.Run("queues", "--url", shop.Url);
        Assert.Contains("order-service-queue", doa.Output, StringComparison.Ordinal);
        Assert.Contains("7.5", doa.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_trial_tells_what_would_happen_and_fails_when_the_message_would()
    {
        await using var shop = await PretendShop.Open();
        shop.Instead = http => http.Request.Path == "/dev/token" ? null : Answer(http);
        var doa = new Doa();
        await doa.Run("dlq", "dry-run", Letter, "--url", shop.Url);
        Assert.Contains("changes orders_sagas/o-1: status, version", doa.Output, StringComparison.Ordinal);
        Assert.Contains("sends payment.requested to payment-service-queue", doa.Output, StringComparison.Ordinal);

        shop.Instead = http => http.Request.Path == "/dev/token"
            ? null
            : PretendShop.Data(new { verdict = "fails", explanation = "It is odd [still]." });
        doa = new Doa();
        Assert.Equal(1, await doa.Run("dlq", "dry-run", Letter, "--url", shop.Url));
        Assert.Contains("It is odd [still].", doa.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Json_is_printed_as_it_came_and_a_further_page_is_told()
    {
        await using var shop = await PretendShop.Open();
        shop.Instead = http => http.Request.Path == "/dev/token" ? null : Answer(http);
        var (json, table) = (new Doa(), new Doa());
        await json.Run("dlq", "list", "--json", "--url", shop.Url);
        Assert.StartsWith("{\"success\":true", json.Output, StringComparison.Ordinal);
        await table.Run("dlq", "list", "--url", shop.Url);
        Assert.Contains("More: --cursor next-1", table.Output, StringComparison.Ordinal);
    }

    private static IResult Answer(HttpContext http) => http.Request.Path.Value!.Split('/')[4..] switch
    {
        ["queues"] => PretendShop.Data(new[]
        {
            new
            {
                queue = "order-service-queue", waiting = 3, inFlight = 1, retrying = 0, oldestAgeSeconds = 1.5,
                inPerSecond = 7.5, outPerSecond = 7.25, deadLetters = 2,
            },
        }),
        ["breakers"] => PretendShop.Data(new[] { new { gateway = "pg", state = "open", failuresInARow = 10 } }),
        ["dead-letters"] => PretendShop.Data(
            new[] { new { deadLetterId = Letter, queue = "q", eventType = "a.b", reason = "odd" } }, nextCursor: "next-1"),
        ["dead-letters", "groups"] => PretendShop.Data(new[] { new { count = 2, queue = "q", reason = "odd" } }),
        ["dead-letters", _, "dry-run"] => PretendShop.Data(new
        {
            verdict = "changes",
            explanation = "It is still expected.",
            changes = new[] { new { document = "orders_sagas/o-1", isNew = false, members = new[] { "status", "version" } } },
            messages = new[] { new { eventType = "payment.requested", queues = new[] { "payment-service-queue" } } },
        }),
        ["alerts"] => PretendShop.Data(new[] { new { alertId = "orders~DEAD_LETTER~q", severity = "P2", status = "open" } }),
        _ => PretendShop.Data(new { status = "open", severity = "P1", type = "DEAD_LETTER", body = "{}" }),
    };
}
