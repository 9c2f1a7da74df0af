using DoaMarket.EndToEnd.Harness;
using DoaMarket.Servers;

namespace DoaMarket.EndToEnd;

/// <summary>A shop that grew out of one process moves to PostgreSQL, with the orders that are under way.</summary>
[Trait("Run", "long")]
public sealed class MoveTests
{
    [Fact]
    public async Task Orders_under_way_go_on_where_the_shop_has_moved_to_and_nothing_is_forgotten()
    {
        await using var small = await Shop.Open(new Plan(Pace.Enduring) { Mode = Ground.Embedded });
        var before = await small.Customer("u-mover");
        var key = ("Idempotency-Key", "before-the-move");
        var order = new OrderForm { ProductId = "P-1005" };
        var delivered = before.Of((await before.Post("orders", order.Json(), key)).Expect(201));
        await before.Until(delivered, "delivered");
        await Story.With(small, delivered, "notification.sent", count: 10);
        var story = (await Story.Of(small, delivered)).ToString();
        var stock = await Stock.Of(small, "P-1005");
        List<Placed> underWay = [await before.Place(new OrderForm("bk_timeout_then_success"))];
        for (var i = 0; i < 20; i++)
        {
            underWay.Add(await before.Place(new OrderForm()));
        }

        await small.Stop();
        var server = await PostgresServer.Shared;
        var database = await server.CreateDatabase();
        var moved = await Move(small, database);
        Assert.True(moved.Code == 0, $"{moved.Output}\n{moved.Errors}");
        Assert.Equal(2, moved.Output.Split("invariants hold", StringSplitOptions.None).Length - 1);

        // The same folder: the sandbox's books and the keys of its callbacks stay there.
        var large = await Shop.Open(
            new Plan(Pace.Enduring) { Mode = Ground.Postgres, Database = database, Data = small.Data });
        try
        {
            var customer = await large.Customer("u-mover");
            Assert.Equal(story, (await Story.Of(large, delivered)).ToString());
            Assert.Equal(stock, await Stock.Of(large, "P-1005"));
            Assert.Equal(delivered, customer.Of((await customer.Post("orders", order.Json(), key)).Expect(201)));
            foreach (var placed in underWay)
            {
                await customer.Until(placed, "delivered");
                Assert.Equal(new PgBooks(Captures: 1, Cancels: 0, Net: placed.Total), await large.Sandbox.Pg(placed));
            }

            await customer.Until(await customer.Place(new OrderForm()), "delivered");
            await large.AssertAudited();
        }
        finally
        {
            await large.Close();
        }

        await server.DropDatabase(database);
    }

    [Fact]
    public async Task A_shop_that_has_moved_does_not_start_where_it_was_and_none_moves_into_another()
    {
        await using var shop = await Shop.Open(new Plan(Pace.Fast) { Mode = Ground.Embedded });
        var server = await PostgresServer.Shared;
        var database = await server.CreateDatabase();
        var inUse = await Move(shop, database);
        Assert.Equal(1, inUse.Code);
        Assert.Contains("in use by another process", inUse.Errors, StringComparison.Ordinal);

        var customer = await shop.Customer();
        await customer.Until(await customer.Place(new OrderForm()), "delivered");
        await shop.Stop();
        var moved = await Move(shop, database);
        Assert.True(moved.Code == 0, $"{moved.Output}\n{moved.Errors}");
        var started = await DoaProcess.Run(shop.Data, Pace.Fast, "serve", "--data", shop.Data, "--urls", "http://127.0.0.1:0");
        Assert.Equal(2, started.Code);
        Assert.Contains("has moved to PostgreSQL, database", started.Errors, StringComparison.Ordinal);

        File.Delete(Path.Combine(shop.Data, "moved"));
        var again = await Move(shop, database);
        Assert.Equal(1, again.Code);
        Assert.Contains("holds a shop already", again.Errors.ReplaceLineEndings(" "), StringComparison.Ordinal);
        await shop.Start(); // what was refused has changed nothing
        await customer.Until(await customer.Place(new OrderForm()), "delivered");
        await server.DropDatabase(database);
    }

    private static Task<Ended> Move(Shop shop, string database) =>
        DoaProcess.Run(shop.Data, Pace.Fast, "migrate", "--from", shop.Data, "--to", database);
}
