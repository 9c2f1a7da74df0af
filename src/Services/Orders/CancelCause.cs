using DoaMarket.Contracts;

namespace DoaMarket.Orders;

/// <summary>What an order was cancelled for, as other services are told: roughly what its customer reads here.</summary>
internal static class CancelCause
{
    public static string Of(OrderSaga order) => CancelReasons.Of(order, english: true)?.Code switch
    {
        "requested" => CancelCauses.Person,
        "insufficient_stock" or "unknown_product" or "stock_not_reserved" => CancelCauses.Stock,
        "payment_declined" => CancelCauses.Payment,
        "shipping_unavailable" => CancelCauses.Shipping,
        _ => CancelCauses.Other,
    };
}
