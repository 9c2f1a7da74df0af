using DoaMarket.Gateways;

namespace DoaMarket.Host.Server.Peers;

/// <summary>What one process knows that stands in no database.</summary>
/// <param name="Services">What it runs.</param>
/// <param name="Breakers">The circuits of their outside systems.</param>
/// <param name="Traffic">Messages a second that it has put into and taken out of each queue, in the last minute.</param>
public sealed record ProcessView(
    IReadOnlyList<string> Services, IReadOnlyList<BreakerStatus> Breakers, IReadOnlyDictionary<string, QueueRates> Traffic)
{
    /// <summary>Of this process.</summary>
    public static ProcessView Of(Shop shop) => new(
        [.. shop.Loops.All.Select(l => l.Service)],
        [.. shop.Breakers.All.Where(b => shop.Loops.Has(GatewayOwners.Of(b.Gateway)))],
        shop.Topology.Queues.ToDictionary(
            q => q.Queue, q => QueueRates.Of(shop.Traffic.PerSecond(q.Queue)), StringComparer.Ordinal));
}

/// <summary>Messages a second, in the last minute.</summary>
/// <param name="In">Put in.</param>
/// <param name="Out">Taken out.</param>
public sealed record QueueRates(double In, double Out)
{
    internal static QueueRates Of((double In, double Out) rates) => new(rates.In, rates.Out);
}
