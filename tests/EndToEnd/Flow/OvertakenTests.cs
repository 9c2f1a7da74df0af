using DoaMarket.EndToEnd.Harness;

namespace DoaMarket.EndToEnd;

/// <summary>What a channel could not say in time is not said any more when it has become wrong.</summary>
[Collection(typeof(OnTheHoldingShop))]
public sealed class OvertakenTests(HoldingShop fixture)
{
    private readonly Shop _shop = fixture.Shop;

    [Fact]
    public async Task A_confirmation_that_waits_while_its_order_is_cancelled_is_suppressed_and_not_sent()
    {
        var customer = await _shop.Customer();
        var email = (await customer.Get("notifications/settings")).Expect(200).Data.Text("email");
        await using (await _shop.Sandbox.Fault("smtp", "send", "down", match: email))
        {
            var order = await customer.Place(new OrderForm());
            await customer.Until(order, "preparing");
            await Eventually.IsTrue(
                "the confirmation to wait", async () => await MailOf(customer, "order_confirmed") == "pending");
            (await customer.Cancel(order)).Expect(202);
            await Eventually.IsTrue(
                "it to be overtaken", async () => await MailOf(customer, "order_confirmed") == "suppressed");
        }

        foreach (var type in new[] { "order_cancelled", "refund_completed" })
        {
            await Eventually.IsTrue($"{type} to go out", async () => await MailOf(customer, type) == "sent");
        }

        var suppressed = (await customer.Get("notifications?limit=100")).Expect(200).List
            .Where(n => n.Text("status") == "suppressed").ToList();
        Assert.Equal(["order_confirmed", "order_received"], suppressed.Select(n => n.Text("type")).Order());
        Assert.All(
            suppressed, n => Assert.Contains("더 새로운 소식", n.Text("explanation"), StringComparison.Ordinal));
        Assert.Equal(2, (await _shop.Sandbox.Inbox("email", email)).Count);
    }

    private static async Task<string?> MailOf(Person customer, string type) =>
        (await customer.Get("notifications?limit=100")).Expect(200).List
            .SingleOrDefault(n => n.Text("type") == type && n.Text("channel") == "email")?.Text("status");
}
