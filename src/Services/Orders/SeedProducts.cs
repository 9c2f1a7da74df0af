using DoaMarket.Kernel;

namespace DoaMarket.Orders;

/// <summary>Puts products on the price list that are not there yet; those that are keep their price.</summary>
/// <param name="Products">At most <see cref="MaxProducts"/>.</param>
public sealed record SeedProducts(IReadOnlyList<Product> Products) : Request<ProductsSeeded>
{
    /// <summary>Bound on the products of one request, so that one commit can hold them.</summary>
    public const int MaxProducts = 200;
}

/// <summary>How many products were added.</summary>
public sealed record ProductsSeeded(int Added);

/// <summary>Fills the price list.</summary>
internal static class SeedProductsDecider
{
    public static IEnumerable<DocumentKey> Keys(SeedProducts seed) =>
        seed.Products.Select(p => OrderKinds.Products.Key(Product.Key(p.ProductId, p.VariantId))).Distinct();

    /// <exception cref="ArgumentException">More products than one request may have.</exception>
    public static Decision Decide(Documents documents, Asked<SeedProducts, ProductsSeeded> asked)
    {
        var products = asked.Body.Products;
        if (products.Count > SeedProducts.MaxProducts)
        {
            throw new ArgumentException(
                $"{products.Count} products at once; seed {SeedProducts.MaxProducts} at most.", nameof(asked));
        }

        var missing = products
            .DistinctBy(p => Product.Key(p.ProductId, p.VariantId), StringComparer.Ordinal)
            .Where(p => documents.Find(OrderKinds.Products, Product.Key(p.ProductId, p.VariantId)) is null)
            .ToList();
        var decision = Decision.On(asked);
        foreach (var product in missing)
        {
            decision.Put(OrderKinds.Products, Product.Key(product.ProductId, product.VariantId), product);
        }

        return decision.Answer(new ProductsSeeded(missing.Count));
    }
}
