namespace DoaMarket.Sandbox.Tests;

public sealed class FaultTests
{
    [Theory]
    [InlineData("down", 503)]
    [InlineData("error", 500)]
    public async Task A_pg_that_is_down_does_nothing_and_forgets_the_key(string mode, int status)
    {
        await using World world = await World.StartAsync();
        await world.FaultAsync(new { target = "pg", operation = "charge", mode, times = 1 });
        Assert.Equal(status, (await world.ChargeAsync("order-0001", key: "key-1")).Status);
        Assert.Equal(0, await world.NetAsync("order-0001"));
        Assert.Equal(200, (await world.ChargeAsync("order-0001", key: "key-1")).Status);
    }

    [Fact]
    public async Task A_lost_response_leaves_the_capture_and_the_retry_finds_it()
    {
        await using World world = await World.StartAsync();
        await world.FaultAsync(new { target = "pg", operation = "charge", mode = "lose_response", times = 1 });
        await Assert.ThrowsAsync<HttpRequestException>(() => world.ChargeAsync("order-0001", key: "key-1"));
        Assert.Equal(15_000, await world.NetAsync("order-0001"));
        Assert.Equal("DONE", (await world.ChargeAsync("order-0001", key: "key-1"))["status"]);
        Assert.Equal(15_000, await world.NetAsync("order-0001"));
    }

    [Theory]
    [InlineData(true, 15_000)]
    [InlineData(false, 0)]
    public async Task A_timeout_has_its_effect_or_not_as_the_rule_says(bool effect, long net)
    {
        await using World world = await World.StartAsync();
        await world.FaultAsync(new { target = "pg", operation = "charge", mode = "timeout", effect, times = 1 });
        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            () => world.ChargeAsync("order-0001", patience: TimeSpan.FromMilliseconds(100)));
        Assert.Equal(net, await world.NetAsync("order-0001"));
    }

    [Fact]
    public async Task A_slow_call_is_carried_out_after_the_client_gave_up()
    {
        await using World world = await World.StartAsync();
        await world.FaultAsync(new { target = "pg", mode = "slow", operation = "charge", delayMs = 200, times = 1 });
        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            () => world.ChargeAsync("order-0001", patience: TimeSpan.FromMilliseconds(50)));
        await World.UntilAsync(() => world.PgGetAsync("payments/orders/order-0001"), reply => reply.Status == 200);
    }

    [Fact]
    public async Task A_decline_on_demand_is_in_the_books()
    {
        await using World world = await World.StartAsync();
        await world.FaultAsync(new { target = "pg", operation = "charge", mode = "decline", match = "order-0001" });
        Assert.Equal("REJECT_CARD_COMPANY", (await world.ChargeAsync("order-0001")).Code);
        Assert.Equal("ABORTED", (await world.PgGetAsync("payments/orders/order-0001"))["status"]);
        Assert.Equal(200, (await world.ChargeAsync("order-0002")).Status);
    }

    [Fact]
    public async Task Queries_and_refunds_can_fail_on_their_own()
    {
        await using World world = await World.StartAsync();
        string paymentKey = (await world.ChargeAsync("order-0001"))["paymentKey"];
        await world.FaultAsync(new { target = "pg", operation = "query", mode = "down" });
        await world.FaultAsync(new
        {
            target = "pg",
            operation = "cancel",
            mode = "error",
            match = "order-0001",
            times = 1,
        });
        Assert.Equal(503, (await world.PgGetAsync($"payments/{paymentKey}")).Status);
        Assert.Equal(500, (await world.CancelAsync(paymentKey, new { cancelReason = "r" })).Status);
        Assert.Equal(200, (await world.CancelAsync(paymentKey, new { cancelReason = "r" })).Status);
    }

    [Fact]
    public async Task One_carrier_can_be_down_while_the_other_works()
    {
        await using World world = await World.StartAsync();
        await world.FaultAsync(new { target = "carrier:kr.cjlogistics", operation = "*", mode = "down" });
        Assert.Equal(503, (await world.RegisterAsync("ship-1")).Status);
        Assert.Equal(201, (await world.RegisterAsync("ship-1", carrier: "kr.hanjin")).Status);
    }

    [Fact]
    public async Task Rules_are_listed_with_their_hits_replaced_removed_and_cleared()
    {
        await using World world = await World.StartAsync();
        await world.FaultAsync(new { target = "pg", mode = "down", times = 3 });
        await world.ChargeAsync("order-0001");
        Reply listed = await world.GetAsync("faults");
        Assert.Equal(1, listed.Json.GetProperty("rules")[0].GetProperty("hits").GetInt64());
        Reply put = await world.SendAsync(HttpMethod.Put, "faults", new
        {
            rules = new object[] { new { target = "smtp", mode = "down" }, new { target = "sms", mode = "error" } },
        });
        Assert.Equal(2, put.Json.GetProperty("rules").GetArrayLength());
        long id = put.Json.GetProperty("rules")[0].GetProperty("id").GetInt64();
        Assert.Equal(200, (await world.SendAsync(HttpMethod.Delete, $"faults/{id}", null)).Status);
        Assert.Equal(404, (await world.SendAsync(HttpMethod.Delete, $"faults/{id}", null)).Status);
        Reply cleared = await world.SendAsync(HttpMethod.Delete, "faults", null);
        Assert.Equal(0, cleared.Json.GetProperty("rules").GetArrayLength());
    }

    [Theory]
    [InlineData("""{"target":"bank","mode":"down"}""", "target")]
    [InlineData("""{"target":"pg","operation":"dispatch","mode":"down"}""", "operation")]
    [InlineData("""{"target":"pg","mode":"broken"}""", "mode")]
    [InlineData("""{"target":"pg","operation":"query","mode":"decline"}""", "mode")]
    [InlineData("""{"target":"pg","mode":"slow"}""", "delayMs")]
    [InlineData("""{"target":"pg","mode":"down","delayMs":5}""", "delayMs")]
    [InlineData("""{"target":"pg","mode":"down","effect":true}""", "effect")]
    [InlineData("""{"target":"pg","mode":"down","probability":1.5}""", "probability")]
    [InlineData("""{"target":"pg","mode":"down","times":0}""", "times")]
    [InlineData("""{"target":"pg","mode":"down","mach":"x"}""", "mach")]
    [InlineData("""{"target":"pg","mode":7}""", "mode")]
    [InlineData("""{"target":"pg""", "body")]
    public async Task A_wrong_rule_is_refused_and_names_the_field(string rule, string field)
    {
        await using World world = await World.StartAsync();
        Reply refused = await world.SendAsync(HttpMethod.Post, "faults", rule);
        Assert.Equal((400, field), (refused.Status, refused["field"]));
        Assert.Equal(0, (await world.GetAsync("faults")).Json.GetProperty("rules").GetArrayLength());
    }
}
