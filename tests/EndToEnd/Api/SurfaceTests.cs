using System.Text.Json.Nodes;
using DoaMarket.EndToEnd.Harness;

namespace DoaMarket.EndToEnd;

/// <summary>What a client of the API finds before and around its orders.</summary>
[Collection(typeof(OnTheHoldingShop))]
public sealed class SurfaceTests(HoldingShop fixture)
{
    private readonly Shop _shop = fixture.Shop;

    [Fact]
    public async Task The_openapi_document_lists_the_paths_and_shows_an_example()
    {
        var document = (await Person.Anonymous(_shop).Get("/openapi/v1.json")).Expect(200).Json!;
        var paths = document["paths"]!.AsObject().Select(p => p.Key).ToHashSet(StringComparer.Ordinal);
        Assert.Superset(
            new HashSet<string>(StringComparer.Ordinal)
            {
                "/api/v1/orders", "/api/v1/orders/{orderId}", "/api/v1/orders/{orderId}/cancel", "/api/v1/products",
                "/api/v1/inventory/{productId}", "/api/v1/webhooks/payments/{provider}",
                "/api/v1/webhooks/carriers/{carrier}",
                "/api/v1/ops/sagas", "/api/v1/ops/journal", "/api/v1/ops/alerts", "/api/v1/ops/dead-letters",
                "/dev/token", "/health/live",
            },
            paths);
        Assert.Equal("bk_ok",
            document["components"]!["schemas"]!["OrderBody"]!["examples"]![0]!["paymentMethod"].Text("billingKey"));
    }

    [Theory]
    [InlineData("/docs/index.html")]
    [InlineData("/health/live")]
    [InlineData("/health/ready")]
    public async Task Docs_and_health_answer_anybody(string path) =>
        (await Person.Anonymous(_shop).Get(path)).Expect(200);

    [Fact]
    public async Task An_order_can_wait_for_its_outcome_and_says_where_it_is()
    {
        var customer = await _shop.Customer();
        var waited = await customer.Post("orders", new OrderForm().Json(), ("Prefer", "wait=30"));
        var order = customer.Of(waited.Expect(201));
        Assert.Equal("wait=30", waited.Headers.GetValues("Preference-Applied").Single());
        Assert.Equal(("completed", "preparing"), (Text(waited, "sagaStatus"), Text(waited, "status")));
        Assert.Equal($"/api/v1/orders/{order.OrderId}", waited.Headers.Location!.ToString());
        Assert.Equal(order.OrderId, Text(await customer.Get(waited.Headers.Location!.ToString()), "orderId"));

        var declined = await customer.Post("orders", new OrderForm("bk_declined").Json(), ("Prefer", "wait=30"));
        customer.Of(declined.Expect(201));
        Assert.Equal(("cancelled", "cancelled"), (Text(declined, "sagaStatus"), Text(declined, "status")));
        Assert.NotEmpty(Text(declined, "reason"));

        var atOnce = await customer.Post("orders", new OrderForm().Json());
        customer.Of(atOnce.Expect(201));
        Assert.Equal("pending", Text(atOnce, "status"));
        Assert.False(atOnce.Headers.Contains("Preference-Applied"));
    }

    [Fact]
    public async Task An_order_is_priced_by_the_price_list_and_numbered()
    {
        var customer = await _shop.Customer();
        var order = (await customer.Post("orders",
            new OrderForm { ProductId = "P-1002", Quantity = 2 }.Json())).Expect(201).Data;
        Assert.Equal((25_800, 3_000, 28_800), (Won("itemsTotal"), Won("shippingFee"), Won("totalAmount")));
        Assert.Matches(@"^ORD-\d{8}-\d{6,}$", order.Text("orderNumber"));

        var dear = (await customer.Post("orders", new OrderForm { ProductId = "P-1004" }.Json())).Expect(201).Data;
        Assert.Equal(0, dear.Won("shippingFee"));

        long Won(string field) => order[field]!.GetValue<long>();
    }

    [Fact]
    public async Task Orders_are_listed_page_by_page_newest_first_and_nobody_elses()
    {
        var customer = await _shop.Customer();
        List<string> placed = [];
        for (var i = 0; i < 5; i++)
        {
            placed.Insert(0, (await customer.Place(new OrderForm())).OrderId);
        }

        List<string> listed = [];
        string? cursor = null;
        do
        {
            var page = (await customer.Get(
                $"orders?limit=2{(cursor is null ? "" : $"&cursor={Uri.EscapeDataString(cursor)}")}")).Expect(200);
            listed.AddRange(page.List.Select(o => o.Text("orderId")));
            cursor = page.Json!["meta"]!["nextCursor"]?.GetValue<string>();
        }
        while (cursor is not null);

        Assert.Equal(placed, listed);
        var all = (await (await _shop.Operator()).Get("orders?limit=100")).Expect(200).List;
        Assert.Superset(placed.ToHashSet(), all.Select(o => o.Text("orderId")).ToHashSet());
    }

    [Fact]
    public async Task A_stranger_sees_no_order_and_an_operator_sees_it_with_the_address_masked()
    {
        var (customer, stranger) = (await _shop.Customer(), await _shop.Customer());
        var order = await customer.Place(new OrderForm());

        Assert.Equal("NOT_FOUND", (await stranger.Get($"orders/{order.OrderId}")).Expect(404).Code);
        Assert.Equal("NOT_FOUND", (await stranger.Cancel(order)).Expect(404).Code);
        Assert.Equal("홍길동", (await customer.Order(order))["shippingAddress"].Text("recipientName"));
        var seen = (await (await _shop.Operator()).Get($"orders/{order.OrderId}")).Expect(200);
        Assert.DoesNotContain("홍길동", seen.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("010-1234-5678", seen.Text, StringComparison.Ordinal);
        await customer.Until(order, "preparing");
        var story = (await (await _shop.Operator()).Get($"ops/journal?orderId={order.OrderId}")).Expect(200).Text;
        Assert.DoesNotContain("홍길동", story, StringComparison.Ordinal);
        Assert.DoesNotContain("bk_ok", story, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Stock_is_adjusted_by_sellers_not_below_what_is_held()
    {
        const string product = "P-2001"; // sold out
        var seller = await Person.SignIn(_shop, "S-02", "seller");
        var adjusted = await seller.Post($"inventory/{product}/adjust",
            new JsonObject { ["delta"] = 3, ["reason"] = "Found in the back." });
        Assert.Equal(3, adjusted.Expect(200).Data.Int("onHand"));
        Assert.Equal(new Stock(3, 0, 3), await Stock.Of(_shop, product));
        var tooMuch = await seller.Post($"inventory/{product}/adjust",
            new JsonObject { ["delta"] = -4, ["reason"] = "Lost." });
        Assert.Equal("BELOW_RESERVED", tooMuch.Expect(409).Code);
        Assert.Equal(new Stock(3, 0, 3), await Stock.Of(_shop, product));
    }

    private static string Text(Answer answer, string field) => answer.Data[field]!.GetValue<string>();
}
