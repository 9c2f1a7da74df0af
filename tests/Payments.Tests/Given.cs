using DoaMarket.Contracts;
using DoaMarket.Kernel;

namespace DoaMarket.Payments.Tests;

/// <summary>The order that the stories are about, and what the PG may say of it.</summary>
internal static class Given
{
    public static readonly DateTimeOffset Noon = new(2026, 3, 2, 12, 0, 0, TimeSpan.Zero);
    public static readonly DateTimeOffset Deadline = Noon.AddSeconds(50);
    public static readonly OrderId Order = new(Guid.Parse("0195a000-0000-7000-8000-000000000001"));
    public static readonly PaymentId Payment = PaymentId.Of(Order);
    public static readonly UserId Customer = new("user-1");
    public static readonly UserId Operator = new("op-1");
    public static readonly Money Amount = new(12_900);
    public static readonly PaymentMethod Billing = new("billing", BillingKey: "bk_ok");
    public static readonly PaymentMethod Card = new("card", PaymentKey: "pk_window");

    public static readonly PaymentMethod Account = new(
        "virtual_account", Bank: "우리", RefundReceiveAccount: new("신한", "110-123-456789", "홍길동"));
    public static readonly PgAccount Number = new("20", "65056365183080", Noon.AddDays(1));

    public static readonly OutcomeUnknown Timeout = new(null, "pg did not answer within 4 s.");
    public static readonly EffectFailed Broken = new("The adapter threw.");
    public static readonly NotAttempted CircuitOpen = new(TimeSpan.FromSeconds(5), "The circuit to pg is open.", PaymentKinds.Gateway);
    public static readonly ChargeDeclined Declined = new("REJECT_CARD_COMPANY", "결제 승인이 거절되었습니다.");
    public static readonly RequestRefused Unauthorized = new("UNAUTHORIZED_KEY", "인증되지 않은 키");
    public static readonly RequestRefused RefundRefused = new("EXCEED_MAX_REFUND_DUE", "환불 가능한 기간이 지났습니다.");
    public static readonly PaymentNotFound NotFound = new("NOT_FOUND_PAYMENT");
    public static readonly PaymentFound Done = Found(PgStatus.Captured, "DONE", Amount);
    public static readonly PaymentFound InProgress =
        Found(PgStatus.Open, "IN_PROGRESS", Amount) with { IsConfirmable = true };
    public static readonly PaymentFound Waiting =
        Found(PgStatus.AwaitingDeposit, "WAITING_FOR_DEPOSIT", Amount) with { Account = Number };
    public static readonly PaymentFound Deposited = Done with { Account = Number };
    public static readonly PaymentFound Closed = Found(PgStatus.Canceled, "CANCELED", Money.Zero);
    public static readonly PaymentFound Ready = Found(PgStatus.Open, "READY", Money.Zero);
    public static readonly PaymentFound Aborted = Found(PgStatus.Dead, "ABORTED", Money.Zero);
    public static readonly PaymentFound Expired = Found(PgStatus.Dead, "EXPIRED", Money.Zero);
    public static readonly PaymentFound CancelledByOthers = Found(PgStatus.Canceled, "CANCELED", Money.Zero) with
    {
        Refunds = [new("by the merchant", Amount, true, "tx_x")],
    };

    public static readonly RefundId Refund = new(DerivedId.From(Payment.Value, "refund"));
    public static readonly PaymentFound Cancelled = Found(PgStatus.Canceled, "CANCELED", Money.Zero) with
    {
        Refunds = [new($"saga compensation [{Refund}]", Amount, true, "tx_refund")],
    };

    public static PaymentRequested ChargeRequest(PaymentMethod? method = null) =>
        new(Order, Customer, Amount, method ?? Billing, "사과 외 1건", Deadline);

    public static readonly RefundId Part = new(DerivedId.From(Order.Value, "part"));
    public static readonly RefundId OtherPart = new(DerivedId.From(Order.Value, "other part"));

    public static PartialRefundRequested PartRequest(long won = 4_000, RefundId? id = null, int retryNumber = 0) =>
        new(Order, id ?? Part, new(won), "partial cancel", retryNumber);

    public static RefundPart Wish(long won = 4_000, RefundId? id = null, bool isDispatched = false) =>
        new(Payment, id ?? Part, new(won), "damaged", Operator, isDispatched);

    /// <summary>What the PG shows when these refunds are made.</summary>
    public static PaymentFound Made(params (RefundId Id, long Won)[] made)
    {
        var left = Amount.Won - made.Sum(m => m.Won);
        return (left == 0 ? Done with { Status = PgStatus.Canceled, RawStatus = "CANCELED" } : Done) with
        {
            RawStatus = left == 0 ? "CANCELED" : "PARTIAL_CANCELED",
            Balance = new(left),
            Refunds = [.. made.Select(m => new PgRefund($"r [{m.Id}]", new(m.Won), true, $"tx_{m.Id}"))],
        };
    }

    public static RefundRequested RefundRequest(int retryNumber = 0) => new(Order, "saga compensation", retryNumber);

    public static PaymentResolveRequested ResolveRequest(Money? amount = null) =>
        new(Order, "transferred by hand", amount, RefundId: null);

    private static PaymentFound Found(PgStatus status, string raw, Money balance) =>
        new(status, raw, IsConfirmable: false, "pk_1", "tx_1", Amount, balance, [], "ps_secret");
}
