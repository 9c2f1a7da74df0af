using DoaMarket.Contracts;
using DoaMarket.Kernel;
using DoaMarket.Orders;
using DoaMarket.Sagas;
using ShipmentStatus = DoaMarket.Orders.ShipmentStatus;
using Words = DoaMarket.Sagas.Words;

namespace DoaMarket.Totality;

/// <summary>Orders' saga of one order.</summary>
internal static class OrderTable
{
    private static readonly OrdersOptions Options = new();

    private static readonly OrderParticipants Participants = new(
        new("inventory", TimeSpan.Zero, TimeSpan.Zero),
        new("payments", TimeSpan.FromMinutes(20), TimeSpan.FromSeconds(5)),
        new("shipping", TimeSpan.FromMinutes(5), TimeSpan.FromSeconds(5)));

    public static readonly OrderId Id = Placed().All<Order>().Single().OrderId;
    public static readonly DocumentKey Key = OrderKinds.Sagas.Key(Id);
    private static readonly PaymentId Payment = PaymentId.Of(Id);
    private static readonly ShipmentId Shipment = ShipmentId.Of(Id);
    private static readonly Money Total = new(68_700);
    private static readonly Parcel Parcel = new(Shipment, "6100000001", "kr.cjlogistics", "CJ대한통운");

    public static readonly InventoryReserved Reserved = new(Id, [], Desk.Morning.AddMinutes(30));
    public static readonly PaymentCompleted Paid = new(Id, Payment, "tx", Total);

    public static readonly ShippingPrepared Prepared = new(
        Id, Shipment, Parcel.TrackingNumber, Parcel.CarrierId, Parcel.CarrierName);

    private static readonly AwaitingDeposit Awaiting = new(Id, Payment, Total, "우리", "X6505", Desk.Morning.AddDays(1));
    private static readonly InventoryExtended Extended = new(Id, Desk.Morning.AddDays(1).AddHours(1));
    private static readonly ReservationExpired Expired = new(Id, []);
    private static readonly DepositReversed Reversed = new(Id, Payment, Total);

    private static readonly ShippingDispatched Dispatched = new(
        Id, Desk.User, Parcel.TrackingNumber, Parcel.CarrierName, new(2026, 4, 3), Parcel);

    private static readonly ShippingDelivered Delivered = new(Id, Desk.User, Parcel, Desk.Morning);
    private static readonly ShippingCancelled ParcelCancelled = new(Id, Shipment, "r");
    private static readonly ShippingCancelRefused HandedOver = new(Id, Shipment, Parcel.TrackingNumber, "r");
    private static readonly ReturnReceived Back = new(Id, Desk.User, Parcel);
    private static readonly InventoryReleased Released = new(Id, []);
    private static readonly RefundFailed RefundRefused = new(Id, Payment, new(Guid.Empty), "r");

    private static readonly PaymentRefunded Refunded = new(
        Id, Payment, new(Guid.Empty), Total, Total, SettledByHand: false);

    public static Table Table { get; } = new(
        "Order saga (Orders)",
        "Its steps are in [order-flow.md](order-flow.md). A cancel of a person is a wish; one by the hold of the stock or by the bank is a fact.",
        Key, StateOf, [.. States()],
        [
            .. Table.Messages(
                (Reserved, ""), (new ReserveFailed(Id, "insufficient_stock", []), ""), (Awaiting, ""), (Extended, ""), (Expired, ""),
                (Paid, ""), (new PaymentFailed(Id, Payment, "r", "REJECT"), ""), (Reversed, ""), (Prepared, ""),
                (new PrepareFailed(Id, "r", "NO_CARRIER"), ""), (Dispatched, ""),
                (new ShippingInTransit(Id, Desk.User, "in_transit", Parcel, Desk.Morning), ""), (Delivered, ""),
                (new DeliveryFailed(Id, Desk.User, Parcel, "r"), ""), (new ShippingAddressChanged(Id, Desk.User, Shipment), ""),
                (ParcelCancelled, ""), (HandedOver, ""), (new ReturnInitiated(Id, Desk.User, Parcel, "r"), ""),
                (new ReturnPickedUp(Id, Desk.User, Parcel, Desk.Morning), ""), (Back, ""), (new ReturnCompleted(Id, Desk.User, Parcel), ""),
                (Refunded, ""), (Refunded with { Amount = new(5_000), RefundId = new(DerivedId.From(Guid.Empty, "part")) }, "a part, by an operator"),
                (new PaymentCancelled(Id, "r"), ""), (RefundRefused, ""), (Released, "")),
            Table.Timer(Key),
            .. Table.Requests(
                "People and the watchdog", ("the customer cancels", _ => Cancel),
                ("the customer cancels a line", _ => CancelLine),
                ("an operator has it tried again", _ => new SagaRetry(OrderSagaId.Of(Id), "again")),
                ("an operator settles the payment", _ => new SagaResolve(OrderSagaId.Of(Id), OrderFlow.ProcessPayment, new("by hand"))),
                ("an operator settles the parcel", _ => new SagaResolve(OrderSagaId.Of(Id), OrderFlow.PrepareShipping, new("by hand"))),
                ("an operator settles the parcel as lost", _ => SettledAsLost),
                ("an operator settles the stock", _ => new SagaResolve(OrderSagaId.Of(Id), OrderFlow.ReserveInventory, new("by hand"))),
                ("the watchdog looks", _ => new WatchSaga(OrderSagaId.Of(Id)))),
        ]);

