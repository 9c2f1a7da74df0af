using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using DoaMarket.EndToEnd.Harness;

namespace DoaMarket.EndToEnd;

/// <summary>Who is let in, and as what. The tokens are made here, signed with the shop's own key.</summary>
[Collection(typeof(OnTheHoldingShop))]
public sealed class TokenTests(HoldingShop fixture)
{
    private static readonly Dictionary<string, Action<JsonObject>> Faults = new(StringComparer.Ordinal)
    {
        ["expired"] = t => (t["nbf"], t["exp"]) = (In(TimeSpan.FromHours(-3)), In(TimeSpan.FromHours(-2))),
        ["not yet valid"] = t => (t["nbf"], t["exp"]) = (In(TimeSpan.FromHours(2)), In(TimeSpan.FromHours(3))),
        ["for ever"] = t => t.Remove("exp"),
        ["of another issuer"] = t => t["iss"] = "another-market",
        ["of no issuer"] = t => t.Remove("iss"),
        ["for another audience"] = t => t["aud"] = "another-audience",
        ["for no audience"] = t => t.Remove("aud"),
        ["of a role that there is not"] = t => t["role"] = "admin",
        ["of a role in other case"] = t => t["role"] = "Operator",
        ["of no role"] = t => t.Remove("role"),
        ["of nobody"] = t => t.Remove("sub"),
        ["of nobody with a name"] = t => t["sub"] = "",
    };

    private readonly Shop _shop = fixture.Shop;

    public static TheoryData<string> FaultNames => [.. Faults.Keys];

    [Theory]
    [MemberData(nameof(FaultNames))]
    public async Task A_token_with_a_fault_lets_nobody_in_whatever_its_role(string fault)
    {
        foreach (var role in new[] { "customer", "seller", "operator", "service" })
        {
            var nobody = new Person(_shop, "u-token", Token(role, Faults[fault]));
            foreach (var path in new[] { "orders", "payments", "stats/sales", "ops/alerts", "ops/sagas" })
            {
                Assert.Equal("UNAUTHORIZED", (await nobody.Get(path)).Expect(401).Code);
            }

            Assert.Equal("UNAUTHORIZED", (await nobody.Post("orders", new OrderForm().Json())).Expect(401).Code);
        }
    }

    [Fact]
    public async Task A_token_signed_with_another_key_or_in_another_way_lets_nobody_in()
    {
        var key = Key();
        string[] tokens =
        [
            Token("customer", key: RandomNumberGenerator.GetBytes(32)),
            Signed("HS512", Claims("customer"), HMACSHA512.HashData, key),
        ];
        foreach (var token in tokens)
        {
            Assert.Equal("UNAUTHORIZED", (await new Person(_shop, "u-token", token).Get("orders")).Expect(401).Code);
        }
    }

    [Fact]
    public async Task Orders_are_placed_by_customers_alone()
    {
        foreach (var role in new[] { "seller", "operator", "service" })
        {
            var other = new Person(_shop, "u-token", Token(role));
            (await other.Get("orders")).Expect(200); // it is a good token
            Assert.Equal("FORBIDDEN", (await other.Post("orders", new OrderForm().Json())).Expect(403).Code);
        }

        var customer = new Person(_shop, "u-token", Token("customer"));
        var order = await customer.Place(new OrderForm());
        Assert.Equal(order.OrderId, Assert.Single((await customer.Get("orders")).Expect(200).List).Text("orderId"));
    }

    private string Token(string role, Action<JsonObject>? change = null, byte[]? key = null)
    {
        var claims = Claims(role);
        change?.Invoke(claims);
        return Signed("HS256", claims, HMACSHA256.HashData, key ?? Key());
    }

    private byte[] Key() => Convert.FromBase64String(File.ReadAllText(Path.Combine(_shop.Data, "keys", "token.key")));

    private static JsonObject Claims(string role) => new()
    {
        ["iss"] = "doa-market",
        ["aud"] = "doa-market-orders",
        ["sub"] = "u-token",
        ["role"] = role,
        ["nbf"] = In(TimeSpan.FromMinutes(-1)),
        ["exp"] = In(TimeSpan.FromHours(1)),
    };

    private static string Signed(
        string algorithm, JsonObject claims, Func<byte[], byte[], byte[]> sign, byte[] key)
    {
        var head = new JsonObject { ["alg"] = algorithm, ["typ"] = "JWT" };
        var text = $"{Part(head)}.{Part(claims)}";
        return $"{text}.{Base64Url.EncodeToString(sign(key, Encoding.ASCII.GetBytes(text)))}";

        static string Part(JsonObject json) => Base64Url.EncodeToString(Encoding.UTF8.GetBytes(json.ToJsonString()));
    }

    private static long In(TimeSpan time) => (DateTimeOffset.UtcNow + time).ToUnixTimeSeconds();
}
