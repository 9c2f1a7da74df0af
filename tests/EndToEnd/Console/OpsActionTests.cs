using System.Text.Json.Nodes;
using DoaMarket.EndToEnd.Harness;

namespace DoaMarket.EndToEnd;

/// <summary>What the operators' console lets a person do, tried over the API before anything is done.</summary>
[Collection(typeof(OnTheHoldingShop))]
public sealed class OpsActionTests(HoldingShop fixture)
{
    private readonly Shop _shop = fixture.Shop;

    [Fact]
    public async Task A_cancel_shows_what_it_will_do_and_does_nothing_until_it_is_asked_for()
    {
        var (op, customer) = (await _shop.Operator(), await _shop.Customer());
        var order = await customer.Place(new OrderForm(), TimeSpan.FromSeconds(30));

        var preview = (await op.Post($"ops/sagas/{order.SagaId}/cancel/dry-run", new JsonObject())).Expect(200).Data;
        Assert.Equal("changes", preview["rehearsal"].Text("verdict"));
        Assert.Contains("shipping.cancel_requested", Sent(preview));
        Assert.Equal("compensating", preview.Text("status"));
        Assert.Equal("prepare_shipping", preview["outlook"]!["wait"].Text("step"));
        Assert.Equal(
            ["process_payment", "reserve_inventory"],
            preview["outlook"].List("remaining").Select(r => r.Text("step")));
        Assert.Equal("preparing", await customer.StatusOf(order));
        Assert.DoesNotContain("order.cancelling", (await Story.Of(_shop, order)).Types);

        (await op.Post($"ops/sagas/{order.SagaId}/cancel", Reason("asked by phone"))).Expect(202);
        await customer.Until(order, "cancelled");
        Assert.Equal(404, (await op.Post($"ops/sagas/{Guid.NewGuid()}/cancel/dry-run", new JsonObject())).Status);
    }

    [Fact]
    public async Task A_retry_and_a_settlement_by_hand_show_what_they_will_do()
    {
        var (op, customer) = (await _shop.Operator(), await _shop.Customer());
        var order = await customer.Place(new OrderForm("bk_refund_fails") { PostalCode = "00001" });
        var path = $"ops/sagas/{order.SagaId}";
        var early = (await op.Post($"{path}/retry/dry-run", new JsonObject())).Expect(200).Data["rehearsal"]!;
        Assert.Equal("refused", early.Text("verdict"));
        await Eventually.Is(
            "a person to be called", async () => (await op.Get(path)).Expect(200).Data.Text("status"),
            status => status == "needs_attention");

        var retry = (await op.Post($"{path}/retry/dry-run", new JsonObject())).Expect(200).Data;
        Assert.Contains("payment.refund_requested", Sent(retry));
        Assert.Equal("compensating", retry.Text("status"));
        Assert.Contains("resolves SAGA_NEEDS_ATTENTION", retry["rehearsal"].List("alerts")[0]!.GetValue<string>(), StringComparison.Ordinal);
        var resolve = await op.Post($"{path}/resolve/dry-run", new JsonObject { ["step"] = "process_payment" });
        Assert.Contains("payment.resolve_requested", Sent(resolve.Expect(200).Data));
        var wrong = await op.Post($"{path}/resolve/dry-run", new JsonObject { ["step"] = "reserve_inventory" });
        Assert.Equal("refused", wrong.Expect(200).Data["rehearsal"].Text("verdict"));
        Assert.Equal("needs_attention", (await op.Get(path)).Data.Text("status"));

        var healed = (await op.Post("ops/sandbox/heal-refunds", new JsonObject())).Expect(200).Data;
        Assert.True(healed.Int("healed") >= 1);
        (await op.Post($"{path}/retry", Reason("the PG works again"))).Expect(200);
        await customer.Until(order, "cancelled");
    }

