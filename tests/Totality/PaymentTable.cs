using DoaMarket.Contracts;
using DoaMarket.Kernel;
using DoaMarket.Payments;

namespace DoaMarket.Totality;

/// <summary>Payments' payment of one order: charge, deposit and refunds.</summary>
internal static class PaymentTable
{
    private static readonly PaymentsOptions Options = new();
    private static readonly PaymentId Id = PaymentId.Of(Desk.Order);
    private static readonly DocumentKey Key = PaymentKinds.Payments.Key(Id);
    private static readonly Money Amount = new(12_900);
    private static readonly RefundId Part = new(DerivedId.From(Desk.Order.Value, "part"));
    private static readonly RefundId OtherPart = new(DerivedId.From(Desk.Order.Value, "other part"));
    private static readonly RefundId Full = new(DerivedId.From(Id.Value, "refund"));
    private static readonly PgAccount Account = new("20", "65056365183080", Desk.Morning.AddDays(1));

    private static readonly PaymentMethod Deposit = new(
        "virtual_account", Bank: "우리", RefundReceiveAccount: new("신한", "110-123-456789", "홍길동"));

    private static readonly PaymentRequested Charge = new(
        Desk.Order, Desk.User, Amount, new("billing", BillingKey: "bk_ok"), "사과 외 1건", Desk.Morning.AddSeconds(50));

    private static readonly RefundRequested Refund = new(Desk.Order, "r", RetryNumber: 0);
    private static readonly PartialRefundRequested PartRefund = new(Desk.Order, Part, new(4_000), "r", RetryNumber: 0);
    private static readonly PaymentResolveRequested Resolve = new(Desk.Order, "by hand", Amount: null, RefundId: null);

    private static readonly PaymentFound Captured = Found(PgStatus.Captured, Amount);
    private static readonly PaymentFound Deposited = Captured with { Account = Account };
    private static readonly PaymentFound Waiting = Found(PgStatus.AwaitingDeposit, Amount) with { Account = Account };
    private static readonly PaymentFound Dead = Found(PgStatus.Dead, Money.Zero);
    private static readonly PaymentFound GivenBack = Found(PgStatus.Canceled, Money.Zero) with
    {
        Refunds = [new($"r [{Full}]", Amount, IsDone: true, "tx_r")],
    };

    private static readonly PaymentFound PartGivenBack = Found(PgStatus.Captured, new(8_900)) with
    {
        Refunds = [new($"r [{Part}]", new(4_000), IsDone: true, "tx_p")],
    };

    private static readonly OutcomeUnknown Timeout = new(null, "no answer");
    private static readonly ChargeDeclined Declined = new("REJECT_CARD_COMPANY", "declined");
    private static readonly RequestRefused Refused = new("NOT_CANCELABLE_PAYMENT", "refused");
    private static readonly NotAttempted Held = new(TimeSpan.FromSeconds(5), "the circuit is open", PaymentKinds.Gateway);
    private static readonly PaymentNotFound NotFound = new("NOT_FOUND_PAYMENT");

