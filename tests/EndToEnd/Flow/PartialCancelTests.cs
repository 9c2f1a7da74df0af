using System.Text.Json.Nodes;
using DoaMarket.EndToEnd.Harness;

namespace DoaMarket.EndToEnd;

/// <summary>Some lines of an order are cancelled before the parcel leaves.</summary>
[Collection(typeof(OnTheHoldingShop))]
public sealed class PartialCancelTests(HoldingShop fixture)
{
    private static readonly (string, string?, int)[] Bought = [("P-1001", null, 1), ("P-1002", null, 2)];

    private readonly Shop _shop = fixture.Shop;

    [Fact]
    public async Task Parcel_money_and_stock_follow_and_a_later_cancel_takes_back_the_rest_only()
    {
        var (earbuds, tumblers) = (await Stock.Of(_shop, "P-1001"), await Stock.Of(_shop, "P-1002"));
        var customer = await _shop.Customer();
        var order = await customer.PlaceLines(Bought); // 39,000 + 2 × 12,900: the parcel is free
        Assert.Equal(64_800, order.Total);
        await customer.Until(order, "preparing");

        var body = Person.CancelItemsBody(("P-1002", null, 2));
        var path = $"orders/{order.OrderId}/cancel-items";
        var promised = (await customer.Post(path, body.DeepClone(), ("Idempotency-Key", "once"))).Expect(202).Data;
        Assert.Equal((22_800, 3_000, 42_000),
            (promised.Won("refundAmount"), promised.Won("shippingFee"), promised.Won("remainingAmount")));
        var again = (await customer.Post(path, body.DeepClone(), ("Idempotency-Key", "once"))).Expect(202);
        Assert.Equal(promised.Text("amendId"), again.Data.Text("amendId"));
        await UntilAmend(customer, order, "completed");

        var shown = await customer.Order(order);
        Assert.Equal((64_800, 42_000), (shown.Won("totalAmount"), shown.Won("remainingAmount")));
        Assert.Equal("preparing", shown.Text("status"));
        Assert.Equal(["P-1001"], shown.List("remainingItems").Select(i => i.Text("productId")));
        Assert.Equal(new PgBooks(Captures: 1, Cancels: 1, Net: 42_000), await _shop.Sandbox.Pg(order));
        Assert.Equal(tumblers, await Stock.Of(_shop, "P-1002"));
        var story = await Story.With(_shop, order, "order.amended");
        story.AssertCausal(order);
        story.AssertInOrder(
            "shipping.amend_requested", "shipping.amended", "payment.partial_refund_requested", "payment.refunded",
            "inventory.release_lines_requested", "inventory.lines_released", "order.amended");
        Assert.DoesNotContain("order.cancelling", story.Types);
        var seller = (await (await Person.SignIn(_shop, "S-02", "seller")).Get($"orders/{order.OrderId}")).Expect(200);
        Assert.Equal((0, 25_800), (seller.Data.Won("remainingAmount"), seller.Data.Won("refundedAmount")));

        (await customer.Cancel(order)).Expect(202);
        await customer.Until(order, "cancelled");
        Assert.Equal(new PgBooks(Captures: 1, Cancels: 2, Net: 0), await _shop.Sandbox.Pg(order));
        Assert.Equal((earbuds, tumblers), (await Stock.Of(_shop, "P-1001"), await Stock.Of(_shop, "P-1002")));
    }

    [Fact]
    public async Task What_cannot_be_cancelled_in_part_is_refused_with_a_reason_and_nothing_changes()
    {
        var customer = await _shop.Customer();
        var order = await customer.PlaceLines(("P-1001", null, 1), ("P-1002", null, 1));
        await customer.Until(order, "preparing");
        Assert.Equal("ALL_LINES", (await customer.CancelItems(order, ("P-1001", null, 1), ("P-1002", null, 1))).Expect(409).Code);
        var none = (await customer.CancelItems(order, ("P-1004", null, 1))).Expect(400);
        Assert.Equal(("NOT_IN_ORDER", "items[0].productId"), (none.Code, none.Field));
        var many = (await customer.CancelItems(order, ("P-1001", null, 1), ("P-1002", null, 2))).Expect(400);
        Assert.Equal(("MORE_THAN_ORDERED", "items[1].quantity"), (many.Code, many.Field));
        Assert.Equal("items[0].quantity", (await customer.CancelItems(order, ("P-1001", null, 0))).Expect(400).Field);
        Assert.Equal("items", (await customer.CancelItems(order)).Expect(400).Field);
        (await (await _shop.Customer()).CancelItems(order, ("P-1001", null, 1))).Expect(404);
        Assert.Empty((await customer.Order(order)).List("amends"));

        (await customer.Cancel(order)).Expect(202);
        await customer.Until(order, "cancelled");
        Assert.Equal("ORDER_CANCELLED", (await customer.CancelItems(order, ("P-1002", null, 1))).Expect(409).Code);
    }

