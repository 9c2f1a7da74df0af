using System.Text.Json.Nodes;
using DoaMarket.EndToEnd.Harness;

namespace DoaMarket.EndToEnd;

/// <summary>Operators give parts of payments back. Parcels stay, so that a full refund would be a cancel.</summary>
[Collection(typeof(OnTheHoldingShop))]
public sealed class PartRefundTests(HoldingShop fixture)
{
    private readonly Shop _shop = fixture.Shop;

    [Fact]
    public async Task A_part_goes_back_once_and_shows_on_the_payment_and_a_cancel_gives_back_the_rest()
    {
        var (customer, order, payment) = await Prepared();
        var person = await _shop.Operator();

        var taken = await Refund(person, payment, 1_000, "k-1");
        Assert.Equal("operator", taken.Expect(202).Data.Text("kind"));
        var again = await Eventually.Is(
            "the refund to be made", () => Refund(person, payment, 1_000, "k-1"), a => a.Status == 200);
        Assert.Equal(taken.Data.Text("refundId"), again.Data.Text("refundId"));
        Assert.Equal("refunded", again.Data.Text("status"));
        Assert.Equal("IDEMPOTENCY_KEY_REUSED", (await Refund(person, payment, 2_000, "k-1")).Expect(422).Code);

        var shown = (await customer.Get($"payments/{payment}")).Expect(200).Data;
        Assert.Equal(("completed", 1_000L), (shown["payment"].Text("status"), shown["payment"].Won("refunded")));
        Assert.Equal(["captured", "refunded"], shown.List("ledger").Select(r => r.Text("reason")));
        Assert.Null(shown.List("refunds").Single()!["requestedBy"]);
        Assert.Equal(new PgBooks(Captures: 1, Cancels: 1, Net: order.Total - 1_000), await _shop.Sandbox.Pg(order));

        (await customer.Cancel(order)).Expect(202);
        await customer.Until(order, "cancelled");
        Assert.Equal(new PgBooks(Captures: 1, Cancels: 2, Net: 0), await _shop.Sandbox.Pg(order));
        Assert.Equal("NOTHING_TO_REFUND", (await Refund(person, payment, 1, "k-2")).Expect(409).Code);
    }

    [Fact]
    public async Task A_refund_that_cannot_be_is_refused_and_the_field_is_named()
    {
        var (customer, order, payment) = await Prepared();
        var person = await _shop.Operator();

        Assert.Equal("USE_CANCEL", (await Refund(person, payment, order.Total, "a")).Expect(409).Code);
        Assert.Equal("REFUND_EXCEEDS_REST", (await Refund(person, payment, order.Total + 1, "b")).Expect(409).Code);
        Assert.Equal("amount", (await Refund(person, payment, 0, "c")).Expect(400).Field);
        Assert.Equal("reason", (await person.Post(
            $"payments/{payment}/refund", new JsonObject { ["amount"] = 1, ["reason"] = " " },
            ("Idempotency-Key", "d"))).Expect(400).Field);
        Assert.Equal("Idempotency-Key", (await person.Post(
            $"payments/{payment}/refund", new JsonObject { ["amount"] = 1, ["reason"] = "r" })).Expect(400).Field);
        Assert.Equal(400, (await person.Post(
            $"payments/{payment}/refund", new JsonObject { ["amount"] = 1.5, ["reason"] = "r" },
            ("Idempotency-Key", "e"))).Status);
        (await Refund(person, Guid.NewGuid().ToString(), 1, "f")).Expect(404);
        (await Refund(customer, payment, 1, "g")).Expect(403);
        Assert.Equal(new PgBooks(Captures: 1, Cancels: 0, Net: order.Total), await _shop.Sandbox.Pg(order));
    }

    [Fact]
    public async Task Payments_are_listed_to_their_owners_page_by_page_and_hidden_from_others()
    {
        var (customer, _, first) = await Prepared();
        var second = await PaymentOf(customer, await customer.Place(new OrderForm()));
        var page = (await customer.Get("payments?limit=1")).Expect(200);
        var next = page.Json!["meta"].Text("nextCursor");
        var rest = (await customer.Get($"payments?limit=1&cursor={Uri.EscapeDataString(next)}")).Expect(200);

        Assert.Equal([second, first], page.List.Concat(rest.List).Select(p => p.Text("paymentId")));
        var stranger = await _shop.Customer();
        Assert.Empty((await stranger.Get("payments")).Expect(200).List);
        (await stranger.Get($"payments/{first}")).Expect(404);
        Assert.Equal("status", (await (await _shop.Operator()).Get("payments?status=nonsense")).Expect(400).Field);
        Assert.All(
            (await (await _shop.Operator()).Get("payments?status=completed")).Expect(200).List,
            p => Assert.Equal("completed", p.Text("status")));
    }

    [Fact]
    public async Task A_part_that_the_PG_refuses_calls_a_person_who_tries_again()
    {
        var (customer, order, payment) = await Prepared("bk_refund_fails");
        var person = await _shop.Operator();
        var refund = (await Refund(person, payment, 1_000, "k")).Expect(202).Data.Text("refundId");
        await Eventually.Is(
            "the refund to fail", () => StatusOf(customer, payment), status => status == "refund_failed");
        Assert.Equal("REFUND_FAILED", Assert.Single(await AlertSeen.Of(_shop, order), a => a.Status == "open").Type);
        Assert.Equal("EARLIER_REFUND_FAILED", (await Refund(person, payment, 1, "l")).Expect(409).Code);

        await _shop.Sandbox.HealRefunds(order);
        (await person.Post(
            $"payments/{payment}/refunds/{refund}/retry", new JsonObject { ["reason"] = "It works again." }))
            .Expect(202);
        await Eventually.Is("the payment to rest", () => StatusOf(customer, payment), status => status == "completed");

        Assert.Equal(new PgBooks(Captures: 1, Cancels: 1, Net: order.Total - 1_000), await _shop.Sandbox.Pg(order));
        Assert.All(await AlertSeen.Of(_shop, order), a => Assert.Equal("resolved", a.Status));
    }

