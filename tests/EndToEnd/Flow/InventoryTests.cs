using System.Text.Json.Nodes;
using DoaMarket.EndToEnd.Harness;

namespace DoaMarket.EndToEnd;

/// <summary>Stock per variant, shortages, and what sellers may do.</summary>
[Collection(typeof(OnTheFastShop))]
public sealed class InventoryTests(FastShop fast)
{
    private const string Keyboard = "P-1004", Shirt = "P-1003";

    private Shop Shop => fast.Shop;

    [Fact]
    public async Task Each_variant_has_stock_of_its_own()
    {
        var customer = await Shop.Customer();
        var (small, medium) = (await Stock.Of(Shop, Shirt, "S"), await Stock.Of(Shop, Shirt, "M"));

        var order = await customer.Place(new OrderForm { ProductId = Shirt, VariantId = "S", Quantity = 2 });
        await customer.Until(order, "delivered");
        (await Adjust(await Seller("S-03"), Shirt, 5, "M")).Expect(200);

        Assert.Equal(new Stock(small.OnHand - 2, 0, small.Available - 2), await Stock.Of(Shop, Shirt, "S"));
        Assert.Equal(new Stock(medium.OnHand + 5, 0, medium.Available + 5), await Stock.Of(Shop, Shirt, "M"));
        Assert.Equal(404, (await Adjust(await Seller("S-03"), Shirt, 1, "XXL")).Status);
    }

    [Fact]
    public async Task A_seller_adjusts_what_is_theirs_an_operator_anything()
    {
        var before = await Stock.Of(Shop, Shirt, "L");

        var foreign = await Adjust(await Seller("S-01"), Shirt, 1, "L");
        Assert.Equal((403, "NOT_YOUR_PRODUCT"), (foreign.Status, foreign.Code));
        (await Adjust(await Seller("S-03"), Shirt, 1, "L")).Expect(200);
        (await Adjust(await Shop.Operator(), Shirt, 1, "L")).Expect(200);

        Assert.Equal(before.OnHand + 2, (await Stock.Of(Shop, Shirt, "L")).OnHand);
    }

    [Fact]
    public async Task An_adjustment_needs_a_reason_which_is_on_record()
    {
        var (before, seller) = (await Stock.Of(Shop, Shirt, "L"), await Seller("S-03"));
        foreach (var (wrong, field) in new[]
        {
            (Body(1, " "), "reason"), (Body(1, new string('x', 201)), "reason"), (Body(0, "counted"), "delta"),
        })
        {
            Assert.Equal(field, (await seller.Post($"inventory/{Shirt}/adjust", wrong)).Expect(400).Field);
        }

        Assert.Equal(before.OnHand, (await Stock.Of(Shop, Shirt, "L")).OnHand);

        var why = $"Found in the back, {Guid.NewGuid()}.";
        (await seller.Post($"inventory/{Shirt}/adjust", Body(2, why))).Expect(200);
        var rows = (await (await Shop.Operator()).Get("ops/audit?service=inventory&limit=100")).Expect(200).List;
        var row = Assert.Single(rows, r => r.Text("reason").Contains(why, StringComparison.Ordinal));
        Assert.Equal(
            ("S-03", "adjust_stock", "P-1003/L"), (row.Text("actor"), row.Text("action"), row.Text("subject")));

        static JsonObject Body(int delta, string reason) =>
            new() { ["variantId"] = "L", ["delta"] = delta, ["reason"] = reason };
    }

    [Fact]
    public async Task Shortages_are_told_once_per_crossing_and_again_after_a_recovery()
    {
        var (customer, seller) = (await Shop.Customer(), await Seller("S-01"));
        await Leave(seller, 12);

        Assert.Equal(["low_stock 10"], await ShortagesOf(customer, quantity: 2)); // its threshold is 10
        Assert.Empty(await ShortagesOf(customer, quantity: 1));
        (await Adjust(seller, Keyboard, 5)).Expect(200);
        Assert.Equal(["low_stock 10"], await ShortagesOf(customer, quantity: 4));
        await Leave(seller, 3);
        Assert.Equal(["out_of_stock"], await ShortagesOf(customer, quantity: 3));

        var tooLate = await customer.Place(new OrderForm { ProductId = Keyboard });
        await customer.Until(tooLate, "cancelled");
        (await Adjust(seller, Keyboard, 1)).Expect(200);
        Assert.Equal(["out_of_stock"], await ShortagesOf(customer, quantity: 1));
        await Leave(seller, 1_000_000);
    }

    [Fact]
    public async Task Less_than_is_held_cannot_be_on_hand()
    {
        const string tumbler = "P-1002";
        var (customer, seller) = (await Shop.Customer(), await Seller("S-02"));
        var order = await customer.Place(
            new OrderForm { ProductId = tumbler, Quantity = 2, DepositBy = "va_no_deposit" });
        await DepositTests.Shown(customer, order);
        var held = await Stock.Of(Shop, tumbler);

        var refused = await Adjust(seller, tumbler, 1 - held.OnHand);

        Assert.Equal((409, "BELOW_RESERVED"), (refused.Status, refused.Code));
        Assert.Equal(held, await Stock.Of(Shop, tumbler));
        await customer.Cancel(order);
        await customer.Until(order, "cancelled");
    }

    private Task<Person> Seller(string id) => Person.SignIn(Shop, id, "seller");

    private static Task<Answer> Adjust(Person person, string product, int delta, string? variant = null)
    {
        var body = new JsonObject { ["delta"] = delta, ["reason"] = "counted" };
        if (variant is not null)
        {
            body["variantId"] = variant;
        }

        return person.Post($"inventory/{product}/adjust", body);
    }

