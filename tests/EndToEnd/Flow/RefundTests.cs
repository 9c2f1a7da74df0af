using System.Text.Json.Nodes;
using DoaMarket.EndToEnd.Harness;

namespace DoaMarket.EndToEnd;

/// <summary>Giving money back, when the PG does not make it easy. Every carrier refuses postal code 00001.</summary>
[Collection(typeof(OnTheFastShop))]
public sealed class RefundTests(FastShop fixture)
{
    private const string RefusedPostalCode = "00001";

    private readonly Shop _shop = fixture.Shop;

    [Fact]
    public async Task A_parcel_that_the_carrier_refuses_is_refunded_and_its_stock_is_back()
    {
        const string product = "P-1005";
        var before = await Stock.Of(_shop, product);
        var customer = await _shop.Customer();
        var order = await customer.Place(new OrderForm { ProductId = product, PostalCode = RefusedPostalCode });
        await customer.Until(order, "cancelled");

        var story = await Story.Of(_shop, order);
        story.AssertCausal(order);
        story.AssertInOrder(
            "payment.completed", "shipping.prepare_requested", "shipping.prepare_failed", "order.cancelling",
            "payment.refund_requested", "payment.refunded", "inventory.release_requested", "inventory.released",
            "order.cancelled");
        Assert.Equal(new PgBooks(Captures: 1, Cancels: 1, Net: 0), await _shop.Sandbox.Pg(order));
        Assert.Equal(0, (await _shop.Sandbox.Carriers(order)).Waybills);
        Assert.Equal(before, await Stock.Of(_shop, product));
    }

    [Fact]
    [Trait(Ground.Gate, Ground.Postgres)]
    public async Task A_refund_that_fails_twice_is_made_once_in_the_end()
    {
        var customer = await _shop.Customer();
        var order = await customer.Place(new OrderForm("bk_refund_fails_twice") { PostalCode = RefusedPostalCode });
        await customer.Until(order, "cancelled");

        Assert.Equal(new PgBooks(Captures: 1, Cancels: 1, Net: 0), await _shop.Sandbox.Pg(order));
        Assert.Empty(await AlertSeen.Of(_shop, order));
        Assert.Equal(1, (await Story.Of(_shop, order)).Types.Count(t => t == "payment.refunded"));
        var timeline = (await (await _shop.Operator()).Get($"ops/orders/{order.OrderId}/timeline")).Expect(200).Data;
        Assert.Contains(
            timeline.List("entries"), e => (e.Text("kind"), e.Text("name")) == ("retry", "refund_attempt_failed"));
    }

    [Fact]
    public async Task A_refund_that_fails_for_good_calls_a_person_whose_retry_finishes_it()
    {
        var (customer, order) = await FailedForGood();
        Assert.Equal("cancelling", await customer.StatusOf(order));
        var alert = Assert.Single(await AlertSeen.Of(_shop, order), a => a.Type == "REFUND_FAILED");
        Assert.Equal(("P1", "open"), (alert.Severity, alert.Status));
        var story = await Story.Of(_shop, order);
        Assert.DoesNotContain("order.cancelled", story.Types);
        Assert.DoesNotContain("inventory.released", story.Types);
        Assert.Equal(order.Total, (await _shop.Sandbox.Pg(order)).Net);

        await _shop.Sandbox.HealRefunds(order);
        var retried = await (await _shop.Operator()).Post(
            $"ops/sagas/{order.SagaId}/retry", new JsonObject { ["reason"] = "The PG says that refunds work again." });
        retried.Expect(200);
        await customer.Until(order, "cancelled");

        Assert.Equal(new PgBooks(Captures: 1, Cancels: 1, Net: 0), await _shop.Sandbox.Pg(order));
        Assert.All(await AlertSeen.Of(_shop, order), a => Assert.Equal("resolved", a.Status));
        Assert.Equal("The PG says that refunds work again.", await AuditedReason(order, "saga.retry"));
        (await Story.Of(_shop, order)).AssertInOrder(
            "payment.refund_failed", "payment.refund_requested", "payment.refunded", "inventory.released",
            "order.cancelled");
    }

