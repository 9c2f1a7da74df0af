using DoaMarket.Host.Cli.Api;

namespace DoaMarket.Host.Cli.Demo;

/// <summary>One row of the shop's price list.</summary>
/// <param name="Available">Pieces that can be bought when the demo begins.</param>
internal sealed record Product(string ProductId, string? VariantId, string Name, long Available);

/// <summary>What the demo buys from.</summary>
/// <param name="Usual">Products with stock, the fullest first.</param>
/// <param name="SoldOut">One without; null when there is none.</param>
/// <param name="Limited">The one of which there are a hundred; null when there is none.</param>
internal sealed record Shelf(IReadOnlyList<Product> Usual, Product? SoldOut, Product? Limited)
{
    /// <summary>How many pieces an order of the limited product buys: four orders empty a hundred.</summary>
    public const int LimitedPieces = 25;

    private const int LimitedStock = 100;
    private const int PagesMax = 50;

    /// <summary>Reads the price list.</summary>
    public static async Task<Shelf> Read(ApiClient api, CancellationToken stop)
    {
        var products = new List<Product>();
        var path = "products?limit=100";
        for (var page = 0; page < PagesMax; page++)
        {
            var answer = await api.Get(path, caller: null, stop);
            products.AddRange(answer.Rows.Select(row => new Product(
                row.Text("productId") ?? "", row.Text("variantId"), row.Text("name") ?? "",
                row.Whole("available") ?? 0)));
            if (answer.NextCursor is not { } cursor)
            {
                break;
            }

            path = $"products?limit=100&cursor={Uri.EscapeDataString(cursor)}";
        }

        return Of(products);
    }

    /// <summary>
    /// Sorts the products into their parts. Where the demo ran before, the limited product is known by its name only.
    /// </summary>
    internal static Shelf Of(IReadOnlyList<Product> products)
    {
        var limited = products.FirstOrDefault(IsNamedLimited)
            ?? products.FirstOrDefault(product => product.Available == LimitedStock);
        var others = products.Where(product => product != limited).ToList();
        return new Shelf(
            [.. others.Where(product => product.Available > 0).OrderByDescending(product => product.Available)],
            others.Find(product => product.Available == 0),
            limited);

        static bool IsNamedLimited(Product product) =>
            product.Name.Contains("limited", StringComparison.OrdinalIgnoreCase);
    }
}
