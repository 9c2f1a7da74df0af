using System.ComponentModel.DataAnnotations;
using DoaMarket.Kernel;

namespace DoaMarket.RabbitMq;

/// <summary>Bounds and intervals of a process's work with RabbitMQ.</summary>
public sealed record RabbitMqOptions
{
    /// <summary>
    /// Begins the names of all queues and exchanges, so that several shops can share a virtual host; the same in every
    /// process of a shop. May be empty.
    /// </summary>
    [MaxLength(100)]
    public string Prefix { get; init; } = "";

    /// <summary>Batches of one queue that a process holds: one is handled while the next is fetched.</summary>
    public const int BatchesHeld = 2;

    /// <summary>
    /// Messages that a process holds of one queue and has not settled. Unless it is given, two batches
    /// (Kernel:MaxDeliveriesPerBatch): one is handled while the next is fetched.
    /// </summary>
    [Range(1, 65_535)]
    public int Prefetch { get; init; } = PrefetchFor(new());

    /// <summary>
    /// Deliveries that end without a word (connection or process lost) after which RabbitMQ gives a message up. A
    /// backstop: handlings are counted by the service. Changing it needs new queues.
    /// </summary>
    [Range(3, 1_000)]
    public int DeliveryLimit { get; init; } = 20;

    /// <summary>
    /// Messages that a queue holds at most; beyond that they wait in the outboxes, and new orders are refused. Changing
    /// it needs new queues.
    /// </summary>
    [Range(1_000, 1_000_000_000)]
    public int MaxQueueLength { get; init; } = 1_000_000;

    /// <summary>How long RabbitMQ's word is awaited that it has the messages of one batch.</summary>
    public TimeSpan ConfirmTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How long a connection, or an answer on it, is awaited.</summary>
    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How often either side shows that it is there; a dead connection is noticed in twice the time.</summary>
    public TimeSpan Heartbeat { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Longest wait between attempts to connect again; the first comes after a tenth of a second.</summary>
    public TimeSpan MaxReconnectWait { get; init; } = TimeSpan.FromSeconds(3);

    /// <summary>
    /// How long after a loss messages may still be on their way that were sent during it: outboxes are emptied, and answers
    /// come. Until then deadlines go on yielding to them.
    /// </summary>
    public TimeSpan CatchUpAfterLoss { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>
    /// How often a process looks after its consumers, and tells the others how old the messages are that it holds.
    /// </summary>
    public TimeSpan ReportInterval { get; init; } = TimeSpan.FromMilliseconds(500);

    /// <summary>How long what a process has told is believed when it says nothing more.</summary>
    public TimeSpan ReportLasts { get; init; } = TimeSpan.FromSeconds(3);

    /// <summary>The <see cref="Prefetch"/> that is in step with the loop's batches.</summary>
    public static int PrefetchFor(KernelOptions kernel) => BatchesHeld * kernel.MaxDeliveriesPerBatch;
}
