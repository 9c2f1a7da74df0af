using System.Text.Json.Nodes;
using DoaMarket.EndToEnd.Harness;

namespace DoaMarket.EndToEnd;

/// <summary>The same request many times, and many requests for the same thing.</summary>
[Collection(typeof(OnTheHoldingShop))]
[Trait(Ground.Gate, Ground.Postgres)]
public sealed class IdempotencyTests(HoldingShop fixture)
{
    private readonly Shop _shop = fixture.Shop;

    [Fact]
    public async Task Fifty_posts_at_once_under_one_key_make_one_order()
    {
        const int posts = 50;
        var customer = await _shop.Customer();
        var key = ("Idempotency-Key", $"key-{customer.UserId}");
        var answers = await Task.WhenAll(Enumerable.Range(0, posts)
            .Select(_ => Person.Patiently(() => customer.Post("orders", new OrderForm().Json(), key))));

        var orders = answers.Select(a => customer.Of(a.Expect(201))).Distinct().ToList();
        var order = Assert.Single(orders);
        Assert.Equal(1, answers.Count(a => !a.Headers.Contains("Idempotent-Replayed")));
        Assert.Single((await customer.Get("orders")).Expect(200).List);
        await customer.Until(order, "preparing");
        Assert.Equal(1, (await _shop.Sandbox.Pg(order)).Captures);
    }

    [Fact]
    public async Task A_key_is_bound_to_its_body_and_to_its_customer()
    {
        var (customer, somebodyElse) = (await _shop.Customer(), await _shop.Customer());
        var key = ("Idempotency-Key", $"key-{customer.UserId}");
        var first = customer.Of((await customer.Post("orders", new OrderForm().Json(), key)).Expect(201));

        var reused = await customer.Post("orders", new OrderForm { Quantity = 2 }.Json(), key);
        Assert.Equal("IDEMPOTENCY_KEY_REUSED", reused.Expect(422).Code);
        var sameInOtherWords = JsonNode.Parse(new OrderForm().Json().ToJsonString())!.AsObject();
        var payment = sameInOtherWords["paymentMethod"]!.DeepClone();
        sameInOtherWords.Remove("paymentMethod");
        sameInOtherWords.Insert(0, "paymentMethod", payment);
        Assert.Equal(first, customer.Of((await customer.Post("orders", sameInOtherWords, key)).Expect(201)));
        Assert.Single((await customer.Get("orders")).Expect(200).List);

        var theirs = somebodyElse.Of(
            (await somebodyElse.Post("orders", new OrderForm { Quantity = 2 }.Json(), key)).Expect(201));
        Assert.NotEqual(first.OrderId, theirs.OrderId);
    }

    [Fact]
    public async Task Three_hundred_orders_at_once_for_a_hundred_pieces_sell_exactly_a_hundred()
    {
        const int orders = 300, pieces = 100;
        const string product = "P-3001";
        var customer = await _shop.Customer();
        var placed = await Task.WhenAll(
            Enumerable.Range(0, orders).Select(_ => customer.Place(new OrderForm { ProductId = product })));

        var ends = new List<string>();
        foreach (var order in placed)
        {
            ends.Add(await Eventually.Is("the order's end", () => customer.StatusOf(order),
                s => s is "preparing" or "cancelled"));
        }

        Assert.Equal(pieces, ends.Count(s => s == "preparing"));
        Assert.Equal(orders - pieces, ends.Count(s => s == "cancelled"));
        await Eventually.Is("the shelf to be empty", () => Stock.Of(_shop, product),
            stock => stock == new Stock(OnHand: 0, Reserved: 0, Available: 0));
    }
}
