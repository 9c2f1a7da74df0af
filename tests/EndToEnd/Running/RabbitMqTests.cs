using System.Collections.Concurrent;
using DoaMarket.EndToEnd.Harness;
using DoaMarket.Servers;

namespace DoaMarket.EndToEnd;

/// <summary>
/// The mode "rabbitmq", whatever mode the other tests run in: three processes, a database per service, RabbitMQ between them.
/// </summary>
public sealed class RabbitMqTests
{
    private const int Orders = 200, Clients = 8, KilledAfter = 60;
    private static readonly TimeSpan EverythingWithin = TimeSpan.FromMinutes(4);

    [Fact]
    public async Task Orders_are_completed_compensated_and_cancelled_by_services_that_share_no_database()
    {
        await using var shop = await Shop.Open(new Plan(Pace.Fast) { Mode = Ground.RabbitMq });
        var customer = await shop.Customer();
        var good = await customer.Place(new OrderForm());
        var declined = await customer.Place(new OrderForm("bk_declined"));
        var changed = await customer.Place(new OrderForm { ProductId = "P-1002" });
        Assert.Contains((await customer.Cancel(changed)).Status, new[] { 200, 202 });

        await customer.Until(good, "delivered");
        await customer.Until(declined, "cancelled");
        await customer.Until(changed, "cancelled");
        Assert.Equal(1, (await shop.Sandbox.Pg(good)).Captures);
        Assert.Equal(0, (await shop.Sandbox.Pg(changed)).Net);
        (await Story.Of(shop, declined)).AssertInOrder(
            "order.created", "payment.failed", "inventory.released", "order.cancelled");
        await shop.Stop();
        await shop.AssertAudited();
    }

    [Fact]
    public async Task A_broker_that_is_killed_amid_200_orders_loses_none_of_them()
    {
        Ground.OnlyInLongRuns();
        await using var broker = await RabbitMqServer.StartOwn();
        await using var shop = await Shop.Open(new Plan(Pace.Fast) { Mode = Ground.RabbitMq, Broker = broker });
        var customer = await shop.Customer();
        // Version 3.10 forgets a queue when it is killed within the first second of it.
        await Task.Delay(TimeSpan.FromSeconds(2), TestContext.Current.CancellationToken);
        var placed = new ConcurrentBag<Placed>();
        var killed = new Lazy<Task>(() => KillAndStart(broker));
        await Parallel.ForEachAsync(
            Enumerable.Range(0, Orders), new ParallelOptions { MaxDegreeOfParallelism = Clients }, async (_, _) =>
            {
                placed.Add(await customer.Place(new OrderForm()));
                if (placed.Count >= KilledAfter)
                {
                    _ = killed.Value;
                }
            });
        await killed.Value;

        foreach (var order in placed)
        {
            await Eventually.Is(
                $"the end of order {order.OrderId}", () => customer.StatusOf(order),
                status => status is "delivered" or "cancelled", EverythingWithin);
        }

        Assert.Equal(Orders, placed.DistinctBy(p => p.OrderId, StringComparer.Ordinal).Count());
        var dead = (await (await shop.Operator()).Get("ops/dead-letters")).Expect(200);
        Assert.Empty(dead.Data.AsArray());
        await shop.Stop();
        await shop.AssertAudited();
    }

    private static async Task KillAndStart(RabbitMqServer broker)
    {
        await broker.Kill();
        await broker.Start();
    }
}