    private async Task Leave(Person seller, int available) =>
        (await Adjust(seller, Keyboard, available - (await Stock.Of(Shop, Keyboard)).Available)).Expect(200);

    private async Task<IReadOnlyList<string>> ShortagesOf(Person customer, int quantity)
    {
        var order = await customer.Place(new OrderForm { ProductId = Keyboard, Quantity = quantity });
        await customer.Until(order, "delivered");
        return
        [
            .. (await Story.Of(Shop, order)).Messages
                .Where(m => m.Type is "inventory.low_stock" or "inventory.out_of_stock")
                .Select(m => m.Type == "inventory.low_stock" ? $"low_stock {m.Data.Int("available")}" : "out_of_stock"),
        ];
    }
}

/// <summary>Sold stock that comes back.</summary>
[Collection(typeof(OnTheHoldingShop))]
public sealed class RestockTests(HoldingShop holding)
{
    [Fact]
    public async Task A_cancelled_order_that_was_paid_puts_its_stock_back_on_the_shelf_once()
    {
        var shop = holding.Shop;
        var customer = await shop.Customer();
        var before = await Stock.Of(shop, "P-1005");
        var order = await customer.Place(new OrderForm { ProductId = "P-1005", Quantity = 3 });
        await customer.Until(order, "preparing");
        await Eventually.Is("the sale", () => Stock.Of(shop, "P-1005"), s => s.OnHand == before.OnHand - 3);

        await customer.Cancel(order);
        await customer.Cancel(order);

        await customer.Until(order, "cancelled");
        Assert.Equal(before, await Stock.Of(shop, "P-1005"));
        Assert.Single((await Story.Of(shop, order)).Types, t => t == "inventory.restocked");
    }
}

/// <summary>A hold that ends before its payment is known.</summary>
public sealed class ExpiryTests
{
    [Fact]
    public async Task A_hold_that_ends_undoes_a_completed_order_too_as_long_as_its_parcel_is_here()
    {
        const string product = "P-1005";
        await using var shop = await Shop.Open(Pace.Enduring.With(("Shipping:HoldBeforeDispatch", "01:00:00")));
        var customer = await shop.Customer();
        var before = await Stock.Of(shop, product);
        var order = await customer.Place(new OrderForm { ProductId = product });
        await customer.Until(order, "preparing");
        await Eventually.Is("the sale", () => Stock.Of(shop, product), s => s == before with
        {
            OnHand = before.OnHand - 1,
            Available = before.Available - 1,
        });

        // As though Inventory had never heard of the payment: the unit is held, and its time is over.
        await shop.Stop();
        var longAgo = DateTimeOffset.UnixEpoch;
        shop.Database.Rewrite(
            "inventory", "reservations", order.OrderId,
            body => (body["status"], body["expiresAt"]) = ("held", "2026-01-01T00:00:00+00:00"),
            ("status", "held"), ("wake_at", longAgo), ("due_at", longAgo));
        shop.Database.Rewrite(
            "inventory", "stock_items", product,
            body => (body["onHand"], body["reserved"]) = (body.Int("onHand") + 1, body.Int("reserved") + 1));
        shop.Database.Remove(
            "inventory", "stock_ledger",
            row => row.Text("reason") == "committed" && row["orderId"]?.GetValue<string>() == order.OrderId);
        await shop.Start();

        await customer.Until(order, "cancelled");
        Assert.Equal(before, await Stock.Of(shop, product));
        Assert.Equal(new PgBooks(Captures: 1, Cancels: 1, Net: 0), await shop.Sandbox.Pg(order));
        Assert.Equal(0, (await shop.Sandbox.Carriers(order)).LiveWaybills);
        (await Story.Of(shop, order)).AssertInOrder(
            "order.completed", "inventory.reservation_expired", "shipping.cancelled", "payment.refunded",
            "inventory.released", "order.cancelled");
    }

    [Fact]
    public async Task A_hold_that_ends_unpaid_frees_the_stock_and_undoes_the_order_whatever_the_payment_becomes()
    {
        await using var shop = await Shop.Open(Pace.Enduring.With(
            ("Inventory:HoldFor", "00:00:02"), ("Inventory:LongestHold", "00:00:02")));
        await Eventually.IsTrue("the warning that no deposit can be awaited", () => Task.FromResult(
            shop.LogTail().Contains("DOA__Inventory__LongestHold=", StringComparison.Ordinal)));
        var customer = await shop.Customer();
        var before = await Stock.Of(shop, "P-1004");
        var key = $"pk_ok_{customer.UserId}";
        Placed order;
        await using (await shop.Sandbox.Fault("pg", "charge", "lose_response", match: key))
        await using (await shop.Sandbox.Fault("pg", "query", "down"))
        {
            order = await customer.Place(new OrderForm { ProductId = "P-1004", PaymentKey = key });
            var story = await Story.With(shop, order, "inventory.reservation_expired");
            story.AssertInOrder("inventory.reserved", "inventory.extend_requested", "inventory.reservation_expired");
            Assert.Equal(before, await Stock.Of(shop, "P-1004"));
            await customer.Until(order, "cancelling");
        }

        await customer.Until(order, "cancelled");
        Assert.Equal(new PgBooks(Captures: 1, Cancels: 1, Net: 0), await shop.Sandbox.Pg(order));
        Assert.Equal(before, await Stock.Of(shop, "P-1004"));
        await shop.AssertAudited();
    }
}
