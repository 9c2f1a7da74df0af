using System.Net.ServerSentEvents;
using System.Text.Json.Nodes;
using DoaMarket.EndToEnd.Harness;

namespace DoaMarket.EndToEnd;

/// <summary>What the operators' console shows, as the API gives it.</summary>
[Collection(typeof(OnTheHoldingShop))]
public sealed class OpsViewTests(HoldingShop fixture)
{
    private readonly Shop _shop = fixture.Shop;

    [Fact]
    public async Task The_overview_counts_todays_orders_and_follows_them()
    {
        var (op, customer) = (await _shop.Operator(), await _shop.Customer());
        var before = (await op.Get("ops/overview")).Expect(200).Data["today"].Int("orders");
        await customer.Place(new OrderForm(), TimeSpan.FromSeconds(30));

        var overview = await Eventually.Is(
            "the order to be counted", async () => (await op.Get("ops/overview")).Expect(200).Data,
            o => o["today"].Int("orders") > before && o["today"].Int("succeeded") > 0);
        Assert.True(overview["today"]!["took"].Int("p50Ms") > 0);
        Assert.True(overview["today"].Won("revenue") > 0);
        var queues = (await op.Get("ops/queues")).Expect(200).List;
        Assert.Equal(queues.Select(q => q.Text("queue")), overview.List("queues").Select(q => q.Text("queue")));
        Assert.Contains("pg", overview.List("breakers").Select(b => b.Text("gateway")));
        Assert.Equal(["P1", "P2", "P3", "P4"], overview.List("alerts").Select(a => a.Text("severity")));
        Assert.Equal(403, (await customer.Get("ops/overview")).Status);

        var stock = (await op.Get("inventory/P-1005")).Expect(200).List.Single().Int("available");
        await Adjust(1 - stock);
        await Eventually.IsTrue(
            "the shortage to be shown", async () => (await op.Get("ops/overview")).Expect(200).Data.List("lowStock")
                .Any(a => a.Text("subject") == "P-1005"));
        await Eventually.Is(
            "the shortage's alert to be in the line",
            async () => (await op.Get("ops/overview")).Expect(200).Data.List("series")[^1],
            sample => sample.Int("openAlerts") > 0 && sample.Int("needAttention") == 0);
        await Adjust(stock - 1);

        async Task Adjust(int delta) => (await op.Post(
            "inventory/P-1005/adjust", new JsonObject { ["delta"] = delta, ["reason"] = "counted" })).Expect(200);
    }

    [Fact]
    public async Task The_overview_comes_again_every_second()
    {
        var op = await _shop.Operator();
        using var request = new HttpRequestMessage(HttpMethod.Get, $"{_shop.Url}/api/v1/ops/overview/events");
        request.Headers.Authorization = new("Bearer", op.Token);
        using var response = await _shop.Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, TestContext.Current.CancellationToken);
        await using var body = await response.Content.ReadAsStreamAsync(TestContext.Current.CancellationToken);
        List<string> times = [];
        await foreach (var item in SseParser.Create(body).EnumerateAsync(TestContext.Current.CancellationToken))
        {
            Assert.Equal("overview", item.EventType);
            times.Add(JsonNode.Parse(item.Data).Text("at"));
            if (times.Count == 2)
            {
                break;
            }
        }

