namespace DoaMarket.Sandbox.Tests;

public sealed class DepositTests
{
    private static readonly object Back = new { bank = "신한", accountNumber = "110123456789", holderName = "홍길동" };

    [Fact]
    public async Task A_deposit_comes_by_itself_and_is_told_with_the_payments_secret()
    {
        await using Receiver receiver = await Receiver.StartAsync();
        await using World world = await World.StartAsync(options => options with
        {
            PaymentWebhookUrl = new Uri(receiver.Url),
            TellsEveryChange = false,
            DepositAfter = TimeSpan.FromMilliseconds(5),
        });
        Reply issued = await IssueAsync(world, "order-0001");
        Assert.Equal(("WAITING_FOR_DEPOSIT", "가상계좌"), (issued["status"], issued["method"]));
        Assert.Equal("20", issued.Json.GetProperty("virtualAccount").GetProperty("bankCode").GetString());

        Received told = (await receiver.TakenAsync(1))[0];

        Assert.False(told.Message.Json.TryGetProperty("eventType", out _));
        Assert.Equal(("DONE", "order-0001"), (told.Message["status"], told.Message["orderId"]));
        Assert.Equal(issued["secret"], told.Message["secret"]);
        Assert.Equal("DONE", (await world.PgGetAsync("payments/orders/order-0001"))["status"]);
        Assert.Equal(15_000, await world.NetAsync("order-0001"));
    }

    [Fact]
    public async Task The_bank_takes_a_deposit_back_and_the_account_waits_again()
    {
        await using World world = await ByHandAsync();
        await IssueAsync(world, "order-0001");
        Assert.Equal(200, (await MoveAsync(world, "deposit")).Status);
        Assert.Equal(409, (await MoveAsync(world, "deposit")).Status);
        Assert.Equal("WAITING_FOR_DEPOSIT", (await MoveAsync(world, "reverse"))["status"]);
        Assert.Equal(0, await world.NetAsync("order-0001"));
        Assert.Equal("DONE", (await MoveAsync(world, "deposit"))["status"]);
        Assert.Equal(15_000, await world.NetAsync("order-0001"));
    }

    [Fact]
    public async Task An_account_ends_at_its_due_date_and_takes_no_money_afterwards()
    {
        await using World world = await ByHandAsync();
        await IssueAsync(world, "order-0001", new { dueDate = Seoul(TimeSpan.FromSeconds(1.5)) });
        await World.UntilAsync(
            () => world.PgGetAsync("payments/orders/order-0001"), reply => reply["status"] == "EXPIRED");
        Assert.Equal(409, (await MoveAsync(world, "deposit")).Status);
        Assert.Equal(400, (await IssueAsync(world, "order-0002", new { dueDate = Seoul(-TimeSpan.FromHours(1)) })).Status);
    }

    [Fact]
    public async Task An_empty_account_is_closed_by_a_cancel_and_a_full_one_needs_an_account_to_pay_back_to()
    {
        await using World world = await ByHandAsync();
        Reply closed = await world.CancelAsync(
            (await IssueAsync(world, "order-0001"))["paymentKey"], new { cancelReason = "too late" });
        Assert.Equal("CANCELED", closed["status"]);
        Assert.Equal(409, (await MoveAsync(world, "deposit")).Status);

        string paymentKey = (await IssueAsync(world, "order-0002"))["paymentKey"];
        await MoveAsync(world, "deposit", "order-0002");
        Reply refused = await world.CancelAsync(paymentKey, new { cancelReason = "back" });
        Assert.Equal("INVALID_REFUND_ACCOUNT_INFO", refused.Code);
        Reply back = await world.CancelAsync(paymentKey, new { cancelReason = "back", refundReceiveAccount = Back });
        Assert.Equal("CANCELED", back["status"]);
        Assert.Equal(0, await world.NetAsync("order-0002"));
    }

    [Fact]
    public async Task Who_pays_in_chooses_what_happens()
    {
        await using World world = await World.StartAsync(options => options with { DepositAfter = TimeSpan.Zero });
        await IssueAsync(world, "order-0001", new { customerName = "va_deposit_reversed" });
        await IssueAsync(world, "order-0002", new { customerName = "va_no_deposit" });

        Reply books = await World.UntilAsync(
            () => world.GetAsync("oracle/payments?orderId=order-0001"),
            reply => reply.Json.GetProperty("items") is { } items && items.GetArrayLength() > 0
                && items[0].GetProperty("reversals").GetArrayLength() == 1);

        Assert.Equal(1, books.Json.GetProperty("items")[0].GetProperty("captures").GetArrayLength());
        Assert.Equal("WAITING_FOR_DEPOSIT", (await world.PgGetAsync("payments/orders/order-0002"))["status"]);
    }

    [Theory]
    [InlineData("bank", "없는은행", "INVALID_BANK")]
    [InlineData("amount", 199, "BELOW_MINIMUM_AMOUNT")]
    [InlineData("orderId", "a b", "INVALID_ORDER_ID")]
    [InlineData("validHours", 2_161, "INVALID_REQUEST")]
    [InlineData("dueDate", "tomorrow", "INVALID_REQUEST")]
    public async Task A_wrong_wish_is_refused(string field, object value, string code)
    {
        await using World world = await ByHandAsync();

        Reply refused = await IssueAsync(
            world, "order-0001", new Dictionary<string, object>(StringComparer.Ordinal) { [field] = value });

        Assert.Equal((400, code), (refused.Status, refused.Code));
    }

    [Fact]
    public async Task An_order_has_one_account()
    {
        await using World world = await ByHandAsync();
        string first = (await IssueAsync(world, "order-0001", key: "k1"))["paymentKey"];
        Assert.Equal(first, (await IssueAsync(world, "order-0001", key: "k1"))["paymentKey"]);
        Assert.Equal("DUPLICATED_ORDER_ID", (await IssueAsync(world, "order-0001", key: "k2")).Code);
    }

    private static Task<World> ByHandAsync() => World.StartAsync(options => options with { DepositAfter = null });

    private static Task<Reply> MoveAsync(World world, string move, string orderId = "order-0001") =>
        world.SendAsync(HttpMethod.Post, $"accounts/{orderId}/{move}", null);

    private static Task<Reply> IssueAsync(World world, string orderId, object? with = null, string? key = null)
    {
        System.Text.Json.Nodes.JsonObject body = new()
        {
            ["amount"] = 15_000,
            ["orderId"] = orderId,
            ["orderName"] = "사과 한 상자",
            ["customerName"] = "홍길동",
            ["bank"] = "20",
        };
        foreach (var (name, value) in System.Text.Json.JsonSerializer.SerializeToNode(with ?? new { })!.AsObject())
        {
            body[name] = value?.DeepClone();
        }

        return world.PgAsync("virtual-accounts", body.ToJsonString(), key);
    }

    private static string Seoul(TimeSpan later) => (TimeProvider.System.GetUtcNow() + later)
        .ToOffset(TimeSpan.FromHours(9))
        .ToString("yyyy-MM-dd'T'HH:mm:ss.fff", System.Globalization.CultureInfo.InvariantCulture);
}
