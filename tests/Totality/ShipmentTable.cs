using DoaMarket.Contracts;
using DoaMarket.Kernel;
using DoaMarket.Shipping;

namespace DoaMarket.Totality;

/// <summary>Shipping's shipment of one order, and its return.</summary>
internal static class ShipmentTable
{
    private const string Number = "6100000001", Cj = "kr.cjlogistics";

    private static readonly ShippingOptions Options = new();
    private static readonly ShipmentId Id = ShipmentId.Of(Desk.Order);
    private static readonly DocumentKey Key = ShippingKinds.Shipments.Key(Id);
    private static readonly AmendId Amend = new(DerivedId.From(Desk.Order.Value, "amend"));
    private static readonly ShippingAddress Home = new("홍길동", "010-1234-5678", "04524", "서울시 중구 세종대로 110");
    private static readonly ShippingAddress Elsewhere = new("김영희", "010-9876-5432", "06236", "서울시 강남구 테헤란로 1");

    private static readonly PrepareRequested Prepare = new(
        Desk.Order, Desk.User, Lines(2), Home, null, Desk.Morning.AddSeconds(30));

    private static readonly PaymentCompleted Paid = new(Desk.Order, PaymentId.Of(Desk.Order), "tx", new(25_800));
    private static readonly InventoryCommitted Committed = new(Desk.Order, []);

    private static readonly ShippingCancelRequested Cancel = new(Desk.Order, "r", AskedByPerson: true, RetryNumber: 0);

    private static readonly ShippingAmendRequested Amended = new(
        Desk.Order, Amend, Lines(1), "r", Desk.Morning.AddDays(1));

    private static readonly ShippingAmendUndoRequested AmendUndone = new(Desk.Order, Amend, Lines(2), "r");
    private static readonly ShippingResolveRequested Resolve = new(Desk.Order, "by hand");

    private static readonly OrderAmended Settled = new(
        Desk.Order, "ORD-1", Desk.User, Amend, Lines(1), new(12_900), new(12_900), new(0), new(12_900), [], "r");

    private static readonly OrderReturned OrderReturned = new(Desk.Order, "ORD-1", Desk.User, new(25_800), "returned");
    private static readonly OutcomeUnknown Timeout = new("no answer");

    public static Table Table { get; } = new(
        "Shipment and return (Shipping)",
        "Two pieces of one item. Cancelled and failed are also the tombstones of a shipment that never was.",
        Key, StateOf,
        [
            New, () => New().Told(Paid), () => New().Told(Prepare), () => New().Told(Prepare).Answered(Key, Timeout),
            () => New().Told(Prepare, Cancel), () => Prepared(), () => Prepared().Told(Paid, Committed),
            () => Prepared().Told(Amended), () => Prepared().Asked(Change), Dispatching,
            () => Dispatching().Answered(Key, Timeout), () => Dispatching().Told(Cancel), Dispatched,
            () => Dispatched().Fired(Key), () => Dispatched().Asked(Report("IN_TRANSIT", "m1")),
            () => Dispatched().Asked(Report("OUT_FOR_DELIVERY", "m1")), () => Dispatched().Asked(Report("DELIVERED", "m1")),
            () => Dispatched().Asked(Report("EXCEPTION", "m1")), () => Prepared().Told(Cancel),
            () => Prepared().Told(Cancel).Answered(Key, Timeout),
            () => Prepared().Told(Cancel).Answered(Key, Known(CarrierStatus.Cancelled)), () => New().Told(Cancel),
            () => New().Told(Prepare).Answered(Key, new CarrierRefused("NO", "no")), Returning,
            () => Returning().Answered(Key, Known(CarrierStatus.ReturnStarted)),
            () => Returning().Asked(Report("RETURN_PICKED_UP", "m2")), () => Returning().Asked(Report("RETURNED", "m2")),
            () => Returning().Asked(Report("RETURNED", "m2")).Told(OrderReturned), () => Prepared().Told(Resolve),
            () => Dispatched().Told(Resolve),
        ],
        [
            .. Totality.Table.Messages(
                (Prepare, ""), (Prepare with { Deadline = Desk.Morning.AddSeconds(-1) }, "after its deadline"), (Paid, ""),
                (Committed, ""), (Cancel, "a person wants it"), (Cancel with { AskedByPerson = false }, "the saga's own idea"),
                (Cancel with { RetryNumber = 1 }, "tried again by an operator"), (Amended, "leaves one piece"),
                (Amended with { Deadline = Desk.Morning.AddSeconds(-1) }, "after its deadline"), (AmendUndone, ""), (Settled, ""),
                (OrderReturned, ""), (Resolve, ""), (Resolve with { Restock = false }, "the goods are lost")),
            Totality.Table.Timer(Key),
            .. Totality.Table.Requests(
                "Callbacks and customers",
                [
                    .. new[]
                    {
                        "INFORMATION_RECEIVED", "AT_PICKUP", "IN_TRANSIT", "OUT_FOR_DELIVERY", "ATTEMPT_FAIL", "DELIVERED", "EXCEPTION",
                        "CANCELLED", "RETURN_PICKED_UP", "RETURNED", "SOMETHING_NEW",
                    }.Select(word => ($"the carrier reports {word}", (Func<Desk, object>)(_ => Report(word, "m9")))),
                    ("the tracker hints that it moved", _ => new ParcelHinted(Id, Cj, Number)),
                    ("the customer has it sent elsewhere", _ => Change),
                ]),
            .. Totality.Table.Answers(
                Key, new RegisterParcel(Cj, "of before", ClientReference.Of(Desk.Order), Desk.Order, Home, 500, Lines(2), Desk.Morning),
                [
                    .. Enum.GetValues<CarrierStatus>().Select(s => ((EffectResult)Known(s), $"the parcel is {s}")),
                    (new ParcelKnown("6199999999", CarrierStatus.Registered), "another waybill"),
                    (new ParcelNotFound(), "no such parcel"), (new CarrierRefused("NO", "no"), "refused for good"), (Timeout, "no answer"),
                    (new NotAttempted(TimeSpan.FromSeconds(5), "the circuit is open", Cj), "not attempted: the circuit is open"),
                    (new EffectFailed("bug"), "the adapter failed"), (new WatchTaken(Desk.Morning.AddDays(2)), "the tracker watches it"),
                ]),
        ]);

