using System.Text.Json;
using Microsoft.AspNetCore.Http;

namespace DoaMarket.Cli.Tests;

public sealed class ClientCommandTests
{
    private const string NobodyThere = "http://127.0.0.1:1";

    [Fact]
    public async Task Placing_an_order_sends_what_the_shop_reads_as_the_customer()
    {
        await using var shop = await PretendShop.Open();
        var doa = new Doa();

        Assert.Equal(0, await doa.Run(
            "order", "place", "--product", "P-1001", "--quantity", "2", "--wait", "7",
            "--user", "u-9", "--url", shop.Url));

        Assert.Equal(["POST /dev/token", "POST /api/v1/orders"], shop.Requests);
        Assert.Equal("Bearer token-customer-u-9", shop.Headers[1].Authorization);
        Assert.Equal("wait=7", shop.Headers[1]["Prefer"]);
        Assert.Equal("en", shop.Headers[1].AcceptLanguage);
        Assert.NotEmpty(shop.Headers[1]["Idempotency-Key"].ToString());
        var order = Assert.Single(shop.Orders);
        Assert.Equal("""[{"productId":"P-1001","quantity":2}]""", order.GetProperty("items").GetRawText());
        Assert.Equal("bk_ok", order.GetProperty("paymentMethod").GetProperty("billingKey").GetString());
        Assert.Equal("04524", order.GetProperty("shippingAddress").GetProperty("postalCode").GetString());
        Assert.Contains("ORD-20260105-000001", doa.Output);
        Assert.Contains("doa saga show saga-0001", doa.Output);
    }

    [Fact]
    public async Task A_token_from_the_environment_is_used_as_it_is()
    {
        await using var shop = await PretendShop.Open();
        var doa = new Doa { Surroundings = new("mine", "ko-KR,ko;q=0.9,en;q=0.5") };

        await doa.Run("saga", "list", "--status", "completed", "--url", shop.Url);

        Assert.Equal("GET /api/v1/ops/sagas?limit=20&status=completed", Assert.Single(shop.Requests));
        Assert.Equal("Bearer mine", shop.Headers[0].Authorization);
        Assert.StartsWith("ko-KR", shop.Headers[0].AcceptLanguage);
    }

    [Fact]
    public async Task A_shop_that_issues_no_tokens_asks_for_DOA_TOKEN()
    {
        await using var shop = await PretendShop.Open();
        shop.Instead = http => http.Request.Path == "/dev/token" ? Results.NotFound() : null;
        var doa = new Doa();

        Assert.Equal(1, await doa.Run("order", "show", "o-1", "--url", shop.Url));

        Assert.Contains("Set DOA_TOKEN", doa.Error);
        Assert.Contains("'operator'", doa.Error);
    }

    [Fact]
    public async Task A_refusal_is_told_with_code_message_details_and_trace_id()
    {
        await using var shop = await PretendShop.Open();
        shop.Instead = http => http.Request.Path.Value!.EndsWith("/cancel", StringComparison.Ordinal)
            ? PretendShop.Error(409, "ORDER_DELIVERED", "It has arrived [already].", new { status = "delivered" })
            : null;
        var doa = new Doa();

        Assert.Equal(1, await doa.Run("order", "cancel", "o-1", "--reason", "late", "--url", shop.Url));

        Assert.Contains("ORDER_DELIVERED (HTTP 409): It has arrived [already].", doa.Error);
        Assert.Contains("""details: {"status":"delivered"}""", doa.Error);
        Assert.Contains("traceId: trace-1", doa.Error);
    }

    [Fact]
    public async Task Nobody_at_the_address_is_told_with_the_way_to_start_a_shop()
    {
        var doa = new Doa();

        Assert.Equal(1, await doa.Run("saga", "list", "--url", NobodyThere));

        Assert.Contains("No shop answers at http://127.0.0.1:1/", doa.Error);
        Assert.Contains("doa serve", doa.Error);
    }

    [Fact]
    public async Task Somebody_else_at_the_address_is_told_apart_from_the_shop()
    {
        await using var shop = await PretendShop.Open();
        shop.Instead = _ => Results.Text("<html>hello</html>", "text/html");
        var doa = new Doa();

        Assert.Equal(1, await doa.Run("token", "--user", "u", "--role", "seller", "--url", shop.Url));

        Assert.Contains("something that DOA Market does not say", doa.Error);
    }

    [Fact]
    public async Task A_busy_shop_is_asked_again_when_it_says_so()
    {
        await using var shop = await PretendShop.Open();
        var refusals = 2;
        shop.Instead = http =>
        {
            if (http.Request.Path != "/api/v1/orders" || refusals-- <= 0)
            {
                return null;
            }

            http.Response.Headers.RetryAfter = "0";
            return PretendShop.Error(429, "RATE_LIMITED", "Slower, please.");
        };
        var doa = new Doa();

        Assert.Equal(0, await doa.Run("order", "place", "--product", "P-1001", "--url", shop.Url));

        var keys = shop.Headers.Skip(1).Select(headers => headers["Idempotency-Key"].ToString()).ToList();
        Assert.Equal(3, keys.Count);
        Assert.Single(keys.Distinct());
        Assert.Single(shop.Orders);
    }

    [Fact]
    public async Task A_shop_busy_for_ever_is_given_up_with_its_own_words()
    {
        await using var shop = await PretendShop.Open();
        shop.Instead = http =>
        {
            http.Response.Headers.RetryAfter = "0";
            return PretendShop.Error(503, "OVERLOADED", "Come back later.");
        };
        var doa = new Doa();

        Assert.Equal(1, await doa.Run("token", "--user", "u", "--role", "customer", "--url", shop.Url));

        Assert.Contains("OVERLOADED", doa.Error);
        Assert.Equal(5, shop.Requests.Count);
    }

    [Fact]
    public async Task Json_is_printed_as_it_came()
    {
        await using var shop = await PretendShop.Open();
        var doa = new Doa();

        await doa.Run("saga", "list", "--json", "--url", shop.Url);

        using var answer = JsonDocument.Parse(doa.Output);
        Assert.True(answer.RootElement.GetProperty("success").GetBoolean());
    }

    [Fact]
    public async Task A_token_alone_is_printed_for_other_tools()
    {
        await using var shop = await PretendShop.Open();
        var doa = new Doa { Surroundings = new("mine", "en") };

        await doa.Run("token", "--user", "u-1", "--role", "customer", "--url", shop.Url);

        Assert.Equal("token-customer-u-1", doa.Output.Trim());
    }
}
