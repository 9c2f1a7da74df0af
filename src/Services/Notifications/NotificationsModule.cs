using DoaMarket.Contracts;
using DoaMarket.Kernel;

namespace DoaMarket.Notifications;

/// <summary>Notifications: tells customers what happens to their orders. Nothing here can fail a saga.</summary>
public static class NotificationsModule
{
    /// <summary>The service. Its effects go to the gateways of the channels.</summary>
    /// <param name="options">How persistently customers are told.</param>
    /// <param name="templates">What they are told; null for the templates that came with the program.</param>
    public static ServiceModule Create(NotificationsOptions options, NoticeTemplates? templates = null)
    {
        var announcing = new Announcing(options, templates ?? NoticeTemplates.Embedded);
        return new ServiceModule(ShopTopology.Notifications)
            .Owns(NotificationKinds.Notifications, NotificationKinds.Contacts, NotificationKinds.OrderNotices)

            // What is told upon which message; NotificationTypes says on which channels.
            .Announces<OrderCreated>(Announcements.OrderReceived, announcing)
            .Announces<OrderAwaitingDeposit>(Announcements.DepositRequested, announcing)
            .Announces<SendRequested>(Announcements.AsRequested, announcing)
            .Announces<OrderAmended>(Announcements.OrderAmended, announcing)
            .Announces<ShippingDispatched>(Announcements.ShippingStarted, announcing)
            .Announces<ShippingDelivered>(Announcements.DeliveryCompleted, announcing)
            .Announces<OrderCancelled>(Announcements.OrderCancelled, announcing)
            .Announces<PaymentRefunded>(Announcements.RefundCompleted, announcing)
            .Ignores<PaymentCompleted>("The confirmation that the saga asks for tells that it is paid, and how much.")

            // Sending.
            .OnAnswer(
                NotificationKinds.Notifications,
                decide: (documents, m) => Sending.OnAnswer(documents, m, options),
                then: Sending.Keys)
            .OnDue(
                NotificationKinds.Notifications,
                decide: (documents, m) => Sending.OnDue(documents, m, options),
                then: m => Sending.Keys(m.State))

            // Contact points, preferences and read marks.
            .OnRequest<SeedContacts, ContactsSeeded>(
                keys: SeedContacts.Keys,
                decide: SeedContacts.Decide)
            .OnRequest<ChangeSettings, ContactPoints>(
                keys: ChangeSettings.Keys,
                decide: (documents, m) => ChangeSettings.Decide(documents, m, options))
            .OnRequest<MarkRead, MarkedRead>(
                keys: MarkRead.Keys,
                decide: MarkRead.Decide);
    }
}
