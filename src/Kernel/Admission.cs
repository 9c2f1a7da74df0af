using Microsoft.Extensions.Logging;

namespace DoaMarket.Kernel;

/// <summary>
/// Whether new work may come in: no more is accepted than can be finished in time. New work is refused (HTTP 503) while
/// the oldest message that waits is older than a third of the shortest reply deadline, in a queue or, while the broker is
/// away, in an outbox; and while an outbox is longer than <see cref="KernelOptions.MaxOutboxRows"/>.
/// </summary>
/// <remarks>
/// Only queues that commands go to count: an order waits for nobody who merely listens, so statistics that lag behind
/// close no shop.
/// </remarks>
public sealed class Admission(
    ITransport transport, Topology topology, TimeSpan maxAge, KernelOptions options, TimeProvider time,
    ILogger<Admission> log, IReadOnlyList<IOutbox>? outboxes = null)
{
    private const string Command = "requested";

    private readonly QueueDefinition[] _queues =
    [
        .. topology.Rules.Where(r => r.EventType.EndsWith(Command, StringComparison.Ordinal))
            .SelectMany(r => topology.Route(r.EventType)).Distinct(),
    ];

    private static readonly TimeSpan SampleInterval = TimeSpan.FromMilliseconds(500);
    private DateTimeOffset? _oldest;
    private bool _isOutboxFull;

    /// <summary>True while new work may come in.</summary>
    public bool IsOpen => !_isOutboxFull && (_oldest is not { } oldest || time.GetUtcNow() - oldest <= maxAge);

    /// <summary>When it is worth trying again.</summary>
    public static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(2);

    /// <summary>Samples the queues until stopped.</summary>
    public Task Run(CancellationToken stop) => Regularly.Do(
        SampleInterval, time, Look,
        reason => log.LogWarning("Whether new orders may come in was not looked at: {Reason}", reason), stop);

    /// <summary>Samples once.</summary>
    internal async Task Look(CancellationToken stop)
    {
        var wasOpen = IsOpen;
        DateTimeOffset? oldest = null;
        foreach (var queue in _queues)
        {
            oldest = Older(oldest, await transport.OldestSentAt(queue, stop));
        }

        var isOutboxFull = false;
        foreach (var outbox in outboxes ?? [])
        {
            var status = await outbox.Status(options.MaxOutboxRows + 1, stop);
            (oldest, isOutboxFull) =
                (Older(oldest, status.OldestCommittedAt), isOutboxFull || status.Rows > options.MaxOutboxRows);
        }

        _isOutboxFull = isOutboxFull;
        _oldest = oldest;
        if (wasOpen != IsOpen)
        {
            log.LogWarning(
                "New orders are {State}: the oldest waiting message was sent at {OldestSentAt:O}, and the outbox is {Outbox}.",
                IsOpen ? "accepted again" : "refused", oldest, _isOutboxFull ? "full" : "not full");
        }
    }

    private static DateTimeOffset? Older(DateTimeOffset? one, DateTimeOffset? other) => one < other || other is null ? one : other;
}
