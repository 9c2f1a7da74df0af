namespace DoaMarket.Sandbox.Tests;

public sealed class ChargeTests
{
    [Fact]
    public async Task A_charge_is_captured_and_found_by_order_and_by_key()
    {
        await using World world = await World.StartAsync();
        Reply charged = await world.ChargeAsync("order-0001", amount: 25_000);
        Assert.Equal(200, charged.Status);
        Assert.Equal("DONE", charged["status"]);
        Assert.Equal(25_000, charged.Number("totalAmount"));
        Assert.Equal(25_000, charged.Number("balanceAmount"));
        Assert.EndsWith("+09:00", charged["approvedAt"], StringComparison.Ordinal);
        Reply byOrder = await world.PgGetAsync("payments/orders/order-0001");
        Assert.Equal(charged.Text, byOrder.Text);
        Assert.Equal(charged.Text, (await world.PgGetAsync($"payments/{charged["paymentKey"]}")).Text);
        Assert.Equal(25_000, await world.NetAsync("order-0001"));
    }

    [Theory]
    [InlineData("bk_declined", 403, "REJECT_CARD_COMPANY")]
    [InlineData("bk_insufficient", 400, "EXCEED_MAX_AMOUNT")]
    public async Task A_refused_card_captures_nothing_and_shows_as_aborted(string billingKey, int status, string code)
    {
        await using World world = await World.StartAsync();
        Reply refused = await world.ChargeAsync("order-0001", billingKey);
        Assert.Equal((status, code), (refused.Status, refused.Code));
        Reply found = await world.PgGetAsync("payments/orders/order-0001");
        Assert.Equal("ABORTED", found["status"]);
        Assert.Equal(code, found.Json.GetProperty("failure").GetProperty("code").GetString());
        Assert.Equal(0, await world.NetAsync("order-0001"));
    }

    [Theory]
    [InlineData("order-0001", "bk_unknown", 15_000, 404, "NOT_FOUND_BILLING_KEY")]
    [InlineData("order-0001", "bk_ok_other", 15_000, 404, "NOT_FOUND_BILLING_KEY")]
    [InlineData("order-0001", "bk_ok", 99, 400, "BELOW_MINIMUM_AMOUNT")]
    [InlineData("short", "bk_ok", 15_000, 400, "INVALID_ORDER_ID")]
    [InlineData("order 0001", "bk_ok", 15_000, 400, "INVALID_ORDER_ID")]
    [InlineData("order-0001", "bk_ok", -1, 400, "INVALID_REQUEST")]
    public async Task A_wrong_charge_is_refused_and_leaves_no_payment(
        string orderId, string billingKey, long amount, int status, string code)
    {
        await using World world = await World.StartAsync();
        Reply refused = await world.ChargeAsync(orderId, billingKey, amount);
        Assert.Equal((status, code), (refused.Status, refused.Code));
        Assert.Equal("NOT_FOUND_PAYMENT", (await world.PgGetAsync("payments/orders/order-0001")).Code);
    }

    [Fact]
    public async Task A_wrong_secret_key_is_refused()
    {
        await using World world = await World.StartAsync();
        Reply refused = await world.SendAsync(HttpMethod.Get, "pg/v1/payments/orders/order-0001", null);
        Assert.Equal((401, "UNAUTHORIZED_KEY"), (refused.Status, refused.Code));
    }

