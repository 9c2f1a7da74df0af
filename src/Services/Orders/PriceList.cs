using DoaMarket.Contracts;

namespace DoaMarket.Orders;

/// <summary>
/// A product of the price list, Orders' read model of the catalogue: client-supplied prices are never trusted.
/// </summary>
/// <param name="ProductId">The product.</param>
/// <param name="VariantId">Its variant; null when it has none.</param>
/// <param name="Name">Name.</param>
/// <param name="Price">Price of one, VAT included.</param>
/// <param name="WeightGrams">Weight of one, in grams.</param>
/// <param name="SellerId">Who sells it.</param>
public sealed record Product(
    ProductId ProductId, VariantId? VariantId, string Name, Money Price, int WeightGrams, SellerId SellerId)
{
    /// <summary>Its key: a slash inside an id cannot make two products look alike.</summary>
    public static string Key(ProductId product, VariantId? variant) =>
        variant is { } v
            ? $"{Uri.EscapeDataString(product.Value)}/{Uri.EscapeDataString(v.Value)}"
            : Uri.EscapeDataString(product.Value);
}
