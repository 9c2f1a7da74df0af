using System.Text.Json.Serialization;
using DoaMarket.Contracts;

namespace DoaMarket.Orders;

/// <summary>What lines of an order come to.</summary>
public sealed record OrderSums(Money ItemsTotal, Money ShippingFee, Money DiscountAmount)
{
    /// <summary>What the customer pays for them.</summary>
    [JsonIgnore]
    public Money Amount => ItemsTotal + ShippingFee - DiscountAmount;
}

/// <summary>
/// What a parcel costs, as it was when the order was placed: a later change of the shop's fee changes no order.
/// </summary>
/// <param name="Fee">For a parcel below the threshold.</param>
/// <param name="FreeFrom">From this total of the items on, the parcel is free.</param>
public sealed record ShippingTerms(Money Fee, Money FreeFrom)
{
    /// <summary>The fee for a parcel with items of this total.</summary>
    public Money FeeFor(Money itemsTotal) => itemsTotal >= FreeFrom ? Money.Zero : Fee;
}

/// <summary>An order after its partial cancels: what is left of the lines, and what that comes to.</summary>
public static class Remains
{
    /// <summary>The lines that no approved partial cancel has taken, in the order's order.</summary>
    public static IReadOnlyList<OrderItem> Of(Order order, IReadOnlyList<AmendFact> amends) =>
        amends.Where(a => a.IsApproved).Aggregate(order.Items, (items, amend) => Without(items, amend.Cancelled));

    /// <summary>Lines less those that are cancelled; a line of which nothing is left is gone.</summary>
    public static IReadOnlyList<OrderItem> Without(
        IReadOnlyList<OrderItem> items, IReadOnlyList<OrderItem> cancelled)
    {
        var less = cancelled.ToDictionary(c => (c.ProductId, c.VariantId), c => c.Quantity);
        return
        [
            .. items.Select(i => i with { Quantity = i.Quantity - less.GetValueOrDefault((i.ProductId, i.VariantId)) })
                .Where(i => i.Quantity > 0),
        ];
    }

    /// <summary>The sums of an order as it was placed.</summary>
    public static OrderSums SumsOf(Order order) => new(order.ItemsTotal, order.ShippingFee, order.DiscountAmount);

    /// <summary>What the order comes to now: the sums of its last approved partial cancel, or its own.</summary>
    public static OrderSums SumsOf(Order order, IReadOnlyList<AmendFact> amends) =>
        amends.LastOrDefault(a => a.IsApproved)?.Sums ?? SumsOf(order);

    /// <summary>
    /// The sums of lines that would be left: the fee by the order's own terms, the discount in proportion to the items.
    /// </summary>
    public static OrderSums SumsOf(Order order, IReadOnlyList<OrderItem> items, ShippingTerms terms)
    {
        var total = TotalOf(items);
        var discount = ShareOut.Of(order.DiscountAmount, [total, order.ItemsTotal - total])[0];
        return new(total, terms.FeeFor(total), discount);
    }

    /// <summary>The sum of lines.</summary>
    public static Money TotalOf(IEnumerable<OrderItem> items) =>
        items.Aggregate(Money.Zero, (sum, i) => sum + (i.UnitPrice * i.Quantity));

    /// <summary>
    /// Each seller's part of lines and their sums, in the order in which the order names the sellers; the parts add up
    /// to the sums, and a seller of whom nothing is left has a part of nothing.
    /// </summary>
    public static IReadOnlyList<SellerPart> Sellers(Order order, IReadOnlyList<OrderItem> items, OrderSums sums)
    {
        List<SellerId> sellers = [.. order.Items.Select(i => i.SellerId).Distinct()];
        List<Money> totals = [.. sellers.Select(s => TotalOf(items.Where(i => i.SellerId == s)))];
        var fees = ShareOut.Of(sums.ShippingFee, totals);
        var discounts = ShareOut.Of(sums.DiscountAmount, totals);
        return
        [
            .. sellers.Select((seller, i) =>
                new SellerPart(seller, totals[i], fees[i], totals[i] + fees[i] - discounts[i])),
        ];
    }
}
