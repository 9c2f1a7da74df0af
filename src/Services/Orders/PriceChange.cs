using DoaMarket.Contracts;
using DoaMarket.Kernel;

namespace DoaMarket.Orders;

/// <summary>
/// An operator, or the product's seller, changes what a product costs from now on. Orders keep their prices.
/// </summary>
/// <param name="By">Who asks.</param>
/// <param name="AsOperator">Whether as an operator; a seller reaches only products of their own.</param>
public sealed record ChangePrice(
    ProductId ProductId, VariantId? VariantId, Money Price, UserId By, bool AsOperator, string Reason)
    : Request<PriceChanged>;

/// <summary>What came of it.</summary>
/// <param name="Product">The product with its new price; null when there is no such product for this person.</param>
public sealed record PriceChanged(Product? Product);

/// <summary>Changes the price list.</summary>
internal static class ChangePriceDecider
{
    public static IEnumerable<DocumentKey> Keys(ChangePrice wish) =>
        [OrderKinds.Products.Key(Product.Key(wish.ProductId, wish.VariantId))];

    public static Decision Decide(Documents documents, Asked<ChangePrice, PriceChanged> asked)
    {
        var (wish, decision) = (asked.Body, Decision.On(asked));
        var key = Product.Key(wish.ProductId, wish.VariantId);
        if (documents.Find(OrderKinds.Products, key) is not { } before
            || (!wish.AsOperator && before.SellerId.Value != wish.By.Value))
        {
            return decision.Answer(new PriceChanged(null));
        }

        var after = before with { Price = wish.Price };
        return decision
            .Put(OrderKinds.Products, key, after)
            .Audit("product.price", key, $"{before.Price} → {wish.Price}: {wish.Reason}")
            .Answer(new PriceChanged(after));
    }
}
