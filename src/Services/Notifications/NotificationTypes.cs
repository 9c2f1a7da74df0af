namespace DoaMarket.Notifications;

/// <summary>Names of the ways to reach a customer. A type lists those that it goes out on.</summary>
public static class Channels
{
    /// <summary>E-mail.</summary>
    public const string Email = "email";
}

/// <summary>One thing that a customer is told.</summary>
/// <param name="Name">Name of its templates, e.g. "order_received".</param>
/// <param name="Channels">Where it goes out; each channel is sent, retried and fails on its own.</param>
/// <param name="OvertakenBy">Types after which telling it would mislead: it is recorded as suppressed.</param>
public sealed record NotificationType(string Name, IReadOnlyList<string> Channels, IReadOnlyList<string> OvertakenBy)
{
    /// <summary>False for a name that somebody asked for and that has no templates.</summary>
    public bool IsKnown { get; init; } = true;
}

/// <summary>Everything that a customer is told, and where.</summary>
public static class NotificationTypes
{
    private const string Received = "order_received";
    private const string Confirmed = "order_confirmed";
    private const string Started = "shipping_started";
    private const string Delivered = "delivery_completed";
    private const string Cancelled = "order_cancelled";
    private const string Refunded = "refund_completed";

    /// <summary>The order is taken. Everything later says it too.</summary>
    public static NotificationType OrderReceived { get; } =
        new(Received, [Channels.Email], OvertakenBy: [Confirmed, Started, Delivered, Cancelled]);

    /// <summary>It is paid and prepared. Being the customer's receipt, it is overtaken by a cancel only.</summary>
    public static NotificationType OrderConfirmed { get; } = new(Confirmed, [Channels.Email], OvertakenBy: [Cancelled]);

    /// <summary>The carrier has the parcel.</summary>
    public static NotificationType ShippingStarted { get; } =
        new(Started, [Channels.Email], OvertakenBy: [Delivered, Cancelled]);

    /// <summary>The customer has the parcel.</summary>
    public static NotificationType DeliveryCompleted { get; } = new(Delivered, [Channels.Email], OvertakenBy: []);

    /// <summary>Everything is undone.</summary>
    public static NotificationType OrderCancelled { get; } = new(Cancelled, [Channels.Email], OvertakenBy: []);

    /// <summary>Money went back.</summary>
    public static NotificationType RefundCompleted { get; } = new(Refunded, [Channels.Email], OvertakenBy: []);

    /// <summary>All of them.</summary>
    public static IReadOnlyList<NotificationType> All { get; } =
        [OrderReceived, OrderConfirmed, ShippingStarted, DeliveryCompleted, OrderCancelled, RefundCompleted];

    /// <summary>Those that go out on a channel.</summary>
    public static IEnumerable<NotificationType> By(string channel) =>
        All.Where(t => t.Channels.Contains(channel, StringComparer.Ordinal));

    /// <summary>The type of this name; null when there is none.</summary>
    public static NotificationType? Find(string name) => All.FirstOrDefault(t => t.Name == name);

    /// <summary>
    /// The type that a `notification.send_requested` names. That message carries the facts of a confirmation only, so
    /// any other name is answered as unknown: a failed e-mail that says so.
    /// </summary>
    public static NotificationType Requested(string name) =>
        name == Confirmed ? OrderConfirmed : new(name, [Channels.Email], []) { IsKnown = false };
}
