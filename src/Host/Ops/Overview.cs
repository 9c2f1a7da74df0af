using DoaMarket.Host.Server;
using DoaMarket.Kernel;
using DoaMarket.Orders;
using DoaMarket.Sagas;
using DoaMarket.Stats;

namespace DoaMarket.Host.Ops;

/// <summary>
/// Looks at the whole shop: every few seconds at as little as a line of samples needs, and at everything when somebody
/// watches, twice a second at most however many do.
/// </summary>
public sealed class Overview(Shop shop, TimeProvider time, ILogger<Overview> log) : IDisposable
{
    private const int SamplesKept = 120, SagasCountedPerStatus = 1_000, AlertsCountedPerService = 100, LowStockShown = 20;
    private const int CountedPerSample = 100;
    private const string OutOfStock = "OUT_OF_STOCK", LowStock = "LOW_STOCK";
    private static readonly TimeSpan SampleEvery = TimeSpan.FromSeconds(5);

    /// <summary>Less than streams wait between two looks, so that each finds something new.</summary>
    private static readonly TimeSpan FreshFor = TimeSpan.FromMilliseconds(500);
    private static readonly SagaStatus[] NotEnded =
        [SagaStatus.InProgress, SagaStatus.Compensating, SagaStatus.NeedsAttention];

    private static readonly DocumentKind[] SagaKinds = [OrderKinds.Sagas, OrderKinds.Amends];

    private readonly Queue<(OverviewSample Sample, Figures Today)> _samples = new();
    private readonly SemaphoreSlim _one = new(1, 1);
    private OverviewView? _latest;

    /// <summary>Takes samples until stopped.</summary>
    public Task Run(CancellationToken stop) => Regularly.Do(
        SampleEvery, time, Sample, reason => log.LogWarning("The shop cannot be looked at: {Reason}", reason), stop,
        isDoneAtOnce: true);

    /// <summary>How the shop fares; half a second old at most.</summary>
    public async Task<OverviewView> Look(CancellationToken stop)
    {
        await _one.WaitAsync(stop);
        try
        {
            var now = time.GetUtcNow();
            if (_latest is not { } latest || now - latest.At >= FreshFor)
            {
                _latest = latest = await LookNow(now, stop);
            }

            return latest;
        }
        finally
        {
            _one.Release();
        }
    }

    /// <inheritdoc />
    public void Dispose() => _one.Dispose();

    private async Task Sample(CancellationToken stop)
    {
        var now = time.GetUtcNow();
        var alerts = await Count(shop.Modules.Select(m => (m.Alerts as DocumentKind, "by_urgency", (object)1L)), stop);
        var attention = await Count(
            SagaKinds.Select(kind => (kind, "by_status", (object)Words.Of(SagaStatus.NeedsAttention))), stop);
        Keep(now, await ShopDay.Of(shop.Store, now, stop), alerts, attention);
    }

    private async Task<int> Count(IEnumerable<(DocumentKind Kind, string Index, object Equal)> kinds, CancellationToken stop)
    {
        var count = 0;
        foreach (var (kind, index, equal) in kinds)
        {
            var page = await shop.Store.Query(new(kind, index, [equal], CountedPerSample, Descending: true), stop);
            count += page.Documents.Count;
        }

        return count;
    }

    private async Task<OverviewView> LookNow(DateTimeOffset now, CancellationToken stop)
    {
        var today = await ShopDay.Of(shop.Store, now, stop);
        var processes = await shop.Processes.All(stop);
        var queues = await OpsApi.Queues(shop, processes, now, stop);
        OverviewSample[] series;
        double perMinute;
        lock (_samples)
        {
            series = [.. _samples.Select(s => s.Sample)];
            perMinute = PerMinute(now, today);
        }

        return new(
            now, Math.Round(perMinute, 1), TodayView.Of(today), await Active(stop), queues, queues.Sum(q => q.DeadLetters),
            await Alerts(stop), shop.Processes.Breakers(processes), await Shortages(stop), series);
    }

