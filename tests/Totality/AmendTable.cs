using DoaMarket.Contracts;
using DoaMarket.Kernel;
using DoaMarket.Orders;
using DoaMarket.Sagas;
using Words = DoaMarket.Sagas.Words;

namespace DoaMarket.Totality;

/// <summary>Orders' saga of a partial cancel.</summary>
internal static class AmendTable
{
    private static readonly OrderId Id = OrderTable.Id;
    private static readonly AmendId Amend = Asked().All<AmendSaga>().Single().Amend.AmendId;
    private static readonly DocumentKey Key = OrderKinds.Amends.Key(Amend);
    private static readonly SagaId Saga = AmendSagaId.Of(Amend);
    private static readonly ShippingAmended Amended = new(Id, Amend, ShipmentId.Of(Id));
    private static readonly ShippingAmendRefused Refused = new(Id, Amend, "dispatched");
    private static readonly ShippingAmendUndone Undone = new(Id, Amend);
    private static readonly LinesReleased Released = new(Id, Amend, []);

    private static readonly PaymentRefunded Refunded = new(
        Id, PaymentId.Of(Id), Orders.Amend.RefundOf(Amend), new(12_900), new(68_700), SettledByHand: false);

    private static readonly RefundFailed RefundRefused = new(Id, PaymentId.Of(Id), Orders.Amend.RefundOf(Amend), "r");

    public static Table Table { get; } = new(
        "Partial cancel's saga (Orders)",
        "Its steps are in [amend-flow.md](amend-flow.md); the parcel is its pivot.",
        Key, StateOf,
        [
            Asked, () => Asked().Told(Amended), () => Asked().Told(Amended, Refunded), () => Asked().Told(Amended, RefundRefused),
            () => NeverAnswered(Asked().Told(Amended)), () => NeverAnswered(Asked().Told(Amended, Refunded)),
            () => Asked().Told(Amended, Refunded, Released), () => Asked().Told(Refused), Silent, () => NeverAnswered(Silent()),
            () => Silent().Told(Undone), () => Asked().Told(Amended, RefundRefused).Asked(Cancel),
        ],
        [
            .. Totality.Table.Messages(
                (Amended, ""), (Refused, ""), (Undone, ""), (Refunded, "of this partial cancel"), (RefundRefused, "of this partial cancel"),
                (Released, "")),
            Totality.Table.Timer(Key),
            .. Totality.Table.Requests(
                "People and the watchdog", ("the customer cancels the order", _ => Cancel),
                ("an operator has it undone", _ => new AmendCancel(Saga, "by mistake")),
                ("an operator has it tried again", _ => new SagaRetry(Saga, "again")),
                ("an operator settles the refund", _ => new SagaResolve(Saga, AmendFlow.RefundDifference, new("by hand"))),
                ("the watchdog looks", _ => new WatchSaga(Saga))),
        ]);

    private static CancelOrder Cancel => new(Id, Desk.User, AsOperator: false, "changed my mind");

    private static Desk Asked() => OrderTable.Completed().Asked(OrderTable.CancelLine);

    private static Desk Silent() =>
        Asked().FiredUntil(Key, d => d.Find<AmendSaga>(Key)!.Saga.Status is SagaStatus.Compensating);

    private static Desk NeverAnswered(Desk desk) =>
        desk.FiredUntil(Key, d => d.Find<AmendSaga>(Key)!.Saga.Status is SagaStatus.NeedsAttention);

    private static string StateOf(Desk desk)
    {
        var saga = desk.Find<AmendSaga>(Key)!.Saga;
        var step = saga.CurrentStep is { } name ? saga.Step(name) : null;
        var isCovered = saga.Steps.Any(s => s is { Status: StepStatus.Skipped, Reason: not null });
        return Words.Of(saga.Status) + (step is null ? "" : $": {step.Name}")
            + (step is { Status: StepStatus.Stuck, Attempts: < 12 } ? ", it failed" : "")
            + (isCovered ? ", covered by the whole order's" : "")
            + (saga.Status is SagaStatus.Cancelled && saga.Step(AmendFlow.AmendShipment).Status is StepStatus.Failed ? ", refused" : "");
    }
}
