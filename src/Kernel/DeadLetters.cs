using System.Globalization;
using System.Text;

namespace DoaMarket.Kernel;

/// <summary>A message that failed for good, with everything kept.</summary>
/// <param name="Id">Derived from queue and message, so that one message is one dead letter.</param>
/// <param name="Queue">The dead-letter queue.</param>
/// <param name="SourceQueue">The queue in which it failed.</param>
/// <param name="EventId">The message.</param>
/// <param name="EventType">Its wire name.</param>
/// <param name="CorrelationId">The customer's request.</param>
/// <param name="SentAt">When it was sent.</param>
/// <param name="DeadAt">When it was given up.</param>
/// <param name="Attempts">How many handlings failed.</param>
/// <param name="Reason">One line.</param>
/// <param name="Error">The error with its stack.</param>
/// <param name="Headers">The envelope's header as JSON.</param>
/// <param name="Body">The payload's bytes as text, as received: personal data in clear.</param>
/// <param name="MaskedBody">The payload as the journal has it.</param>
/// <param name="Status">"dead", "redriven" or "discarded".</param>
/// <param name="SettledBecause">Why it was discarded; null otherwise.</param>
public sealed record DeadLetter(
    Guid Id,
    string Queue,
    string SourceQueue,
    EventId EventId,
    string EventType,
    CorrelationId CorrelationId,
    DateTimeOffset SentAt,
    DateTimeOffset DeadAt,
    int Attempts,
    string Reason,
    string Error,
    string Headers,
    string Body,
    string MaskedBody,
    string Status,
    string? SettledBecause)
{
    /// <summary>Waits for a person.</summary>
    public const string Dead = "dead";

    /// <summary>Was sent to its queue again.</summary>
    public const string Redriven = "redriven";

    /// <summary>Was given up, with a reason.</summary>
    public const string Discarded = "discarded";

    /// <summary>The id of a message's dead letter in a queue.</summary>
    public static Guid IdOf(EventId message, string sourceQueue) => DerivedId.From(message.Value, sourceQueue);

    /// <summary>The headers of a message as a dead letter keeps them.</summary>
    public static string HeadersOf(JournalEntry message) => WireMessage.Of(message, []).WriteHeader();

    /// <summary>A message that fails for good.</summary>
    /// <param name="queue">The queue in which it failed.</param>
    /// <param name="message">The message as it was received.</param>
    /// <param name="maskedBody">Its payload as the journal has it.</param>
    public static DeadLetter Of(
        QueueDefinition queue, WireMessage message, string maskedBody, int attempts, string reason, string error,
        DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(queue);
        ArgumentNullException.ThrowIfNull(message);
        return new(
            IdOf(message.EventId, queue.Queue), queue.DeadLetterQueue, queue.Queue, message.EventId,
            message.EventType, message.CorrelationId, message.Timestamp, now, attempts, reason, error,
            message.WriteHeader(), Encoding.UTF8.GetString(message.Body), maskedBody, Dead, null);
    }

    /// <summary>A delivery of a broker that fails for good.</summary>
    public static DeadLetter Of(QueueDefinition queue, Settlement.Dead dead, DateTimeOffset now, MessageCatalog catalog)
    {
        ArgumentNullException.ThrowIfNull(dead);
        var message = dead.Delivery.Wire
            ?? throw new InvalidOperationException($"{dead.Delivery.EventId} came from no broker.");
        return Of(queue, message, MaskedBodyOf(dead.Delivery, catalog), dead.Attempts, dead.Reason, dead.Error, now);
    }

    // What cannot be read cannot be masked, and may hold anything.
    private static string MaskedBodyOf(Delivery delivery, MessageCatalog catalog) => delivery.Envelope?.Data switch
    {
        IPersonalMessage personal => Encoding.UTF8.GetString(catalog.Write(personal.Masked())),
        not null => Encoding.UTF8.GetString(delivery.Wire!.Body),
        null => """{"masked":"it cannot be read"}""",
    };
}

