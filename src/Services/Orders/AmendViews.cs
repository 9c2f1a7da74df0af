using DoaMarket.Contracts;
using DoaMarket.Kernel;
using DoaMarket.Sagas;

namespace DoaMarket.Orders;

/// <summary>A partial cancel as its customer and operators see it.</summary>
/// <param name="Status">
/// "requested" until Shipping agrees, then "approved", then "completed"; "refused"; "needs_attention" while a person is
/// wanted; "covered_by_cancel" when the whole order went back before it ended.
/// </param>
/// <param name="RefundAmount">What goes back to the customer.</param>
/// <param name="ItemsTotal">What the remaining lines come to.</param>
/// <param name="Saga">Its saga with steps; null in lists.</param>
public sealed record AmendView(
    AmendId AmendId, SagaId SagaId, string Status, IReadOnlyList<OrderItem> Cancelled, Money RefundAmount,
    Money ItemsTotal, Money ShippingFee, Money DiscountAmount, Money RemainingAmount, string Reason,
    DateTimeOffset AskedAt, DateTimeOffset? EndedAt, SagaView? Saga)
{
    internal static AmendView Of(AmendFact a, SagaView? saga) => new(
        a.AmendId, AmendSagaId.Of(a.AmendId), StatusOf(a), a.Cancelled, a.RefundAmount, a.Sums.ItemsTotal,
        a.Sums.ShippingFee, a.Sums.DiscountAmount, a.Sums.Amount, a.Reason, a.AskedAt, a.EndedAt, saga);

    private static string StatusOf(AmendFact a) => a.Status switch
    {
        SagaStatus.NeedsAttention => "needs_attention",
        SagaStatus.Completed when a.IsSuperseded => "covered_by_cancel",
        SagaStatus.Completed => "completed",
        SagaStatus.Cancelled => a.IsSuperseded ? "covered_by_cancel" : "refused",
        _ => a.IsApproved ? "approved" : "requested",
    };
}

/// <summary>The answer to a partial cancel: what is promised if Shipping agrees.</summary>
public sealed record CancelItemsView(
    OrderId OrderId, AmendId AmendId, SagaId SagaId, string Status, IReadOnlyList<OrderItem> Cancelled,
    Money RefundAmount, Money ItemsTotal, Money ShippingFee, Money DiscountAmount, Money RemainingAmount)
{
    internal static CancelItemsView Of(AmendAccepted a) => new(
        a.OrderId, a.AmendId, a.SagaId, "requested", a.Cancelled, a.RefundAmount, a.ItemsTotal, a.ShippingFee,
        a.DiscountAmount, a.RemainingAmount);
}