        Assert.True(string.CompareOrdinal(times[0], times[1]) < 0, $"{times[0]} came before {times[1]}");
    }

    [Fact]
    public async Task Orders_are_filtered_by_status_step_product_customer_amount_and_time()
    {
        var (op, customer) = (await _shop.Operator(), await _shop.Customer());
        var cheap = await customer.Place(new OrderForm { ProductId = "P-1002" }, TimeSpan.FromSeconds(30));
        var dear = await customer.Place(new OrderForm { ProductId = "P-1004" }, TimeSpan.FromSeconds(30));
        var declined = await customer.Place(new OrderForm("bk_declined"), TimeSpan.FromSeconds(30));
        var mine = $"ops/orders?customer={customer.UserId}";

        Assert.Equal([declined.OrderId, dear.OrderId, cheap.OrderId], await Ids(mine));
        Assert.Equal([declined.OrderId], await Ids($"{mine}&status=cancelled"));
        Assert.Equal([declined.OrderId], await Ids($"{mine}&sagaStatus=cancelled"));
        Assert.Equal([dear.OrderId], await Ids($"{mine}&product=P-1004"));
        Assert.Equal([cheap.OrderId], await Ids($"{mine}&maxAmount={dear.Total - 1}&product=P-1002"));
        Assert.Equal([dear.OrderId], await Ids($"{mine}&minAmount={dear.Total}&status=preparing"));
        Assert.Empty(await Ids($"{mine}&step=process_payment"));
        Assert.Empty(await Ids($"{mine}&to=2020-01-01T00:00:00Z"));
        Assert.Equal(3, (await Ids($"{mine}&from=2020-01-01T00:00:00Z")).Count);
        Assert.Contains(dear.OrderId, await Ids("ops/orders?sagaStatus=completed&limit=100"));
        Assert.Equal("status", (await op.Get("ops/orders?status=lost")).Expect(400).Field);

        var page = (await op.Get($"{mine}&limit=2")).Expect(200);
        var next = Uri.EscapeDataString(page.Json!["meta"].Text("nextCursor"));
        Assert.Equal([cheap.OrderId], await Ids($"{mine}&limit=2&cursor={next}"));

        async Task<List<string>> Ids(string path) =>
            [.. (await op.Get(path)).Expect(200).List.Select(o => o.Text("orderId"))];
    }

    [Fact]
    public async Task An_order_is_found_by_every_name_that_it_has()
    {
        var (op, customer) = (await _shop.Operator(), await _shop.Customer());
        var order = await customer.Place(new OrderForm(), TimeSpan.FromSeconds(30));
        var detail = await customer.Order(order);
        (string By, string Text)[] names =
        [
            ("order_number", detail.Text("orderNumber")), ("order_number", detail.Text("orderNumber").ToLowerInvariant()),
            ("order_id", order.OrderId), ("saga_id", order.SagaId), ("correlation_id", order.CorrelationId),
            ("tracking_number", detail["shipment"].Text("trackingNumber")),
            ("payment_id", detail["payment"].Text("paymentId")), ("shipment_id", detail["shipment"].Text("shippingId")),
        ];
        foreach (var (by, text) in names)
        {
            var hit = Assert.Single((await op.Get($"ops/search?q={Uri.EscapeDataString(text)}")).Expect(200).List);
            Assert.Equal((by, order.OrderId), (hit.Text("by"), hit!["order"].Text("orderId")));
        }

        Assert.Empty((await op.Get("ops/search?q=ORD-19990101-000001")).Expect(200).List);
        Assert.Equal("q", (await op.Get("ops/search?q=%20")).Expect(400).Field);
    }

    [Fact]
    public async Task The_timeline_tells_of_messages_outside_calls_notifications_and_people()
    {
        var (op, customer) = (await _shop.Operator(), await _shop.Customer());
        var order = await customer.Place(new OrderForm(), TimeSpan.FromSeconds(30));
        (await op.Post($"ops/sagas/{order.SagaId}/cancel", new JsonObject { ["reason"] = "asked by phone" })).Expect(202);
        await customer.Until(order, "cancelled");
        await Story.With(_shop, order, "notification.sent", 2);

        var timeline = (await op.Get($"ops/orders/{order.OrderId}/timeline")).Expect(200).Data;
        var entries = timeline.List("entries").Select(e => (Kind: e.Text("kind"), Name: e.Text("name"))).ToList();
        string[] inOrder =
        [
            "order.created", "inventory.reserve_requested", "inventory.reserved", "payment.requested", "pg_captured",
            "shipping.prepared", "order.cancel", "shipping.cancel_requested", "shipping.cancelled",
            "payment.refund_requested", "pg_refunded", "inventory.release_requested", "order.cancelled",
        ];
        Assert.Equal(inOrder, entries.Select(e => e.Name).Where(inOrder.Contains).Distinct());
        Assert.Contains(("command", "payment.requested"), entries);
        Assert.Contains(("fact", "payment.completed"), entries);
        Assert.Contains(("outside", "pg_captured"), entries);
        Assert.Contains(("notification", "notification.sent"), entries);
        var person = timeline.List("entries").Single(e => e.Text("kind") == "operator");
        Assert.Equal(("op-1", "asked by phone"), (person.Text("actor"), person.Text("text")));
        var asked = timeline.List("entries").First(e => e.Text("name") == "payment.requested");
        Assert.Equal(("process_payment", "payments"), (asked.Text("step"), asked.List("to").Single()!.GetValue<string>()));
        Assert.Equal("restocked", (await op.Get($"ops/reservations/{order.OrderId}")).Expect(200).Data.Text("status"));
        Assert.Equal(404, (await op.Get($"ops/orders/{Guid.NewGuid()}/timeline")).Status);
    }

    [Fact]
    public async Task A_saga_says_what_it_waits_for_until_when_and_what_then()
    {
        var (op, customer) = (await _shop.Operator(), await _shop.Customer());
        await using var fault = await _shop.Sandbox.Fault("pg", "*", "down");
        var order = await customer.Place(new OrderForm());
        var outlook = await Eventually.Is(
            "the payment to be awaited",
            async () => (await op.Get($"ops/sagas/{order.SagaId}")).Expect(200).Data["outlook"]!,
            o => o["wait"]?.Text("step") == "process_payment");

        var wait = outlook["wait"]!;
        Assert.Equal(("payments", "undo_begins"), (wait.Text("service"), wait.Text("then")));
        Assert.Equal(["payment.completed", "payment.failed"], wait.List("for").Select(w => w!.GetValue<string>()));
        Assert.NotNull(wait["until"]);
        Assert.Equal(
            ["prepare_shipping", "send_notifications"], outlook.List("remaining").Select(r => r.Text("step")));
        var definition = (await op.Get("ops/saga-definitions")).Expect(200).List.First(d => d.Text("name") == "order_flow");
        Assert.Equal(
            ["local", "asked", "asked", "asked", "fire_and_forget"], definition.List("steps").Select(s => s.Text("kind")));
    }
}