    public static CancelItems CancelLine => new(
        Id, Desk.User, AsOperator: false, [new(new("P-1"), null, 1)], "the wrong colour", null);

    private static SagaResolve SettledAsLost =>
        new(OrderSagaId.Of(Id), OrderFlow.PrepareShipping, new("by hand", Restock: false));

    private static CancelOrder Cancel => new(Id, Desk.User, AsOperator: false, "changed my mind");

    public static Desk Shop() => new Desk(OrdersModule.Create(Options, Participants)).Asked(new SeedProducts(
        [new(new("P-1"), null, "머그컵", new(12_900), 400, new("S-01")), new(new("P-2"), null, "접시", new(30_000), 400, new("S-01"))]));

    public static Desk Placed() => Shop().Asked(new PlaceOrder(
        Desk.User, [new(new("P-1"), null, 3), new(new("P-2"), null, 1)],
        new("홍길동", "010-1234-5678", "04524", "서울시 중구 세종대로 110"), new("billing", BillingKey: "bk_ok"), null, null, Desk.Morning));

    public static Desk Completed() => Placed().Told(Reserved, Paid, Prepared);

    private static IEnumerable<Func<Desk>> States()
    {
        yield return Placed;
        yield return () => Placed().Told(Reserved);
        yield return () => Placed().Told(Reserved, Awaiting);
        yield return () => Placed().Told(Reserved, Awaiting, Extended);
        yield return () => Placed().Told(Reserved, Paid);
        yield return Completed;
        yield return () => Completed().Asked(CancelLine);
        yield return () => Completed().Asked(CancelLine).Asked(Cancel);
        yield return () => Completed().Told(Dispatched);
        yield return () => Completed().Told(Dispatched, Reversed);
        yield return () => Completed().Told(Dispatched, Delivered);
        yield return () => Placed().Asked(Cancel);
        yield return () => Silent(Placed());
        yield return () => Placed().Told(Reserved).Asked(Cancel);
        yield return () => Silent(Placed().Told(Reserved));
        yield return () => Silent(Placed().Told(Reserved, Paid));
        yield return () => Completed().Asked(Cancel);
        yield return () => Completed().Told(Expired);
        yield return () => Completed().Asked(Cancel).Told(HandedOver);
        yield return () => Completed().Asked(Cancel).Told(ParcelCancelled);
        yield return () => Completed().Asked(Cancel).Told(HandedOver, Back);
        yield return () => Completed().Asked(Cancel).Told(ParcelCancelled, Refunded);
        yield return () => Completed().Asked(Cancel).Told(ParcelCancelled, RefundRefused);
        yield return () => NeverAnswered(Completed().Asked(Cancel));
        yield return () => NeverAnswered(Completed().Asked(Cancel)).Asked(SettledAsLost).Told(Back);
        yield return () => NeverAnswered(Completed().Asked(Cancel).Told(ParcelCancelled, Refunded));
        yield return () => Completed().Asked(Cancel).Told(ParcelCancelled, Refunded, Released);
        yield return () => Completed().Asked(Cancel).Told(HandedOver, Back, Refunded, Released);
    }

    // The step's deadline passes: whether it was done is unknown.
    private static Desk Silent(Desk desk) =>
        desk.FiredUntil(Key, d => d.Find<OrderSaga>(Key)!.Saga.Status is SagaStatus.Compensating);

    private static Desk NeverAnswered(Desk desk) =>
        desk.FiredUntil(Key, d => d.Find<OrderSaga>(Key)!.Saga.Status is SagaStatus.NeedsAttention);

    private static string StateOf(Desk desk)
    {
        var order = desk.Find<OrderSaga>(Key)!;
        var saga = order.Saga;
        var step = saga.CurrentStep is { } name ? saga.Step(name) : null;
        IEnumerable<string?> words =
        [
            Words.Of(saga.Status) + (step is null ? "" : $": {step.Name}"),
            step switch
            {
                { Status: StepStatus.InProgress, WaitsUntil: not null, WaitingSince: null } => "the hold is extended",
                { Status: StepStatus.InProgress, WaitingSince: not null } => "a deposit is awaited",
                { Status: StepStatus.CompensationFailed, Told: UndoReport.Failed } => "it failed",
                { Status: StepStatus.CompensationFailed } => "never answered",
                { UndoRefused: true } => "it comes back",
                { Status: StepStatus.Compensating, DoneAt: null } => "outcome unknown",
                _ => null,
            },
            saga is { Status: SagaStatus.Compensating, AskedByPerson: false } ? "nobody asked" : null,
            saga.Status is not SagaStatus.Completed ? null : order.Shipment?.Status switch
            {
                null or ShipmentStatus.Preparing or ShipmentStatus.Prepared => "prepared",
                var status => Words.Of(status.Value),
            },
            saga.Step(OrderFlow.PrepareShipping).Settlement is { Restock: false } ? "the goods are lost"
                : saga.CameBack ? "the parcel came back" : null,
            order.IsAmending ? "a partial cancel moves" : null,
            order.CancelWaiting is null ? null : "a cancel waits",
            order.Payment is { DepositReversed: true } ? "the bank took the deposit back" : null,
        ];
        return string.Join(", ", words.OfType<string>());
    }
}
