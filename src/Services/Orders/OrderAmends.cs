using DoaMarket.Contracts;
using DoaMarket.Sagas;

namespace DoaMarket.Orders;

/// <summary>What an order's document knows of its partial cancels.</summary>
internal static class OrderAmends
{
    /// <summary>The partial cancel that a payment's report is about; null when it is about none.</summary>
    public static AmendId? AmendOf(this OrderSaga saga, IOrderMessage message) => message switch
    {
        PaymentRefunded refunded => saga.AmendOf(refunded.RefundId),
        RefundFailed failed => saga.AmendOf(failed.RefundId),
        _ => null,
    };

    /// <summary>The partial cancel that a refund belongs to; null when it belongs to none.</summary>
    public static AmendId? AmendOf(this OrderSaga saga, RefundId refund)
    {
        foreach (var amend in saga.Amends)
        {
            if (Amend.RefundOf(amend.AmendId) == refund)
            {
                return amend.AmendId;
            }
        }

        return null;
    }

    /// <summary>What was captured and not given back yet.</summary>
    public static Money PaidAndKept(this OrderSaga saga) =>
        (saga.Payment?.Refunds ?? []).Aggregate(saga.Payment?.Amount ?? Money.Zero, (rest, r) => rest - r.Amount);

    /// <summary>The same after a partial cancel has moved.</summary>
    public static OrderSaga Following(this OrderSaga saga, AmendSaga amend, DateTimeOffset now)
    {
        var fact = AmendFact.Of(amend);
        var known = saga.Amends.Any(a => a.AmendId == fact.AmendId);
        IReadOnlyList<AmendFact> amends = known
            ? [.. saga.Amends.Select(a => a.AmendId == fact.AmendId ? fact : a)]
            : [.. saga.Amends, fact];
        return (saga with { Amends = amends }).With(saga.Saga, now);
    }

    /// <summary>
    /// Whether an event of the saga is a refund that was never asked for by it: of a partial cancel, or an operator's.
    /// </summary>
    public static bool IsNotItsUndo(this OrderSaga saga, RefundFailed failed) =>
        saga.AmendOf(failed.RefundId) is not null
        || saga.Saga.Step(OrderFlow.ProcessPayment).Status is StepStatus.Completed;
}