    private static ChangeAddress Change => new(Id, Desk.User, Elsewhere);

    private static Desk New() => new(ShippingModule.Create(Options));

    private static Desk Prepared() => New().Told(Prepare).Answered(Key, Known(CarrierStatus.Registered));

    private static Desk Dispatching() => Prepared().Told(Paid, Committed)
        .FiredUntil(Key, desk => desk.Find<Shipment>(Key)!.Status == ShipmentStatus.Dispatching);

    private static Desk Dispatched() => Dispatching().Answered(Key, Known(CarrierStatus.HandedOver));

    private static Desk Returning() => Dispatched().Told(Cancel);

    private static ParcelKnown Known(CarrierStatus status) => new(Number, status);

    private static CarrierReported Report(string word, string webhook) =>
        new(Cj, Number, ClientReference.Of(Desk.Order), word, Desk.Morning, webhook);

    private static OrderItem[] Lines(int pieces) =>
        [new(new("P-1001"), null, "머그컵", pieces, new(12_900), new("S-01"), WeightGrams: 500)];

    private static string StateOf(Desk desk)
    {
        if (desk.Find<Shipment>(Key) is not { } shipment)
        {
            return "none";
        }

        IEnumerable<string?> words =
        [
            shipment.Status.Wire() + (shipment.Call is { } call
                ? $": {call.Kind} {(!call.IsPaused ? "asked" : call.HeldAt is null ? "waits" : "held back")}"
                : ""),
            shipment is { Status: ShipmentStatus.Stub, IsPaid: true } ? "paid" : null,
            shipment is { Status: ShipmentStatus.Stub, IsCommitted: true } ? "stock sold" : null,
            shipment is { Status: ShipmentStatus.Prepared, IsPaid: true, IsCommitted: true } ? "cleared" : null,
            shipment.Cancel is null || shipment.Status > ShipmentStatus.Dispatching ? null : "cancel asked",
            shipment.Amends.Any(a => a.Status == AmendStatus.Open) ? "a partial cancel open" : null,
            shipment.AddressChange is null ? null : "address changing",
            shipment is { Status: ShipmentStatus.Cancelled or ShipmentStatus.Failed, Consignment: null } ? "tombstone" : null,
            shipment.SettledByHand is null ? null : "settled by hand",
        ];
        return string.Join(", ", words.OfType<string>());
    }
}
