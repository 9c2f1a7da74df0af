using System.Diagnostics;
using System.Runtime.CompilerServices;
using DoaMarket.Contracts;
using DoaMarket.Kernel;
using DoaMarket.Sagas;
using Microsoft.Extensions.Logging;

namespace DoaMarket.Orders;

/// <summary>
/// Looks through the sagas that have not ended. One without a timer, or long overdue, is a bug of ours: it is reported
/// as an alert and woken.
/// </summary>
public sealed class Watchdog(
    IStore store, ServiceLoops loops, OrdersOptions options, TimeProvider time, ILogger<Watchdog> log)
{
    /// <summary>How many findings are listed at once, the oldest; a shop with more has one cause for all of them.</summary>
    public const int MaxListed = 200;

    private const int PageSize = 200;
    private static readonly SagaStatus[] Unfinished = [SagaStatus.InProgress, SagaStatus.Compensating];

    /// <summary>Looks again and again until stopped.</summary>
    public Task Run(CancellationToken stop) => Regularly.Do(
        options.WatchdogInterval, time, Look,
        reason => log.LogWarning(
            "The watchdog could not look: {Reason} It looks again in {Interval}.", reason, options.WatchdogInterval),
        stop);

    /// <summary>
    /// What it would act upon now, and what it has woken and has not moved since; the oldest first, and no more than
    /// <see cref="MaxListed"/>. Nothing is woken by looking.
    /// </summary>
    public async Task<IReadOnlyList<WatchdogFinding>> Findings(CancellationToken stop)
    {
        var found = new List<WatchdogFinding>();
        foreach (var status in Unfinished)
        {
            foreach (var kind in new DocumentKind[] { OrderKinds.Sagas, OrderKinds.Amends })
            {
                await foreach (var document in Unended(kind, status, stop))
                {
                    if (WatchdogFinding.Of(document, IsSuspect(SagaOf(document).Saga)) is { } finding)
                    {
                        found.Add(finding);
                    }
                }
            }
        }

        return [.. found.OrderBy(f => f.UpdatedAt).Take(MaxListed)];
    }

    /// <summary>Looks once; returns how many sagas had to be woken.</summary>
    public async Task<int> Look(CancellationToken stop)
    {
        var woken = 0;
        foreach (var status in Unfinished)
        {
            woken += await Look(OrderKinds.Sagas, status, stop) + await Look(OrderKinds.Amends, status, stop);
        }

        return woken;
    }

    private async Task<int> Look(DocumentKind kind, SagaStatus status, CancellationToken stop)
    {
        var woken = 0;
        await foreach (var (saga, trail) in Unended(kind, status, stop).Select(SagaOf).Where(s => IsSuspect(s.Saga)))
        {
            woken += await Wake(saga, trail, stop) ? 1 : 0;
        }

        return woken;
    }

    private async IAsyncEnumerable<object> Unended(
        DocumentKind kind, SagaStatus status, [EnumeratorCancellation] CancellationToken stop)
    {
        string? cursor = null;
        do
        {
            var page = await store.Query(new(kind, "by_status", [Words.Of(status)], PageSize, Cursor: cursor), stop);
            foreach (var document in page.Documents)
            {
                yield return document.State;
            }

            cursor = page.NextCursor;
        }
        while (cursor is not null);
    }

    private static (SagaState Saga, Trail Trail) SagaOf(object document) => document switch
    {
        OrderSaga order => (order.Saga, order.Trail),
        _ => (((AmendSaga)document).Saga, ((AmendSaga)document).Trail),
    };

    private bool IsSuspect(SagaState saga) =>
        saga.WakeAt is not { } at || time.GetUtcNow() - at > options.WatchdogPatience;

    private async Task<bool> Wake(SagaState saga, Trail its, CancellationToken stop)
    {
        var id = DerivedId.From(its.CorrelationId.Value, $"watched:{saga.SagaId}:{time.GetUtcNow():O}");
        var trail = its with { CausationId = null, Traceparent = Activity.Current?.Id };
        try
        {
            var watched = await loops.Of(ShopTopology.Orders).Ask(new WatchSaga(saga.SagaId), id, trail, stop);
            return watched.Woken;
        }
        catch (Exception error) when (
            error is not (OperationCanceledException or ServiceBusyException or StoreUnavailableException))
        {
            // One saga that cannot be decided, which its own timer parks under an alert, ends no process and keeps no
            // other from being woken.
            log.LogError(error, "The watchdog could not wake saga {Saga}.", saga.SagaId);
            return false;
        }
    }
}
