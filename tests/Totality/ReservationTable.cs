using DoaMarket.Contracts;
using DoaMarket.Inventory;
using DoaMarket.Kernel;

namespace DoaMarket.Totality;

/// <summary>Inventory's reservation of one order.</summary>
internal static class ReservationTable
{
    private static readonly InventoryOptions Options = new();
    private static readonly DocumentKey Key = InventoryKinds.Reservations.Key(Desk.Order);
    private static readonly AmendId Amend = new(DerivedId.From(Desk.Order.Value, "amend"));

    private static readonly ReserveRequested Reserve =
        new(Desk.Order, [new(new("P-1"), null, 2)], Desk.Morning.AddSeconds(30));

    private static readonly ReleaseRequested Release = new(Desk.Order, "r");
    private static readonly PaymentCompleted Paid = new(Desk.Order, PaymentId.Of(Desk.Order), "tx", new(25_800));

    private static readonly ReleaseLinesRequested ReleaseLines = new(Desk.Order, Amend, [new(new("P-1"), null, 1)], "r");

    public static Table Table { get; } = new(
        "Reservation (Inventory)",
        "Two units of one item, of which ten are there. Expiry is the timer of a held reservation.",
        Key, StateOf,
        [
            New,
            () => New().Told(Reserve),
            () => New().Told(Reserve, ReleaseLines),
            () => New().Told(Reserve, Paid),
            () => New().Told(Reserve, Paid, ReleaseLines),
            () => New().Told(Reserve, Release),
            () => New().Told(Reserve).Fired(Key),
            () => New().Told(Reserve, Paid, Release),
            () => New().Told(Reserve, Paid, Release with { Restock = false }),
            () => New().Told(Reserve with { Items = [new(new("P-1"), null, 11)] }),
            () => New().Told(Release),
            () => New().Told(Release, Reserve),
        ],
        [
            .. Totality.Table.Messages(
                (Reserve, ""), (Reserve with { Deadline = Desk.Morning.AddSeconds(-1) }, "after its deadline"),
                (Paid, ""), (new ExtendRequested(Desk.Order, Desk.Morning.AddDays(1)), ""), (Release, ""),
                (Release with { Restock = false }, "the goods are lost"),
                (ReleaseLines with { AmendId = new(DerivedId.From(Desk.Order.Value, "another")) }, ""),
                (ReleaseLines, "of a partial cancel that may be known"), (Created, "")),
            Totality.Table.Timer(Key),
        ]);

    private static OrderCreated Created => new(
        Desk.Order, "ORD-1", Desk.User, [], new(25_800), new(3_000), new(28_800), []);

    private static Desk New() => new Desk(InventoryModule.Create(Options))
        .Asked(new SeedStock([new(new("P-1"), null, 10, LowStockThreshold: 2)]));

    private static string StateOf(Desk desk) => desk.Find<Reservation>(Key) switch
    {
        null => "none",
        { LinesAnswers: not null, Status: ReservationStatus.Held or ReservationStatus.Committed } r =>
            $"{r.StatusName}, a part given back",
        { Status: ReservationStatus.Tombstone, ReserveAnswer: not null } => "tombstone, reserve refused",
        var r => r.StatusName,
    };
}
