using DoaMarket.Kernel;

namespace DoaMarket.Contracts;

/// <summary>`notification.send_requested`: tell the customer; nobody waits for it.</summary>
/// <param name="Type">Template, e.g. "order_confirmed".</param>
public sealed record SendRequested(
    OrderId OrderId, UserId UserId, string Type, string OrderNumber, Money TotalAmount) : IOrderMessage;

/// <summary>`notification.sent`: one channel has delivered.</summary>
public sealed record NotificationSent(
    OrderId OrderId, NotificationId NotificationId, string Type, string Channel) : IOrderMessage;

/// <summary>`notification.failed`: one channel has given up.</summary>
public sealed record NotificationFailed(
    OrderId OrderId, NotificationId NotificationId, string Type, string Channel, string Reason) : IOrderMessage;
