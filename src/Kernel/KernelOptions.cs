using System.ComponentModel.DataAnnotations;

namespace DoaMarket.Kernel;

/// <summary>The bounds and intervals of the loop. Every queue, batch, retry and wait has its limit here.</summary>
public sealed record KernelOptions
{
    /// <summary>Messages taken into one batch.</summary>
    [Range(1, 5_000)]
    public int MaxDeliveriesPerBatch { get; init; } = 256;

    /// <summary>Due timers taken into one batch.</summary>
    [Range(1, 5_000)]
    public int MaxDuePerBatch { get; init; } = 256;

    /// <summary>Requests and outside answers taken into one batch.</summary>
    [Range(1, 5_000)]
    public int MaxRequestsPerBatch { get; init; } = 256;

    /// <summary>Requests that may wait for the loop; beyond that they are refused at once (HTTP 503).</summary>
    [Range(1, 100_000)]
    public int MaxRequestsWaiting { get; init; } = 2_000;

    /// <summary>EventIds that one document may take in in its life; a message beyond that is dead-lettered.</summary>
    [Range(2 * RemembersAllUntil, 100_000)]
    public int MaxHandledPerDocument { get; init; } = 1_000;

    /// <summary>
    /// EventIds after which a document remembers only those of messages that left a trace. A question that is asked for
    /// weeks then uses up no room: what left no trace may come again, since its second coming is a first one that was late.
    /// </summary>
    public const int RemembersAllUntil = 256;

    /// <summary>Conflicts after which a batch is split.</summary>
    [Range(1, 100)]
    public int MaxConflictsPerBatch { get; init; } = 5;

    /// <summary>
    /// Conflicts after which an item that is handled alone fails. The waits between them grow from 40 ms, so 10 are 6.5 s.
    /// </summary>
    [Range(1, 100)]
    public int MaxConflictsPerItem { get; init; } = 10;

    /// <summary>Failures in a row after which a document's timer is parked, with an alert.</summary>
    [Range(1, 100)]
    public int MaxDueFailures { get; init; } = 3;

    /// <summary>How often timers are looked for, and queues beside what is handed over in memory.</summary>
    public TimeSpan PollInterval { get; init; } = TimeSpan.FromMilliseconds(100);

    /// <summary>Waits between the handlings of a message that fails.</summary>
    public Backoff DeliveryRetry { get; init; } = new(TimeSpan.FromMilliseconds(500), TimeSpan.FromSeconds(30), 3);

    /// <summary>How long a reply deadline waits at most for older messages in its queue.</summary>
    public TimeSpan MaxYieldToOlderMessages { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>Longest wait between tries while the store cannot be reached.</summary>
    public TimeSpan MaxStoreRetryWait { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>
    /// How long the process that committed a message keeps others from publishing it to the broker: what a crash between
    /// commit and publishing costs.
    /// </summary>
    public TimeSpan OutboxClaim { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Messages published at once, whose confirms are then waited for.</summary>
    [Range(1, 5_000)]
    public int MaxRowsPerPublish { get; init; } = 500;

    /// <summary>Committed messages that wait for the broker in memory; the rest waits in the outbox alone.</summary>
    [Range(1, 1_000_000)]
    public int MaxRowsInMemory { get; init; } = 10_000;

    /// <summary>Messages in the outbox beyond which new orders are refused (HTTP 503).</summary>
    [Range(1, 10_000_000)]
    public int MaxOutboxRows { get; init; } = 50_000;

    /// <summary>How often the outbox is searched for what a crash left.</summary>
    public TimeSpan OutboxPoll { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>Waits between tries while the broker takes nothing; there is no last one.</summary>
    public Backoff PublishRetry { get; init; } = new(TimeSpan.FromMilliseconds(100), TimeSpan.FromSeconds(5), int.MaxValue);

    /// <summary>
    /// Failures of the store in a row after which requests are refused (HTTP 503) instead of waiting on. The waits between
    /// them grow from 40 ms, so 6 are 1.2 s.
    /// </summary>
    [Range(1, 100)]
    public int MaxStoreFailuresPerRequest { get; init; } = 6;

    /// <summary>Written into every message's metadata.</summary>
    public string Environment { get; init; } = "embedded";

    /// <summary>
    /// Told at named points of the loop, so that tests can end the process there. Null in production.
    /// </summary>
    public Action<CrashPoint>? OnCrashPoint { get; init; }
}

/// <summary>Named points at which a crash is most telling.</summary>
public enum CrashPoint
{
    /// <summary>Decided, nothing written.</summary>
    BeforeCommit,

    /// <summary>Written, nobody told.</summary>
    AfterCommit,

    /// <summary>About to call outside.</summary>
    BeforeEffect,

    /// <summary>Called outside, the answer not yet decided upon.</summary>
    AfterEffect,

    /// <summary>Committed, the broker does not have the messages.</summary>
    BeforePublish,

    /// <summary>The broker has the messages, the outbox has them still.</summary>
    AfterPublish,
}
