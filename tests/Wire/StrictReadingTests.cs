using System.Text.Json;
using System.Text.Json.Nodes;
using DoaMarket.Contracts;
using DoaMarket.Kernel;

namespace DoaMarket.Wire;

/// <summary>A message that is not exactly what its type says is refused: guessing what was meant would move money or parcels.</summary>
[Collection("approved files")] // one after another, since an update writes what the others read
public sealed class StrictReadingTests
{
    private static readonly MessageCatalog Catalog = ShopMessages.Catalog;

    /// <summary>
    /// Members that have a default: the records behind them are also the bodies of HTTP requests, which may leave them out,
    /// or the member came later than the message.
    /// </summary>
    private static readonly string[] MayBeMissing =
    [
        "paymentMethod/billingKey", "paymentMethod/paymentKey", "paymentMethod/bank", "paymentMethod/refundReceiveAccount",
        "shippingAddress/addressDetail", "restock",
    ];

    /// <summary>Every message of the shop. The kernel's own alerts go to nobody's queue, so nobody reads them.</summary>
    public static TheoryData<string> WireNames =>
        [.. Catalog.All.Where(t => t.ClrType.Assembly == typeof(ShopMessages).Assembly).Select(t => t.WireName)];

    [Theory]
    [MemberData(nameof(WireNames))]
    public void A_message_with_a_member_too_many_is_refused(string wireName)
    {
        var json = Approved(wireName);
        json["surprise"] = 1;

        var refused = Assert.Throws<JsonException>(() => Catalog.Read(wireName, Bytes(json)));

        Assert.Contains("surprise", refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(WireNames))]
    public void A_message_with_a_member_missing_is_refused_whichever_it_is(string wireName)
    {
        var paths = Members(Approved(wireName), "").Where(path => !MayBeMissing.Contains(path, StringComparer.Ordinal)).ToList();

        Assert.All(paths, path =>
        {
            var json = Approved(wireName);
            Remove(json, path);

            var refused = Assert.Throws<JsonException>(() => Catalog.Read(wireName, Bytes(json)));

            Assert.Contains($"'{path.Split('/')[^1]}'", refused.Message, StringComparison.Ordinal);
        });
    }

    [Fact]
    public void A_message_from_before_lost_goods_were_told_says_that_they_are_there()
    {
        Assert.True(Assert.IsType<ShippingResolveRequested>(WithoutRestock("shipping.resolve_requested")).Restock);
        Assert.True(Assert.IsType<ReleaseRequested>(WithoutRestock("inventory.release_requested")).Restock);

        static IMessage WithoutRestock(string wireName)
        {
            var json = Approved(wireName);
            Assert.True(json.Remove("restock"));
            return Catalog.Read(wireName, Bytes(json));
        }
    }

    [Theory]
    [MemberData(nameof(WireNames))]
    public void A_message_with_the_same_member_twice_is_refused(string wireName)
    {
        var (name, value) = Approved(wireName).First();
        var twice = $"{{\"{name}\":{value!.ToJsonString()},{Approved(wireName).ToJsonString()[1..]}";

        Assert.Throws<JsonException>(() => Catalog.Read(wireName, System.Text.Encoding.UTF8.GetBytes(twice)));
    }

    [Theory]
    [MemberData(nameof(WireNames))]
    public void Every_member_of_a_message_is_written_also_the_empty_ones(string wireName)
    {
        var declared = Catalog.Of(Samples.Of(wireName)).Json.Properties.Select(p => p.Name);

        Assert.Equal(declared.Order(StringComparer.Ordinal), Approved(wireName).Select(m => m.Key).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void A_message_without_its_order_or_with_null_for_it_is_refused()
    {
        var json = Approved("order.delivered");
        json["orderNumber"] = null;

        Assert.Throws<JsonException>(() => Catalog.Read("order.delivered", Bytes(json)));
    }

    [Fact]
    public void A_name_that_nobody_knows_is_refused()
    {
        var refused = Assert.Throws<JsonException>(() => Catalog.Read("order.exploded", "{}"u8));

        Assert.Contains("order.exploded", refused.Message, StringComparison.Ordinal);
    }

    private static JsonObject Approved(string wireName) => JsonNode.Parse(ApprovedFiles.Read(wireName))!.AsObject();

    // Every member with its way there; of a list, those of its first entry.
    private static IEnumerable<string> Members(JsonNode? node, string way) => node switch
    {
        JsonObject members => members.SelectMany(m => Members(m.Value, $"{way}{m.Key}/").Prepend(way + m.Key)),
        JsonArray { Count: > 0 } list => Members(list[0], way + "0/"),
        _ => [],
    };

    private static void Remove(JsonObject json, string path)
    {
        JsonNode node = json;
        var names = path.Split('/');
        foreach (var name in names[..^1])
        {
            node = node is JsonArray list ? list[0]! : node[name]!;
        }

        Assert.True(node.AsObject().Remove(names[^1]));
    }

    private static byte[] Bytes(JsonObject json) => JsonSerializer.SerializeToUtf8Bytes(json);
}
