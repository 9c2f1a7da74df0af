using DoaMarket.Contracts;
using DoaMarket.Gateways;
using DoaMarket.Kernel;
using DoaMarket.Stats;

namespace DoaMarket.Host.Ops;

/// <summary>How the shop fares, on one page.</summary>
/// <param name="At">When it was looked at.</param>
/// <param name="OrdersPerMinute">Orders placed in the last minute.</param>
/// <param name="Today">The Seoul day's figures so far.</param>
/// <param name="Sagas">Sagas that have not ended, by definition, status and step.</param>
/// <param name="Queues">Every queue.</param>
/// <param name="DeadLetters">Dead letters that wait for a person, in all queues.</param>
/// <param name="Alerts">Open alerts by severity.</param>
/// <param name="Breakers">Circuit breakers.</param>
/// <param name="LowStock">Items that run low or are gone, the emptiest first.</param>
/// <param name="Series">The last minutes, oldest first.</param>
public sealed record OverviewView(
    DateTimeOffset At, double OrdersPerMinute, TodayView Today, IReadOnlyList<ActiveSagas> Sagas,
    IReadOnlyList<QueueView> Queues, long DeadLetters, IReadOnlyList<AlertCount> Alerts,
    IReadOnlyList<BreakerStatus> Breakers, IReadOnlyList<AlertView> LowStock, IReadOnlyList<OverviewSample> Series);

/// <summary>What happened today, in Seoul.</summary>
/// <param name="Orders">Orders placed.</param>
/// <param name="Succeeded">Sagas that came through.</param>
/// <param name="Failed">Sagas undone without having come through.</param>
/// <param name="UndoneLater">Sagas that had come through; cancelled or returned afterwards.</param>
/// <param name="SuccessRatePercent">Succeeded of those that ended, two decimals; null when none did.</param>
/// <param name="Revenue">Captured less given back.</param>
/// <param name="Took">How long those took that came through.</param>
public sealed record TodayView(
    long Orders, long Succeeded, long Failed, long UndoneLater, decimal? SuccessRatePercent, Money Revenue,
    DurationsView Took)
{
    /// <summary>The figures of a day.</summary>
    public static TodayView Of(Figures f)
    {
        var ended = f.SagasSucceeded + f.SagasFailed;
        return new(
            f.Orders, f.SagasSucceeded, f.SagasFailed, f.SagasUndone,
            ended == 0 ? null : Math.Round(100m * f.SagasSucceeded / ended, 2, MidpointRounding.AwayFromZero), f.Net,
            DurationsView.Of(f.SuccessTook));
    }
}

/// <summary>How many sagas stand somewhere.</summary>
/// <param name="Step">The step that is awaited.</param>
/// <param name="IsAtLeast">True when there are more than were counted.</param>
public sealed record ActiveSagas(string Definition, string Status, string? Step, int Count, bool IsAtLeast);

/// <summary>How many alerts of a severity are open.</summary>
/// <param name="IsAtLeast">True when there are more than were counted.</param>
public sealed record AlertCount(AlertSeverity Severity, int Count, bool IsAtLeast);

/// <summary>One point of the sparklines.</summary>
/// <param name="OrdersPerMinute">Orders placed, as a rate since the sample before.</param>
/// <param name="SuccessRatePercent">Of the sagas that ended since the sample before; null when none did.</param>
/// <param name="P50Ms">Of those that came through today up to then.</param>
/// <param name="P99Ms">Likewise.</param>
/// <param name="Revenue">Today's, up to then.</param>
/// <param name="Waiting">Messages in all queues.</param>
/// <param name="OldestAgeSeconds">How old the oldest of them is.</param>
/// <param name="DeadLetters">Dead letters.</param>
/// <param name="OpenAlerts">Open alerts, 100 of a service at most.</param>
/// <param name="NeedAttention">Sagas that wait for a person, 100 of orders and 100 of partial cancels at most.</param>
public sealed record OverviewSample(
    DateTimeOffset At, double OrdersPerMinute, double? SuccessRatePercent, long? P50Ms, long? P99Ms, Money Revenue,
    long Waiting, double OldestAgeSeconds, long DeadLetters, int OpenAlerts, int NeedAttention);
