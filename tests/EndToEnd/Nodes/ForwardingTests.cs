using System.Text.Json.Nodes;
using DoaMarket.EndToEnd.Harness;

namespace DoaMarket.EndToEnd;

/// <summary>Three processes with some of the services each: whichever is asked, the service answers.</summary>
[Trait("Run", "long")]
public sealed class ForwardingTests : IAsyncLifetime
{
    private Shop _shop = null!;

    public async ValueTask InitializeAsync() =>
        _shop = await Shop.Open(new Plan(Pace.Enduring) { Mode = Ground.Postgres, Nodes = Ground.Shared });

    public async ValueTask DisposeAsync() => await _shop.DisposeAsync();

    /// <summary>Runs the services that orders wait for.</summary>
    private Node Second => _shop.Nodes[1];

    /// <summary>Runs neither orders nor payments.</summary>
    private Node Third => _shop.Nodes[2];

    [Fact]
    public async Task A_request_is_answered_by_the_service_whichever_process_it_comes_to()
    {
        var customer = await _shop.Customer();
        var far = customer.At(Third);
        var answer = (await far.Post("orders", new OrderForm().Json(), ("Prefer", "wait=60"))).Expect(201);
        Assert.Equal("completed", answer.Data.Text("sagaStatus"));
        Assert.Equal(
            answer.Data.Text("correlationId"), Assert.Single(answer.Headers.GetValues("X-Correlation-Id")));
        Assert.Single(answer.Headers.GetValues("X-RateLimit-Limit"));

        var order = customer.Of(answer);
        await using (var stream = await EventStream.Open(_shop, customer, order, at: Third))
        {
            Assert.Equal("delivered", (await stream.Until("delivered"))[^1].Status);
        }

        foreach (var node in _shop.Nodes)
        {
            var person = customer.At(node);
            Assert.Single((await person.Get("orders")).Expect(200).List);
            Assert.Single((await person.Get("payments")).Expect(200).List);
            Assert.Equal(404, (await (await _shop.Customer()).At(node).Get($"orders/{order.OrderId}")).Status);
            Assert.Equal(401, (await Person.Anonymous(_shop).At(node).Get("orders")).Status);
            Assert.Equal("INVALID_JSON", (await person.Send(HttpMethod.Post, "orders", Person.Content("{"))).Code);
            Assert.Equal(413, (await person.Send(
                HttpMethod.Post, "orders", Person.Content($"\"{new string('x', 70_000)}\""))).Status);
        }

        await _shop.AssertAudited();
    }

    [Fact]
    public async Task What_concerns_several_services_is_seen_and_settled_from_any_process()
    {
        var op = (await _shop.Operator()).At(Third);
        await (await _shop.Customer()).Place(new OrderForm(), TimeSpan.FromSeconds(60));
        var queue = (await op.Get("ops/queues")).Expect(200).List.Single(q => q.Text("queue") == "order-service-queue");
        Assert.True(queue!["inPerSecond"]!.GetValue<double>() > 0);
        Assert.Equal("closed", await Circuit(op, "pg"));

        // Its alert and its dead letter belong to orders, which do not run in the process that is asked.
        PoisonedQueue.Put(_shop, "order-service-queue", "order.dreamt_of", "{}");
        var letter = (await Eventually.Is(
            "the dead letter", async () => (await op.Get("ops/dead-letters")).Expect(200).List, l => l.Count == 1))[0];
        var path = $"ops/dead-letters/{letter.Text("deadLetterId")}";
        (await op.Post($"{path}/dry-run", new JsonObject())).Expect(200);
        (await op.Post($"{path}/discard", new JsonObject { ["reason"] = "" })).Expect(400);
        Assert.Equal("discarded", (await op.Post(
            $"{path}/discard", new JsonObject { ["reason"] = "a dream" })).Expect(200).Data.Text("status"));
        await Eventually.IsTrue(
            "the alert to close", async () => (await op.Get("ops/alerts")).Expect(200).List.Count == 0);
        Assert.Contains(
            (await op.Get("ops/audit?service=orders")).Expect(200).List, a => a.Text("action").EndsWith("discard", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_process_that_is_away_is_named_and_everything_else_goes_on()
    {
        var (customer, op) = (await _shop.Customer(), await _shop.Operator());
        await Second.Process.Kill();

        var refused = (await customer.Get("payments")).Expect(503);
        Assert.Equal(("SERVICE_UNAVAILABLE", "payments"), (refused.Code, refused.Json!["error"]!["details"].Text("service")));
        Assert.True(refused.Headers.RetryAfter!.Delta >= TimeSpan.FromSeconds(1));
        refused = (await op.Post(
            $"payments/{Guid.NewGuid()}/refund", new JsonObject { ["amount"] = 1_000, ["reason"] = "x" },
            ("Idempotency-Key", "k"))).Expect(503);
        Assert.Equal("SERVICE_UNAVAILABLE", refused.Code);

        var order = await customer.Place(new OrderForm());
        Assert.Equal("unknown", await Circuit(op, "pg"));
        (await op.Get("ops/overview")).Expect(200);
        (await op.Get("ops/dead-letters")).Expect(200);
        (await op.Get($"ops/orders/{order.OrderId}/timeline")).Expect(200);

        await _shop.Start();
        await customer.Until(order, "delivered");
        Assert.Single((await customer.Get("payments")).Expect(200).List);
        Assert.Equal("closed", await Circuit(op, "pg"));
        await _shop.AssertAudited();
    }

    private static async Task<string> Circuit(Person op, string gateway) =>
        (await op.Get("ops/breakers")).Expect(200).List.Single(b => b.Text("gateway") == gateway).Text("state");
}
