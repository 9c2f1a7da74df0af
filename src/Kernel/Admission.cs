using Microsoft.Extensions.Logging;

namespace DoaMarket.Kernel;

/// <summary>
/// Whether new work may come in: no more is accepted than can be finished in time. New work is refused (HTTP 503) while
/// the oldest message that waits is older than a third of the shortest reply deadline.
/// </summary>
/// <remarks>
/// Only queues that commands go to count: an order waits for nobody who merely listens, so statistics that lag behind
/// close no shop.
/// </remarks>
public sealed class Admission(
    ITransport transport, Topology topology, TimeSpan maxAge, TimeProvider time, ILogger<Admission> log)
{
    private const string Command = "requested";

    private readonly QueueDefinition[] _queues =
    [
        .. topology.Rules.Where(r => r.EventType.EndsWith(Command, StringComparison.Ordinal))
            .SelectMany(r => topology.Route(r.EventType)).Distinct(),
    ];

    private static readonly TimeSpan SampleInterval = TimeSpan.FromMilliseconds(500);
    private DateTimeOffset? _oldest;

    /// <summary>True while new work may come in.</summary>
    public bool IsOpen => _oldest is not { } oldest || time.GetUtcNow() - oldest <= maxAge;

    /// <summary>When it is worth trying again.</summary>
    public static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(2);

    /// <summary>Samples the queues until stopped.</summary>
    public async Task Run(CancellationToken stop)
    {
        using var timer = new PeriodicTimer(SampleInterval, time);
        while (await timer.WaitForNextTickAsync(stop))
        {
            var wasOpen = IsOpen;
            DateTimeOffset? oldest = null;
            try
            {
                foreach (var queue in _queues)
                {
                    var sentAt = await transport.OldestSentAt(queue, stop);
                    oldest = sentAt < (oldest ?? DateTimeOffset.MaxValue) ? sentAt : oldest;
                }
            }
            catch (StoreUnavailableException error)
            {
                log.LogWarning("The queues cannot be looked at: {Reason}", error.Message);
                continue;
            }

            _oldest = oldest;
            if (wasOpen != IsOpen)
            {
                log.LogWarning(
                    "New orders are {State}: the oldest waiting message was sent at {OldestSentAt:O}.",
                    IsOpen ? "accepted again" : "refused", oldest);
            }
        }
    }
}
