using System.Text.Json.Nodes;
using DoaMarket.EndToEnd.Harness;

namespace DoaMarket.EndToEnd;

/// <summary>What operators give back to a customer who has the parcel: the order stays delivered.</summary>
[Collection(typeof(OnTheFastShop))]
public sealed class RefundAfterDeliveryTests(FastShop fixture)
{
    private readonly Shop _shop = fixture.Shop;

    [Fact]
    public async Task A_part_and_then_the_rest_go_back_after_delivery_and_each_is_told()
    {
        var (customer, op) = (await _shop.Customer(), await _shop.Operator());
        var order = await customer.Place(new OrderForm());
        await customer.Until(order, "delivered");
        var payment = (await customer.Get("payments")).Expect(200).List.Single().Text("paymentId");

        await Refund(op, payment, 5_000, "part");
        Assert.Equal(new PgBooks(Captures: 1, Cancels: 1, Net: order.Total - 5_000), await _shop.Sandbox.Pg(order));
        await Eventually.IsTrue(
            "the order to show the part",
            async () => (await customer.Order(order))["payment"].Text("status") == "partially_refunded");

        await Refund(op, payment, order.Total - 5_000, "rest");
        Assert.Equal(new PgBooks(Captures: 1, Cancels: 2, Net: 0), await _shop.Sandbox.Pg(order));
        var shown = (await customer.Get($"payments/{payment}")).Expect(200).Data;
        Assert.Equal(("refunded", order.Total), (shown["payment"].Text("status"), shown["payment"].Won("refunded")));
        Assert.Equal(
            [order.Total, -5_000, 5_000 - order.Total], shown.List("ledger").Select(r => r.Won("amount")));
        Assert.Equal(
            "NOTHING_TO_REFUND", (await op.Post($"payments/{payment}/refund", Body(1), ("Idempotency-Key", "more")))
                .Expect(409).Code);

        var told = await Eventually.Is(
            "both refunds to be told by mail and push",
            async () => (await customer.Get("notifications?limit=100")).Expect(200).List
                .Where(n => n.Text("type") == "refund_completed" && n.Text("status") == "sent").ToList(),
            sent => sent.Count == 4);
        Assert.Equal(["email", "email", "push", "push"], told.Select(n => n.Text("channel")).Order());
        Assert.Equal(2, told.Count(n => n.Text("body").Contains("5,000", StringComparison.Ordinal)));
        Assert.Equal(2, told.Count(n => n.Text("body").Contains($"{order.Total - 5_000:#,0}", StringComparison.Ordinal)));
        var email = (await customer.Get("notifications/settings")).Expect(200).Data.Text("email");
        Assert.Equal(5, (await _shop.Sandbox.Inbox("email", email)).Count); // received, confirmed, delivered, twice this

        await Eventually.IsTrue(
            "the order to show the rest", async () => (await customer.Order(order))["payment"].Text("status") == "refunded");
        Assert.Equal("delivered", await customer.StatusOf(order));
        Assert.Equal("ALREADY_DELIVERED", (await customer.Cancel(order)).Expect(409).Code);
        Assert.Equal("completed", (await op.Get($"ops/sagas/{order.SagaId}")).Expect(200).Data.Text("status"));
        Assert.Equal(
            new CarrierBooks(Waybills: 1, LiveWaybills: 1, Dispatches: 1, Returns: 0), await _shop.Sandbox.Carriers(order));
    }

    private static async Task Refund(Person op, string payment, long amount, string key) => await Eventually.Is(
        $"{amount} to go back",
        () => op.Post($"payments/{payment}/refund", Body(amount), ("Idempotency-Key", key)),
        answer => answer.Status == 200);

    private static JsonObject Body(long amount) => new() { ["amount"] = amount, ["reason"] = "파손" };
}
