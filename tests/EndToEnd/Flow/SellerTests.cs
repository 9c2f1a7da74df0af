using System.Text.Json.Nodes;
using DoaMarket.EndToEnd.Harness;

namespace DoaMarket.EndToEnd;

/// <summary>Orders with several sellers: each sees own lines and an own share of the money.</summary>
[Collection(typeof(OnTheHoldingShop))]
public sealed class SellerTests(HoldingShop fixture)
{
    private readonly Shop _shop = fixture.Shop;

    [Fact]
    public async Task Each_seller_sees_a_sub_order_of_its_own_and_the_parts_add_up_to_the_won()
    {
        var customer = await _shop.Customer();
        var order = await customer.PlaceLines(("P-1002", null, 1), ("P-1003", "M", 1)); // 12,900 of S-02, 19,900 of S-03
        Assert.Equal(12_900 + 19_900 + 3_000, order.Total);
        await customer.Until(order, "preparing");

        var views = new List<JsonNode>();
        foreach (var (id, product) in ((string, string)[])[("S-02", "P-1002"), ("S-03", "P-1003")])
        {
            var seller = await Person.SignIn(_shop, id, "seller");
            var view = (await seller.Get($"orders/{order.OrderId}")).Expect(200).Data;
            Assert.Equal([product], view.List("items").Select(i => i.Text("productId")));
            var listed = (await seller.Get("orders?status=preparing&limit=100")).Expect(200).List;
            Assert.Contains(listed, o => o.Text("subOrderNumber") == view.Text("subOrderNumber"));
            foreach (var secret in (string[])["bk_ok", "홍길동", "010-1234", "세종대로", customer.UserId])
            {
                Assert.DoesNotContain(secret, view.ToJsonString(), StringComparison.Ordinal);
            }

            views.Add(view);
        }

        Assert.Equal(order.Total, views.Sum(v => v.Won("amount")));
        Assert.Equal(order.Total, views.Sum(v => v.Won("paidAmount")));
        Assert.Equal(3_000, views.Sum(v => v.Won("shippingFee")));
        var number = (await customer.Order(order)).Text("orderNumber");
        Assert.Equal([number + "-1", number + "-2"], views.Select(v => v.Text("subOrderNumber")));
        (await (await Person.SignIn(_shop, "S-04", "seller")).Get($"orders/{order.OrderId}")).Expect(404);
        (await (await Person.SignIn(_shop, "S-02", "customer")).Get($"orders/{order.OrderId}")).Expect(404);
    }

    [Fact]
    public async Task A_sellers_list_is_paged_by_a_cursor_and_narrowed_by_dates()
    {
        var customer = await _shop.Customer();
        var orders = new List<string>();
        for (var i = 0; i < 3; i++)
        {
            orders.Add((await customer.PlaceLines(("P-1005", null, 1))).OrderId);
        }

        var seller = await Person.SignIn(_shop, "S-04", "seller");
        var seen = new List<string>();
        for (string? cursor = ""; cursor is not null && seen.Count < orders.Count;)
        {
            var page = (await seller.Get($"orders?limit=1&cursor={Uri.EscapeDataString(cursor)}")).Expect(200);
            seen.Add(Assert.Single(page.List).Text("orderId"));
            cursor = page.Json!["meta"]!["nextCursor"]?.GetValue<string>();
        }

        Assert.Equal(orders.AsEnumerable().Reverse(), seen);
        Assert.Empty((await seller.Get("orders?to=2020-01-01T00:00:00Z")).Expect(200).List);
    }

    [Fact]
    public async Task A_price_that_its_seller_changes_is_what_the_next_order_costs_and_no_earlier_one()
    {
        var customer = await _shop.Customer();
        var before = await customer.PlaceLines(("P-1003", "S", 1));
        var change = new JsonObject { ["price"] = 18_900, ["variantId"] = "S", ["reason"] = "봄 할인" };
        var wrong = await Person.SignIn(_shop, "S-01", "seller");
        (await wrong.Send(HttpMethod.Patch, "products/P-1003", Person.Content(change.ToJsonString()))).Expect(404);
        (await customer.Send(HttpMethod.Patch, "products/P-1003", Person.Content(change.ToJsonString()))).Expect(403);
        var seller = await Person.SignIn(_shop, "S-03", "seller");
        var changed = await seller.Send(HttpMethod.Patch, "products/P-1003", Person.Content(change.ToJsonString()));
        Assert.Equal(18_900, changed.Expect(200).Data.Won("price"));
        Assert.Equal(18_900 + 3_000, (await customer.PlaceLines(("P-1003", "S", 1))).Total);
        Assert.Equal(19_900 + 3_000, (await customer.Order(before)).Won("totalAmount"));
        change["price"] = 19_900;
        (await seller.Send(HttpMethod.Patch, "products/P-1003", Person.Content(change.ToJsonString()))).Expect(200);
        change["price"] = -1;
        Assert.Equal(
            "price",
            (await seller.Send(HttpMethod.Patch, "products/P-1003", Person.Content(change.ToJsonString()))).Expect(400).Field);
    }

    [Fact]
    public async Task Why_an_order_was_cancelled_is_told_in_the_readers_language()
    {
        var customer = await _shop.Customer();
        var order = await customer.Place(new OrderForm { ProductId = "P-3001", Quantity = 101 }); // there are 100
        await customer.Until(order, "cancelled");
        var korean = (await customer.Get($"orders/{order.OrderId}")).Expect(200).Data["cancelReason"];
        Assert.Equal(("insufficient_stock", "상품의 재고가 부족합니다."), (korean.Text("code"), korean.Text("message")));
        var english = (await customer.Get($"orders/{order.OrderId}", ("Accept-Language", "en"))).Data["cancelReason"];
        Assert.Equal("The items are out of stock.", english.Text("message"));
    }
}
