using System.Text.Json.Nodes;
using DoaMarket.EndToEnd.Harness;

namespace DoaMarket.EndToEnd;

/// <summary>Orders that are paid by a deposit into a virtual account.</summary>
[Collection(typeof(OnTheFastShop))]
public sealed class DepositTests(FastShop fast)
{
    private Shop Shop => fast.Shop;

    [Fact]
    public async Task The_stock_is_held_for_longer_then_the_customer_is_shown_where_to_pay_and_the_deposit_brings_the_parcel()
    {
        var customer = await Shop.Customer();
        var order = await customer.Place(new OrderForm { DepositBy = "va_no_deposit" });

        var waiting = await Shown(customer, order);
        Assert.Equal("inventory_reserved", waiting.Text("status"));
        Assert.Equal("awaiting_deposit", waiting["payment"].Text("status"));
        Assert.Equal(order.Total, waiting["payment"]!["deposit"].Won("amount"));
        (await Story.Of(Shop, order)).AssertInOrder(
            "payment.awaiting_deposit", "inventory.extend_requested", "inventory.extended", "order.awaiting_deposit");

        await Shop.Sandbox.Account(order, "deposit");
        await customer.Until(order, "delivered");
        Assert.Equal(new PgBooks(Captures: 1, Cancels: 0, Net: order.Total), await Shop.Sandbox.Pg(order));
        (await Story.Of(Shop, order)).AssertInOrder(
            "order.awaiting_deposit", "payment.completed", "shipping.prepared", "order.completed");
    }

    [Fact]
    public async Task An_account_whose_time_ends_unpaid_cancels_its_order_and_gives_the_stock_back()
    {
        var customer = await Shop.Customer();
        var order = await customer.Place(new OrderForm { DepositBy = "va_no_deposit" });
        await Shown(customer, order);

        await Shop.Sandbox.Account(order, "expire");

        await customer.Until(order, "cancelled");
        Assert.Null((await customer.Order(order))["payment"]!["deposit"]);
        (await Story.Of(Shop, order)).AssertInOrder("order.awaiting_deposit", "inventory.released", "order.cancelled");
        Assert.Equal(new PgBooks(0, 0, 0), await Shop.Sandbox.Pg(order));
    }

    [Fact]
    public async Task A_deposit_that_comes_while_its_order_is_cancelled_goes_back()
    {
        var customer = await Shop.Customer();
        var order = await customer.Place(new OrderForm { DepositBy = "va_no_deposit" });
        await Shown(customer, order);

        await using (await Shop.Sandbox.Fault("pg", "cancel", "down", match: order.OrderId))
        {
            (await customer.Cancel(order)).Expect(202);
            await Shop.Sandbox.Account(order, "deposit");
        }

        await customer.Until(order, "cancelled");
        Assert.Equal(0, (await Shop.Sandbox.Pg(order)).Net);
        Assert.DoesNotContain("shipping.prepare_requested", (await Story.Of(Shop, order)).Types);
    }

    [Fact]
    public async Task A_deposit_that_the_bank_takes_back_after_dispatch_calls_a_person()
    {
        var customer = await Shop.Customer();
        var order = await customer.Place(new OrderForm { DepositBy = "va_no_deposit" });
        await Shown(customer, order);
        await Shop.Sandbox.Account(order, "deposit");
        await customer.Until(order, "delivered");

        await Shop.Sandbox.Account(order, "reverse");

        var alert = await Eventually.Is(
            "the alert", async () => (await AlertSeen.Of(Shop, order)).SingleOrDefault(a => a.Type == "DEPOSIT_REVERSED"),
            a => a is not null);
        Assert.Equal(("P1", "open"), (alert!.Severity, alert.Status));
        var resolved = await (await Shop.Operator()).Post(
            $"ops/alerts/{Uri.EscapeDataString(alert.Id)}/resolve", new JsonObject { ["reason"] = "Paid again by card." });
        resolved.Expect(200);
    }

    /// <summary>Waits until the customer is shown where to pay.</summary>
    internal static Task<JsonNode> Shown(Person customer, Placed order) => Eventually.Is(
        "the account to be shown", () => customer.Order(order), o => o["payment"]?["deposit"] is not null);
}

/// <summary>A deposit that is taken back while its parcel is still here.</summary>
[Collection(typeof(OnTheHoldingShop))]
public sealed class DepositReversedTests(HoldingShop holding)
{
    [Fact]
    public async Task A_deposit_that_the_bank_takes_back_before_dispatch_undoes_the_order()
    {
        var shop = holding.Shop;
        var customer = await shop.Customer();
        var order = await customer.Place(new OrderForm { DepositBy = "va_no_deposit" });
        await DepositTests.Shown(customer, order);
        await shop.Sandbox.Account(order, "deposit");
        await customer.Until(order, "preparing");

        await shop.Sandbox.Account(order, "reverse");

        await customer.Until(order, "cancelled");
        Assert.Equal(0, (await shop.Sandbox.Pg(order)).Net);
        Assert.Equal(0, (await shop.Sandbox.Carriers(order)).LiveWaybills);
        (await Story.Of(shop, order)).AssertInOrder(
            "payment.deposit_reversed", "shipping.cancelled", "inventory.restocked", "order.cancelled");
    }
}
