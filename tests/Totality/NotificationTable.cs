using DoaMarket.Contracts;
using DoaMarket.Kernel;
using DoaMarket.Notifications;

namespace DoaMarket.Totality;

/// <summary>Notifications: one notification, and what an order's customer is told upon which message.</summary>
internal static class NotificationTable
{
    private static readonly NotificationsOptions Options = new();
    private static readonly NoticeTemplates Templates = NoticeTemplates.Embedded;
    private static readonly DocumentKey NoticeKey = NotificationKinds.OrderNotices.Key(Desk.Order);

    private static readonly OrderCreated Created = new(
        Desk.Order, "ORD-1", Desk.User, [], new(25_800), new(3_000), new(28_800), []);

    private static readonly OrderCancelled Cancelled = new(Desk.Order, "ORD-1", Desk.User, new(28_800), "r", "customer");
    private static readonly Parcel Parcel = new(ShipmentId.Of(Desk.Order), "6100000001", "kr.cjlogistics", "CJ대한통운");
    private static readonly ShippingDelivered Delivered = new(Desk.Order, Desk.User, Parcel, Desk.Morning);

    /// <summary>One mail, upon `order.created`.</summary>
    public static Table Notification { get; } = new(
        "Notification (Notifications)",
        "The mail upon `order.created`. Nothing here can fail an order's saga.",
        Key, StateOf,
        [
            () => New(), () => Told(), () => Told().Answered(Key, new NoticeDeferred("greylisted")),
            () => Told().Answered(Key, Held), () => Told().Told(Cancelled),
            () => Told().Answered(Key, new NoticeDeferred("greylisted")).Told(Cancelled),
            () => Told().Answered(Key, new NoticeSent()), () => Read(Told().Answered(Key, new NoticeSent())),
            () => Told().Answered(Key, new NoticeRefused("no such mailbox")),
            () => Told().Answered(Key, new NoticeDeferred("greylisted")).Told(Cancelled).Fired(Key),
            () => New(mail: null).Told(Created),
        ],
        [
            Table.Timer(Key),
            .. Table.Requests("The customer", ("has read it", desk => new MarkRead(IdIn(desk), Desk.User))),
            .. Table.Answers(
                Key, new SendNotice("smtp", "of before", new(Guid.Empty), Desk.Order, "order_received", "a@b.example", new("s", "b")),
                (new NoticeSent(), "taken"), (new NoticeDeferred("greylisted"), "deferred"), (new NoticeRefused("no such mailbox"), "refused"),
                (new NoticeRefused("no such mailbox", IsAddressGone: true), "refused: the address is gone"),
                (Held, "not attempted: the circuit is open"), (new EffectFailed("bug"), "the adapter failed")),
        ]);

    /// <summary>What is told upon which message, by what has happened to the order before.</summary>
    public static Table Order { get; } = new(
        "What a customer is told (Notifications)",
        "The order's notice remembers what has happened, in whatever order it is heard. The customer has mail, push and SMS.",
        NoticeKey, desk => desk.Find<OrderNotice>(NoticeKey) is { } notice
            ? string.Join(" + ", notice.Happened.Select(h => h.Split('/', ':')[0]))
            : "none",
        [() => New(), () => New().Told(Created), () => New().Told(Created, Cancelled), () => New().Told(Created, Delivered)],
        [
            .. Table.Messages(
                (Created, ""), (Awaiting, ""), (new SendRequested(Desk.Order, Desk.User, "order_confirmed", "ORD-1", new(28_800)), ""),
                (new SendRequested(Desk.Order, Desk.User, "nonsense", "ORD-1", new(28_800)), "of an unknown type"), (Amended, ""),
                (new ShippingDispatched(Desk.Order, Desk.User, Parcel.TrackingNumber, Parcel.CarrierName, new(2026, 4, 3), Parcel), ""),
                (Delivered, ""), (Cancelled, ""), (Refunded, ""),
                (new PaymentCompleted(Desk.Order, PaymentId.Of(Desk.Order), "tx", new(28_800)), "")),
        ]);

    private static NotAttempted Held => new(TimeSpan.FromSeconds(5), "the circuit is open", "smtp");

    private static OrderAwaitingDeposit Awaiting => new(
        Desk.Order, "ORD-1", Desk.User, new(28_800), "우리", "X6505", Desk.Morning.AddDays(1));

    private static OrderAmended Amended => new(
        Desk.Order, "ORD-1", Desk.User, new(Guid.Empty), [], new(12_900), new(12_900), new(0), new(12_900), [], "r");

    private static PaymentRefunded Refunded => new(
        Desk.Order, PaymentId.Of(Desk.Order), new(Guid.Empty), new(28_800), new(28_800), SettledByHand: false);

    // The id follows from the event that caused it; on a desk that is the first message that it hears.
    private static DocumentKey Key => NotificationKinds.Notifications.Key(IdIn(Told()));

    private static Desk New(string? mail = "a@b.example") => new Desk(NotificationsModule.Create(Options, Templates))
        .Asked(new SeedContacts([new(Desk.User, mail) { Phone = "01012345678", PushTokens = ["device-a"] }]));

    private static Desk Told() => New().Told(Created);

    private static Desk Read(Desk desk) => desk.Asked(new MarkRead(IdIn(desk), Desk.User));

    private static NotificationId IdIn(Desk desk) => Mails(desk).FirstOrDefault()?.Id ?? new(Guid.Empty);

    private static IEnumerable<Notification> Mails(Desk desk) =>
        desk.All<Notification>().Where(n => n is { Channel: Channels.Email, Type: "order_received" });

    private static string StateOf(Desk desk) => Mails(desk).FirstOrDefault() is { } mail
        ? mail.Status.ToString().ToLowerInvariant()
            + (mail.Status != NotificationStatus.Pending ? "" : mail.IsCalling ? ": called" : ": waits")
            + (mail.Deferrals > 0 ? ", held back" : "") + (mail.ReadAt is null ? "" : ", read")
            + (desk.All<Notification>().Any(n => n.Type == "order_cancelled") ? ", the order is cancelled" : "")
        : "none";
}
