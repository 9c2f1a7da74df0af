using System.Globalization;
using DoaMarket.Contracts;
using DoaMarket.Kernel;

namespace DoaMarket.Orders;

/// <summary>
/// That an order has lines of a seller: what the seller's list is read from. Made with the order, and never changed;
/// all else follows from the order and its saga.
/// </summary>
/// <param name="Number">Which of the order's sellers, from 1 on.</param>
public sealed record SellerOrder(
    SellerId SellerId, OrderId OrderId, string OrderNumber, int Number, DateTimeOffset OrderedAt)
{
    /// <summary>Its key: a slash inside a seller's id cannot make two look alike.</summary>
    public static string Key(SellerId seller, OrderId order) => $"{Uri.EscapeDataString(seller.Value)}/{order}";

    /// <summary>One for each seller of an order, in the order in which the lines name them.</summary>
    public static IEnumerable<SellerOrder> Of(Order order) => order.Items.Select(i => i.SellerId).Distinct()
        .Select((seller, i) => new SellerOrder(seller, order.OrderId, order.OrderNumber, i + 1, order.OrderedAt));

    /// <summary>The sub-order as its seller knows it: "ORD-20260401-000001-1".</summary>
    public string SubOrderNumber => string.Create(CultureInfo.InvariantCulture, $"{OrderNumber}-{Number}");
}

/// <summary>
/// A seller's share of an order's money, to the won: the shares of all sellers add up to the order's. A share of
/// refunds may be negative: when another seller's lines are cancelled and the parcel is not free any more, the fee is shared
/// among those who are left.
/// </summary>
/// <param name="Ordered">The seller's part of the order as it was placed.</param>
/// <param name="Remaining">The seller's part after the approved partial cancels.</param>
/// <param name="Paid">The share of what was captured.</param>
/// <param name="Refunded">The share of what went back.</param>
public sealed record SellerShare(
    SellerId SellerId, SellerPart Ordered, SellerPart Remaining, Money Paid, Money Refunded)
{
    /// <summary>The shares of all sellers of an order.</summary>
    public static IReadOnlyList<SellerShare> Of(
        Order order, IReadOnlyList<AmendFact> amends, Money captured, IReadOnlyList<RefundFact> refunds)
    {
        var ordered = order.Sellers();
        var parts = ordered;
        var refunded = new Money[ordered.Count];
        var open = refunds.ToDictionary(r => r.RefundId, r => r.Amount);
        var items = order.Items;
        foreach (var amend in amends.Where(a => a.IsApproved))
        {
            items = Remains.Without(items, amend.Cancelled);
            var after = Remains.Sellers(order, items, amend.Sums);
            var refund = Amend.RefundOf(amend.AmendId);
            if (open.GetValueOrDefault(refund) == amend.RefundAmount && open.Remove(refund))
            {
                Add(refunded, [.. parts.Zip(after, (before, left) => before.Amount - left.Amount)]);
            }

            parts = after;
        }

        foreach (var amount in refunds.Where(r => open.ContainsKey(r.RefundId)).Select(r => r.Amount))
        {
            Add(refunded, ShareOut.Of(amount, [.. parts.Select(p => p.Amount)]));
        }

        var paid = ShareOut.Of(captured, [.. ordered.Select(p => p.Amount)]);
        return
        [
            .. ordered.Select((part, i) => new SellerShare(part.SellerId, part, parts[i], paid[i], refunded[i])),
        ];
    }

    private static void Add(Money[] sums, IReadOnlyList<Money> more)
    {
        for (var i = 0; i < sums.Length; i++)
        {
            sums[i] += more[i];
        }
    }
}

/// <summary>
/// An order as one of its sellers sees it: own lines, own share of the money, where the parcel is. Nothing of other
/// sellers, of the customer's account or of how they pay. The market sends one parcel per order, so that a seller hands
/// the goods over to the market and needs no address: the recipient is masked, and of the address there is the postal
/// code.
/// </summary>
/// <param name="Items">The seller's lines that are left.</param>
/// <param name="CancelledItems">The seller's lines, or parts of lines, that partial cancels have taken.</param>
/// <param name="Amount">The seller's share of the order as it was placed: items and fee, less discount.</param>
/// <param name="RemainingAmount">The share of what is left.</param>
/// <param name="PaidAmount">The share of what the customer paid.</param>
/// <param name="RefundedAmount">The share of what went back.</param>
public sealed record SellerOrderView(
    OrderId OrderId, string SubOrderNumber, SellerId SellerId, OrderStatus Status, IReadOnlyList<OrderItem> Items,
    IReadOnlyList<OrderItem> CancelledItems, Money ItemsTotal, Money ShippingFee, Money DiscountAmount, Money Amount,
    Money RemainingAmount, Money PaidAmount, Money RefundedAmount, string Recipient, string PostalCode,
    DateTimeOffset OrderedAt, IReadOnlyList<StatusChange> StatusHistory, ShipmentFacts? Shipment)
{
    internal static SellerOrderView Of(SellerOrder its, Order o, OrderSaga s)
    {
        var share = SellerShare.Of(o, s.Amends, s.Payment?.Amount ?? Money.Zero, s.Payment?.Refunds ?? [])
            .Single(p => p.SellerId == its.SellerId);
        var left = share.Remaining;
        return new(
            o.OrderId, its.SubOrderNumber, its.SellerId, s.Status, Own(Remains.Of(o, s.Amends)),
            Own([.. s.Amends.Where(a => a.IsApproved).SelectMany(a => a.Cancelled)]), left.ItemsTotal, left.ShippingFee,
            left.ItemsTotal + left.ShippingFee - left.Amount, share.Ordered.Amount, left.Amount, share.Paid,
            share.Refunded, Mask.Name(o.ShippingAddress.RecipientName), o.ShippingAddress.PostalCode, o.OrderedAt,
            s.History, s.Shipment);

        IReadOnlyList<OrderItem> Own(IReadOnlyList<OrderItem> items) =>
            [.. items.Where(i => i.SellerId == its.SellerId)];
    }
}
