using System.Text.Json.Nodes;
using DoaMarket.EndToEnd.Harness;

namespace DoaMarket.EndToEnd;

/// <summary>
/// Money that is paid into virtual accounts, and the webhooks that tell of it. Nobody pays in but the test; the shop asks
/// the PG by itself only every five minutes, so that whatever it learns sooner a webhook has told. Parcels stay.
/// </summary>
[Collection(typeof(OnTheHoldingShop))]
public sealed class DepositMoneyTests(HoldingShop fixture)
{
    private readonly Shop _shop = fixture.Shop;

    [Fact]
    public async Task A_deposit_that_the_PG_tells_of_pays_for_the_order()
    {
        var (customer, order) = await Awaiting();
        (await PayIn(order)).Expect(200);

        await customer.Until(order, "preparing");

        Assert.Equal(new PgBooks(Captures: 1, Cancels: 0, Net: order.Total), await _shop.Sandbox.Pg(order));
        (await Story.Of(_shop, order)).AssertInOrder(
            "payment.requested", "payment.awaiting_deposit", "payment.completed", "shipping.prepare_requested");
    }

    [Fact]
    public async Task A_cancel_before_the_deposit_closes_the_account_so_that_no_money_can_come()
    {
        var (customer, order) = await Awaiting();
        (await customer.Cancel(order)).Expect(202);
        await customer.Until(order, "cancelled");

        (await PayIn(order)).Expect(409);
        Assert.Equal(new PgBooks(0, 0, 0), await _shop.Sandbox.Pg(order));
        Assert.Contains("payment.cancelled", (await Story.Of(_shop, order)).Types);
    }

    [Fact]
    public async Task A_cancel_after_the_deposit_pays_it_back_to_the_customers_account()
    {
        var (customer, order) = await Awaiting();
        (await PayIn(order)).Expect(200);
        await customer.Until(order, "preparing");
        (await customer.Cancel(order)).Expect(202);
        await customer.Until(order, "cancelled");

        // The PG pays a deposit back to an account only: without one it refuses.
        Assert.Equal(new PgBooks(Captures: 1, Cancels: 1, Net: 0), await _shop.Sandbox.Pg(order));
    }

    [Fact]
    public async Task A_deposit_that_the_bank_takes_back_before_dispatch_undoes_the_order()
    {
        var (customer, order) = await Awaiting();
        (await PayIn(order)).Expect(200);
        await customer.Until(order, "preparing");
        (await _shop.Sandbox.Do($"/accounts/{order.OrderId}/reverse")).Expect(200);
        await customer.Until(order, "cancelled");

        Assert.Equal(0, (await _shop.Sandbox.Pg(order)).Net);
        Assert.Equal(1, (await Story.Of(_shop, order)).Types.Count(t => t == "payment.deposit_reversed"));
        var payment = (await customer.Get("payments")).Expect(200).List.Single();
        var shown = (await customer.Get($"payments/{payment.Text("paymentId")}")).Expect(200).Data;
        Assert.Equal(["captured", "deposit_reversed"], shown.List("ledger").Select(r => r.Text("reason")));
        Assert.Equal(0, shown["payment"].Won("captured"));
    }

    [Fact]
    public async Task Webhooks_that_are_forged_repeated_or_about_nobody_have_no_effect()
    {
        var (customer, order) = await Awaiting();
        Assert.Equal("refused", await Outcome(order.OrderId, "t-1", "ps_guessed"));
        Assert.Equal("asked", await Outcome(order.OrderId, "t-2", secret: null)); // it lies: nothing is paid in
        Assert.Equal("repeated", await Outcome(order.OrderId, "t-2", secret: null));
        Assert.Equal("unknown_order", await Outcome(Guid.NewGuid().ToString(), "t-3", secret: null));
        Assert.Equal("awaiting_deposit", await PaymentStatusOf(customer, order));

        (await PayIn(order)).Expect(200);
        await customer.Until(order, "preparing");
        Assert.Equal("nothing_open", await Outcome((await Card(customer)).OrderId, "t-4", secret: null));
        Assert.Equal(new PgBooks(Captures: 1, Cancels: 0, Net: order.Total), await _shop.Sandbox.Pg(order));
    }

    private async Task<(Person Customer, Placed Order)> Awaiting()
    {
        var customer = await _shop.Customer();
        var form = new OrderForm().Json();
        form["paymentMethod"] = new JsonObject
        {
            ["type"] = "virtual_account",
            ["bank"] = "우리",
            ["refundReceiveAccount"] = new JsonObject
            {
                ["bank"] = "신한",
                ["accountNumber"] = "110123456789",
                ["holderName"] = "va_no_deposit", // the sandbox pays nothing in for this customer
            },
        };
        var order = customer.Of((await customer.Post("orders", form)).Expect(201));
        await Eventually.Is(
            "the account to be open", () => PaymentStatusOf(customer, order), status => status == "awaiting_deposit");
        return (customer, order);
    }

    private async Task<Placed> Card(Person customer)
    {
        var order = await customer.Place(new OrderForm());
        await customer.Until(order, "preparing");
        return order;
    }

    private Task<Answer> PayIn(Placed order) => _shop.Sandbox.Do($"/accounts/{order.OrderId}/deposit");

    private static async Task<string> PaymentStatusOf(Person customer, Placed order) =>
        (await customer.Get("payments")).Expect(200).List
            .SingleOrDefault(p => p.Text("orderId") == order.OrderId)?.Text("status") ?? "none";

    private async Task<string> Outcome(string orderId, string transmission, string? secret)
    {
        var hint = new JsonObject
        {
            ["createdAt"] = "2026-03-02T21:00:00+09:00",
            ["status"] = "DONE",
            ["transactionKey"] = "forged",
            ["orderId"] = orderId,
        };
        if (secret is not null)
        {
            hint["secret"] = secret;
        }

        var answer = await Person.Anonymous(_shop).Post(
            "webhooks/payments/toss", hint, ("tosspayments-webhook-transmission-id", $"{orderId}-{transmission}"));
        return answer.Expect(200).Data.Text("outcome");
    }
}