/// <summary>Which dead letters are asked for.</summary>
/// <param name="Limit">At most this many.</param>
/// <param name="Queue">Only of this queue: the dead-letter queue's name or that of its source.</param>
/// <param name="EventType">Only of this type.</param>
/// <param name="Status">Only in this state.</param>
/// <param name="Cursor">Continues where an earlier page ended.</param>
/// <param name="DeadUntil">Only those that were given up by then.</param>
/// <param name="OldestFirst">Oldest first; otherwise the newest.</param>
/// <param name="Reason">Only those that died for this reason, as the error said it.</param>
public sealed record DeadLetterQuery(
    int Limit,
    string? Queue = null,
    string? EventType = null,
    string Status = DeadLetter.Dead,
    string? Cursor = null,
    DateTimeOffset? DeadUntil = null,
    bool OldestFirst = false,
    string? Reason = null)
{
    /// <summary>Where the cursor says that the earlier page ended: time and id of its last letter.</summary>
    /// <exception cref="FormatException">The cursor is not one of ours.</exception>
    public (DateTimeOffset DeadAt, Guid Id)? End => Cursor is null ? null
        : Cursor.Split('.') is [var ticks, var id]
        && long.TryParse(ticks, NumberStyles.None, CultureInfo.InvariantCulture, out var at)
        && at <= DateTimeOffset.MaxValue.Ticks
        && Guid.TryParseExact(id, "N", out var letter)
            ? (new DateTimeOffset(at, TimeSpan.Zero), letter)
            : throw new FormatException("The cursor is not one of ours.");
}

/// <summary>A page of dead letters; <paramref name="NextCursor"/> is null on the last.</summary>
public sealed record DeadLetterPage(IReadOnlyList<DeadLetter> Letters, string? NextCursor)
{
    /// <summary>The page out of letters of which one more was asked for than it holds.</summary>
    public static DeadLetterPage Of(IReadOnlyList<DeadLetter> letters, int limit) => letters.Count > limit
        ? new([.. letters.Take(limit)], CursorAfter(letters[limit - 1]))
        : new(letters, null);

    private static string CursorAfter(DeadLetter last) =>
        string.Create(CultureInfo.InvariantCulture, $"{last.DeadAt.UtcTicks}.{last.Id:N}");
}

/// <summary>Dead letters of one type that were given up in one queue for one reason.</summary>
/// <param name="Queue">The dead-letter queue.</param>
/// <param name="EventType">Their wire name.</param>
/// <param name="Reason">Why, as the error said it.</param>
/// <param name="Count">How many.</param>
/// <param name="FirstDeadAt">When the first was given up.</param>
/// <param name="LastDeadAt">When the last was.</param>
/// <param name="Example">One of them.</param>
public sealed record DeadLetterGroup(
    string Queue, string EventType, string Reason, long Count, DateTimeOffset FirstDeadAt, DateTimeOffset LastDeadAt,
    Guid Example);

/// <summary>
/// The dead letters of a store's services, kept where their commits are: buried in the commit that gives a message up,
/// redriven and discarded in the commit that holds the audit row. No broker has to be browsed
/// (docs/adr/0032-dead-letters-stay-with-the-store.md).
/// </summary>
public interface IDeadLetters
{
    /// <summary>A page, in the order in which they were given up.</summary>
    /// <exception cref="FormatException">The cursor is not one of ours.</exception>
    ValueTask<DeadLetterPage> Page(DeadLetterQuery query, CancellationToken stop);

    /// <summary>One dead letter, settled ones included; null when there is none.</summary>
    ValueTask<DeadLetter?> Find(Guid id, CancellationToken stop);

    /// <summary>What waits for a person, by queue, type and reason, the most frequent first.</summary>
    ValueTask<IReadOnlyList<DeadLetterGroup>> Groups(string? queue, int limit, CancellationToken stop);

    /// <summary>How many wait for a person, by dead-letter queue; queues without any are left out.</summary>
    ValueTask<IReadOnlyDictionary<string, long>> Waiting(CancellationToken stop);
}

/// <summary>
/// What a person wants done with a dead letter. It is committed together with the audit row that tells of it, and does
/// nothing to a letter that is not dead any more: twice equals once.
/// </summary>
public abstract record DeadLetterAction(Guid Id)
{
    /// <summary>It goes to its queue again and begins afresh.</summary>
    public sealed record Redrive(Guid Id) : DeadLetterAction(Id);

    /// <summary>It is given up.</summary>
    public sealed record Discard(Guid Id, string Reason) : DeadLetterAction(Id);
}
