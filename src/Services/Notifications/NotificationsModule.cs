using DoaMarket.Contracts;
using DoaMarket.Kernel;

namespace DoaMarket.Notifications;

/// <summary>Notifications: tells customers what happens to their orders. Nothing here can fail a saga.</summary>
public static class NotificationsModule
{
    /// <summary>The service. Its effects go to <see cref="MailGateway"/>.</summary>
    public static ServiceModule Create(NotificationsOptions options) =>
        new ServiceModule(ShopTopology.Notifications)
            .Owns(NotificationKinds.Notifications, NotificationKinds.Contacts, NotificationKinds.OrderNotices)

            // What is told upon which message; NotificationTypes says on which channels.
            .Announces<OrderCreated>(Announcements.OrderReceived, options)
            .Announces<SendRequested>(Announcements.AsRequested, options)
            .Announces<ShippingDispatched>(Announcements.ShippingStarted, options)
            .Announces<ShippingDelivered>(Announcements.DeliveryCompleted, options)
            .Announces<OrderCancelled>(Announcements.OrderCancelled, options)
            .Announces<PaymentRefunded>(Announcements.RefundCompleted, options)
            .Ignores<PaymentCompleted>("The confirmation that the saga asks for tells that it is paid, and how much.")

            // Sending.
            .OnAnswer(
                NotificationKinds.Notifications,
                decide: (documents, m) => Sending.OnAnswer(documents, m, options),
                then: m => Sending.Keys(m.State))
            .OnDue(
                NotificationKinds.Notifications,
                decide: (documents, m) => Sending.OnDue(documents, m, options),
                then: m => Sending.Keys(m.State))

            // Contact points.
            .OnRequest<SeedContacts, ContactsSeeded>(
                keys: SeedContacts.Keys,
                decide: SeedContacts.Decide);
}