    private void Keep(DateTimeOffset now, Figures today, int alerts, int attention)
    {
        lock (_samples)
        {
            var (before, figures) = _samples.Count > 0 ? _samples.Last() : (null, today);
            var since = before is null || figures.Orders > today.Orders ? TimeSpan.Zero : now - before.At;
            var (came, failed) = (
                today.SagasSucceeded - figures.SagasSucceeded, today.SagasFailed - figures.SagasFailed);
            var queues = shop.QueueWatch.Latest;
            var oldest = queues.Min(q => q.OldestSentAt);
            _samples.Enqueue((
                new(
                    now,
                    since > TimeSpan.Zero ? Math.Round((today.Orders - figures.Orders) / since.TotalMinutes, 1) : 0,
                    came >= 0 && failed >= 0 && came + failed > 0
                        ? Math.Round(100.0 * came / (came + failed), 1)
                        : null,
                    today.SuccessTook.PercentileMs(50), today.SuccessTook.PercentileMs(99), today.Net,
                    queues.Sum(q => q.Waiting), oldest is { } at && now > at ? Math.Round((now - at).TotalSeconds, 1) : 0,
                    shop.QueueWatch.DeadLetters.Values.Sum(), alerts, attention),
                today));
            if (_samples.Count > SamplesKept)
            {
                _samples.Dequeue();
            }
        }
    }

    // Since a minute ago, or since the first sample of the day, as a rate.
    private double PerMinute(DateTimeOffset now, Figures today)
    {
        var (sample, figures) = _samples.FirstOrDefault(s => now - s.Sample.At <= TimeSpan.FromMinutes(1));
        return sample is null || figures.Orders > today.Orders || now <= sample.At
            ? 0
            : (today.Orders - figures.Orders) / Math.Max((now - sample.At).TotalMinutes, SampleEvery.TotalMinutes);
    }

    private async Task<List<ActiveSagas>> Active(CancellationToken stop)
    {
        var found = new List<ActiveSagas>();
        foreach (var kind in SagaKinds)
        {
            foreach (var status in NotEnded.Select(s => Words.Of(s)))
            {
                var page = await shop.Store.Query(
                    new(kind, "by_status", [status], SagasCountedPerStatus, Descending: true), stop);
                found.AddRange(page.Documents
                    .Select(d => d.State is OrderSaga order ? order.Saga : ((AmendSaga)d.State).Saga)
                    .GroupBy(s => (s.Definition, s.CurrentStep))
                    .Select(g => new ActiveSagas(
                        g.Key.Definition, status, g.Key.CurrentStep, g.Count(), page.NextCursor is not null)));
            }
        }

        return found;
    }

    private async Task<List<AlertCount>> Alerts(CancellationToken stop)
    {
        var counts = new List<AlertCount>();
        foreach (var severity in Enum.GetValues<AlertSeverity>())
        {
            var (count, more) = (0, false);
            foreach (var module in shop.Modules)
            {
                var page = await shop.Store.Query(
                    new(module.Alerts, "by_urgency", [1L, 4L - (long)severity], AlertsCountedPerService), stop);
                (count, more) = (count + page.Documents.Count, more || page.NextCursor is not null);
            }

            counts.Add(new(severity, count, more));
        }

        return counts;
    }

    private async Task<List<AlertView>> Shortages(CancellationToken stop)
    {
        var inventory = shop.Modules.Single(m => m.Service == Contracts.ShopTopology.Inventory);
        var found = new List<AlertView>();
        foreach (var type in new[] { OutOfStock, LowStock })
        {
            var page = await shop.Store.Query(new(inventory.Alerts, "by_type", [1L, type], LowStockShown), stop);
            found.AddRange(page.Documents.Select(d => AlertView.Of((AlertState)d.State)));
        }

        return [.. found.Take(LowStockShown)];
    }
}
