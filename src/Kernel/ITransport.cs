using System.Text;
using System.Text.Json;

namespace DoaMarket.Kernel;

/// <summary>A message handed to a service.</summary>
/// <param name="Queue">The queue it came from.</param>
/// <param name="EventId">Its id.</param>
/// <param name="Envelope">The message; null when it cannot be read.</param>
/// <param name="Unreadable">Why it cannot be read.</param>
/// <param name="SentAt">When it was sent.</param>
/// <param name="Attempts">How many handlings have failed, as the message itself says.</param>
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
    /// <summary>The message as it came; null where the transport shares the store, which has it.</summary>
    public WireMessage? Wire { get; init; }

    /// <summary>
    /// Why the broker has given the message up by itself (too old, too often returned): it is dead-lettered unhandled.
    /// </summary>
    public string? GivenUp { get; init; }

    /// <summary>A message as the journal has it, read for its receiver.</summary>
    /// <param name="queue">The queue it waited in.</param>
    /// <param name="entry">The message.</param>
    /// <param name="personal">The full payload when the journal has it masked.</param>
    /// <param name="catalog">How payloads are read.</param>
    /// <param name="receives">How often it was received, this time included.</param>
    /// <param name="attempts">How many handlings have failed.</param>
    /// <param name="receipt">The transport's own handle.</param>
    public static Delivery Of(
        QueueDefinition queue, JournalEntry entry, string? personal, MessageCatalog catalog, int receives, int attempts,
        object receipt)
    {
        ArgumentNullException.ThrowIfNull(queue);
        ArgumentNullException.ThrowIfNull(entry);
        var message = WireMessage.Of(entry, Encoding.UTF8.GetBytes(personal ?? entry.Body));
        var (envelope, unreadable) = Open(message, catalog);
        return new(
            queue.Queue, entry.EventId, envelope, unreadable, entry.Timestamp, attempts, receives > 1 || attempts > 0,
            receipt);
    }

    /// <summary>A delivery of a broker; bytes that are no message make one that cannot be read.</summary>
    /// <param name="queue">The queue.</param>
    /// <param name="bytes">What came.</param>
    /// <param name="catalog">How payloads are read.</param>
    /// <param name="attempts">How many handlings have failed.</param>
    /// <param name="isRedelivery">Whether it came before.</param>
    /// <param name="receipt">The broker's own handle.</param>
    /// <param name="now">When it came, for what does not say when it was sent.</param>
    public static Delivery Of(
        QueueDefinition queue, byte[] bytes, MessageCatalog catalog, int attempts, bool isRedelivery, object receipt,
        DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(queue);
        WireMessage wire;
        Envelope? envelope = null;
        string? unreadable;
        try
        {
            wire = WireMessage.Read(bytes);
            (envelope, unreadable) = Open(wire, catalog);
            wire = wire with { Subject = envelope?.Data.Subject };
        }
        catch (JsonException error)
        {
            (wire, unreadable) = (WireMessage.OfUnknown(bytes, now), error.Message);
        }

        return new(
            queue.Queue, wire.EventId, envelope, unreadable, wire.Timestamp, attempts, isRedelivery || attempts > 0,
            receipt)
        {
            Wire = wire,
        };
    }

    // What cannot be read is a failed handling to the loop, which dead-letters it in the end.
    private static (Envelope? Envelope, string? Unreadable) Open(WireMessage message, MessageCatalog catalog)
    {
        try
        {
            return (message.Open(catalog), null);
        }
        catch (JsonException error)
        {
            return (null, error.Message);
        }
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
/// <param name="InFlight">Those of the waiting that a receiver has at this moment.</param>
public sealed record QueueStatus(
    string Queue, string Service, long Waiting, long Retrying, DateTimeOffset? OldestSentAt, long InFlight);

/// <summary>
/// Seam 2. Messages between services, at least once. Every implementation passes the same conformance suite.
/// </summary>
/// <remarks>
/// Where the transport lives in the store's own database, a commit publishes and settles in the same transaction, and
/// <see cref="Settle"/> has nothing left to do. A broker (<see cref="IBroker"/>) gets messages from the
/// <see cref="IOutbox"/> and settles after the commit. Dead letters are kept by the store either way
/// (<see cref="IDeadLetters"/>).
/// </remarks>
public interface ITransport
{
    /// <summary>Whatever is there for a service now, oldest first; never waits.</summary>
    ValueTask<IReadOnlyList<Delivery>> Receive(QueueDefinition queue, int max, CancellationToken stop);

    /// <summary>Calls <paramref name="wake"/> whenever there may be something to receive.</summary>
    void OnArrival(QueueDefinition queue, Action wake);

    /// <summary>
    /// Settles deliveries whose commit is durable. What cannot be settled since the broker is away comes again.
    /// </summary>
    ValueTask Settle(IReadOnlyList<Settlement> settlements, CancellationToken stop);

    /// <summary>When the oldest unsettled message of a queue was sent; null when it is empty.</summary>
    ValueTask<DateTimeOffset?> OldestSentAt(QueueDefinition queue, CancellationToken stop);

    /// <summary>How full the queues are.</summary>
    ValueTask<IReadOnlyList<QueueStatus>> Status(CancellationToken stop);

    /// <summary>Drops what is older than its queue's retention.</summary>
    ValueTask DropExpired(CancellationToken stop);
}

/// <summary>A transport with a life of its own: it cannot take part in a commit, so it is given what a commit left.</summary>
/// <remarks>
/// It settles after the commit: <see cref="Settlement.Done"/> and <see cref="Settlement.Dead"/> are acknowledged (the
/// store has the dead letter), of a <see cref="Settlement.Retry"/> it publishes a copy, delayed and with its attempts,
/// and then acknowledges the original. Every <see cref="Delivery"/> of a broker has its <see cref="Delivery.Wire"/>.
/// </remarks>
public interface IBroker : ITransport
{
    /// <summary>
    /// Publishes rows of an outbox, each to the queues of its rule and, masked, to the journal's; or to the one queue that it
    /// names. Waits for the broker's confirms.
    /// </summary>
    /// <returns>Those that the broker has for sure. The others may have arrived or not: they are published again.</returns>
    ValueTask<IReadOnlyList<OutboxRow>> Publish(IReadOnlyList<OutboxRow> rows, CancellationToken stop);
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
    /// Writes messages that came through the journal's queue, personal data masked; one that is there already stays as it
    /// is. Not used where transport and store are one: there a commit writes them.
    /// </summary>
    /// <exception cref="StoreUnavailableException">Nothing was written.</exception>
    ValueTask Append(IReadOnlyList<WireMessage> messages, CancellationToken stop);

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
