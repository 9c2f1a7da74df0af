using DoaMarket.Contracts;
using DoaMarket.Kernel;
using DoaMarket.Sagas;

namespace DoaMarket.Orders;

/// <summary>A saga that stands still though it should move: a bug of the system, for operators to see.</summary>
/// <param name="SagaId">The saga.</param>
/// <param name="OrderId">Its order.</param>
/// <param name="Definition">Whether the order's own, or that of a partial cancel.</param>
/// <param name="Status">Where it stands.</param>
/// <param name="CurrentStep">The step whose reply is awaited.</param>
/// <param name="Finding">"no_timer", "overdue", or "woken": it was set going again and has not moved since.</param>
/// <param name="WakeAt">When its timer is, or was, due.</param>
/// <param name="StuckSince">Since when it is reported; null while it is not.</param>
/// <param name="UpdatedAt">When it moved last.</param>
public sealed record WatchdogFinding(
    SagaId SagaId, OrderId OrderId, string Definition, SagaStatus Status, string? CurrentStep, string Finding,
    DateTimeOffset? WakeAt, DateTimeOffset? StuckSince, DateTimeOffset UpdatedAt)
{
    /// <summary>What there is to tell of a saga; null when it is as it should be.</summary>
    internal static WatchdogFinding? Of(object document, bool isSuspect)
    {
        var (saga, order, stuckSince) = document switch
        {
            OrderSaga its => (its.Saga, its.OrderId, its.StuckSince),
            _ => (((AmendSaga)document).Saga, ((AmendSaga)document).Amend.OrderId, (DateTimeOffset?)null),
        };
        return isSuspect || stuckSince is not null
            ? new(
                saga.SagaId, order, saga.Definition, saga.Status, saga.CurrentStep,
                !isSuspect ? "woken" : saga.WakeAt is null ? "no_timer" : "overdue", saga.WakeAt, stuckSince,
                saga.UpdatedAt)
            : null;
    }
}
