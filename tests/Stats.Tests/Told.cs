using DoaMarket.Contracts;
using DoaMarket.Kernel;

namespace DoaMarket.Stats.Tests;

/// <summary>Messages about orders, with what does not matter filled in.</summary>
internal static class Told
{
    private static readonly UserId User = new("u-1");

    public static OrderItem Item(string product, int quantity, long won, string seller = "S-1", string? variant = null) =>
        new(new(product), variant is null ? null : new(variant), $"{product}의 이름", quantity, new(won), new(seller), 100);

    /// <summary>An order without a shipping fee: each seller's part is the sum of the seller's lines.</summary>
    public static OrderCreated Created(OrderId id, params OrderItem[] items)
    {
        var parts = Parts(items);
        var total = new Money(parts.Sum(p => p.Amount.Won));
        return new(id, "ORD-1", User, items, total, Money.Zero, total, parts);
    }

    public static PaymentCompleted Paid(OrderId id, long won) => new(id, PaymentId.Of(id), "tx", new(won));

    public static PaymentRefunded Refunded(OrderId id, long won, int n = 1, long captured = 0) =>
        new(id, PaymentId.Of(id), new(DerivedId.From(id.Value, n)), new(won), new(captured), false);

    public static DepositReversed Reversed(OrderId id, long won) => new(id, PaymentId.Of(id), new(won));

    public static OrderCompleted Completed(OrderId id) => new(id, "ORD-1", Money.Zero);

    public static OrderCancelled Cancelled(OrderId id) => new(id, "ORD-1", User, Money.Zero, "단순 변심", CancelCauses.Person);

    public static OrderReturned Returned(OrderId id) => new(id, "ORD-1", User, Money.Zero, "단순 변심");

    public static OrderAmended Amended(OrderId id, OrderItem[] cancelled, long refund, OrderItem[] left, int n = 1)
    {
        var parts = Parts(left);
        var total = new Money(parts.Sum(p => p.Amount.Won));
        return new(
            id, "ORD-1", User, new(DerivedId.From(id.Value, 100 + n)), cancelled, new(refund), total, Money.Zero, total, parts, "");
    }

    private static List<SellerPart> Parts(OrderItem[] items) =>
    [
        .. items.GroupBy(i => i.SellerId).Select(g =>
        {
            var sum = new Money(g.Sum(i => i.UnitPrice.Won * i.Quantity));
            return new SellerPart(g.Key, sum, Money.Zero, sum);
        }),
    ];
}
