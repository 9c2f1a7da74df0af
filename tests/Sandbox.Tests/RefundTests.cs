using System.Globalization;

namespace DoaMarket.Sandbox.Tests;

public sealed class RefundTests
{
    private const string Reason = "고객 변심";

    [Fact]
    public async Task Partial_refunds_add_up_and_never_exceed_the_capture()
    {
        await using World world = await World.StartAsync();
        string paymentKey = (await world.ChargeAsync("order-0001", amount: 10_000))["paymentKey"];
        Reply part = await world.CancelAsync(paymentKey, new { cancelReason = Reason, cancelAmount = 4_000 });
        Assert.Equal(("PARTIAL_CANCELED", 6_000), (part["status"], part.Number("balanceAmount")));
        Reply tooMuch = await world.CancelAsync(paymentKey, new { cancelReason = Reason, cancelAmount = 6_001 });
        Assert.Equal((403, "NOT_CANCELABLE_AMOUNT"), (tooMuch.Status, tooMuch.Code));
        Reply rest = await world.CancelAsync(paymentKey, new { cancelReason = Reason });
        Assert.Equal(("CANCELED", 0), (rest["status"], rest.Number("balanceAmount")));
        Assert.Equal(2, rest.Json.GetProperty("cancels").GetArrayLength());
        Assert.Equal(6_000, rest.Json.GetProperty("cancels")[1].GetProperty("cancelAmount").GetInt64());
        Reply again = await world.CancelAsync(paymentKey, new { cancelReason = Reason });
        Assert.Equal((400, "ALREADY_CANCELED_PAYMENT"), (again.Status, again.Code));
        Assert.Equal(0, await world.NetAsync("order-0001"));
    }

    [Fact]
    public async Task The_refundable_amount_guards_against_a_refund_made_meanwhile()
    {
        await using World world = await World.StartAsync();
        string paymentKey = (await world.ChargeAsync("order-0001", amount: 10_000))["paymentKey"];
        object half = new { cancelReason = Reason, cancelAmount = 5_000, refundableAmount = 10_000 };
        Assert.Equal(200, (await world.CancelAsync(paymentKey, half)).Status);
        Reply stale = await world.CancelAsync(paymentKey, half);
        Assert.Equal((400, "NOT_MATCHES_REFUNDABLE_AMOUNT"), (stale.Status, stale.Code));
        Assert.Equal(5_000, await world.NetAsync("order-0001"));
    }

    [Fact]
    public async Task A_refund_needs_a_reason_of_at_most_200_characters_and_a_captured_payment()
    {
        await using World world = await World.StartAsync();
        string paymentKey = (await world.ChargeAsync("order-0001"))["paymentKey"];
        Assert.Equal("INVALID_REQUEST", (await world.CancelAsync(paymentKey, new { cancelAmount = 100 })).Code);
        Assert.Equal(
            "INVALID_REQUEST", (await world.CancelAsync(paymentKey, new { cancelReason = new string('r', 201) })).Code);
        Assert.Equal(404, (await world.CancelAsync("unknown", new { cancelReason = Reason })).Status);
        await world.ChargeAsync("order-0002", "bk_declined");
        string aborted = (await world.PgGetAsync("payments/orders/order-0002"))["paymentKey"];
        Assert.Equal("NOT_CANCELABLE_PAYMENT", (await world.CancelAsync(aborted, new { cancelReason = Reason })).Code);
        Assert.Equal(15_000, await world.NetAsync("order-0001"));
    }

    [Fact]
    public async Task Refunds_that_fail_for_ever_work_once_healed()
    {
        await using World world = await World.StartAsync();
        string paymentKey = (await world.ChargeAsync("order-0001", "bk_refund_fails"))["paymentKey"];
        for (int i = 0; i < 5; i++)
        {
            Reply failed = await world.CancelAsync(paymentKey, new { cancelReason = Reason });
            Assert.Equal((500, "FAILED_INTERNAL_SYSTEM_PROCESSING"), (failed.Status, failed.Code));
        }

        Reply healed = await world.SendAsync(HttpMethod.Post, "faults/heal-refunds", new { orderId = "order-0001" });
        Assert.Equal(1, healed.Number("healed"));
        Assert.Equal(200, (await world.CancelAsync(paymentKey, new { cancelReason = Reason })).Status);
        Assert.Equal(0, await world.NetAsync("order-0001"));
    }

    [Fact]
    public async Task The_transactions_of_a_day_come_in_pages_and_sum_up_to_the_net()
    {
        await using World world = await World.StartAsync();
        string paymentKey = (await world.ChargeAsync("order-0001", amount: 10_000))["paymentKey"];
        await world.ChargeAsync("order-0002", amount: 3_000);
        await world.CancelAsync(paymentKey, new { cancelReason = Reason, cancelAmount = 4_000 });
        DateTimeOffset seoul = DateTimeOffset.UtcNow.ToOffset(TimeSpan.FromHours(9));
        string period = $"startDate={Text(seoul.AddHours(-1))}&endDate={Text(seoul.AddHours(1))}";
        Reply first = await world.PgGetAsync($"transactions?{period}&limit=2");
        Assert.Equal(2, first.Json.GetArrayLength());
        string last = first.Json[1].GetProperty("transactionKey").GetString()!;
        Reply second = await world.PgGetAsync($"transactions?{period}&limit=2&startingAfter={last}");
        Assert.Equal(1, second.Json.GetArrayLength());
        long sum = first.Json.EnumerateArray().Concat(second.Json.EnumerateArray())
            .Sum(transaction => transaction.GetProperty("amount").GetInt64());
        Assert.Equal(9_000, sum);
        Assert.Equal("INVALID_REQUEST", (await world.PgGetAsync("transactions?startDate=today&endDate=now")).Code);
    }

    private static string Text(DateTimeOffset time) =>
        time.ToString("yyyy-MM-dd'T'HH:mm:ss", CultureInfo.InvariantCulture);
}
