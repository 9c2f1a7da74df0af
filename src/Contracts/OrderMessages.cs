using DoaMarket.Kernel;

namespace DoaMarket.Contracts;

/// <summary>A message about one order; the journal finds it by the order's id.</summary>
public interface IOrderMessage : IMessage
{
    /// <summary>The order.</summary>
    OrderId OrderId { get; }

    string? IMessage.Subject => OrderId.ToString();
}

/// <summary>One line of an order: what is bought, how many, at which price, from whom.</summary>
/// <param name="ProductId">The product.</param>
/// <param name="VariantId">Its variant; null when it has none.</param>
/// <param name="Name">Its name when it was bought.</param>
/// <param name="Quantity">How many.</param>
/// <param name="UnitPrice">The price of one when it was bought, VAT included.</param>
/// <param name="SellerId">Who sells it.</param>
/// <param name="WeightGrams">Weight of one, in grams, packaging included.</param>
public sealed record OrderItem(
    ProductId ProductId, VariantId? VariantId, string Name, int Quantity, Money UnitPrice, SellerId SellerId,
    int WeightGrams);

/// <summary>One seller's part of an order; the parts add up to the order, to the won.</summary>
/// <param name="SellerId">Who sells it.</param>
/// <param name="ItemsTotal">The sum of the seller's lines.</param>
/// <param name="ShippingFee">The seller's share of the fee.</param>
/// <param name="Amount">The seller's share of what the customer pays.</param>
public sealed record SellerPart(SellerId SellerId, Money ItemsTotal, Money ShippingFee, Money Amount);

/// <summary>`order.created`: the order is accepted and its saga has begun.</summary>
public sealed record OrderCreated(
    OrderId OrderId, string OrderNumber, UserId UserId, IReadOnlyList<OrderItem> Items, Money ItemsTotal,
    Money ShippingFee, Money TotalAmount, IReadOnlyList<SellerPart> Sellers)
    : IOrderMessage;

/// <summary>`order.paid`: the saga has taken the payment in.</summary>
public sealed record OrderPaid(OrderId OrderId, PaymentId PaymentId, Money Amount) : IOrderMessage;

/// <summary>`order.completed`: the saga is done, the parcel is prepared.</summary>
public sealed record OrderCompleted(OrderId OrderId, string OrderNumber, Money TotalAmount) : IOrderMessage;

/// <summary>`order.cancelling`: undoing has begun.</summary>
public sealed record OrderCancelling(OrderId OrderId, string Reason) : IOrderMessage;

/// <summary>`order.cancelled`: everything is undone and confirmed.</summary>
/// <param name="Reason">For operators: a person's words, or what the flow says.</param>
/// <param name="Cause">One of <see cref="CancelCauses"/>, from which customers are told the reason in their
/// language.</param>
public sealed record OrderCancelled(
    OrderId OrderId, string OrderNumber, UserId UserId, Money TotalAmount, string Reason,
    string Cause) : IOrderMessage;

/// <summary>What an order was cancelled for.</summary>
public static class CancelCauses
{
    /// <summary>A customer or an operator wanted it; the reason is theirs.</summary>
    public const string Person = "person";

    /// <summary>The stock could not be held.</summary>
    public const string Stock = "stock";

    /// <summary>Nothing was paid.</summary>
    public const string Payment = "payment";

    /// <summary>No carrier takes the parcel.</summary>
    public const string Shipping = "shipping";

    /// <summary>Anything else, such as a service that did not answer in time.</summary>
    public const string Other = "other";
}

/// <summary>`order.delivered`: the customer has the parcel.</summary>
public sealed record OrderDelivered(OrderId OrderId, string OrderNumber) : IOrderMessage;

/// <summary>`order.returned`: the parcel came back, the money is refunded, the stock is back.</summary>
public sealed record OrderReturned(
    OrderId OrderId, string OrderNumber, UserId UserId, Money TotalAmount, string Reason) : IOrderMessage;

/// <summary>
/// `order.awaiting_deposit`: the stock is held long enough, so the customer may pay into the virtual account.
/// </summary>
/// <param name="DueAt">Until when the deposit must come.</param>
public sealed record OrderAwaitingDeposit(
    OrderId OrderId, string OrderNumber, UserId UserId, Money Amount, string Bank, string AccountNumber,
    DateTimeOffset DueAt)
    : IOrderMessage;

/// <summary>`order.amended`: some lines were cancelled before dispatch; parcel, money and stock have followed.</summary>
/// <param name="AmendId">The partial cancel.</param>
/// <param name="Cancelled">The lines that were cancelled.</param>
/// <param name="RefundAmount">What went back to the customer, the fee recomputed.</param>
/// <param name="ItemsTotal">The sum of the remaining lines.</param>
/// <param name="ShippingFee">The fee of the remaining lines.</param>
/// <param name="RemainingAmount">What the customer has paid in the end.</param>
/// <param name="Sellers">Each seller's part of what remains.</param>
public sealed record OrderAmended(
    OrderId OrderId, string OrderNumber, UserId UserId, AmendId AmendId, IReadOnlyList<OrderItem> Cancelled,
    Money RefundAmount, Money ItemsTotal, Money ShippingFee, Money RemainingAmount, IReadOnlyList<SellerPart> Sellers,
    string Reason)
    : IOrderMessage;

/// <summary>`order.amend_refused`: the lines could not be cancelled any more; nothing changed.</summary>
public sealed record OrderAmendRefused(OrderId OrderId, UserId UserId, AmendId AmendId, string Reason) : IOrderMessage;
