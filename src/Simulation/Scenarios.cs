using DoaMarket.Orders;
using DoaMarket.Payments;
using DoaMarket.Shipping;

namespace DoaMarket.Simulation;

/// <summary>Every way an order can go that design and documentation tell apart, one scenario each.</summary>
public static class Scenarios
{
    private static readonly TimeSpan AtOnce = TimeSpan.Zero;
    private static readonly TimeSpan Soon = TimeSpan.FromMinutes(1);

    /// <summary>All of them, the plain ones first.</summary>
    public static IReadOnlyList<Scenario> All { get; } =
    [
        // Forward
        New("card", "Paid by card, delivered.", "카드로 결제하고 배송된다.")
            .Tells("order.completed", "order.delivered").Ends(OrderStatus.Delivered),
        New("several-lines", "Three lines, one parcel.", "세 품목이 한 상자로 간다.")
            .Wants(("P-1", 2), ("P-2", 1), ("P-3", 1)).Ends(OrderStatus.Delivered),
        New("last-units", "The last units of a product are sold.", "마지막 남은 재고가 팔린다.")
            .Wants(("P-4", 4)).Tells("inventory.committed").Ends(OrderStatus.Delivered),
        New("submitted-twice", "The same request comes twice under one key: one order.", "같은 키로 두 번 주문해도 주문은 하나다.")
            .SubmitsTwice().Ends(OrderStatus.Delivered),
        New("notices-refused", "No channel takes a message: the order goes on.", "알림이 모두 거부되어도 주문은 진행된다.")
            .Suffers(Fault.NoticeRefused, 99).Tells("notification.failed").Ends(OrderStatus.Delivered),
        New("notices-late", "Every message is deferred a few times.", "알림이 몇 번씩 늦어진다.")
            .Suffers(Fault.NoticeDeferred, 5).Tells("notification.sent").Ends(OrderStatus.Delivered),
        New("address-changed", "Sent elsewhere after the waybill was made.", "송장이 나온 뒤 주소를 바꾼다.")
            .Upon("shipping.prepared", TimeSpan.FromSeconds(1), s => s.ChangeAddress())
            .Tells("shipping.address_changed").Ends(OrderStatus.Delivered),

        // Stock and money say no
        New("no-stock", "Sold out.", "품절이다.")
            .Wants(("P-5", 1)).Tells("inventory.reserve_failed").Ends(OrderStatus.Cancelled),
        New("one-line-short", "One of two lines is sold out: nothing is held.", "두 품목 중 하나가 품절이면 아무것도 잡지 않는다.")
            .Wants(("P-1", 1), ("P-5", 1)).Tells("inventory.reserve_failed").Ends(OrderStatus.Cancelled),
        New("declined", "The card is declined.", "카드가 거절된다.")
            .Suffers(Fault.PgDecline).Tells("payment.failed", "inventory.released").Ends(OrderStatus.Cancelled),

        // The PG is silent
        New("pg-answer-lost", "Charged, and the answer lost: found by asking.", "결제됐지만 응답을 잃었다: 조회로 알아낸다.")
            .Suffers<ChargeCard>(Fault.PgResponseLost).Ends(OrderStatus.Delivered),
        New("pg-late", "The PG charges after its caller gave up, in time.", "PG가 늦게, 그러나 제때 결제한다.")
            .Suffers<ChargeCard>(Fault.PgLateSuccess).Ends(OrderStatus.Delivered),
        New("pg-too-late", "The PG charges when the order is being undone: given back.", "취소하는 중에 결제됐다: 돌려준다.")
            .Suffers<ChargeCard>(Fault.PgLateSuccess).LateBy(TimeSpan.FromMinutes(5))
            .Suffers<ChargeCard>(Fault.PgTimeout, 99, after: 1)
            .Tells("payment.refunded").Ends(OrderStatus.Cancelled),
        New("pg-never", "No charge reaches the PG before the deadline.", "기한까지 결제가 PG에 닿지 않는다.")
            .Suffers<ChargeCard>(Fault.PgTimeout, 99).Tells("payment.cancelled").Ends(OrderStatus.Cancelled),
        New("pg-after-all", "The PG charges when the order is cancelled: given back.", "취소가 끝난 뒤에 결제됐다: 돌려준다.")
            .Suffers<ChargeCard>(Fault.PgTooLate).Suffers<ChargeCard>(Fault.PgTimeout, 99)
            .Tells("payment.cancelled", "payment.refunded").Ends(OrderStatus.Cancelled),
        New("pg-away", "Charged, then the PG is away until the hold has ended.", "결제 뒤 PG가 멈춰 재고 확보 시간이 지난다.")
            .Suffers<ChargeCard>(Fault.PgResponseLost).Suffers<QueryPayment>(Fault.PgQueryDown, 18)
            .Tells("inventory.reservation_expired", "payment.refunded").Ends(OrderStatus.Cancelled)
            .OrEnds(OrderStatus.Delivered), // asked again under the same key, the PG answers the charge at once
        New("amount-differs", "The PG took another sum: a person settles it.", "PG 금액이 다르다: 사람이 정리한다.")
            .Suffers(Fault.PgOtherAmount).Whenever("alert.raised", Soon, s => s.Settles())
            .Tells("payment.refunded").Ends(OrderStatus.Cancelled),

        // Deposits
        New("deposit", "Paid into a virtual account.", "가상계좌로 입금한다.")
            .PaysByDeposit().Tells("payment.awaiting_deposit", "inventory.extended").Ends(OrderStatus.Delivered),
        New("deposit-untold", "Nobody tells of the deposit: found by asking.", "입금 알림이 없다: 조회로 알아낸다.")
            .PaysByDeposit().Suffers(Fault.PgWebhookNever, 9).Ends(OrderStatus.Delivered),
        New("deposit-never", "Nobody pays into the account.", "아무도 입금하지 않는다.")
            .PaysByDeposit().Suffers(Fault.PgNoDeposit).Tells("payment.failed").Ends(OrderStatus.Cancelled),
        New("deposit-cancelled", "Cancelled before the deposit: the account is closed.", "입금 전에 취소한다: 계좌를 닫는다.")
            .PaysByDeposit().Upon("order.awaiting_deposit", Soon, s => s.Cancel())
            .Tells("payment.cancelled").Ends(OrderStatus.Cancelled),
        New("deposit-after-cancel", "Deposited while the account is being closed: given back.", "계좌를 닫는 중에 입금됐다: 돌려준다.")
            .PaysByDeposit().Upon("order.awaiting_deposit", TimeSpan.FromMinutes(110), s => s.Cancel())
            .Suffers<CloseAccount>(Fault.PgTimeout, 30).Tells("payment.refunded").Ends(OrderStatus.Cancelled),
        New("deposit-reversed", "The bank takes the deposit back before dispatch.", "발송 전에 은행이 입금을 취소한다.")
            .PaysByDeposit().Suffers(Fault.PgWebhookEarly, 2)
            .Upon("payment.completed", TimeSpan.FromSeconds(1), s => s.BankTakesDepositBack())
            .Tells("payment.deposit_reversed", "shipping.cancelled").Ends(OrderStatus.Cancelled)
            .OrEnds(OrderStatus.Delivered).LeavesOpen(OrderAlerts.DepositReversed), // the look at the PG was lost
        New("deposit-reversed-late", "The bank takes it back when the parcel is gone: a person is called.", "발송 뒤에 은행이 입금을 취소한다: 사람을 부른다.")
            .PaysByDeposit().Upon("shipping.dispatched", Soon, s => s.BankTakesDepositBack())
            .LeavesOpen(OrderAlerts.DepositReversed).Tells("payment.deposit_reversed").Ends(OrderStatus.Delivered),

        // The carrier
        New("no-waybill", "No carrier takes the parcel: everything goes back.", "택배사가 받지 않는다: 모두 되돌린다.")
            .Wants(("P-3", 40)).Tells("shipping.prepare_failed", "payment.refunded", "inventory.restocked")
            .Ends(OrderStatus.Cancelled),
        New("waybill-answer-lost", "Registered, and the answer lost.", "송장은 나왔지만 응답을 잃었다.")
            .Suffers<RegisterParcel>(Fault.CarrierResponseLost).Ends(OrderStatus.Delivered),
        New("waybill-late", "Registered after its caller gave up.", "송장이 늦게 나온다.")
            .Suffers<RegisterParcel>(Fault.CarrierLateSuccess).LateBy(TimeSpan.FromSeconds(12)).Ends(OrderStatus.Delivered),
        New("carrier-down", "The first carrier is away: the other takes the parcel.", "첫 택배사가 멈춰 다른 택배사가 맡는다.")
            .Suffers<RegisterParcel>(Fault.CarrierDown).Ends(OrderStatus.Delivered),
        New("carriers-away", "No carrier can be reached in time.", "제때 닿는 택배사가 없다.")
            .Suffers<RegisterParcel>(Fault.CarrierDown, 99)
            .Tells("payment.refunded").Ends(OrderStatus.Cancelled),
        New("undeliverable", "The parcel cannot be delivered and comes back.", "배송하지 못해 되돌아온다.")
            .Suffers(Fault.CarrierGivesUp).Tells("shipping.delivery_failed", "return.received", "order.returned")
            .Ends(OrderStatus.Returned),

        // The customer cancels
        New("cancel-reserving", "Cancelled while stock is being held.", "재고를 잡는 중에 취소한다.")
            .Upon("order.created", AtOnce, s => s.Cancel()).Ends(OrderStatus.Cancelled),
        New("cancel-paying", "Cancelled while the card is being charged.", "결제 중에 취소한다.")
            .Upon("payment.requested", AtOnce, s => s.Cancel()).Ends(OrderStatus.Cancelled),
        New("cancel-preparing", "Cancelled while the waybill is being made.", "송장을 만드는 중에 취소한다.")
            .Upon("shipping.prepare_requested", AtOnce, s => s.Cancel()).Ends(OrderStatus.Cancelled),
        New("cancel-prepared", "Cancelled before dispatch.", "발송 전에 취소한다.")
            .Upon("order.completed", TimeSpan.FromSeconds(1), s => s.Cancel())
            .Tells("shipping.cancelled", "payment.refunded", "inventory.restocked").Ends(OrderStatus.Cancelled),
        New("cancel-dispatching", "Cancelled while the carrier takes the parcel: it comes back.", "발송되는 중에 취소한다: 반품된다.")
            .Suffers<DispatchParcel>(Fault.CarrierResponseLost)
            .Upon("order.completed", TimeSpan.FromSeconds(7), s => s.Cancel())
            .Tells("shipping.cancel_refused", "return.completed").Ends(OrderStatus.Returned),
        New("cancel-on-the-way", "Cancelled on the way: the parcel comes back.", "배송 중에 취소한다: 반품된다.")
            .Upon("shipping.dispatched", TimeSpan.FromHours(3), s => s.Cancel())
            .Tells("return.initiated", "return.picked_up", "return.completed").Ends(OrderStatus.Returned),

        New("return-lost", "Lost on the way back: a person settles it, and the stock is not put back.", "반품 중에 분실된다: 사람이 정리하고 재입고하지 않는다.")
            .Upon("shipping.dispatched", TimeSpan.FromHours(3), s => s.Cancel()).Suffers(Fault.CarrierLosesParcel)
            .Whenever("alert.raised", Soon, s => s.SettlesAsLost())
            .Tells("shipping.resolve_requested", "payment.refunded", "order.returned").Ends(OrderStatus.Returned),

        // Some lines
        New("some-lines", "Some lines are cancelled before dispatch.", "발송 전에 일부 품목을 취소한다.")
            .Wants(("P-1", 2), ("P-3", 1)).Upon("order.completed", TimeSpan.FromSeconds(1), s => s.CancelItems("P-1", 1))
            .Tells("order.amended").Ends(OrderStatus.Delivered),
        New("some-lines-too-late", "Some lines are cancelled while the carrier takes the parcel.", "발송되는 중에 일부 품목을 취소한다.")
            .Wants(("P-1", 2), ("P-3", 1)).Suffers<DispatchParcel>(Fault.CarrierResponseLost)
            .Upon("order.completed", TimeSpan.FromSeconds(7), s => s.CancelItems("P-1", 1))
            .Tells("shipping.amend_refused").Ends(OrderStatus.Delivered),
        New("some-lines-refund-refused", "The PG refuses their refund: an operator tries again.", "일부 취소의 환불이 거부되어 운영자가 다시 시도한다.")
            .Wants(("P-1", 2), ("P-3", 1)).Suffers(Fault.PgRefundRefused, 5)
            .Upon("order.completed", TimeSpan.FromSeconds(1), s => s.CancelItems("P-1", 1))
            .Whenever("payment.refund_failed", Soon, s => s.Retries())
            .Tells("order.amended").Ends(OrderStatus.Delivered),
        New("some-lines-settled", "The PG refuses their refund: an operator settles it.", "일부 취소의 환불이 거부되어 운영자가 직접 정리한다.")
            .Wants(("P-1", 2), ("P-3", 1)).Suffers(Fault.PgRefundRefused, 99)
            .Upon("order.completed", TimeSpan.FromSeconds(1), s => s.CancelItems("P-1", 1))
            .Whenever("payment.refund_failed", Soon, s => s.Settles())
            .Tells("order.amended").Ends(OrderStatus.Delivered),
        New("some-lines-then-all", "Some lines, and then the whole order.", "일부를, 이어서 전부를 취소한다.")
            .Wants(("P-1", 2), ("P-3", 1)).Upon("order.completed", TimeSpan.FromSeconds(1), s => s.CancelItems("P-1", 1))
            .Upon("shipping.amend_requested", TimeSpan.FromMilliseconds(100), s => s.Cancel())
            .Tells("order.amended", "order.cancelled").Ends(OrderStatus.Cancelled),

        // Refunds
        New("refund-answer-lost", "Given back, and the answer lost.", "환불됐지만 응답을 잃었다.")
            .Upon("order.completed", TimeSpan.FromSeconds(1), s => s.Cancel()).Suffers<CancelPayment>(Fault.PgResponseLost)
            .Tells("payment.refunded").Ends(OrderStatus.Cancelled),
        New("refund-retried", "The PG refuses the refund: an operator tries again.", "환불이 거부되어 운영자가 다시 시도한다.")
            .Upon("order.completed", TimeSpan.FromSeconds(1), s => s.Cancel()).Suffers(Fault.PgRefundRefused, 5)
            .Whenever("payment.refund_failed", Soon, s => s.Retries())
            .Tells("payment.refund_failed", "payment.refunded").Ends(OrderStatus.Cancelled),
        New("refund-settled", "The PG refuses the refund for ever: an operator settles it.", "환불이 끝내 거부되어 운영자가 직접 정리한다.")
            .Upon("order.completed", TimeSpan.FromSeconds(1), s => s.Cancel()).Suffers(Fault.PgRefundRefused, 99)
            .Whenever("payment.refund_failed", Soon, s => s.Settles())
            .Tells("payment.refund_failed", "payment.refunded").Ends(OrderStatus.Cancelled),
        New("part-refunded", "An operator gives a part back after delivery.", "배송 뒤 운영자가 일부를 환불한다.")
            .Upon("shipping.delivered", Soon, s => s.GivesBack(5_000)).Tells("payment.refunded").Ends(OrderStatus.Delivered),
        New("all-refunded", "An operator gives everything back after delivery.", "배송 뒤 운영자가 전부 환불한다.")
            .Upon("shipping.delivered", Soon, s => s.GivesBack(28_800)).Tells("payment.refunded").Ends(OrderStatus.Delivered),
    ];

    /// <summary>The scenario of that name; null when there is none.</summary>
    public static Scenario? Find(string name) => All.FirstOrDefault(s => s.Name == name);

    private static Scenario New(string name, string english, string korean) => new(name, english, korean);
}
