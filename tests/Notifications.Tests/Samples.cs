using DoaMarket.Contracts;
using DoaMarket.Kernel;

namespace DoaMarket.Notifications.Tests;

/// <summary>One order's messages.</summary>
internal static class Samples
{
    public const string OrderNumber = "ORD-20250304-000017";

    public static readonly UserId User = new("user-1");
    public static readonly OrderId Order = new(new Guid("01956000-0000-7000-8000-0000000000aa"));
    public static readonly Money Total = new(12_900);

    public static readonly Parcel Parcel = new(ShipmentId.Of(Order), "123456789012", "kr.cjlogistics", "CJ대한통운");

    public static readonly OrderCreated Created = new(
        Order, OrderNumber, User,
        [new(new ProductId("P-1"), null, "제주 감귤 <3kg> & 귤잼", 2, new Money(4_950), new("S-01"), WeightGrams: 3_000)],
        new Money(9_900), new Money(3_000), Total, [new(new("S-01"), new Money(9_900), new Money(3_000), Total)]);

    public static readonly SendRequested Confirmed = new(Order, User, "order_confirmed", OrderNumber, Total);

    public static readonly OrderCancelled Cancelled =
        new(Order, OrderNumber, User, Total, "단순 변심", CancelCauses.Person);

    public static readonly OrderAwaitingDeposit AwaitingDeposit = new(
        Order, OrderNumber, User, Total, "국민은행", "93780112345678",
        new DateTimeOffset(2025, 3, 11, 14, 59, 0, TimeSpan.Zero)); // 23:59 in Korea

    public static readonly ShippingDispatched Dispatched =
        new(Order, User, Parcel.TrackingNumber, Parcel.CarrierName, new DateOnly(2025, 3, 6), Parcel);

    // 16:30 UTC is half past one on the next day in Korea.
    public static readonly ShippingDelivered Delivered =
        new(Order, User, Parcel, new DateTimeOffset(2025, 3, 5, 16, 30, 0, TimeSpan.Zero));

    public static readonly PaymentCompleted Paid = new(Order, PaymentId.Of(Order), "tx-1", Total);

    public static OrderAmended Amended(int number = 1) => new(
        Order, OrderNumber, User, new AmendId(DerivedId.From(Order.Value, $"amend/{number}")), [Created.Items[0]],
        new Money(9_900), Money.Zero, Money.Zero, new Money(3_000), [], "customer_changed_mind");

    public static PaymentRefunded Refunded(int number = 1) =>
        new(Order, PaymentId.Of(Order), new RefundId(DerivedId.From(Order.Value, number)), Total, Total, false);
}