    [Fact]
    public async Task A_part_that_was_refunded_at_the_PGs_console_is_read_before_the_next_part_goes_back()
    {
        var (customer, order, payment) = await Prepared();
        await AtTheConsole(order, 5_000);

        // The books do not know of it: the PG refuses, since it has less than the shop believes.
        (await Refund(await _shop.Operator(), payment, 1_000, "k")).Expect(202);
        await Eventually.Is(
            "the part to go back", () => RefundedOf(customer, payment), refunded => refunded == 6_000);

        Assert.Equal(
            new PgBooks(Captures: 1, Cancels: 2, Net: order.Total - 6_000), await _shop.Sandbox.Pg(order));
        Assert.Equal(["at_pg 5000 refunded", "operator 1000 refunded"], await RefundsOf(payment));
        Assert.Equal("completed", await StatusOf(customer, payment));

        (await customer.Cancel(order)).Expect(202);
        await customer.Until(order, "cancelled");
        Assert.Equal(0, (await _shop.Sandbox.Pg(order)).Net);
        Assert.Equal(order.Total, await RefundedOf(customer, payment));
        Assert.DoesNotContain(await AlertSeen.Of(_shop, order), a => a.Status == "open");
    }

    [Fact]
    public async Task A_cancel_gives_back_what_the_PGs_console_has_left()
    {
        var (customer, order, payment) = await Prepared();
        await AtTheConsole(order, 5_000);

        (await customer.Cancel(order)).Expect(202);
        await customer.Until(order, "cancelled");

        Assert.Equal(new PgBooks(Captures: 1, Cancels: 2, Net: 0), await _shop.Sandbox.Pg(order));
        Assert.Equal(order.Total, await RefundedOf(customer, payment));
        Assert.Equal("refunded", await StatusOf(customer, payment));
        Assert.Equal(["at_pg 5000 refunded", $"full {order.Total - 5_000} refunded"], await RefundsOf(payment));
        Assert.DoesNotContain(await AlertSeen.Of(_shop, order), a => a.Status == "open");
    }

    [Fact]
    public async Task A_part_that_the_PG_refuses_is_settled_by_hand_and_never_goes_back_there()
    {
        var (customer, order, payment) = await Prepared("bk_refund_fails");
        var person = await _shop.Operator();
        var refund = (await Refund(person, payment, 1_000, "k")).Expect(202).Data.Text("refundId");
        var settle = $"payments/{payment}/refunds/{refund}/settle";
        Assert.Equal("REFUND_NOT_FAILED", (await person.Post(settle, Reason("too early"))).Expect(409).Code);
        await Eventually.Is(
            "the refund to fail", () => StatusOf(customer, payment), status => status == "refund_failed");

        var settled = (await person.Post(settle, Reason("paid by bank transfer"))).Expect(200);

        Assert.Equal("closed", settled.Data.Text("status"));
        var shown = (await customer.Get($"payments/{payment}")).Expect(200).Data;
        Assert.Equal("completed", shown["payment"].Text("status"));
        Assert.Equal(["captured", "settled_by_hand"], shown.List("ledger").Select(r => r.Text("reason")));
        Assert.Equal(new PgBooks(Captures: 1, Cancels: 0, Net: order.Total), await _shop.Sandbox.Pg(order));
        Assert.All(await AlertSeen.Of(_shop, order), a => Assert.Equal("resolved", a.Status));
    }

    private static JsonObject Reason(string text) => new() { ["reason"] = text };

    private async Task AtTheConsole(Placed order, long amount) => (await _shop.Sandbox.Do(
        "/console/refunds", new JsonObject { ["orderId"] = order.OrderId, ["amount"] = amount })).Expect(200);

    private static async Task<long> RefundedOf(Person customer, string payment) =>
        (await customer.Get($"payments/{payment}")).Expect(200).Data["payment"].Won("refunded");

    private async Task<IEnumerable<string>> RefundsOf(string payment) =>
        (await (await _shop.Operator()).Get($"payments/{payment}")).Expect(200).Data.List("refunds")
            .Select(r => $"{r.Text("kind")} {r.Won("amount")} {r.Text("status")}").Order(StringComparer.Ordinal);

    private async Task<(Person Customer, Placed Order, string Payment)> Prepared(string billingKey = "bk_ok")
    {
        var customer = await _shop.Customer();
        var order = await customer.Place(new OrderForm(billingKey));
        await customer.Until(order, "preparing");
        return (customer, order, await PaymentOf(customer, order));
    }

    private static async Task<string> PaymentOf(Person customer, Placed order) => await Eventually.Is(
        "the payment to be there",
        async () => (await customer.Get("payments")).Expect(200).List
            .FirstOrDefault(p => p.Text("orderId") == order.OrderId)?.Text("paymentId") ?? "",
        id => id.Length > 0);

    private static async Task<string> StatusOf(Person customer, string payment) =>
        (await customer.Get($"payments/{payment}")).Expect(200).Data["payment"].Text("status");

    private static Task<Answer> Refund(Person person, string payment, long amount, string key) => person.Post(
        $"payments/{payment}/refund", new JsonObject { ["amount"] = amount, ["reason"] = "파손" },
        ("Idempotency-Key", key));
}
