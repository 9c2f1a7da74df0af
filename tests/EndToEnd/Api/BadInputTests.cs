using System.Text;
using System.Text.Json.Nodes;
using DoaMarket.EndToEnd.Harness;

namespace DoaMarket.EndToEnd;

/// <summary>A request that cannot be an order, and what is said about it.</summary>
internal sealed record Wrong(string Name, string Body, string Field, string Code = "INVALID_JSON", int Status = 400);

/// <summary>Whatever is sent in: a clear 4xx in the envelope that names the field, and nothing has changed.</summary>
[Collection(typeof(OnTheHoldingShop))]
public sealed class BadInputTests(HoldingShop fixture)
{
    private const string Field = "INVALID_FIELD", Whole = "$";

    private static readonly Wrong[] Orders =
    [
        new("unknown_member", With(o => o["coupon"] = "FREE"), "coupon"),
        new("price_of_one's_own", With(o => Item(o)["price"] = 1), "items[0].price"),
        new("member_in_other_case", Text().Replace("\"items\"", "\"Items\"", StringComparison.Ordinal), "Items"),
        new("duplicate_member", Text()[..^1] + ",\"deliveryMemo\":\"a\",\"deliveryMemo\":\"b\"}", "deliveryMemo"),
        new("duplicate_quantity",
            Text().Replace("\"quantity\":1", "\"quantity\":1,\"quantity\":2", StringComparison.Ordinal),
            "items[0].quantity"),
        new("quantity_as_text", With(o => Item(o)["quantity"] = "1"), "items[0].quantity"),
        new("half_a_piece", With(o => Item(o)["quantity"] = 1.5), "items[0].quantity"),
        new("quantity_beyond_an_int", With(o => Item(o)["quantity"] = 99_999_999_999), "items[0].quantity"),
        new("quantity_null", With(o => Item(o)["quantity"] = null), "items[0].quantity"),
        new("quantity_zero", With(o => Item(o)["quantity"] = 0), "items[0].quantity", Field),
        new("quantity_negative", With(o => Item(o)["quantity"] = -1), "items[0].quantity", Field),
        new("quantity_1000", With(o => Item(o)["quantity"] = 1000), "items[0].quantity", Field),
        new("1000_of_a_product_in_two_lines", With(o => Lines(o, 2, line => line["quantity"] = 500)),
            "items[1].quantity", "INVALID_QUANTITY"),
        new("items_null", With(o => o["items"] = null), "items"),
        new("items_no_list", With(o => o["items"] = new JsonObject()), "items"),
        new("items_empty", With(o => o["items"] = new JsonArray()), "items", Field),
        new("line_null", With(o => o["items"] = new JsonArray((JsonNode?)null)), "items[0]", Field),
        new("41_lines", With(o => Lines(o, 41, _ => { })), "items", Field),
        new("unknown_product", With(o => Item(o)["productId"] = "P-9999"), "items[0].productId", "UNKNOWN_PRODUCT"),
        new("unknown_variant", With(o => Item(o)["variantId"] = "XXL"), "items[0].productId", "UNKNOWN_PRODUCT"),
        new("variant_left_out", With(o => Item(o)["productId"] = "P-1003"), "items[0].productId", "UNKNOWN_PRODUCT"),
        new("product_empty", With(o => Item(o)["productId"] = ""), "items[0].productId", Field),
        new("items_missing", With(o => o.Remove("items")), "items"),
        new("quantity_missing", With(o => Item(o).Remove("quantity")), "items[0].quantity"),
        new("phone_missing", With(o => Address(o).Remove("phone")), "shippingAddress.phone"),
        new("address_missing", With(o => o.Remove("shippingAddress")), "shippingAddress"),
        new("address_null", With(o => o["shippingAddress"] = null), "shippingAddress"),
        new("name_null", With(o => Address(o)["recipientName"] = null), "shippingAddress.recipientName"),
        new("name_blank", With(o => Address(o)["recipientName"] = "  "), "shippingAddress.recipientName", Field),
        new("name_too_long", With(o => Address(o)["recipientName"] = new string('x', 51)),
            "shippingAddress.recipientName", Field),
        new("name_with_a_line_break", With(o => Address(o)["recipientName"] = "a\nb"),
            "shippingAddress.recipientName", Field),
        new("name_with_NUL", With(o => Address(o)["recipientName"] = "a\0b"), "shippingAddress.recipientName"),
        new("half_a_surrogate_pair",
            Text().Replace("\"address\":\"", "\"address\":\"\\ud800", StringComparison.Ordinal),
            "shippingAddress.address"),
        new("phone_in_words", With(o => Address(o)["phone"] = "call me"), "shippingAddress.phone", Field),
        new("postal_code_of_four_digits", With(o => Address(o)["postalCode"] = "4524"), "shippingAddress.postalCode",
            Field),
        new("cash", With(o => Payment(o)["type"] = "cash"), "paymentMethod.type", Field),
        new("no_key", With(o => Payment(o).Remove("billingKey")), "paymentMethod.billingKey", Field),
        new("two_keys", With(o => Payment(o)["paymentKey"] = "pk_ok"), "paymentMethod.billingKey", Field),
        new("account_without_a_way_back", With(o => o["paymentMethod"] = Account(back: false)),
            "paymentMethod.refundReceiveAccount", Field),
        new("account_without_a_bank", With(o =>
        {
            o["paymentMethod"] = Account(back: true);
            Payment(o).Remove("bank");
        }), "paymentMethod.bank", Field),
        new("account_and_a_card", With(o =>
        {
            o["paymentMethod"] = Account(back: true);
            Payment(o)["billingKey"] = "bk_ok";
        }), "paymentMethod.billingKey", Field),
        new("memo_too_long", With(o => o["deliveryMemo"] = new string('x', 201)), "deliveryMemo", Field),
        new("depth_beyond_32", With(o => o["deliveryMemo"] = Deep(33)), "deliveryMemo"),
        new("nothing", "", Whole),
        new("null", "null", Whole),
        new("a_list", "[]", Whole),
        new("a_text", "\"order\"", Whole),
        new("half_a_body", Text()[..40], Whole),
        new("two_bodies", Text() + Text(), Whole),
        new("a_comment", "/* please */" + Text(), Whole),
        new("a_trailing_comma", Text()[..^1] + ",}", Whole),
    ];

