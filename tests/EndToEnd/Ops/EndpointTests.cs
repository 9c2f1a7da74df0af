using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using DoaMarket.EndToEnd.Harness;

namespace DoaMarket.EndToEnd;

/// <summary>The table of the HTTP API, path by path, against the document that the shop gives out.</summary>
[Collection(typeof(OnTheHoldingShop))]
[Trait(Ground.Gate, Ground.Postgres)]
public sealed partial class EndpointTests(HoldingShop fixture)
{
    private const string Table = """
        POST /api/v1/orders
        GET /api/v1/orders
        GET /api/v1/orders/{}
        POST /api/v1/orders/{}/cancel
        POST /api/v1/orders/{}/cancel-items
        GET /api/v1/orders/{}/events
        GET /api/v1/products
        GET /api/v1/inventory/{}
        POST /api/v1/inventory/{}/adjust
        GET /api/v1/shipping/track/{}
        PATCH /api/v1/shipping/{}/address
        POST /api/v1/webhooks/payments/{}
        POST /api/v1/webhooks/carriers/{}
        GET /api/v1/notifications
        PATCH /api/v1/notifications/{}/read
        GET /api/v1/notifications/settings
        PATCH /api/v1/notifications/settings
        GET /api/v1/payments
        GET /api/v1/payments/{}
        POST /api/v1/payments/{}/refund
        GET /api/v1/stats/sales
        GET /api/v1/stats/products/top
        GET /api/v1/ops/sagas
        GET /api/v1/ops/sagas/{}
        POST /api/v1/ops/sagas/{}/retry
        POST /api/v1/ops/sagas/{}/resolve
        POST /api/v1/ops/sagas/{}/cancel
        GET /api/v1/ops/queues
        GET /api/v1/ops/dead-letters
        GET /api/v1/ops/dead-letters/groups
        GET /api/v1/ops/dead-letters/{}
        POST /api/v1/ops/dead-letters/{}/dry-run
        POST /api/v1/ops/dead-letters/{}/redrive
        POST /api/v1/ops/dead-letters/{}/discard
        POST /api/v1/ops/dead-letters/{}/reveal
        POST /api/v1/ops/dead-letters/redrive
        GET /api/v1/ops/dead-letters/redrives
        POST /api/v1/ops/dead-letters/redrives/{}/stop
        GET /api/v1/ops/journal
        GET /api/v1/ops/alerts
        GET /api/v1/ops/alerts/{}
        POST /api/v1/ops/alerts/{}/acknowledge
        POST /api/v1/ops/alerts/{}/resolve
        POST /api/v1/ops/alerts/{}/wake
        GET /api/v1/ops/breakers
        GET /api/v1/ops/watchdog
        GET /api/v1/ops/audit
        GET /health/live
        GET /health/ready
        POST /dev/token
        """;

    [Fact]
    public async Task Every_endpoint_of_the_table_is_in_the_openapi_document()
    {
        var document = (await Person.Anonymous(fixture.Shop).Get("/openapi/v1.json")).Expect(200).Json!;
        var there = document["paths"]!.AsObject().SelectMany(path => path.Value!.AsObject().Select(
            operation => $"{operation.Key.ToUpperInvariant()} {Parameter().Replace(path.Key, "{}")}"));
        Assert.Empty(Table.Split('\n', StringSplitOptions.TrimEntries).Except(there, StringComparer.Ordinal));
        Assert.Equal(
            "order-service-dlq",
            document["components"]!["schemas"]!["RedriveQueueBody"]!["examples"]![0].Text("queue"));
    }

    [Fact]
    public async Task Circuits_tell_their_state_and_what_failed()
    {
        var breakers = (await (await fixture.Shop.Operator()).Get("ops/breakers")).Expect(200).List;
        Assert.Contains("pg", breakers.Select(b => b.Text("gateway")));
        Assert.All(breakers, b => Assert.True(b.Int("failuresInARow") >= 0));
    }

    [GeneratedRegex(@"\{[^}]+\}")]
    private static partial Regex Parameter();
}
