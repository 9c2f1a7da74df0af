namespace DoaMarket.Sandbox.Tests;

public sealed class IdempotencyTests
{
    [Fact]
    public async Task A_key_repeated_gets_the_first_answer_even_for_another_order()
    {
        await using World world = await World.StartAsync();
        Reply first = await world.ChargeAsync("order-0001", key: "key-1");
        Reply other = await world.ChargeAsync("order-0002", key: "key-1");
        Assert.Equal(first, other);
        Assert.Equal(0, await world.NetAsync("order-0002"));
    }

    [Fact]
    public async Task The_scope_of_a_key_is_its_url()
    {
        await using World world = await World.StartAsync();
        Assert.Equal(403, (await world.ChargeAsync("order-0001", "bk_declined", key: "key-1")).Status);
        Assert.Equal(200, (await world.ChargeAsync("order-0001", "bk_ok", key: "key-1")).Status);
    }

    [Fact]
    public async Task A_decline_is_remembered_too()
    {
        await using World world = await World.StartAsync();
        Reply first = await world.ChargeAsync("order-0001", "bk_declined", key: "key-1");
        Reply again = await world.ChargeAsync("order-0002", "bk_declined", key: "key-1");
        Assert.Equal(first, again);
        Assert.Equal(404, (await world.PgGetAsync("payments/orders/order-0002")).Status);
    }

    [Fact]
    public async Task A_key_whose_first_call_is_still_running_is_answered_with_ask_again()
    {
        await using World world = await World.StartAsync(options => options with { HangFor = TimeSpan.FromSeconds(2) });
        Task<Reply> first = world.ChargeAsync("order-0001", "bk_timeout_then_success", key: "key-1");
        await World.UntilAsync(() => world.PgGetAsync("payments/orders/order-0001"), reply => reply.Status == 200);
        Reply second = await world.ChargeAsync("order-0001", "bk_timeout_then_success", key: "key-1");
        Assert.Equal((409, "IDEMPOTENT_REQUEST_PROCESSING"), (second.Status, second.Code));
        Assert.Equal("DONE", (await first)["status"]);
    }

    [Fact]
    public async Task A_server_error_is_not_remembered()
    {
        await using World world = await World.StartAsync();
        string paymentKey = (await world.ChargeAsync("order-0001", "bk_refund_fails_twice"))["paymentKey"];
        object body = new { cancelReason = "고객 변심" };
        Assert.Equal(500, (await world.CancelAsync(paymentKey, body, "refund-1")).Status);
        Assert.Equal(500, (await world.CancelAsync(paymentKey, body, "refund-1")).Status);
        Reply third = await world.CancelAsync(paymentKey, body, "refund-1");
        Assert.Equal("CANCELED", third["status"]);
        Assert.Equal(third, await world.CancelAsync(paymentKey, body, "refund-1"));
        Assert.Equal(0, await world.NetAsync("order-0001"));
    }

    [Fact]
    public async Task A_key_may_have_at_most_300_characters()
    {
        await using World world = await World.StartAsync();
        Assert.Equal(200, (await world.ChargeAsync("order-0001", key: new string('k', 300))).Status);
        Reply refused = await world.ChargeAsync("order-0002", key: new string('k', 301));
        Assert.Equal((400, "INVALID_IDEMPOTENCY_KEY"), (refused.Status, refused.Code));
    }

    [Fact]
    public async Task Answers_and_captures_survive_a_restart()
    {
        await using World world = await World.StartAsync();
        Reply first = await world.ChargeAsync("order-0001", key: "key-1");
        await world.RestartAsync();
        Assert.Equal(first, await world.ChargeAsync("order-0001", key: "key-1"));
        Assert.Equal(15_000, await world.NetAsync("order-0001"));
    }

    [Fact]
    public async Task A_key_is_forgotten_after_fifteen_days()
    {
        Clock clock = new(new DateTimeOffset(2026, 3, 1, 0, 0, 0, TimeSpan.Zero));
        await using World world = await World.StartAsync(options => options with { TimeProvider = clock });
        await world.ChargeAsync("order-0001", key: "key-1");
        clock.Now += TimeSpan.FromDays(15) - TimeSpan.FromSeconds(1);
        Assert.Equal(200, (await world.ChargeAsync("order-0001", key: "key-1")).Status);
        clock.Now += TimeSpan.FromSeconds(1);
        Assert.Equal("ALREADY_PROCESSED_PAYMENT", (await world.ChargeAsync("order-0001", key: "key-1")).Code);
    }

    private sealed class Clock(DateTimeOffset start) : TimeProvider
    {
        public DateTimeOffset Now { get; set; } = start;

        public override DateTimeOffset GetUtcNow() => Now;
    }
}