    [Fact]
    public async Task Personal_data_is_shown_for_a_reason_which_the_timeline_tells()
    {
        var (op, customer) = (await _shop.Operator(), await _shop.Customer());
        var order = await customer.Place(new OrderForm(), TimeSpan.FromSeconds(30));
        var path = $"ops/orders/{order.OrderId}";
        Assert.Equal("reason", (await op.Post($"{path}/reveal", Reason(" "))).Expect(400).Field);
        var clear = (await op.Post($"{path}/reveal", Reason("the customer called"))).Expect(200).Data;
        Assert.Equal("홍길동", clear["shippingAddress"].Text("recipientName"));

        var asked = (await Story.Of(_shop, order)).Messages.Single(m => m.Type == "shipping.prepare_requested");
        Assert.DoesNotContain("홍길동", asked.Data.ToJsonString(), StringComparison.Ordinal);
        var message = (await op.Post($"{path}/messages/{asked.Id}/reveal", Reason("looking into it"))).Expect(200).Data;
        Assert.Equal("홍길동", message["data"]!["shippingAddress"].Text("recipientName"));
        var charge = (await Story.Of(_shop, order)).Messages.Single(m => m.Type == "payment.requested");
        var paid = (await op.Post($"{path}/messages/{charge.Id}/reveal", Reason("looking into it"))).Expect(200);
        Assert.DoesNotContain("bk_ok", paid.Text, StringComparison.Ordinal); // a secret, not personal data
        Assert.Equal(404, (await op.Post($"{path}/messages/{Guid.NewGuid()}/reveal", Reason("x"))).Status);

        var people = (await op.Get($"{path}/timeline")).Expect(200).Data.List("entries")
            .Where(e => e.Text("kind") == "operator").Select(e => e.Text("name"));
        Assert.Equal(["order.reveal", "message.reveal", "message.reveal"], people);
    }

    [Fact]
    public async Task Faults_of_the_outside_world_are_turned_on_and_off()
    {
        var op = await _shop.Operator();
        var on = await op.Post("ops/sandbox/faults", new JsonObject
        {
            ["target"] = "smtp",
            ["mode"] = "down",
            ["match"] = "nobody@nowhere.example",
        });
        var fault = on.Expect(200).Data.List("faults").Single(f => f.Text("target") == "smtp");
        Assert.Equal(("*", "down"), (fault.Text("operation"), fault.Text("mode")));
        var wrong = await op.Post("ops/sandbox/faults", new JsonObject { ["target"] = "moon", ["mode"] = "down" });
        Assert.Equal("SANDBOX_REFUSED", wrong.Expect(400).Code);
        (await op.Send(HttpMethod.Delete, $"ops/sandbox/faults/{fault.Int("id")}", null)).Expect(200);
        Assert.DoesNotContain("smtp", (await op.Get("ops/sandbox")).Expect(200).Data.List("faults").Select(f => f.Text("target")));
        Assert.Equal(403, (await (await _shop.Customer()).Get("ops/sandbox")).Status);
    }

    [Fact]
    public async Task Stock_tells_its_levels_and_what_moved_them()
    {
        var (op, customer) = (await _shop.Operator(), await _shop.Customer());
        var order = await customer.Place(
            new OrderForm { ProductId = "P-1003", VariantId = "S" }, TimeSpan.FromSeconds(30));
        var level = (await op.Get("ops/stock?productId=P-1003")).Expect(200).List.Single(i => i.Text("variantId") == "S")!;
        Assert.Equal(level.Int("available"), level.Int("onHand") - level.Int("reserved"));
        Assert.Contains("P-2001", (await op.Get("ops/stock?limit=100")).Expect(200).List.Select(i => i.Text("productId")));

        var moves = await Eventually.Is(
            "the sale", async () => (await op.Get("ops/stock/P-1003/moves?variantId=S")).Expect(200).List
                .Where(m => m!["orderId"]?.GetValue<string>() == order.OrderId).ToList(),
            found => found.Count == 2);
        Assert.Equal(["committed", "reserved"], moves.Select(m => m.Text("reason")));
        Assert.All(moves, m => Assert.Equal("committed", m.Text("reservationStatus")));
    }

    [Fact]
    public async Task Notifications_are_shown_as_the_customer_saw_them()
    {
        var (op, customer) = (await _shop.Operator(), await _shop.Customer());
        var order = await customer.Place(new OrderForm(), TimeSpan.FromSeconds(30));
        await Story.With(_shop, order, "notification.sent", 2);
        var told = (await op.Get($"ops/notifications?orderId={order.OrderId}")).Expect(200).List;
        var mail = told.First(n => n.Text("channel") == "email" && n.Text("type") == "order_received")!;
        Assert.Contains("주문이 접수되었습니다", mail["text"].Text("subject"), StringComparison.Ordinal);
        Assert.NotEmpty(mail["text"].Text("body"));
        Assert.DoesNotContain($"{customer.UserId}@", told.ToJsonString(), StringComparison.Ordinal); // the address is masked
        Assert.NotEmpty((await op.Get($"ops/notifications?userId={customer.UserId}")).Expect(200).List);
        Assert.NotEmpty((await op.Get("ops/notifications?limit=5")).Expect(200).List);
    }

    private static JsonObject Reason(string text) => new() { ["reason"] = text };

    private static IEnumerable<string> Sent(JsonNode preview) =>
        preview["rehearsal"].List("messages").Select(m => m.Text("eventType"));
}
