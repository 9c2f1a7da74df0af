namespace DoaMarket.Sandbox.Tests;

public sealed class ConsoleTests
{
    [Fact]
    public async Task What_people_do_at_the_console_is_in_the_PGs_list_and_in_the_oracle()
    {
        await using World world = await World.StartAsync();
        Assert.Equal("DONE", (await ActAsync(world, "captures", new { orderId = "order-0001", amount = 7_000 }))["status"]);
        await ActAsync(world, "refunds", new { orderId = "order-0001", amount = 2_000 });

        Assert.Equal([7_000L, -2_000L], await ListedAsync(world));
        Assert.Equal(5_000, await world.NetAsync("order-0001"));
        Assert.Equal(409, (await ActAsync(world, "refunds", new { orderId = "order-0001", amount = 5_001 })).Status);
        Assert.Equal(404, (await ActAsync(world, "refunds", new { orderId = "order-0002" })).Status);
        Assert.Equal(400, (await ActAsync(world, "captures", new { orderId = "order-0002", amount = 0 })).Status);
    }

    [Fact]
    public async Task A_transaction_that_vanished_is_missing_from_the_list_until_it_reappears()
    {
        await using World world = await World.StartAsync();
        await world.ChargeAsync("order-0001");
        await world.ChargeAsync("order-0002", amount: 9_000);

        await ActAsync(world, "vanish", new { orderId = "order-0001" });
        Assert.Equal([9_000L], await ListedAsync(world));
        Assert.Equal(15_000, await world.NetAsync("order-0001")); // the oracle forgets nothing

        await ActAsync(world, "reappear", new { orderId = "order-0001" });
        Assert.Equal(2, (await ListedAsync(world)).Count);
    }

    private static Task<Reply> ActAsync(World world, string what, object body) =>
        world.SendAsync(HttpMethod.Post, $"console/{what}", body);

    private static async Task<IReadOnlyList<long>> ListedAsync(World world)
    {
        Reply list = await world.PgGetAsync("transactions?startDate=2020-01-01T00:00:00&endDate=2100-01-01T00:00:00");
        Assert.Equal(200, list.Status);
        return [.. list.Json.EnumerateArray().Select(t => t.GetProperty("amount").GetInt64())];
    }
}
