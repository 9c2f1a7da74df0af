using DoaMarket.EndToEnd.Harness;

namespace DoaMarket.EndToEnd;

/// <summary>
/// The mode "rabbitmq", whatever mode the other tests run in: three processes, a database per service, RabbitMQ between them.
/// </summary>
[Trait("Run", "long")]
public sealed class RabbitMqTests
{
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
}
