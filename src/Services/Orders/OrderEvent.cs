using System.Text.Json.Serialization;
using DoaMarket.Sagas;

namespace DoaMarket.Orders;

/// <summary>
/// One change of an order, as its event stream tells it. The events lie with the order, so that a stream can be resumed
/// after any break, a restart of the shop included: what was told once is told again the same.
/// </summary>
/// <param name="Version">The saga's version that the change led to: the event's id, +1 each.</param>
/// <param name="At">When.</param>
/// <param name="Status">Where the order stands since.</param>
/// <param name="SagaStatus">Where its saga stands since.</param>
/// <param name="Steps">The saga's steps that changed, and where they stand since.</param>
/// <param name="Reason">Why the order is undone; null while it is not.</param>
public sealed record OrderEvent(
    int Version, DateTimeOffset At, OrderStatus Status, SagaStatus SagaStatus,
    IReadOnlyDictionary<string, StepStatus> Steps, string? Reason)
{
    /// <summary>
    /// How many events are kept with an order, the newest. A whole life of ups and downs has a few dozen; only an
    /// operator who retries without end makes more.
    /// </summary>
    public const int MaxKept = 200;

    /// <summary>Whether nothing more is expected to happen to the order.</summary>
    [JsonIgnore]
    public bool IsLast => Status is OrderStatus.Delivered or OrderStatus.Cancelled or OrderStatus.Returned;

    /// <summary>The events after a change of the saga.</summary>
    internal static IReadOnlyList<OrderEvent> After(
        IReadOnlyList<OrderEvent> events, SagaState before, SagaState after, OrderStatus status, DateTimeOffset now)
    {
        var steps = after.Steps
            .Where((step, i) => events.Count == 0 ? step.Status is not StepStatus.Pending : step != before.Steps[i])
            .ToDictionary(step => step.Name, step => step.Status, StringComparer.Ordinal);
        var kept = events.Skip(Math.Max(0, events.Count + 1 - MaxKept));
        return [.. kept, new(after.Version, now, status, after.Status, steps, after.Reason)];
    }
}
