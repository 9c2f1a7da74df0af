using DoaMarket.Contracts;

namespace DoaMarket.Notifications;

/// <summary>Names of the ways to reach a customer. A type lists those that it goes out on.</summary>
public static class Channels
{
    /// <summary>E-mail.</summary>
    public const string Email = "email";

    /// <summary>A message on the customer's devices.</summary>
    public const string Push = "push";

    /// <summary>A text message to the customer's phone.</summary>
    public const string Sms = "sms";

    /// <summary>All of them.</summary>
    public static IReadOnlyList<string> All { get; } = [Email, Push, Sms];
}

/// <summary>
/// One thing that a customer is told. All of them are about the customer's own order (transactional), so none waits for
/// the morning.
/// </summary>
/// <param name="Name">Name of its templates, e.g. "order_received".</param>
/// <param name="Channels">Where it goes out; each channel is sent, retried and fails on its own.</param>
/// <param name="OvertakenBy">Types after which telling it would mislead: it is recorded as suppressed.</param>
/// <param name="Sample">The facts that it always has: its templates may show these and no others.</param>
public sealed record NotificationType(
    string Name, IReadOnlyList<string> Channels, IReadOnlyList<string> OvertakenBy, NoticeFacts Sample)
{
    /// <summary>False for a name that somebody asked for and that has no templates.</summary>
    public bool IsKnown { get; init; } = true;
}

/// <summary>Everything that a customer is told, and where.</summary>
public static class NotificationTypes
{
    private const string Received = "order_received";
    private const string Deposit = "deposit_requested";
    private const string Confirmed = "order_confirmed";
    private const string Amended = "order_amended";
    private const string Started = "shipping_started";
    private const string Delivered = "delivery_completed";
    private const string Cancelled = "order_cancelled";
    private const string Refunded = "refund_completed";

    private static readonly NoticeFacts Any = new() { Order = "order" };
    private static readonly NoticeFacts OfAmount = Any with { Amount = Money.Zero };

    private static readonly NoticeFacts OfParcel =
        Any with { CarrierName = "carrier", TrackingNumber = "number", DeliveryDate = DateOnly.MinValue };

    /// <summary>The order is taken. Everything later says it too.</summary>
    public static NotificationType OrderReceived { get; } = new(
        Received, [Channels.Email, Channels.Push], OvertakenBy: [Deposit, Confirmed, Started, Delivered, Cancelled],
        OfAmount with { ShippingFee = Money.Zero, Items = [new("item", 1, Money.Zero)] });

    /// <summary>The customer is to pay into a virtual account.</summary>
    public static NotificationType DepositRequested { get; } = new(
        Deposit, [Channels.Email, Channels.Sms], OvertakenBy: [Confirmed, Started, Delivered, Cancelled],
        OfAmount with { Bank = "bank", AccountNumber = "number", DueAt = DateTimeOffset.MinValue });

    /// <summary>It is paid and prepared. Being the customer's receipt, it is overtaken by a cancel only.</summary>
    public static NotificationType OrderConfirmed { get; } =
        new(Confirmed, [Channels.Email, Channels.Push, Channels.Sms], OvertakenBy: [Cancelled], OfAmount);

    /// <summary>Some lines are cancelled; the rest of the order goes on.</summary>
    public static NotificationType OrderAmended { get; } = new(
        Amended, [Channels.Email, Channels.Push], OvertakenBy: [Cancelled],
        OfAmount with { Items = [new("item", 1, Money.Zero)], Remaining = Money.Zero });

    /// <summary>The carrier has the parcel.</summary>
    public static NotificationType ShippingStarted { get; } =
        new(Started, [Channels.Push, Channels.Sms], OvertakenBy: [Delivered, Cancelled], OfParcel);

    /// <summary>The customer has the parcel.</summary>
    public static NotificationType DeliveryCompleted { get; } =
        new(Delivered, [Channels.Email, Channels.Push, Channels.Sms], OvertakenBy: [], OfParcel);

    /// <summary>Everything is undone.</summary>
    public static NotificationType OrderCancelled { get; } = new(
        Cancelled, [Channels.Email, Channels.Push], OvertakenBy: [], OfAmount with { Reason = NoticeReason.Unsaid });

    /// <summary>Money went back.</summary>
    public static NotificationType RefundCompleted { get; } =
        new(Refunded, [Channels.Email, Channels.Push], OvertakenBy: [], OfAmount);

    /// <summary>All of them.</summary>
    public static IReadOnlyList<NotificationType> All { get; } =
    [
        OrderReceived, DepositRequested, OrderConfirmed, OrderAmended, ShippingStarted, DeliveryCompleted,
        OrderCancelled, RefundCompleted,
    ];

    /// <summary>The type of this name; null when there is none.</summary>
    public static NotificationType? Find(string name) => All.FirstOrDefault(t => t.Name == name);

    /// <summary>
    /// The type that a `notification.send_requested` names. That message carries the facts of a confirmation only, so
    /// any other name is answered as unknown: a failed e-mail that says so.
    /// </summary>
    public static NotificationType Requested(string name) =>
        name == Confirmed ? OrderConfirmed : new(name, [Channels.Email], [], Any) { IsKnown = false };
}
