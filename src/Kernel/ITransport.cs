using System.Text;
using System.Text.Json;

namespace DoaMarket.Kernel;

/// <summary>A message handed to a service.</summary>
/// <param name="Queue">The queue it came from.</param>
/// <param name="EventId">Its id.</param>
/// <param name="Envelope">The message; null when it cannot be read.</param>
/// <param name="Unreadable">Why it cannot be read.</param>
/// <param name="SentAt">When it was sent.</param>
/// <param name="Attempts">How many handlings were begun and are on record.</param>
/// <param name="IsRedelivery">True when an earlier handling failed or never ended: it is then handled alone.</param>
/// <param name="Receipt">The transport's own handle.</param>
public sealed record Delivery(
    string Queue,
    EventId EventId,
    Envelope? Envelope,
    string? Unreadable,
    DateTimeOffset SentAt,
    int Attempts,
    bool IsRedelivery,
    object Receipt)
{
    /// <summary>A message as the journal has it, read for its receiver.</summary>
    /// <param name="queue">The queue it waited in.</param>
    /// <param name="entry">The message.</param>
    /// <param name="personal">The full payload when the journal has it masked.</param>
    /// <param name="catalog">How payloads are read.</param>
    /// <param name="receives">How often it was received, this time included.</param>
    /// <param name="attempts">How many handlings are on record.</param>
    /// <param name="receipt">The transport's own handle.</param>
    public static Delivery Of(
        QueueDefinition queue, JournalEntry entry, string? personal, MessageCatalog catalog, int receives, int attempts,
        object receipt)
    {
        Envelope? envelope = null;
        string? unreadable = null;
        try
        {
            envelope = new Envelope(
                entry.EventId, entry.EventType, entry.EventVersion, entry.Timestamp, entry.Source, entry.CorrelationId,
                entry.CausationId, entry.SagaId, entry.UserId, new MessageMetadata(entry.Traceparent, null),
                catalog.Read(entry.EventType, Encoding.UTF8.GetBytes(personal ?? entry.Body)));
        }
        catch (JsonException error)
        {
            unreadable = error.Message; // the loop counts it as a failed handling and dead-letters it in the end
        }

        return new(
            queue.Queue, entry.EventId, envelope, unreadable, entry.Timestamp, attempts, receives > 1 || attempts > 0,
            receipt);
    }
}

/// <summary>What becomes of a delivery.</summary>
public abstract record Settlement(Delivery Delivery)
{
    /// <summary>It was taken in.</summary>
    public sealed record Done(Delivery Delivery) : Settlement(Delivery);

    /// <summary>It failed and comes again at <paramref name="At"/>.</summary>
    public sealed record Retry(Delivery Delivery, DateTimeOffset At, int Attempts) : Settlement(Delivery);

    /// <summary>It failed for good; it is kept with its bytes, headers and error.</summary>
    public sealed record Dead(Delivery Delivery, int Attempts, string Reason, string Error) : Settlement(Delivery);
}

/// <summary>How full a queue is.</summary>
/// <param name="Queue">Its name.</param>
/// <param name="Service">Whose it is.</param>
/// <param name="Waiting">Messages not settled yet.</param>
/// <param name="Retrying">Those of them that failed at least once.</param>
/// <param name="OldestSentAt">When the oldest of them was sent.</param>
/// <param name="DeadLetters">Dead letters waiting for a person.</param>
/// <param name="InFlight">Those of the waiting that a receiver has at this moment.</param>
public sealed record QueueStatus(
    string Queue, string Service, long Waiting, long Retrying, DateTimeOffset? OldestSentAt, long DeadLetters,
    long InFlight);

/// <summary>
/// Seam 2. Messages between services, at least once. Every implementation passes the same conformance suite.
/// </summary>
/// <remarks>
/// Where the transport lives in the store's own database, a commit publishes and settles in the same transaction, and
/// <see cref="Settle"/> and <see cref="SettleDeadLetters"/> have nothing left to do; a broker publishes from an outbox and settles after the commit.
/// </remarks>
public interface ITransport
{
    /// <summary>Whatever is there for a service now, oldest first; never waits.</summary>
    ValueTask<IReadOnlyList<Delivery>> Receive(QueueDefinition queue, int max, CancellationToken stop);

