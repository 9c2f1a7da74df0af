using DoaMarket.Contracts;
using DoaMarket.Kernel;

namespace DoaMarket.Wire;

/// <summary>The messages of the services that call outside.</summary>
internal static partial class Samples
{
    private static IEnumerable<IMessage> OfPayments() =>
    [
        new PaymentRequested(
            Order, Customer, Total, new PaymentMethod("billing", BillingKey: "bk_ok"), "무선 이어폰 외 1건", Noon.AddSeconds(60)),
        new RefundRequested(Order, ChangedMind, RetryNumber: 0),
        new PartialRefundRequested(Order, Refund, new Money(36_000), ChangedMind, RetryNumber: 0),
        new PaymentResolveRequested(Order, "고객 계좌로 직접 환불", Total, new(Order.Value)),
        new AwaitingDeposit(Order, Payment, Total, "우리은행", "X6505493110045", Noon.AddDays(7)),
        new PaymentCompleted(Order, Payment, "tviva20261122120003aBcD1", Total),
        new PaymentFailed(Order, Payment, "카드사에서 결제를 거절했습니다.", "REJECT_CARD_COMPANY"),
        new PaymentCancelled(Order, ChangedMind),
        new PaymentRefunded(Order, Payment, Refund, Amount: Total, Captured: Total, SettledByHand: false),
        new RefundFailed(Order, Payment, Refund, "환불 가능 기간이 지났습니다."),
        new DepositReversed(Order, Payment, Total),
    ];

    private static IEnumerable<IMessage> OfShipping() =>
    [
        new PrepareRequested(Order, Customer, Items, Address, "부재 시 문 앞에 놓아 주세요", Noon.AddSeconds(30)),
        new ShippingCancelRequested(Order, ChangedMind, AskedByPerson: true, RetryNumber: 0),
        new ShippingResolveRequested(Order, "택배사가 분실함", Restock: false),
        new ShippingPrepared(Order, Shipment, Parcel.TrackingNumber, Parcel.CarrierId, Parcel.CarrierName),
        new PrepareFailed(Order, "배송할 수 없는 주소입니다.", "UNDELIVERABLE_ADDRESS"),
        new ShippingCancelled(Order, Shipment, ChangedMind),
        new ShippingCancelRefused(Order, Shipment, Parcel.TrackingNumber, "이미 택배사에 인계되었습니다."),
        new ShippingDispatched(
            Order, Customer, Parcel.TrackingNumber, Parcel.CarrierName, EstimatedDeliveryDate: new DateOnly(2026, 11, 23), Parcel),
        new ShippingInTransit(Order, Customer, "in_transit", Parcel, Noon.AddHours(6)),
        new ShippingDelivered(Order, Customer, Parcel, Noon.AddHours(26)),
        new DeliveryFailed(Order, Customer, Parcel, "수취인 부재로 배송하지 못했습니다."),
        new ReturnInitiated(Order, Customer, Parcel, ChangedMind),
        new ReturnPickedUp(Order, Customer, Parcel, Noon.AddHours(50)),
        new ReturnReceived(Order, Customer, Parcel),
        new ReturnCompleted(Order, Customer, Parcel),
        new ShippingAddressChanged(Order, Customer, Shipment),
        new ShippingAmendRequested(Order, Amend, [Items[1]], ChangedMind, Noon.AddSeconds(30)),
        new ShippingAmended(Order, Amend, Shipment),
        new ShippingAmendRefused(Order, Amend, "이미 택배사에 인계되었습니다."),
        new ShippingAmendUndoRequested(Order, Amend, Items, "시간 안에 답이 없었습니다."),
        new ShippingAmendUndone(Order, Amend),
    ];
}