    [Fact]
    public async Task An_order_is_captured_once_however_many_try_at_the_same_time()
    {
        await using World world = await World.StartAsync();
        Reply[] replies = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => world.ChargeAsync("order-0001")));
        Assert.Single(replies, reply => reply.Status == 200);
        Assert.All(replies.Where(reply => reply.Status != 200), reply =>
            Assert.Equal("ALREADY_PROCESSED_PAYMENT", reply.Code));
        Assert.Equal(15_000, await world.NetAsync("order-0001"));
    }

    [Fact]
    public async Task A_charge_that_timed_out_may_have_succeeded_and_a_retry_does_not_charge_again()
    {
        await using World world = await World.StartAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => world.ChargeAsync(
            "order-0001", "bk_timeout_then_success", key: "key-1", patience: TimeSpan.FromMilliseconds(100)));
        Reply found = await world.PgGetAsync("payments/orders/order-0001");
        Assert.Equal("DONE", found["status"]);
        Reply retried = await World.UntilAsync(
            () => world.ChargeAsync("order-0001", "bk_timeout_then_success", key: "key-1"),
            reply => reply.Status != 409);
        Assert.Equal(found["paymentKey"], retried["paymentKey"]);
        Assert.Equal(15_000, await world.NetAsync("order-0001"));
    }

    [Fact]
    public async Task A_charge_that_hangs_for_ever_is_under_way_until_the_client_gives_up_and_captures_nothing()
    {
        await using World world = await StartHangingAsync();
        Task<Reply> hanging = world.ChargeAsync("order-0001", "bk_timeout_forever", patience: TimeSpan.FromSeconds(1));
        await World.UntilAsync(() => FindAsync(world), reply => reply.Status == 200);
        Assert.Equal("IN_PROGRESS", (await FindAsync(world))["status"]);
        Assert.Equal("FORBIDDEN_CONSECUTIVE_REQUEST", (await world.ChargeAsync("order-0001")).Code);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => hanging);
        await World.UntilAsync(() => FindAsync(world), reply => reply["status"] == "ABORTED");
        Assert.Equal(0, await world.NetAsync("order-0001"));
    }

    [Fact]
    public async Task A_charge_that_hung_when_the_process_ended_captured_nothing()
    {
        await using World world = await StartHangingAsync();
        Task<Reply> hanging = world.ChargeAsync("order-0001", "bk_timeout_forever");
        await World.UntilAsync(() => FindAsync(world), reply => reply.Status == 200);
        await world.RestartAsync();
        Assert.Equal("ABORTED", (await FindAsync(world))["status"]);
        await Record.ExceptionAsync(() => hanging);
    }

    [Fact]
    public async Task An_authenticated_payment_is_confirmed_once()
    {
        await using World world = await World.StartAsync();
        Reply first = await ConfirmAsync(world, "pk_ok_0001", "order-0001");
        Assert.Equal((200, "pk_ok_0001"), (first.Status, first["paymentKey"]));
        Assert.Equal("ALREADY_PROCESSED_PAYMENT", (await ConfirmAsync(world, "pk_ok_0001", "order-0002")).Code);
        Assert.Equal("REJECT_CARD_COMPANY", (await ConfirmAsync(world, "pk_declined", "order-0002")).Code);
        Assert.Equal("NOT_FOUND_PAYMENT_SESSION", (await ConfirmAsync(world, "unknown", "order-0002")).Code);
        Assert.Equal(200, (await ConfirmAsync(world, "pk_ok", "order-0002")).Status);
        Assert.Equal(200, (await ConfirmAsync(world, "pk_ok", "order-0003")).Status);
    }

    [Fact]
    public async Task A_test_code_is_answered_and_nothing_is_done()
    {
        await using World world = await World.StartAsync();
        Reply refused = await world.SendAsync(
            HttpMethod.Post, "pg/v1/billing/bk_ok",
            new { customerKey = "customer-1", amount = 1_000, orderId = "order-0001", orderName = "사과" },
            request =>
            {
                request.Headers.Add("TossPayments-Test-Code", "INVALID_STOPPED_CARD");
                request.Headers.Authorization = new("Basic", Convert.ToBase64String("test_sk_sandbox:"u8));
            });
        Assert.Equal((400, "INVALID_STOPPED_CARD"), (refused.Status, refused.Code));
        Assert.Equal(404, (await FindAsync(world)).Status);
    }

    private static Task<World> StartHangingAsync() =>
        World.StartAsync(options => options with { HangFor = TimeSpan.FromSeconds(20) });

    private static Task<Reply> FindAsync(World world) => world.PgGetAsync("payments/orders/order-0001");

    private static Task<Reply> ConfirmAsync(World world, string paymentKey, string orderId) =>
        world.PgAsync("payments/confirm", new { paymentKey, orderId, amount = 9_900 });
}
