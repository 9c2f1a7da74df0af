using DoaMarket.Kernel;

namespace DoaMarket.Contracts;

/// <summary>A message about one order; the journal finds it by the order's id.</summary>
public interface IOrderMessage : IMessage
{
    /// <summary>The order.</summary>
    OrderId OrderId { get; }

    string? IMessage.Subject => OrderId.ToString();
}

/// <summary>One line of an order: what is bought, how many, at which price.</summary>
public sealed record OrderItem(ProductId ProductId, VariantId? VariantId, string Name, int Quantity, Money UnitPrice);

/// <summary>`order.created`: the order is accepted and its saga has begun.</summary>
public sealed record OrderCreated(
    OrderId OrderId, string OrderNumber, UserId UserId, IReadOnlyList<OrderItem> Items, Money ItemsTotal,
    Money ShippingFee, Money TotalAmount)
    : IOrderMessage;

/// <summary>`order.paid`: the saga has taken the payment in.</summary>
public sealed record OrderPaid(OrderId OrderId, PaymentId PaymentId, Money Amount) : IOrderMessage;

/// <summary>`order.completed`: the saga is done, the parcel is prepared.</summary>
public sealed record OrderCompleted(OrderId OrderId, string OrderNumber, Money TotalAmount) : IOrderMessage;

/// <summary>`order.cancelling`: undoing has begun.</summary>
public sealed record OrderCancelling(OrderId OrderId, string Reason) : IOrderMessage;

/// <summary>`order.cancelled`: everything is undone and confirmed.</summary>
public sealed record OrderCancelled(
    OrderId OrderId, string OrderNumber, UserId UserId, Money TotalAmount, string Reason) : IOrderMessage;

/// <summary>`order.delivered`: the customer has the parcel.</summary>
public sealed record OrderDelivered(OrderId OrderId, string OrderNumber) : IOrderMessage;

/// <summary>`order.returned`: the parcel came back, the money is refunded, the stock is back.</summary>
public sealed record OrderReturned(
    OrderId OrderId, string OrderNumber, UserId UserId, Money TotalAmount, string Reason) : IOrderMessage;
