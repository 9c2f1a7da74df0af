using DoaMarket.Contracts;
using DoaMarket.Inventory;
using DoaMarket.Kernel;
using DoaMarket.Orders;

namespace DoaMarket.Host.Server;

/// <summary>The products that a sandbox shop opens with. What is there already is left as it is.</summary>
public static class DemoCatalogue
{
    private static readonly (string Id, string? Variant, string Name, long Price, int Stock, int Weight, string Seller)[] Goods =
    [
        ("P-1001", null, "무선 이어폰 / Wireless earbuds", 39_000, 1_000_000, 150, "S-01"),
        ("P-1002", null, "스테인리스 텀블러 / Steel tumbler", 12_900, 1_000_000, 350, "S-02"),
        ("P-1003", "S", "면 티셔츠 S / Cotton T-shirt S", 19_900, 1_000_000, 200, "S-03"),
        ("P-1003", "M", "면 티셔츠 M / Cotton T-shirt M", 19_900, 1_000_000, 210, "S-03"),
        ("P-1003", "L", "면 티셔츠 L / Cotton T-shirt L", 19_900, 1_000_000, 220, "S-03"),
        ("P-1004", null, "기계식 키보드 / Mechanical keyboard", 129_000, 1_000_000, 1_100, "S-01"),
        ("P-1005", null, "제주 감귤 5kg / Jeju tangerines 5 kg", 24_900, 1_000_000, 5_000, "S-04"),
        ("P-2001", null, "품절 상품 / Sold out", 15_000, 0, 300, "S-02"),
        ("P-3001", null, "한정판 (100개) / Limited edition (100)", 59_000, 100, 400, "S-01"),
    ];

    /// <summary>Fills price list and stock, as far as their services run here.</summary>
    public static async Task Seed(ServiceLoops loops, TimeProvider time, CancellationToken stop)
    {
        var products = Goods.Select(
            g => new Product(new(g.Id), Variant(g.Variant), g.Name, new(g.Price), g.Weight, new(g.Seller)));
        if (loops.Has(ShopTopology.Orders))
        {
            await Ask(loops.Of(ShopTopology.Orders), new SeedProducts([.. products]), time, stop);
        }

        var items = Goods.Select(
            g => new SeedItem(new(g.Id), Variant(g.Variant), g.Stock, LowStockThreshold: Math.Min(10, g.Stock), new(g.Seller)));
        if (loops.Has(ShopTopology.Inventory))
        {
            await Ask(loops.Of(ShopTopology.Inventory), new SeedStock([.. items]), time, stop);
        }
    }

    private static Task<T> Ask<T>(ServiceLoop loop, Request<T> request, TimeProvider time, CancellationToken stop)
    {
        var id = Guid.CreateVersion7(time.GetUtcNow());
        return loop.Ask(request, id, new Trail(new CorrelationId(id)), stop);
    }

    private static VariantId? Variant(string? variant) => variant is null ? null : new VariantId(variant);
}