    [Fact]
    public async Task A_refund_that_fails_for_good_can_be_settled_by_hand_and_is_not_made_again()
    {
        var (customer, order) = await FailedForGood();
        var person = await _shop.Operator();
        var elsewhere = await person.Post($"ops/sagas/{order.SagaId}/resolve", Settle("reserve_inventory"));
        Assert.Equal("NOT_POSSIBLE_NOW", elsewhere.Expect(409).Code);
        (await person.Post($"ops/sagas/{order.SagaId}/resolve", Settle("process_payment"))).Expect(200);
        await customer.Until(order, "cancelled");

        await _shop.Sandbox.HealRefunds(order);
        Assert.Equal(409, (await person.Post($"ops/sagas/{order.SagaId}/retry", new JsonObject())).Status);
        Assert.Equal(new PgBooks(Captures: 1, Cancels: 0, Net: order.Total), await _shop.Sandbox.Pg(order));
        Assert.All(await AlertSeen.Of(_shop, order), a => Assert.Equal("resolved", a.Status));
        Assert.Equal("process_payment: Paid back by bank transfer.", await AuditedReason(order, "saga.resolve"));

        static JsonObject Settle(string step) => new() { ["step"] = step, ["reason"] = "Paid back by bank transfer." };
    }

    [Fact]
    public async Task Less_than_is_owed_can_be_settled_by_hand_and_only_where_money_is_settled()
    {
        var (customer, order) = await FailedForGood();
        var person = await _shop.Operator();
        Assert.Equal("restock", (await Resolve("process_payment", ("restock", false))).Expect(400).Field);
        Assert.Equal("amount", (await Resolve("prepare_shipping", ("amount", 5_000))).Expect(400).Field);
        Assert.Equal("amount", (await Resolve("process_payment", ("amount", -1))).Expect(400).Field);
        Assert.Equal("amount", (await Resolve("process_payment", ("amount", 5_000.5))).Expect(400).Field);
        (await Resolve("process_payment", ("amount", 5_000))).Expect(200);
        await customer.Until(order, "cancelled");

        Assert.Equal(new PgBooks(Captures: 1, Cancels: 0, Net: order.Total), await _shop.Sandbox.Pg(order));
        var payment = Assert.Single((await customer.Get("payments")).Expect(200).List)!;
        Assert.Equal(("refunded", 0L), (payment.Text("status"), payment.Won("refundable")));
        Assert.Equal((5_000, order.Total - 5_000), (payment.Won("settledByHand"), payment.Won("retained")));
        Assert.Equal(
            "process_payment: Agreed by phone. [5,000 won given back]", await AuditedReason(order, "saga.resolve"));

        Task<Answer> Resolve(string step, (string Name, JsonNode Value) detail) => person.Post(
            $"ops/sagas/{order.SagaId}/resolve",
            new JsonObject { ["step"] = step, ["reason"] = "Agreed by phone.", [detail.Name] = detail.Value });
    }

    [Fact]
    public async Task An_alert_of_what_is_still_owed_cannot_be_resolved_away()
    {
        var (_, order) = await FailedForGood();
        var person = await _shop.Operator();
        foreach (var alert in await AlertSeen.Of(_shop, order))
        {
            var resolved = await person.Post($"ops/alerts/{Uri.EscapeDataString(alert.Id)}/resolve",
                new JsonObject { ["reason"] = "Seen." });
            Assert.Equal("ALERT_CLOSES_ITSELF", resolved.Expect(409).Code);
        }

        Assert.Equal("needs_attention", await SagaStatus(order));
        var alerts = await AlertSeen.Of(_shop, order);
        Assert.Equal(["REFUND_FAILED", "SAGA_NEEDS_ATTENTION"], alerts.Select(a => a.Type).Order());
        Assert.All(alerts, a => Assert.Equal("open", a.Status));
    }

    private async Task<(Person Customer, Placed Order)> FailedForGood()
    {
        var customer = await _shop.Customer();
        var order = await customer.Place(new OrderForm("bk_refund_fails") { PostalCode = RefusedPostalCode });
        await Eventually.Is("the saga to need attention", () => SagaStatus(order), s => s == "needs_attention");
        return (customer, order);
    }

    /// <summary>Why an operator did that to the order's saga, as the audit trail has it.</summary>
    private async Task<string> AuditedReason(Placed order, string action)
    {
        var rows = (await (await _shop.Operator()).Get("ops/audit?service=orders&limit=100")).Expect(200).List;
        var row = Assert.Single(rows, r => r.Text("subject") == order.SagaId && r.Text("action") == action)!;
        Assert.Equal("op-1", row.Text("actor"));
        return row.Text("reason");
    }

    private async Task<string> SagaStatus(Placed order)
    {
        var saga = await (await _shop.Operator()).Get($"ops/sagas/{order.SagaId}");
        return saga.Expect(200).Data.Text("status");
    }
}
