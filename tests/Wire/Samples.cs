using DoaMarket.Contracts;
using DoaMarket.Kernel;

namespace DoaMarket.Wire;

/// <summary>
/// One sample per message, of one story: an order for two products, its cancellation, its return. Names, phones and addresses
/// are made up.
/// </summary>
internal static partial class Samples
{
    private static readonly OrderId Order = new(new Guid("0199c6b2-5d3e-7cc1-8f3a-6a1f0d9f1c11"));
    private static readonly PaymentId Payment = PaymentId.Of(Order);
    private static readonly RefundId Refund = new(DerivedId.From(Payment.Value, 1));
    private static readonly ShipmentId Shipment = ShipmentId.Of(Order);
    private static readonly NotificationId Notification = new(DerivedId.From(Order.Value, "order_confirmed/email"));
    private static readonly UserId Customer = new("u-1024");
    private static readonly ProductId Earbuds = new("P-1001");
    private static readonly ProductId Shirt = new("P-1003");
    private static readonly VariantId Medium = new("M");
    private static readonly SellerId Seller = new("S-01");
    private static readonly SellerId OtherSeller = new("S-03");
    private static readonly AmendId Amend = new(DerivedId.From(Order.Value, "amend/1"));
    private static readonly Money Total = new(78_800);
    private static readonly DateTimeOffset Noon = new(2026, 11, 22, 3, 0, 0, TimeSpan.Zero); // 12:00 in Seoul

    private const string OrderNumber = "ORD-20261122-000042";
    private const string ChangedMind = "단순 변심";

    private static readonly OrderItem[] Items =
    [
        new(Earbuds, null, "무선 이어폰", 1, new Money(39_000), Seller, WeightGrams: 150),
        new(Shirt, Medium, "면 티셔츠 M", 2, new Money(19_900), OtherSeller, WeightGrams: 210),
    ];

    private static readonly SellerPart[] Sellers =
    [
        new(Seller, new Money(39_000), Money.Zero, new Money(39_000)),
        new(OtherSeller, new Money(39_800), Money.Zero, new Money(39_800)),
    ];

    private static readonly StockLine[] StockLines = [new(Earbuds, null, 1), new(Shirt, Medium, 2)];
    private static readonly ReservedLine[] ReservedLines = [new(Earbuds, null, 1), new(Shirt, Medium, 2)];
    private static readonly Parcel Parcel = new(Shipment, "688012345678", "kr.cjlogistics", "CJ대한통운");

    private static readonly ShippingAddress Address = new(
        RecipientName: "홍길동", Phone: "010-1234-5678", PostalCode: "04524", Address: "서울시 중구 세종대로 110", AddressDetail: "5층");

    /// <summary>All of them.</summary>
    public static IReadOnlyList<IMessage> All { get; } =
        [.. OfOrders(), .. OfInventory(), .. OfPayments(), .. OfShipping(), .. OfNotifications(), .. OfAlerts()];

    /// <summary>The sample under a wire name.</summary>
    public static IMessage Of(string wireName) => All.Single(m => ShopMessages.Catalog.Of(m).WireName == wireName);

    private static IEnumerable<IMessage> OfOrders() =>
    [
        new OrderCreated(Order, OrderNumber, Customer, Items, new Money(78_800), Money.Zero, Total, Sellers),
        new OrderPaid(Order, Payment, Total),
        new OrderCompleted(Order, OrderNumber, Total),
        new OrderCancelling(Order, ChangedMind),
        new OrderCancelled(Order, OrderNumber, Customer, Total, ChangedMind, CancelCauses.Person),
        new OrderDelivered(Order, OrderNumber),
        new OrderReturned(Order, OrderNumber, Customer, Total, ChangedMind),
        new OrderAwaitingDeposit(Order, OrderNumber, Customer, Total, "우리", "X6505636518308", Noon.AddDays(7)),
        new OrderAmended(
            Order, OrderNumber, Customer, Amend, [Items[0]], new Money(36_000), new Money(39_800), new Money(3_000),
            new Money(42_800), [new(OtherSeller, new Money(39_800), new Money(3_000), new Money(42_800))], ChangedMind),
        new OrderAmendRefused(Order, Customer, Amend, "이미 출고되었습니다"),
    ];

    private static IEnumerable<IMessage> OfInventory() =>
    [
        new ReserveRequested(Order, StockLines, Noon.AddSeconds(30)),
        new ReleaseRequested(Order, ChangedMind, Restock: true),
        new ReleaseLinesRequested(Order, Amend, [StockLines[0]], ChangedMind),
        new LinesReleased(Order, Amend, [ReservedLines[0]]),
        new ExtendRequested(Order, Noon.AddDays(7)),
        new InventoryReserved(Order, ReservedLines, Noon.AddMinutes(30)),
        new ReserveFailed(Order, "insufficient_stock", [new(Shirt, Medium, 2)]),
        new InventoryReleased(Order, ReservedLines),
        new InventoryCommitted(Order, ReservedLines),
        new InventoryExtended(Order, Noon.AddDays(7)),
        new InventoryRestocked(Order, ReservedLines),
        new ReservationExpired(Order, ReservedLines),
        new LowStock(Shirt, Medium, Available: 9, Threshold: 10),
        new OutOfStock(Earbuds, null),
        new InventoryAdjusted(Shirt, Medium, Delta: -3, OnHand: 97, "실사 차이"),
    ];

    private static IEnumerable<IMessage> OfNotifications() =>
    [
        new SendRequested(Order, Customer, "order_confirmed", OrderNumber, Total),
        new NotificationSent(Order, Notification, "order_confirmed", "email"),
        new NotificationFailed(Order, Notification, "order_confirmed", "email", "메일 서버가 받지 않습니다 (550)"),
    ];

    private static IEnumerable<IMessage> OfAlerts() =>
    [
        new AlertRaised(
            "REFUND_FAILED", AlertSeverity.P1, Payment.ToString(), "PG가 환불을 거절했습니다 (EXCEED_MAX_REFUND_DUE).", Order.ToString()),
        new AlertResolved("REFUND_FAILED", Payment.ToString(), "계좌 이체로 환불함", Order.ToString()),
    ];
}
