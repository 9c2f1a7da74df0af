using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using DoaMarket.EndToEnd.Harness;

namespace DoaMarket.EndToEnd;

/// <summary>Callbacks of carriers and hints of the PG, true, false and repeated.</summary>
[Collection(typeof(OnTheFastShop))]
public sealed class WebhookTests(FastShop fixture)
{
    private const string Carrier = "kr.cjlogistics";

    private readonly Shop _shop = fixture.Shop;

    [Fact]
    public async Task A_callback_without_a_genuine_signature_is_refused_and_has_no_effect()
    {
        await using var still = await _shop.Sandbox.ParcelsStandStill();
        var (customer, order, body) = await Shipped();
        var now = Now;
        foreach (var headers in new (string, string)[][]
        {
            [],
            Signed("w-1", now, body, SecretOfSomebodyElse),
            [.. Signed("w-1", now, body).SkipLast(1), ("webhook-signature", "v1,nonsense")],
            Signed("w-1", now, body + " "), // signed for another body
            Signed("w-1", now - 3600, body),
            [.. Signed("w-1", now, body).Skip(1), ("webhook-id", "w-2")],
        })
        {
            Assert.Equal("BAD_SIGNATURE", (await Send(body, headers)).Expect(401).Code);
        }

        Assert.Equal("shipped", await customer.StatusOf(order));
        Assert.DoesNotContain("shipping.delivered", (await Story.Of(_shop, order)).Types);
    }

    [Fact]
    public async Task A_callback_that_comes_again_or_late_has_no_effect()
    {
        await using var still = await _shop.Sandbox.ParcelsStandStill();
        var (customer, order, delivered) = await Shipped();
        Assert.Equal("taken", await Outcome("w-1", delivered));
        await customer.Until(order, "delivered");
        var story = await Story.With(_shop, order, "order.delivered");

        Assert.Equal("ignored", await Outcome("w-1", delivered));
        Assert.Equal("ignored", await Outcome("w-2", delivered));
        Assert.Equal("ignored",
            await Outcome("w-3", delivered.Replace("DELIVERED", "IN_TRANSIT", StringComparison.Ordinal)));
        Assert.Equal("unknown_parcel",
            await Outcome("w-4", delivered.Replace("DOA-", "DOA-0", StringComparison.Ordinal)));
        Assert.Equal("delivered", await customer.StatusOf(order));
        var after = await Story.With(_shop, order, "notification.sent", count: 10);
        Assert.Equal(
            story.Types.Count(t => t.StartsWith("shipping.", StringComparison.Ordinal)),
            after.Types.Count(t => t.StartsWith("shipping.", StringComparison.Ordinal)));
        Assert.Equal(1, after.Types.Count(t => t == "order.delivered"));

        async Task<string> Outcome(string id, string body) =>
            (await Send(body, Signed(id, Now, body))).Expect(200).Data.Text("outcome");
    }

    [Theory]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("""{"type":"x","trackingNumber":"1","occurredAt":"2026-01-01T00:00:00Z"}""")]
    [InlineData("""{"type":"x","trackingNumber":"1","status":null,"occurredAt":"2026-01-01T00:00:00Z"}""")]
    [InlineData("""{"type":"x","trackingNumber":"1","status":"DELIVERED","occurredAt":"yesterday"}""")]
    [InlineData("""{"type":"x","trackingNumber":"1","status":"DELIVERED\u0000","occurredAt":"2026-01-01T00:00:00Z"}""")]
    public async Task A_signed_callback_that_is_none_is_told_what_is_wrong(string body) =>
        Assert.Equal("INVALID_JSON", (await Send(body, Signed("w-1", Now, body))).Expect(400).Code);

    [Fact]
    public async Task Hints_of_the_PG_are_not_believed_whatever_they_say_and_however_often()
    {
        var customer = await _shop.Customer();
        var order = await customer.Place(new OrderForm("bk_timeout_then_success"));
        var lie = new JsonObject
        {
            ["eventType"] = "PAYMENT_STATUS_CHANGED",
            ["data"] = new JsonObject
            {
                ["orderId"] = order.OrderId,
                ["status"] = "ABORTED",
                ["paymentKey"] = "pk_of_somebody"
            },
        };
        for (var i = 0; i < 5; i++)
        {
            var hinted = await Person.Anonymous(_shop).Post("webhooks/payments/toss", lie,
                ("tosspayments-webhook-transmission-id", $"t-{i / 2}"));
            hinted.Expect(200);
        }

        await customer.Until(order, "delivered");
        Assert.Equal(new PgBooks(Captures: 1, Cancels: 0, Net: order.Total), await _shop.Sandbox.Pg(order));
    }

    [Theory]
    [InlineData("nobody", "{}", "t-1", 404, "NOT_FOUND")]
    [InlineData("toss", "{}", "t-1", 400, "INVALID_FIELD")]
    [InlineData("toss", "5", "t-1", 400, "INVALID_JSON")]
    [InlineData("toss", "{", "t-1", 400, "INVALID_JSON")]
    [InlineData("toss", """{"data":5}""", "t-1", 400, "INVALID_JSON")]
    [InlineData("toss", """{"data":{"orderId":"x"}}""", "t-1", 400, "INVALID_FIELD")]
    [InlineData("toss", """{"data":{"orderId":"01a2036e-8298-885f-beb1-50e5b4142a00"}}""", "", 400, "INVALID_FIELD")]
    public async Task A_hint_that_is_none_is_told_what_is_wrong(string provider, string body, string transmission,
        int status, string code)
    {
        var answer = await Person.Anonymous(_shop).Send(
            HttpMethod.Post, $"webhooks/payments/{provider}", Person.Content(body),
            ("tosspayments-webhook-transmission-id", transmission));
        Assert.Equal(code, answer.Expect(status).Code);
    }

    private static long Now => DateTimeOffset.UtcNow.ToUnixTimeSeconds();

    private static byte[] SecretOfSomebodyElse { get; } = RandomNumberGenerator.GetBytes(32);

    private byte[] Secret =>
        Convert.FromBase64String(File.ReadAllText(Path.Combine(_shop.Data, "keys", "webhook.key")));

    /// <summary>A dispatched parcel, and the callback that would deliver it.</summary>
    private async Task<(Person Customer, Placed Order, string Delivered)> Shipped()
    {
        var customer = await _shop.Customer();
        var order = await customer.Place(new OrderForm());
        await customer.Until(order, "shipped");
        var tracking = (await customer.Order(order))["shipment"].Text("trackingNumber");
        var reference = "DOA-" + order.OrderId.Replace("-", "", StringComparison.Ordinal);
        var at = DateTimeOffset.UtcNow.ToString("O", CultureInfo.InvariantCulture);
        return (customer, order, new JsonObject
        {
            ["type"] = "tracking",
            ["trackingNumber"] = tracking,
            ["clientReference"] = reference,
            ["status"] = "DELIVERED",
            ["occurredAt"] = at,
        }.ToJsonString());
    }

    private Task<Answer> Send(string body, (string, string)[] headers) =>
        Person.Anonymous(_shop).Send(HttpMethod.Post, $"webhooks/carriers/{Carrier}", Person.Content(body), headers);

    private (string, string)[] Signed(string id, long at, string body, byte[]? secret = null)
    {
        var content = Encoding.UTF8.GetBytes($"{id}.{at}.{body}");
        return
        [
            ("webhook-id", id), ("webhook-timestamp", at.ToString(CultureInfo.InvariantCulture)),
            ("webhook-signature", "v1," + Convert.ToBase64String(HMACSHA256.HashData(secret ?? Secret, content))),
        ];
    }
}
