using System.Diagnostics;
using System.Text.Json.Nodes;
using DoaMarket.EndToEnd.Harness;

namespace DoaMarket.EndToEnd;

/// <summary>Spans and metrics by OTLP, and ids on log lines, from a real process.</summary>
public sealed class TelemetryTests
{
    [Fact]
    public async Task One_trace_goes_from_the_http_request_to_the_last_notification()
    {
        await using var collector = Collector.Open();
        await using var shop = await Shop.Open(Pace.Fast.With(
            ("Telemetry:OtlpEndpoint", collector.Url), ("Telemetry:SpansEvery", "00:00:00.2"),
            ("Telemetry:MetricsEvery", "00:00:00.5")));
        var customer = await shop.Customer();
        var (trace, root) = (ActivityTraceId.CreateRandom().ToString(), ActivitySpanId.CreateRandom().ToString());
        var answer = await customer.Post("orders", new OrderForm().Json(), ("traceparent", $"00-{trace}-{root}-01"));
        var order = customer.Of(answer.Expect(201));
        Assert.Equal(order.CorrelationId, answer.Headers.GetValues("X-Correlation-Id").Single());
        await customer.Until(order, "delivered");
        await Eventually.IsTrue("the last mail", async () => (await shop.Sandbox.MailsTo(customer)).Count >= 3);

        string[] wanted =
        [
            "request PlaceOrder", "message inventory.reserve_requested", "message inventory.reserved",
            "message payment.requested", "answer pg", "message payment.completed",
            "message shipping.prepare_requested", "message shipping.dispatched", "message shipping.delivered",
            "message notification.send_requested",
        ];
        await Eventually.Is(
            "every step in the trace",
            () => Task.FromResult(string.Join(", ", wanted.Except(Names(OfTheTrace()), StringComparer.Ordinal))),
            missing => missing.Length == 0);
        var spans = OfTheTrace();
        Assert.True(spans.Count(s => s.Name.StartsWith("call ", StringComparison.Ordinal)) >= 5);
        await Eventually.Is(
            "every span to hang on another", // a parent may be sent after its child
            () => Task.FromResult(string.Join(", ", Orphans(OfTheTrace(), root))), orphans => orphans.Length == 0);
        var reserved = spans.First(s => s.Name == "message inventory.reserved");
        Assert.Equal(
            (order.OrderId, order.SagaId, order.CorrelationId, "order-service-queue", "done"),
            (reserved.Attributes["orderId"], reserved.Attributes["sagaId"], reserved.Attributes["correlationId"],
                reserved.Attributes["messaging.destination.name"], reserved.Attributes["doa.outcome"]));
        foreach (var metric in new[]
        {
            "doa.items.handled", "doa.batch.items", "doa.commit.duration", "doa.queue.depth", "doa.queue.oldest_age",
            "doa.effect.duration", "doa.breaker.open", "doa.documents.ended", "http.server.request.duration",
        })
        {
            await Eventually.IsTrue(metric, () => Task.FromResult(collector.HasMetric(metric)));
        }

        List<SpanSeen> OfTheTrace() => [.. collector.Spans.Where(s => s.TraceId == trace)];
    }

    [Fact]
    public async Task Log_lines_about_a_message_are_json_with_its_ids()
    {
        await using var shop = await Shop.Open(Pace.Fast);
        var order = Guid.CreateVersion7();
        var message = PoisonedQueue.Put(
            shop, "order-service-queue", "shipping.cancelled",
            $$"""{"orderId":"{{order}}","shippingId":"{{order}}","reason":"none"}""",
            traceparent: "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01");
        var line = await Eventually.Is(
            "the line about the failure",
            () => Task.FromResult(shop.Lines.FirstOrDefault(
                l => l.Contains(message.ToString(), StringComparison.Ordinal))),
            l => l is not null);
        var scopes = JsonNode.Parse(line!)!["Scopes"]!.AsArray();
        var scope = scopes.Single(s => s?["correlationId"] is not null);
        Assert.Equal(
            (message.ToString(), order.ToString(), "0af7651916cd43dd8448eb211c80319c"),
            (scope.Text("eventId"), scope.Text("orderId"), scope.Text("traceId")));
    }

    [Fact]
    public async Task A_wrong_endpoint_is_refused_at_the_start_with_what_to_write()
    {
        var folder = Path.Combine(Path.GetTempPath(), "doa-e2e", Guid.NewGuid().ToString("N"));
        var ended = await DoaProcess.Run(
            folder, Pace.Fast.With(("Telemetry:OtlpEndpoint", "collector")),
            "serve", "--urls", "http://127.0.0.1:0", "--data", folder);
        Directory.Delete(folder, recursive: true);
        Assert.Equal(2, ended.Code);
        Assert.Contains("DOA__Telemetry__OtlpEndpoint=http://127.0.0.1:4318", ended.Errors, StringComparison.Ordinal);
    }

    private static IEnumerable<string> Orphans(List<SpanSeen> spans, string root)
    {
        var known = spans.Select(s => s.SpanId).Append(root).ToHashSet(StringComparer.Ordinal);
        return spans.Where(s => !known.Contains(s.ParentId)).Select(s => s.Name);
    }

    private static HashSet<string> Names(IEnumerable<SpanSeen> spans) =>
        spans.Select(s => s.Name).ToHashSet(StringComparer.Ordinal);
}
