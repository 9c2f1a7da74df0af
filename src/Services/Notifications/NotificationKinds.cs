using DoaMarket.Contracts;
using DoaMarket.Kernel;

namespace DoaMarket.Notifications;

/// <summary>The documents of Notifications.</summary>
public static class NotificationKinds
{
    /// <summary>
    /// Notifications by <see cref="NotificationId"/>. A user's list goes by `by_user`, the unread ones by `by_unread`.
    /// </summary>
    public static DocumentKind<Notification> Notifications { get; } =
        new DocumentKind<Notification>(
            ShopTopology.Notifications,
            "notifications",
            NotificationsJson.Default.Notification,
            wakeAt: n => n.WakeAt,
            trail: n => n.Trail,
            wanted: n => n.Wanted())
        .Column("user_id", n => n.UserId.Value)
        .Column("order_id", n => n.OrderId.ToString())
        .Column("channel", n => n.Channel)
        .Column("status", n => n.StatusName())
        .Column("unread_by", n => n.IsUnread ? n.UserId.Value : null)
        .Column("created_at", n => n.CreatedAt.ToUnixTimeMilliseconds())
        .Index("by_user", "user_id", "created_at")
        .Index("by_unread", "unread_by", "created_at")
        .Index("by_order", "order_id", "created_at")
        .Index("by_time", "created_at");

    /// <summary>Contact points by <see cref="UserId"/>.</summary>
    public static DocumentKind<ContactPoints> Contacts { get; } =
        new(ShopTopology.Notifications, "contacts", NotificationsJson.Default.ContactPoints);

    /// <summary>What is known of orders, by <see cref="OrderId"/>: each message's own document.</summary>
    public static DocumentKind<OrderNotice> OrderNotices { get; } =
        new(ShopTopology.Notifications, "order_notices", NotificationsJson.Default.OrderNotice);
}
