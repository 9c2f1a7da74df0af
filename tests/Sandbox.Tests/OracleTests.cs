using System.Globalization;
using System.Text.Json;

namespace DoaMarket.Sandbox.Tests;

public sealed class OracleTests
{
    [Fact]
    public async Task Captures_and_cancels_of_every_order_come_in_pages()
    {
        await using World world = await World.StartAsync();
        for (int i = 0; i < 5; i++)
        {
            await world.ChargeAsync($"order-000{i}", amount: 1_000 + i, key: $"key-{i}");
        }

        List<JsonElement> all = [];
        string cursor = "";
        do
        {
            Reply page = await world.GetAsync($"oracle/payments?limit=2&cursor={cursor}");
            all.AddRange(page.Json.GetProperty("items").EnumerateArray());
            cursor = page.Json.GetProperty("nextCursor").GetString() ?? "";
        }
        while (cursor.Length > 0);
        Assert.Equal(5, all.Count);
        Assert.Equal(5_010, all.Sum(order => order.GetProperty("net").GetInt64()));
        Assert.Equal("key-0", all[0].GetProperty("captures")[0].GetProperty("idempotencyKey").GetString());
    }

    [Fact]
    public async Task Calls_are_counted_by_outcome()
    {
        await using World world = await World.StartAsync();
        await world.ChargeAsync("order-0001");
        await world.ChargeAsync("order-0002", "bk_declined");
        await world.ChargeAsync("order-0003", "bk_declined");
        Reply calls = await world.GetAsync("oracle/calls");
        Dictionary<string, long> counts = calls.Json.GetProperty("items").EnumerateArray().ToDictionary(
            count => count.GetProperty("outcome").GetString()!, count => count.GetProperty("count").GetInt64());
        Assert.Equal(2, counts["403"]);
        Assert.Equal(1, counts["200"]);
    }

    [Fact]
    public async Task Many_clients_at_once_get_no_lock_errors_and_the_books_add_up()
    {
        await using World world = await World.StartAsync();
        await Parallel.ForAsync(0, 300, World.Cancelled, async (i, _) =>
        {
            string order = string.Create(CultureInfo.InvariantCulture, $"order-{i:0000}");
            string paymentKey = (await world.ChargeAsync(order))["paymentKey"];
            Reply part = await world.CancelAsync(paymentKey, new { cancelReason = "r", cancelAmount = 5_000 });
            Assert.Equal(200, part.Status);
        });
        Reply page = await world.GetAsync("oracle/payments?limit=1000");
        JsonElement.ArrayEnumerator orders = page.Json.GetProperty("items").EnumerateArray();
        Assert.Equal(300 * 10_000L, orders.Sum(order => order.GetProperty("net").GetInt64()));
    }

    [Fact]
    public async Task The_page_is_served()
    {
        await using World world = await World.StartAsync();
        Reply page = await world.GetAsync("");
        Assert.Equal(200, page.Status);
        Assert.Contains("<html lang=\"ko\"", page.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Malformed_options_are_refused_at_start()
    {
        await Assert.ThrowsAsync<ArgumentException>(() =>
            World.StartAsync(options => options with { WebhookSecret = "whsec_c2hvcnQ=" }));
        await Assert.ThrowsAsync<ArgumentException>(() =>
            World.StartAsync(options => options with { CarrierCallbackUrl = "not a url" }));
    }
}
