using DoaMarket.Contracts;

namespace DoaMarket.Notifications;

/// <summary>Reads each message as what the customer is told. <see cref="NotificationsModule"/> has the table.</summary>
public static class Announcements
{
    /// <summary>`order.created`.</summary>
    public static Announcement OrderReceived(OrderCreated m) =>
        new(NotificationTypes.OrderReceived, m.OrderId, m.UserId, m.OrderNumber, new NoticeFacts
        {
            Amount = m.TotalAmount,
            ShippingFee = m.ShippingFee,
            Items = Lines(m.Items),
        });

    /// <summary>`notification.send_requested`: the saga says what.</summary>
    public static Announcement AsRequested(SendRequested m) =>
        new(NotificationTypes.Requested(m.Type), m.OrderId, m.UserId, m.OrderNumber, new NoticeFacts
        {
            Amount = m.TotalAmount,
        });

    /// <summary>`order.awaiting_deposit`.</summary>
    public static Announcement DepositRequested(OrderAwaitingDeposit m) =>
        new(NotificationTypes.DepositRequested, m.OrderId, m.UserId, m.OrderNumber, new NoticeFacts
        {
            Amount = m.Amount,
            Bank = m.Bank,
            AccountNumber = m.AccountNumber,
            DueAt = m.DueAt,
        });

    /// <summary>`order.amended`: each partial cancel is told.</summary>
    public static Announcement OrderAmended(OrderAmended m) =>
        new(NotificationTypes.OrderAmended, m.OrderId, m.UserId, m.OrderNumber, new NoticeFacts
        {
            Amount = m.RefundAmount,
            Items = Lines(m.Cancelled),
            Remaining = m.RemainingAmount,
        })
        {
            Occurrence = $"{NotificationTypes.OrderAmended.Name}/{m.AmendId}",
        };

    /// <summary>`order.cancelled`.</summary>
    public static Announcement OrderCancelled(OrderCancelled m) =>
        new(NotificationTypes.OrderCancelled, m.OrderId, m.UserId, m.OrderNumber, new NoticeFacts
        {
            Amount = m.TotalAmount,
            Reason = NoticeReason.Of(m),
        });

    /// <summary>`shipping.dispatched`.</summary>
    public static Announcement ShippingStarted(ShippingDispatched m) =>
        new(NotificationTypes.ShippingStarted, m.OrderId, m.UserId, OrderNumber: null, new NoticeFacts
        {
            CarrierName = m.CarrierName,
            TrackingNumber = m.TrackingNumber,
            DeliveryDate = m.EstimatedDeliveryDate,
        });

    /// <summary>`shipping.delivered`.</summary>
    public static Announcement DeliveryCompleted(ShippingDelivered m) =>
        new(NotificationTypes.DeliveryCompleted, m.OrderId, m.UserId, OrderNumber: null, new NoticeFacts
        {
            CarrierName = m.Parcel.CarrierName,
            TrackingNumber = m.Parcel.TrackingNumber,
            DeliveryDate = DateOnly.FromDateTime(m.OccurredAt.ToOffset(TemplateLanguage.KoreanTime).DateTime),
        });

    /// <summary>`payment.refunded`: each refund is told, and it names its customer on the envelope only.</summary>
    public static Announcement RefundCompleted(PaymentRefunded m) =>
        new(NotificationTypes.RefundCompleted, m.OrderId, UserId: null, OrderNumber: null, new NoticeFacts
        {
            Amount = m.Amount,
        })
        {
            Occurrence = $"{NotificationTypes.RefundCompleted.Name}/{m.RefundId}",
        };

    private static List<NoticeLine> Lines(IEnumerable<OrderItem> items) =>
        [.. items.Select(i => new NoticeLine(i.Name, i.Quantity, i.UnitPrice))];
}
