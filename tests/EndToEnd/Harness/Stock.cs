namespace DoaMarket.EndToEnd.Harness;

/// <summary>What is on the shelf of one variant.</summary>
internal sealed record Stock(int OnHand, int Reserved, int Available)
{
    /// <summary>Reads it as anybody can.</summary>
    public static async Task<Stock> Of(Shop shop, string product, string? variant = null)
    {
        var items = (await Person.Anonymous(shop).Get($"inventory/{product}")).Expect(200).List;
        var item = items.Single(i => i!["variantId"]?.GetValue<string>() == variant)!;
        return new(item.Int("onHand"), item.Int("reserved"), item.Int("available"));
    }
}
