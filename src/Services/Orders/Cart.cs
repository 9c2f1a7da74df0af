using DoaMarket.Contracts;

namespace DoaMarket.Orders;

/// <summary>
/// What a customer wants, with names and prices from the price list; lines of the same product are one.
/// </summary>
internal sealed record Cart(IReadOnlyList<OrderItem> Items, Money Total)
{
    /// <summary>Bound on the lines of an order.</summary>
    public const int MaxLines = 40;

    /// <summary>Bound on how many of one product an order may have.</summary>
    public const int MaxQuantity = 999;

    /// <summary>
    /// The largest total, in won: JavaScript clients read larger numbers wrongly (2^53 − 1, less any fee).
    /// </summary>
    public const long MaxTotalWon = 9_007_199_254_740_991 - 1_000_000;

    /// <summary>Why there can be no such cart; null when there can.</summary>
    public PlaceOrderReply.Rejected? Fault { get; private init; }

    /// <summary>Prices the wanted lines.</summary>
    public static Cart Of(IReadOnlyList<WantedLine> lines, Func<ProductId, VariantId?, Product?> find)
    {
        if (lines.Count is 0 or > MaxLines)
        {
            return Rejected(
                "items", lines.Count == 0 ? "EMPTY_ORDER" : "TOO_MANY_LINES", $"An order has 1 to {MaxLines} lines.");
        }

        // Keeps the order in which the customer named them.
        var items = new Dictionary<(ProductId, VariantId?), OrderItem>();
        Int128 total = 0;
        for (var i = 0; i < lines.Count; i++)
        {
            var (productId, variantId, quantity) = lines[i];
            if (find(productId, variantId) is not { } product)
            {
                var variant = variantId is { } v ? $" in variant {v}" : "";
                return Rejected(
                    $"items[{i}].productId", "UNKNOWN_PRODUCT", $"There is no product {productId}{variant}.");
            }

            var before = items.GetValueOrDefault((productId, variantId))?.Quantity ?? 0;
            if (quantity is < 1 or > MaxQuantity || before + quantity > MaxQuantity)
            {
                return Rejected(
                    $"items[{i}].quantity", "INVALID_QUANTITY", $"Of one product, 1 to {MaxQuantity} can be ordered.");
            }

            items[(productId, variantId)] = new(
                productId, variantId, product.Name, before + quantity, product.Price, product.SellerId,
                product.WeightGrams);
            total += (Int128)product.Price.Won * quantity;
        }

        return total > MaxTotalWon
            ? Rejected("items", "TOTAL_TOO_LARGE", $"An order's total may be {new Money(MaxTotalWon)} at most.")
            : new([.. items.Values], new Money((long)total));
    }

    private static Cart Rejected(string field, string code, string message) =>
        new([], Money.Zero) { Fault = new(field, code, message) };
}