    private readonly Shop _shop = fixture.Shop;

    public static TheoryData<string> OrderNames => [.. Orders.Select(w => w.Name)];

    [Theory]
    [MemberData(nameof(OrderNames))]
    public async Task What_cannot_be_an_order_is_refused_by_name_and_changes_nothing(string name)
    {
        var wrong = Orders.Single(w => w.Name == name);
        var customer = await _shop.Customer();
        var answer = await customer.Send(HttpMethod.Post, "orders", Person.Content(wrong.Body),
            ("Accept-Language", "en"));

        AssertRefused(answer, wrong.Status, wrong.Code);
        Assert.StartsWith(wrong.Name == "depth_beyond_32" ? "" : wrong.Field, answer.Field, StringComparison.Ordinal);
        Assert.DoesNotContain("DoaMarket.", answer.Text, StringComparison.Ordinal); // nobody outside knows our types
        await AssertNoOrders(customer);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_body_over_64_KiB_is_refused_whether_or_not_its_length_is_announced(bool announced)
    {
        var customer = await _shop.Customer();
        var body = With(o => o["deliveryMemo"] = new string('x', 70_000));
        using HttpContent content = announced ? Person.Content(body) : new Streamed(body);
        AssertRefused(await customer.Send(HttpMethod.Post, "orders", content), 413, "BODY_TOO_LARGE");
        await AssertNoOrders(customer);
    }

    [Theory]
    [InlineData("text/plain")]
    [InlineData("application/x-www-form-urlencoded")]
    [InlineData("application/xml")]
    [InlineData(null)]
    public async Task Only_json_is_read(string? mediaType)
    {
        var customer = await _shop.Customer();
        using var content = Person.Content(Text());
        content.Headers.ContentType = mediaType is null ? null : new(mediaType);
        AssertRefused(await customer.Send(HttpMethod.Post, "orders", content), 415, "UNSUPPORTED_MEDIA_TYPE");
        await AssertNoOrders(customer);
    }

    [Fact]
    public async Task Text_that_is_no_utf8_is_refused()
    {
        var customer = await _shop.Customer();
        byte[] bytes = [.. Encoding.UTF8.GetBytes(Text()).Select(b => b == (byte)'P' ? (byte)0xFF : b)];
        using var content = new ByteArrayContent(bytes);
        content.Headers.ContentType = new("application/json");
        AssertRefused(await customer.Send(HttpMethod.Post, "orders", content), 400, "INVALID_JSON");
        await AssertNoOrders(customer);
    }

    [Theory]
    [InlineData("a b")]
    [InlineData("열쇠")]
    [InlineData("")]
    public async Task An_idempotency_key_that_is_none_is_refused(string key)
    {
        var customer = await _shop.Customer();
        foreach (var wrong in new[] { key, new string('k', 201) })
        {
            var answer = await customer.Post("orders", new OrderForm().Json(), ("Idempotency-Key", wrong));
            AssertRefused(answer, 400, Field);
            Assert.Equal("Idempotency-Key", answer.Field);
        }

        await AssertNoOrders(customer);
    }

    [Fact]
    public async Task Without_a_genuine_token_nobody_orders()
    {
        var customer = await _shop.Customer();
        var parts = customer.Token!.Split('.');
        var unsigned = Convert.ToBase64String("""{"alg":"none","typ":"JWT"}"""u8).TrimEnd('=') + $".{parts[1]}.";
        string?[] tokens = [null, "garbage", unsigned, $"{parts[0]}.{parts[1]}.{new string('A', parts[2].Length)}"];
        foreach (var token in tokens)
        {
            var nobody = new Person(_shop, "", token);
            AssertRefused(await nobody.Post("orders", new OrderForm().Json()), 401, "UNAUTHORIZED");
        }

        await AssertNoOrders(customer);
    }

    [Theory]
    [InlineData("ops/sagas")]
    [InlineData("ops/alerts")]
    [InlineData("ops/queues")]
    [InlineData("ops/dead-letters")]
    [InlineData("ops/breakers")]
    [InlineData("ops/journal?orderId=01a2036e-8298-885f-beb1-50e5b4142a00")]
    public async Task Customers_and_sellers_do_not_operate(string path)
    {
        AssertRefused(await (await _shop.Customer()).Get(path), 403, "FORBIDDEN");
        AssertRefused(await (await Person.SignIn(_shop, "seller-1", "seller")).Get(path), 403, "FORBIDDEN");
        AssertRefused(await Person.Anonymous(_shop).Get(path), 401, "UNAUTHORIZED");
    }

    [Fact]
    public async Task Customers_do_not_change_the_stock()
    {
        var before = await Stock.Of(_shop, "P-1002");
        var adjust = new JsonObject { ["delta"] = 1, ["reason"] = "I want more." };
        AssertRefused(await (await _shop.Customer()).Post("inventory/P-1002/adjust", adjust), 403, "FORBIDDEN");
        Assert.Equal(before.OnHand, (await Stock.Of(_shop, "P-1002")).OnHand);
    }

    [Theory]
    [InlineData("orders?limit=0", "limit")]
    [InlineData("orders?limit=101", "limit")]
    [InlineData("orders?limit=x", "limit")]
    [InlineData("orders?cursor=garbage", "cursor")]
    [InlineData("orders?cursor=WzFd", "cursor")]
    [InlineData("orders?cursor=W1sxXSxbMl1d", "cursor")]
    [InlineData("orders?cursor=e30=", "cursor")]
    [InlineData("orders?status=nonsense", "status")]
    [InlineData("orders?from=yesterday", "from")]
    [InlineData("ops/sagas?status=nonsense", "status")]
    [InlineData("ops/sagas?cursor=garbage", "cursor")]
    [InlineData("ops/dead-letters?limit=0", "limit")]
    [InlineData("ops/journal", "correlationId")]
    [InlineData("ops/journal?orderId=x", "correlationId")]
    public async Task A_wrong_parameter_is_named(string path, string field)
    {
        var answer = await (await _shop.Operator()).Get(path);
        AssertRefused(answer, 400, Field);
        Assert.Equal(field, answer.Field);
    }

    [Theory]
    [InlineData("GET", "orders/not-an-id", 404, "NOT_FOUND")]
    [InlineData("GET", "orders/01a2036e-8298-885f-beb1-50e5b4142a00", 404, "NOT_FOUND")]
    [InlineData("GET", "ops/sagas/01a2036e-8298-885f-beb1-50e5b4142a00", 404, "NOT_FOUND")]
    [InlineData("GET", "inventory/P-9999", 404, "NOT_FOUND")]
    [InlineData("GET", "shipping/track/1", 404, "NOT_FOUND")]
    [InlineData("GET", "nowhere", 404, "NOT_FOUND")]
    [InlineData("DELETE", "orders", 405, "METHOD_NOT_ALLOWED")]
    [InlineData("GET", "ops/alerts?all=maybe", 400, "INVALID_PARAMETER")]
    public async Task What_is_not_there_is_told_in_the_envelope(string method, string path, int status, string code) =>
        AssertRefused(await (await _shop.Operator()).Send(new HttpMethod(method), path, null), status, code);

    [Theory]
    [InlineData("""{"reason":" "}""", "INVALID_FIELD", "reason")]
    [InlineData("""{"reason":null}""", "INVALID_JSON", "reason")]
    [InlineData("""{"reason":1}""", "INVALID_JSON", "reason")]
    [InlineData("""{"reason":"x","by":"me"}""", "INVALID_JSON", "by")]
    [InlineData("{}", "INVALID_JSON", "reason")]
    [InlineData("", "INVALID_JSON", "$")]
    public async Task A_cancel_without_a_proper_reason_cancels_nothing(string body, string code, string field)
    {
        var customer = await _shop.Customer();
        var order = await customer.Place(new OrderForm());
        await customer.Until(order, "preparing");
        var answer = await customer.Send(HttpMethod.Post, $"orders/{order.OrderId}/cancel", Person.Content(body));
        AssertRefused(answer, 400, code);
        Assert.Equal(field, answer.Field);
        Assert.Equal("preparing", await customer.StatusOf(order));
    }

    [Fact]
    public async Task Messages_are_korean_unless_english_is_preferred()
    {
        var customer = await _shop.Customer();
        Assert.Contains("로그인", Message(await Person.Anonymous(_shop).Get("orders")), StringComparison.Ordinal);
        Assert.Contains("limit",
            Message(await customer.Get("orders?limit=0", ("Accept-Language", "fr, en;q=0.8, ko;q=0.5"))),
            StringComparison.Ordinal);
        Assert.StartsWith("Sign in",
            Message(await Person.Anonymous(_shop).Get("orders", ("Accept-Language", "en-US"))),
            StringComparison.Ordinal);

        static string Message(Answer answer) => answer.Json!["error"].Text("message");
    }

    private static void AssertRefused(Answer answer, int status, string code)
    {
        answer.Expect(status);
        Assert.True(answer.Json is JsonObject, $"No envelope: {answer}");
        Assert.False(answer.Json["success"]!.GetValue<bool>());
        Assert.Equal(code, answer.Code);
        Assert.NotEmpty(answer.Json["error"].Text("message"));
        Assert.NotEmpty(answer.Json["error"].Text("traceId"));
        Assert.NotEmpty(answer.Json.Text("timestamp"));
    }

    private static async Task AssertNoOrders(Person customer) =>
        Assert.Empty((await customer.Get("orders")).Expect(200).List);

    private static string Text() => new OrderForm().Json().ToJsonString();

    private static string With(Action<JsonObject> change)
    {
        var order = new OrderForm().Json();
        change(order);
        return order.ToJsonString();
    }

    private static JsonObject Item(JsonObject order) => order["items"]![0]!.AsObject();

    private static JsonObject Address(JsonObject order) => order["shippingAddress"]!.AsObject();

    private static JsonObject Payment(JsonObject order) => order["paymentMethod"]!.AsObject();

    private static JsonObject Account(bool back)
    {
        var method = new OrderForm { DepositBy = "va_no_deposit" }.Json()["paymentMethod"]!.DeepClone().AsObject();
        if (!back)
        {
            method.Remove("refundReceiveAccount");
        }

        return method;
    }

    private static void Lines(JsonObject order, int count, Action<JsonObject> change)
    {
        var first = Item(order).DeepClone();
        order["items"] = new JsonArray([.. Enumerable.Range(0, count).Select(_ =>
        {
            var line = first.DeepClone().AsObject();
            change(line);
            return line;
        })]);
    }

    private static JsonArray Deep(int depth) => depth == 1 ? [] : [Deep(depth - 1)];

    /// <summary>A body whose length is not known beforehand: it goes out in chunks.</summary>
    private sealed class Streamed : StreamContent
    {
        public Streamed(string text)
            : base(new MemoryStream(Encoding.UTF8.GetBytes(text))) =>
            Headers.ContentType = new("application/json");

        protected override bool TryComputeLength(out long length)
        {
            length = 0;
            return false;
        }
    }
}
