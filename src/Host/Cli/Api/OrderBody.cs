namespace DoaMarket.Host.Cli.Api;

/// <summary>The body of <c>POST /orders</c>, with an address that need not be typed.</summary>
internal static class OrderBody
{
    public const string CardThatWorks = "bk_ok";
    public const string UsualPostalCode = "04524";

    /// <summary>One line: prices come from the shop.</summary>
    public sealed record Line(string ProductId, string? VariantId, int Quantity);

    public static object Of(IEnumerable<Line> lines, string billingKey, string postalCode) => new
    {
        items = lines.Select(Item).ToArray(),
        shippingAddress = new
        {
            recipientName = "홍길동",
            phone = "010-1234-5678",
            postalCode,
            address = "서울특별시 중구 세종대로 110",
            addressDetail = "1층",
        },
        paymentMethod = new { type = "billing", billingKey },
    };

    // Built by hand: a variantId of null is not the same as none to a shop that reads strictly.
    private static Dictionary<string, object> Item(Line line)
    {
        var item = new Dictionary<string, object>(StringComparer.Ordinal)
        {
            ["productId"] = line.ProductId,
            ["quantity"] = line.Quantity,
        };
        if (line.VariantId is { } variant)
        {
            item["variantId"] = variant;
        }

        return item;
    }
}