    [Fact]
    public async Task A_refund_that_the_PG_refuses_calls_a_person_whose_retry_finishes_it()
    {
        var customer = await _shop.Customer();
        var order = await customer.PlaceLines(new OrderForm("bk_refund_fails"), Bought);
        await customer.Until(order, "preparing");
        var amend = (await customer.CancelItems(order, ("P-1002", null, 1))).Expect(202).Data.Text("sagaId");
        await UntilAmend(customer, order, "needs_attention");
        Assert.Equal("preparing", await customer.StatusOf(order)); // it is not the order's saga that is stuck
        var op = await _shop.Operator();
        var waiting = (await op.Get("ops/sagas?status=needs_attention&definition=amend_flow&limit=100")).Expect(200).List;
        var saga = Assert.Single(waiting, s => s.Text("sagaId") == amend);
        Assert.Equal("refund_difference", saga.Text("currentStep"));
        Assert.Contains(await AlertSeen.Of(_shop, order), a => a.Type == "SAGA_NEEDS_ATTENTION" && a.Subject == amend);
        var refused = await op.Post($"ops/sagas/{amend}/cancel", new JsonObject { ["reason"] = "Too late?" });
        refused.Expect(409); // past its pivot

        await _shop.Sandbox.HealRefunds(order);
        (await op.Post($"ops/sagas/{amend}/retry", new JsonObject { ["reason"] = "Refunds work again." })).Expect(200);
        await UntilAmend(customer, order, "completed");
        Assert.Equal(order.Total - 12_900, (await _shop.Sandbox.Pg(order)).Net);
        Assert.DoesNotContain(await AlertSeen.Of(_shop, order), a => a.Status == "open");
    }

    [Fact]
    public async Task A_refund_settled_by_hand_ends_the_partial_cancel()
    {
        var customer = await _shop.Customer();
        var order = await customer.PlaceLines(new OrderForm("bk_refund_fails"), Bought);
        await customer.Until(order, "preparing");
        var amend = (await customer.CancelItems(order, ("P-1002", null, 1))).Expect(202).Data.Text("sagaId");
        await UntilAmend(customer, order, "needs_attention");
        var settled = await (await _shop.Operator()).Post(
            $"ops/sagas/{amend}/resolve",
            new JsonObject { ["step"] = "refund_difference", ["reason"] = "Paid back by bank transfer." });
        settled.Expect(200);
        await UntilAmend(customer, order, "completed");
        Assert.Equal("preparing", await customer.StatusOf(order));
        Assert.Equal(order.Total, (await _shop.Sandbox.Pg(order)).Net);
        Assert.DoesNotContain(await AlertSeen.Of(_shop, order), a => a.Status == "open");
    }

    [Fact]
    public async Task A_full_cancel_waits_for_a_partial_one_and_the_money_goes_back_once()
    {
        var (earbuds, tumblers) = (await Stock.Of(_shop, "P-1001"), await Stock.Of(_shop, "P-1002"));
        var customer = await _shop.Customer();
        var key = $"pk_ok_{customer.UserId}";
        var order = await customer.PlaceLines(new OrderForm { PaymentKey = key }, Bought);
        await customer.Until(order, "preparing");
        await using (await _shop.Sandbox.Fault("pg", "cancel", "timeout", match: key, times: 1, effect: true))
        {
            (await customer.CancelItems(order, ("P-1002", null, 2))).Expect(202);
            await Story.With(_shop, order, "payment.partial_refund_requested");
            var cancel = (await customer.Cancel(order)).Expect(202);
            Assert.Equal("cancelling", cancel.Data.Text("status"));
            Assert.NotNull((await customer.Order(order))["cancelWaiting"]);
            Assert.Equal("ORDER_CANCELLING", (await customer.CancelItems(order, ("P-1001", null, 1))).Expect(409).Code);
        }

        await customer.Until(order, "cancelled");
        Assert.Equal(0, (await _shop.Sandbox.Pg(order)).Net);
        Assert.Equal((earbuds, tumblers), (await Stock.Of(_shop, "P-1001"), await Stock.Of(_shop, "P-1002")));
        Assert.Equal(0, (await _shop.Sandbox.Carriers(order)).LiveWaybills);
    }

    [Fact]
    public async Task A_full_cancel_does_not_wait_for_a_person_and_covers_what_hangs()
    {
        var (earbuds, tumblers) = (await Stock.Of(_shop, "P-1001"), await Stock.Of(_shop, "P-1002"));
        var customer = await _shop.Customer();
        var order = await customer.PlaceLines(new OrderForm("bk_refund_fails"), Bought);
        await customer.Until(order, "preparing");
        (await customer.CancelItems(order, ("P-1002", null, 1))).Expect(202);
        await UntilAmend(customer, order, "needs_attention");
        (await customer.Cancel(order)).Expect(202);
        await UntilAmend(customer, order, "covered_by_cancel");
        await Eventually.Is(
            "the order's own refund to need a person", async () => (await customer.Order(order))["saga"].Text("status"),
            status => status == "needs_attention");
        Assert.Equal(0, (await _shop.Sandbox.Carriers(order)).LiveWaybills); // the parcel is stopped all the same

        await _shop.Sandbox.HealRefunds(order);
        var retry = await (await _shop.Operator()).Post(
            $"ops/sagas/{order.SagaId}/retry", new JsonObject { ["reason"] = "Refunds work again." });
        retry.Expect(200);
        await customer.Until(order, "cancelled");
        Assert.Equal(0, (await _shop.Sandbox.Pg(order)).Net);
        Assert.Equal((earbuds, tumblers), (await Stock.Of(_shop, "P-1001"), await Stock.Of(_shop, "P-1002")));
        Assert.DoesNotContain(await AlertSeen.Of(_shop, order), a => a.Status == "open");
    }

    internal static Task UntilAmend(Person customer, Placed order, string status) => Eventually.Is(
        $"the partial cancel of {order.OrderId} to be {status}",
        async () => (await customer.Order(order)).List("amends")[^1].Text("status"), seen => seen == status);
}