    /// <summary>Calls <paramref name="wake"/> whenever there may be something to receive.</summary>
    void OnArrival(QueueDefinition queue, Action wake);

    /// <summary>
    /// Makes the beginning of another handling durable, so that a message which kills its process is counted.
    /// </summary>
    ValueTask RecordAttempt(Delivery delivery, CancellationToken stop);

    /// <summary>Settles deliveries whose commit is durable.</summary>
    ValueTask Settle(IReadOnlyList<Settlement> settlements, CancellationToken stop);

    /// <summary>When the oldest unsettled message of a queue was sent; null when it is empty.</summary>
    ValueTask<DateTimeOffset?> OldestSentAt(QueueDefinition queue, CancellationToken stop);

    /// <summary>How full the queues are.</summary>
    ValueTask<IReadOnlyList<QueueStatus>> Status(CancellationToken stop);

    /// <summary>A page of dead letters.</summary>
    ValueTask<DeadLetterPage> DeadLetters(DeadLetterQuery query, CancellationToken stop);

    /// <summary>One dead letter, settled ones included; null when there is none.</summary>
    ValueTask<DeadLetter?> FindDeadLetter(Guid id, CancellationToken stop);

    /// <summary>What waits for a person, by queue, type and reason, the most frequent first.</summary>
    ValueTask<IReadOnlyList<DeadLetterGroup>> DeadLetterGroups(string? queue, int limit, CancellationToken stop);

    /// <summary>
    /// Redrives and discards what a durable commit says. Doing it twice does it once; a letter that is not dead any
    /// more, or that there never was, is left alone.
    /// </summary>
    ValueTask SettleDeadLetters(IReadOnlyList<DeadLetterAction> actions, CancellationToken stop);

    /// <summary>Drops what is older than its queue's retention.</summary>
    ValueTask DropExpired(CancellationToken stop);
}

/// <summary>A message as the journal keeps it.</summary>
/// <param name="Sequence">Its place in the store; a cause may have a higher number than its effect
/// only across stores.</param>
/// <param name="EventId">The message.</param>
/// <param name="EventType">Its wire name.</param>
/// <param name="EventVersion">Version of its form.</param>
/// <param name="Timestamp">When it was made.</param>
/// <param name="Source">Who made it.</param>
/// <param name="CorrelationId">The customer's request.</param>
/// <param name="CausationId">The message that caused it.</param>
/// <param name="SagaId">The saga.</param>
/// <param name="UserId">The customer.</param>
/// <param name="Subject">What it is about: the order's id.</param>
/// <param name="Traceparent">W3C trace context.</param>
/// <param name="Body">The payload as JSON, personal data masked.</param>
public sealed record JournalEntry(
    long Sequence,
    EventId EventId,
    string EventType,
    string EventVersion,
    DateTimeOffset Timestamp,
    string Source,
    CorrelationId CorrelationId,
    EventId? CausationId,
    SagaId? SagaId,
    UserId? UserId,
    string? Subject,
    string? Traceparent,
    string Body);

/// <summary>The journal: every message and remark, by correlation id or subject.</summary>
public interface IJournal
{
    /// <summary>
    /// The messages of one request, in the order in which they were stored; at most <paramref name="limit"/>.
    /// </summary>
    ValueTask<IReadOnlyList<JournalEntry>> ByCorrelation(CorrelationId id, int limit, CancellationToken stop);

    /// <summary>The messages about one subject (an order's id).</summary>
    ValueTask<IReadOnlyList<JournalEntry>> BySubject(string subject, int limit, CancellationToken stop);

    /// <summary>The place of the newest message; 0 when there is none.</summary>
    ValueTask<long> Head(CancellationToken stop);

    /// <summary>
    /// The messages of some types behind one place and not behind another, in the order in which they were stored.
    /// </summary>
    ValueTask<IReadOnlyList<JournalEntry>> After(
        long sequence, long through, IReadOnlyList<string> types, int limit, CancellationToken stop);

    /// <summary>The remarks of one request.</summary>
    ValueTask<IReadOnlyList<NoteRow>> Notes(CorrelationId id, int limit, CancellationToken stop);
}
