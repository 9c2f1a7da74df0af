using System.Text.Json.Nodes;
using DoaMarket.EndToEnd.Harness;

namespace DoaMarket.EndToEnd;

/// <summary>The price list, and what a changed price does to orders that have been placed.</summary>
[Collection(typeof(OnTheHoldingShop))]
public sealed class ProductTests(HoldingShop fixture)
{
    private const string Tumbler = "P-1002";
    private const long TumblerPrice = 12_900;

    private readonly Shop _shop = fixture.Shop;

    [Fact]
    public async Task Anybody_sees_what_there_is_what_it_costs_and_how_much_is_left()
    {
        var products = (await Person.Anonymous(_shop).Get("products?limit=100")).Expect(200).List;
        var shirt = products.Single(p => p.Text("productId") == "P-1003" && p.Text("variantId") == "M")!;
        Assert.Equal(19_900, shirt.Won("price"));
        Assert.NotEmpty(shirt.Text("name"));
        Assert.Equal((await Stock.Of(_shop, "P-1003", "M")).Available, shirt.Int("available"));
        Assert.Null(products.Single(p => p.Text("productId") == Tumbler)!["variantId"]);

        var customer = await _shop.Customer();
        var order = await customer.Place(new OrderForm { ProductId = "P-1003", VariantId = "M", Quantity = 2 });
        await customer.Until(order, "preparing");
        var after = (await Person.Anonymous(_shop).Get("products?limit=100")).Expect(200).List
            .Single(p => p.Text("productId") == "P-1003" && p.Text("variantId") == "M");
        Assert.Equal(shirt.Int("available") - 2, after.Int("available"));
    }

    [Fact]
    public async Task The_price_list_is_walked_page_by_page_and_nothing_is_left_out()
    {
        var nobody = Person.Anonymous(_shop);
        var all = (await nobody.Get("products?limit=100")).Expect(200);
        Assert.Null(all.Json!["meta"]!["nextCursor"]);
        List<string> walked = [];
        for (string? cursor = ""; cursor is not null;)
        {
            var page = (await nobody.Get($"products?limit=4&cursor={Uri.EscapeDataString(cursor)}")).Expect(200);
            Assert.InRange(page.List.Count, 1, 4);
            walked.AddRange(page.List.Select(Name));
            cursor = page.Json!["meta"]!["nextCursor"]?.GetValue<string>();
        }

        Assert.Equal(all.List.Select(Name), walked);
        Assert.Equal(9, walked.Distinct().Count());
        foreach (var (wrong, field) in new[] { ("limit=0", "limit"), ("limit=101", "limit"), ("cursor=garbage", "cursor") })
        {
            Assert.Equal(field, (await nobody.Get($"products?{wrong}")).Expect(400).Field);
        }

        static string Name(JsonNode? product) => $"{product.Text("productId")}/{product!["variantId"]}";
    }

    [Fact]
    public async Task An_order_keeps_its_prices_and_a_partial_cancel_that_would_cost_the_customer_is_refused()
    {
        var customer = await _shop.Customer();
        Placed order;
        await Price(1_000);
        try
        {
            order = await customer.PlaceLines(("P-1001", null, 1), (Tumbler, null, 11));
        }
        finally
        {
            await Price(TumblerPrice);
        }

        // 39,000 + 11 × 1,000: just enough for a free parcel, which costs 3,000 with one tumbler less.
        Assert.Equal(50_000, order.Total);
        await customer.Until(order, "preparing");
        var refused = (await customer.CancelItems(order, (Tumbler, null, 1))).Expect(409);
        Assert.Equal("REFUND_WOULD_BE_NEGATIVE", refused.Code);
        Assert.Empty((await customer.Order(order)).List("amends"));

        var promised = (await customer.CancelItems(order, (Tumbler, null, 4))).Expect(202).Data;
        Assert.Equal((1_000, 49_000), (promised.Won("refundAmount"), promised.Won("remainingAmount")));
        await PartialCancelTests.UntilAmend(customer, order, "completed");
        Assert.Equal(49_000, (await _shop.Sandbox.Pg(order)).Net);
    }

    private async Task Price(long won) => (await (await _shop.Operator()).Patch(
        $"products/{Tumbler}", new JsonObject { ["price"] = won, ["reason"] = "a test of prices" })).Expect(200);
}