    public static Table Table { get; } = new(
        "Payment (Payments)",
        "12,900 won by card or into a virtual account. An answer counts as the one that is awaited by its effect's key; what is a fact for ever "
            + "(a capture, a refund, a decline) counts however late.",
        Key, StateOf,
        [
            New, Asked, () => Asked().Answered(Key, Held), () => Unknown(), () => Unknown().Fired(Key),
            () => Asked().Told(Refund), () => Unknown().Told(Refund), () => Unknown().Told(PartRefund),
            AccountAsked, Awaiting, () => Awaiting().Asked(Hint("w0")), () => Awaiting().Told(Refund),
            () => Awaiting().Told(Refund).Answered(Key, Timeout), () => Awaiting().Asked(Hint("w0")).Answered(Key, Deposited),
            Reversed, () => Reversed().Told(Refund),
            Paid, () => Paid().Told(PartRefund), () => PartFailed(),
            () => Paid().Told(PartRefund).Answered(Key, PartGivenBack), () => Paid().Told(PartRefund, Refund),
            () => PartFailed().Told(Refund),
            () => Asked().Answered(Key, Declined), () => Asked().Answered(Key, Declined).Told(Refund),
            () => New().Told(Refund), () => Unknown().Told(Refund).Fired(Key).Answered(Key, Dead),
            Refunding, () => Refunding().Answered(Key, Held), () => Refunding().Answered(Key, Timeout),
            () => Refunding().Answered(Key, Timeout).Fired(Key), () => Refunding().Answered(Key, GivenBack),
            () => Failed(), () => Failed().Asked(Hint("w0")), () => Failed().Told(Resolve),
            () => Unknown().Told(Resolve), () => PartFailed().Told(Resolve with { RefundId = Part }),
        ],
        [
            .. Totality.Table.Messages(
                (Charge, ""), (Refund, ""), (Refund with { RetryNumber = 1 }, "tried again by an operator"),
                (PartRefund, ""), (PartRefund with { RetryNumber = 1 }, "tried again by an operator"),
                (PartRefund with { RefundId = OtherPart, Amount = new(99_999) }, "another one, of more than there is"),
                (Resolve, ""), (Resolve with { Amount = new(4_000) }, "of less than is owed"),
                (Resolve with { RefundId = Part }, "of the part")),
            Totality.Table.Timer(Key),
            .. Totality.Table.Requests(
                "Webhooks and operators", ("a webhook of the PG", _ => Hint("w1")),
                ("an operator refunds a part", _ => new RefundPart(Id, OtherPart, new(1_000), "damaged", new("op"), IsDispatched: true)),
                ("an operator tries the part again", _ => new RetryRefund(Id, Part, "again")),
                ("an operator settles the part", _ => new SettleRefund(Id, Part, "by hand")),
                ("an operator has it read anew", _ => new RereadPayment(Id, "to be sure"))),
            .. Totality.Table.Answers(
                Key, new QueryPayment("of before", Desk.Order),
                (Captured, "captured"), (Deposited, "captured, from a virtual account"), (Waiting, "the account is open and empty"),
                (Found(PgStatus.Open, Amount), "begun, not decided"),
                (Found(PgStatus.Open, Amount) with { IsConfirmable = true }, "authenticated, to be confirmed"),
                (Dead, "aborted or expired"), (GivenBack, "given back, by this refund"), (PartGivenBack, "a part given back, by this refund"),
                (Found(PgStatus.Canceled, Money.Zero), "given back, by somebody else"),
                (Captured with { Total = new(1) }, "another amount"), (NotFound, "no such payment"), (Declined, "the card is declined"),
                (Refused, "the request is refused"), (Timeout, "no answer, or 5xx"), (Held, "not attempted: the circuit is open"),
                (new EffectFailed("bug"), "the adapter failed")),
        ]);

    private static Desk New() => new(PaymentsModule.Create(Options));

    private static Desk Asked() => New().Told(Charge);

    private static Desk Unknown() => Asked().Answered(Key, Timeout);

    private static Desk Paid() => Asked().Answered(Key, Captured);

    private static Desk AccountAsked() => New().Told(Charge with { PaymentMethod = Deposit });

    private static Desk Awaiting() => AccountAsked().Answered(Key, Waiting);

    private static Desk Reversed() =>
        Awaiting().Asked(Hint("w0")).Answered(Key, Deposited).Asked(Hint("w2")).Answered(Key, Waiting);

    private static Desk Refunding() => Paid().Told(Refund);

    // The PG refuses each attempt, and each read between them shows the money still there.
    private static Desk Failed() => GivenUp(Refunding());

    private static Desk PartFailed() => GivenUp(Paid().Told(PartRefund));

    private static Desk GivenUp(Desk desk)
    {
        while (desk.Find<Payment>(Key)!.Status != PaymentStatus.RefundFailed)
        {
            desk = desk.Wanted(Key) switch
            {
                null => desk.Fired(Key),
                CancelPayment => desk.Answered(Key, Refused),
                _ => desk.Answered(Key, Captured),
            };
        }

        return desk;
    }

    private static PaymentHint Hint(string transmission) => new(Desk.Order, transmission);

    private static PaymentFound Found(PgStatus status, Money balance) =>
        new(status, status.ToString(), IsConfirmable: false, "pk_1", "tx_1", Amount, balance, [], null);

    private static string StateOf(Desk desk)
    {
        if (desk.Find<Payment>(Key) is not { } payment)
        {
            return "none";
        }

        var parts = payment.Refunds.Where(r => r.Kind != RefundKind.Full).ToList();
        IEnumerable<string?> words =
        [
            payment.Status.Name() + (payment.Call is { } call
                ? $": {call.Action.ToString().ToLowerInvariant()} {(call.IsAsked ? "asked" : call.HeldAt is null ? "waits" : "held back")}"
                : ""),
            payment.Terms is null ? "tombstone" : null,
            payment.ChargeMayHaveBegun ? "outcome unknown" : null,
            payment.Account is not null ? "virtual account" : payment.Terms?.DepositDueAt is not null ? "for a deposit" : null,
            payment.Reversals > 0 ? "reversed" : null,
            payment.RefundOwed is null ? null : "refund owed",
            payment.Refunds.Any(r => r is { Kind: RefundKind.Full, IsOpen: true, Attempts: > 0 }) ? "attempts failed" : null,
            parts.Any(p => p.IsOpen) ? "a part open" : parts.Any(p => p.Amount > Money.Zero) ? "a part given back" : null,
            payment.RefundReply is null || payment.Status is not PaymentStatus.Failed ? null : "refund answered",
            payment.SettlementReason is not null || parts.Any(p => p.SettlementReason is not null) ? "settled by hand" : null,
        ];
        return string.Join(", ", words.OfType<string>());
    }
}
