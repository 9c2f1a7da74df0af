using System.Text.Json.Nodes;
using DoaMarket.EndToEnd.Harness;

namespace DoaMarket.EndToEnd;

/// <summary>What happens by the clock alone: the reconciliation's schedule, and the end of a deposit's time.</summary>
public sealed class ClockTimesTests
{
    private static readonly Settings Pace = Harness.Pace.Holding.With(
        ("Payments:ReconcileEvery", "00:00:01"), ("Payments:ReconcileYoung", "00:00:00"),
        ("Payments:DepositWithin", "00:00:12"), ("Orders:DepositGrace", "00:00:01"));

    [Fact]
    public async Task The_schedule_finds_a_difference_and_a_deposit_that_nobody_told_of_in_time_goes_back()
    {
        await using var shop = await Shop.Open(Pace);
        await FindsADifference(shop);
        await GivesUpWaiting(shop);
        await shop.AssertAudited();
    }

    private static async Task FindsADifference(Shop shop)
    {
        var (customer, op) = (await shop.Customer(), await shop.Operator());
        var order = await customer.Place(new OrderForm());
        await customer.Until(order, "preparing");
        var payment = (await customer.Get("payments")).Expect(200).List.Single().Text("paymentId");
        var aside = new JsonObject { ["orderId"] = order.OrderId, ["amount"] = 1_000 };
        (await shop.Sandbox.Do("/console/refunds", aside)).Expect(200);

        var alert = await Eventually.Is("the difference to be found", Difference, a => a is not null);
        Assert.Equal(("P1", "open"), (alert!.Text("severity"), alert.Text("status")));
        Assert.Contains("Remedy", alert.Text("text"), StringComparison.Ordinal);
        var remedy = $"payments/{payment}/reread";
        Assert.Contains(remedy, alert.Text("text"), StringComparison.Ordinal);

        (await op.Post(remedy, new JsonObject { ["reason"] = "as the alert says" })).Expect(202);
        await Eventually.Is("the alert to close", Difference, a => a.Text("status") == "resolved");
        Assert.Equal(1_000, (await customer.Get($"payments/{payment}")).Expect(200).Data["payment"].Won("refunded"));
        var runs = (await op.Get("ops/reconciliations")).Expect(200).List;
        Assert.All(runs, r => Assert.Null(r!["requestedBy"]));
        Assert.Contains(runs, r => r.Int("settled") == 1);

        async Task<JsonNode?> Difference() => (await op.Get("ops/alerts?status=all&type=RECONCILIATION_MISSING_IN_LEDGER"))
            .Expect(200).List.SingleOrDefault(a => a.Text("orderId") == order.OrderId);
    }

    // The PG opens accounts, and says nothing more: neither by webhook nor when it is asked.
    private static async Task GivesUpWaiting(Shop shop)
    {
        var before = await Stock.Of(shop, "P-1004");
        var customer = await shop.Customer();
        Placed unpaid, paid;
        await using (await shop.Sandbox.Fault("pg", "webhook", "down"))
        await using (await shop.Sandbox.Fault("pg", "query", "down"))
        await using (await shop.Sandbox.Fault("pg", "cancel", "down"))
        {
            var form = new OrderForm { ProductId = "P-1004", DepositBy = "va_no_deposit" };
            (unpaid, paid) = (await customer.Place(form), await customer.Place(form));
            await DepositTests.Shown(customer, paid);
            await DepositTests.Shown(customer, unpaid);
            await shop.Sandbox.Account(paid, "deposit");
            foreach (var order in new[] { unpaid, paid })
            {
                await customer.Until(order, "cancelling");
                var saga = (await customer.Order(order))["saga"];
                Assert.Contains("nobody outside had acted by", saga.Text("reason"), StringComparison.Ordinal);
            }

            Assert.Equal(2, (await Stock.Of(shop, "P-1004")).Reserved - before.Reserved); // not before the money is known
        }

        await customer.Until(unpaid, "cancelled");
        await customer.Until(paid, "cancelled");
        Assert.Equal(new PgBooks(0, 0, 0), await shop.Sandbox.Pg(unpaid));
        Assert.Equal(new PgBooks(Captures: 1, Cancels: 1, Net: 0), await shop.Sandbox.Pg(paid));
        Assert.Equal(before, await Stock.Of(shop, "P-1004"));
        Assert.DoesNotContain("shipping.prepare_requested", (await Story.Of(shop, paid)).Types);
    }
}
