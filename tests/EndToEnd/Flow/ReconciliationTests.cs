using System.Text.Json.Nodes;
using DoaMarket.EndToEnd.Harness;

namespace DoaMarket.EndToEnd;

/// <summary>The ledger and the PG's transactions, compared by `doa reconcile` against a running shop.</summary>
public sealed class ReconciliationTests
{
    private static readonly Settings Pace = Harness.Pace.Holding.With(
        ("Payments:ReconcileYoung", "00:00:00"), ("Payments:ReconcileEvery", "00:00:00"));

    [Fact]
    public async Task Differences_are_found_both_ways_told_with_a_remedy_and_close_when_they_are_settled()
    {
        await using var shop = await Shop.Open(Pace);
        var customer = await shop.Customer();
        var (refunded, vanished) = (await Prepared(customer), await Prepared(customer));
        var clean = await Reconcile(shop);
        Assert.True(clean.Code == 0, clean.Output + clean.Errors);
        Assert.Contains("No differences", clean.Output, StringComparison.Ordinal);
        await shop.AssertAudited();

        var unknown = Guid.NewGuid().ToString();
        (await shop.Sandbox.Do("/console/captures", Wish(unknown, 7_000))).Expect(200);
        (await shop.Sandbox.Do("/console/refunds", Wish(refunded.OrderId, 1_000))).Expect(200);
        (await shop.Sandbox.Do("/console/vanish", Wish(vanished.OrderId))).Expect(200);

        var found = await Reconcile(shop);
        Assert.Equal(1, found.Code);
        Assert.Contains("Remedy", found.Output, StringComparison.Ordinal);
        string[] types =
        [
            "RECONCILIATION_MISSING_AT_PG", "RECONCILIATION_MISSING_IN_LEDGER", "RECONCILIATION_UNKNOWN_PAYMENT",
        ];
        Assert.Equal(types, await OpenAlerts(shop));
        Assert.Equal(1, (await Reconcile(shop)).Code);
        Assert.Equal(types, await OpenAlerts(shop)); // once per subject

        (await shop.Sandbox.Do("/console/refunds", Wish(unknown))).Expect(200);
        (await shop.Sandbox.Do("/console/reappear", Wish(vanished.OrderId))).Expect(200);
        var payment = await PaymentOf(customer, refunded);
        (await (await shop.Operator()).Post(
            $"payments/{payment}/reread", new JsonObject { ["reason"] = "refunded at the console" })).Expect(202);
        await Eventually.Is(
            "the refund to be in the books",
            async () => (await customer.Get($"payments/{payment}")).Expect(200).Data["payment"].Won("refunded"),
            won => won == 1_000);

        var settled = await Reconcile(shop);
        Assert.True(settled.Code == 0, settled.Output + settled.Errors);
        Assert.Contains("3 earlier differences settled", settled.Output, StringComparison.Ordinal);
        Assert.Empty(await OpenAlerts(shop));
        var runs = (await (await shop.Operator()).Get("ops/reconciliations")).Expect(200).List;
        Assert.Equal(4, runs.Count);
        Assert.All(runs, r => Assert.Equal("completed", r.Text("status")));
    }

    [Fact]
    public async Task A_wrong_window_is_refused_and_only_operators_may_look()
    {
        await using var shop = await Shop.Open(Pace);
        var person = await shop.Operator();
        var backwards = new JsonObject { ["from"] = "2026-02-02T00:00:00Z", ["to"] = "2026-02-01T00:00:00Z" };
        Assert.Equal("from", (await person.Post("ops/reconciliations", backwards)).Expect(400).Field);
        var tooLong = new JsonObject { ["from"] = "2026-01-01T00:00:00Z", ["to"] = "2026-06-01T00:00:00Z" };
        Assert.Equal("from", (await person.Post("ops/reconciliations", tooLong)).Expect(400).Field);
        Assert.Equal(400, (await person.Post("ops/reconciliations", new JsonObject { ["from"] = "soon" })).Status);
        (await person.Get($"ops/reconciliations/{Guid.NewGuid()}")).Expect(404);
        (await (await shop.Customer()).Get("ops/reconciliations")).Expect(403);
        Assert.NotEqual(0, (await DoaProcess.Run(
            shop.Data, Pace, "reconcile", "--url", shop.Url, "--from", "yesterday")).Code);
    }

    private static async Task<Placed> Prepared(Person customer)
    {
        var order = await customer.Place(new OrderForm());
        await customer.Until(order, "preparing");
        return order;
    }

    private static Task<Ended> Reconcile(Shop shop) =>
        DoaProcess.Run(shop.Data, Pace, "reconcile", "--url", shop.Url);

    private static async Task<string> PaymentOf(Person customer, Placed order) =>
        (await customer.Get("payments")).Expect(200).List.Single(p => p.Text("orderId") == order.OrderId)
            .Text("paymentId");

    private static async Task<IEnumerable<string>> OpenAlerts(Shop shop) =>
        (await (await shop.Operator()).Get("ops/alerts")).Expect(200).List.Select(a => a.Text("type"))
            .Order(StringComparer.Ordinal);

    private static JsonObject Wish(string orderId, long? amount = null) => amount is { } won
        ? new() { ["orderId"] = orderId, ["amount"] = won }
        : new() { ["orderId"] = orderId };
}
