using System.Text.Json.Nodes;
using DoaMarket.EndToEnd.Harness;

namespace DoaMarket.EndToEnd;

/// <summary>What the API tells of orders: their history, their lists, and an outcome that is not there yet.</summary>
[Collection(typeof(OnTheHoldingShop))]
public sealed class OrderApiTests(HoldingShop fixture)
{
    private readonly Shop _shop = fixture.Shop;

    [Fact]
    public async Task Each_status_that_an_order_had_is_told_with_its_time()
    {
        var customer = await _shop.Customer();
        var began = DateTimeOffset.UtcNow;
        var order = await customer.Place(new OrderForm());
        await customer.Until(order, "preparing");
        (await customer.Cancel(order)).Expect(202);
        await customer.Until(order, "cancelled");

        var history = (await customer.Order(order)).List("statusHistory")
            .Select(h => (Status: h.Text("status"), At: h!["at"]!.GetValue<DateTimeOffset>())).ToList();

        // What follows at once may be one change: "paid" and "preparing" can be told together, the rest cannot.
        Assert.Equal("pending", history[0].Status);
        Assert.Equal(["preparing", "cancelling", "cancelled"], history.TakeLast(3).Select(h => h.Status));
        Assert.Equal(history.Count, history.Select(h => h.Status).Distinct().Count());
        Assert.Equal(history.Select(h => h.At).Order(), history.Select(h => h.At));
        Assert.All(history, h => Assert.InRange(h.At, began - TimeSpan.FromSeconds(1), DateTimeOffset.UtcNow));
        Assert.True((await customer.Order(order))["orderedAt"]!.GetValue<DateTimeOffset>() <= history[0].At);
    }

    [Fact]
    public async Task Who_waits_for_an_outcome_that_does_not_come_is_told_how_far_the_order_is()
    {
        var customer = await _shop.Customer();
        var form = new OrderForm { DepositBy = "va_no_deposit" }; // nobody pays in
        var answer = (await customer.Post("orders", form.Json(), ("Prefer", "wait=1"))).Expect(201);
        var order = customer.Of(answer);

        Assert.Equal("wait=1", answer.Headers.GetValues("Preference-Applied").Single());
        Assert.Equal("in_progress", answer.Data.Text("sagaStatus"));
        Assert.Contains(answer.Data.Text("status"), new[] { "pending", "inventory_reserved" });
        Assert.Equal($"/api/v1/orders/{order.OrderId}", answer.Headers.Location!.ToString());
        Assert.Contains((await customer.Cancel(order)).Status, new[] { 200, 202 });
        await customer.Until(order, "cancelled");
    }

    [Fact]
    public async Task An_operator_cancels_an_order_as_its_customer_does()
    {
        var customer = await _shop.Customer();
        var order = await customer.Place(new OrderForm());
        await customer.Until(order, "preparing");
        var path = $"orders/{order.OrderId}/cancel";
        var reason = new JsonObject { ["reason"] = "The customer called." };
        (await (await Person.SignIn(_shop, "S-01", "seller")).Post(path, reason.DeepClone())).Expect(404);

        var op = await _shop.Operator();
        Assert.Equal("cancelling", (await op.Post(path, reason.DeepClone())).Expect(202).Data.Text("status"));
        await customer.Until(order, "cancelled");
        Assert.Equal("cancelled", (await op.Post(path, reason.DeepClone())).Expect(200).Data.Text("status"));
        Assert.Equal(0, (await _shop.Sandbox.Pg(order)).Net);
    }

    [Fact]
    public async Task Orders_are_listed_by_status_and_by_time()
    {
        var customer = await _shop.Customer();
        var declined = await customer.Place(new OrderForm("bk_declined"));
        await customer.Until(declined, "cancelled");
        await Task.Delay(TimeSpan.FromMilliseconds(5), TestContext.Current.CancellationToken); // another millisecond than the next order's
        var prepared = await customer.Place(new OrderForm());
        await customer.Until(prepared, "preparing");
        var at = (await customer.Order(prepared))["orderedAt"]!.GetValue<DateTimeOffset>();

        Assert.Equal([declined.OrderId], await Listed("status=cancelled"));
        Assert.Equal([prepared.OrderId], await Listed("status=preparing"));
        Assert.Empty(await Listed("status=delivered"));
        Assert.Equal([prepared.OrderId], await Listed($"from={Text(at)}"));
        Assert.Equal([declined.OrderId], await Listed($"to={Text(at)}")); // not included
        Assert.Equal([prepared.OrderId, declined.OrderId], await Listed($"from={Text(at.AddHours(-1))}&to={Text(at.AddHours(1))}"));
        Assert.Empty(await Listed($"from={Text(at.AddHours(1))}"));
        Assert.Empty(await Listed($"status=cancelled&from={Text(at)}"));

        async Task<IEnumerable<string>> Listed(string query) =>
            (await customer.Get($"orders?{query}")).Expect(200).List.Select(o => o.Text("orderId"));

        static string Text(DateTimeOffset at) => Uri.EscapeDataString(at.ToString("O"));
    }

    [Fact]
    public async Task Sagas_are_walked_by_step_page_by_page()
    {
        var (customer, op) = (await _shop.Customer(), await _shop.Operator());
        List<Placed> waiting = [];
        for (var i = 0; i < 3; i++)
        {
            var order = await customer.Place(new OrderForm { DepositBy = "va_no_deposit" });
            await DepositTests.Shown(customer, order);
            waiting.Insert(0, order);
        }

        List<string> walked = [];
        for (string? cursor = ""; cursor is not null;)
        {
            var page = (await op.Get(
                "ops/sagas?status=in_progress&step=process_payment&limit=2"
                + (cursor.Length == 0 ? "" : $"&cursor={Uri.EscapeDataString(cursor)}"))).Expect(200);
            Assert.True(page.List.Count <= 2);
            Assert.All(page.List, s => Assert.Equal(
                ("process_payment", "in_progress"), (s.Text("currentStep"), s.Text("status"))));
            walked.AddRange(page.List.Select(s => s.Text("sagaId")));
            cursor = page.Json!["meta"]!["nextCursor"]?.GetValue<string>();
        }

        Assert.Equal(walked.Count, walked.Distinct().Count());
        Assert.Equal(waiting.Select(o => o.SagaId), walked.Where(id => waiting.Exists(o => o.SagaId == id))); // newest first
        Assert.Empty((await op.Get("ops/sagas?status=in_progress&step=no_such_step")).Expect(200).List);
        foreach (var order in waiting)
        {
            (await customer.Cancel(order)).Expect(202);
            await customer.Until(order, "cancelled");
        }
    }
}
