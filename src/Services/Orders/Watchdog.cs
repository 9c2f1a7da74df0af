using System.Diagnostics;
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
    private const int PageSize = 200;
    private static readonly SagaStatus[] Unfinished = [SagaStatus.InProgress, SagaStatus.Compensating];

    /// <summary>Looks again and again until stopped.</summary>
    public async Task Run(CancellationToken stop)
    {
        using var timer = new PeriodicTimer(options.WatchdogInterval, time);
        while (await timer.WaitForNextTickAsync(stop))
        {
            try
            {
                await Look(stop);
            }
            catch (Exception error) when (error is ServiceBusyException or StoreUnavailableException)
            {
                log.LogWarning(
                    "The watchdog could not look: {Reason} It looks again in {Interval}.", error.Message,
                    options.WatchdogInterval);
            }
        }
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
        string? cursor = null;
        do
        {
            var page = await store.Query(new(kind, "by_status", [Words.Of(status)], PageSize, Cursor: cursor), stop);
            foreach (var (saga, trail) in page.Documents.Select(d => SagaOf(d.State)).Where(s => IsSuspect(s.Saga)))
            {
                woken += await Wake(saga, trail, stop) ? 1 : 0;
            }

            cursor = page.NextCursor;
        }
        while (cursor is not null);
        return woken;
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
        var watched = await loops.Of(ShopTopology.Orders).Ask(new WatchSaga(saga.SagaId), id, trail, stop);
        return watched.Woken;
    }
}
