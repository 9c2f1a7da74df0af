namespace DoaMarket.Kernel;

/// <summary>How much one commit of a store may hold.</summary>
public sealed record StoreLimits(int DocumentsPerCommit, int MessagesPerCommit);

/// <summary>A document as the store has it.</summary>
/// <param name="Key">Its name.</param>
/// <param name="Version">1 when it was made, one more with each change.</param>
/// <param name="State">Its state.</param>
/// <param name="WakeAt">The indexed timer; it may be earlier than <paramref name="DueAt"/>, never later.</param>
/// <param name="DueAt">When the timer is truly due.</param>
/// <param name="Handled">The eventIds that it has taken in.</param>
/// <param name="Failures">How often in a row its timer or an answer could not be decided.</param>
public sealed record StoredDocument(
    DocumentKey Key, long Version, object State, DateTimeOffset? WakeAt, DateTimeOffset? DueAt,
    IReadOnlyList<Guid> Handled, int Failures);

/// <summary>A document whose timer column has passed.</summary>
public readonly record struct DueDocument(DocumentKey Key, DateTimeOffset WakeAt, DateTimeOffset DueAt);

/// <summary>A document to write, or to remove. <paramref name="ExpectedVersion"/> 0 means that it must not exist yet.</summary>
/// <param name="Remove">True when it is to be removed; the state is the one that it had.</param>
public sealed record DocumentWrite(
    DocumentKey Key,
    long ExpectedVersion,
    object State,
    byte[] Body,
    DateTimeOffset? WakeAt,
    DateTimeOffset? DueAt,
    IReadOnlyList<Guid> Handled,
    int Failures,
    bool Remove = false);

/// <summary>A message to send with a commit.</summary>
/// <param name="Envelope">The message.</param>
/// <param name="Body">The payload for the journal, personal data masked.</param>
/// <param name="PersonalBody">The full payload when it has personal data: for the receiver's eyes only.</param>
/// <param name="Queues">Where it goes.</param>
/// <param name="Again">True when it was sent before under the same id.</param>
public sealed record OutgoingMessage(
    Envelope Envelope, byte[] Body, byte[]? PersonalBody, IReadOnlyList<QueueDefinition> Queues, bool Again);

/// <summary>A remark in the timeline.</summary>
public sealed record NoteRow(
    string Service, DateTimeOffset At, CorrelationId CorrelationId, string? Subject, EventId? EventId, string Kind,
    string Text);

/// <summary>What one batch of a service commits, atomically.</summary>
/// <param name="Service">The service.</param>
/// <param name="At">The time of the batch.</param>
/// <param name="Documents">Changed documents, in lock order.</param>
/// <param name="Messages">Messages to send.</param>
/// <param name="Notes">Remarks.</param>
/// <param name="Settlements">What becomes of the deliveries. The store buries what is dead; the rest is applied in
/// the same commit where the transport shares the store.</param>
public sealed record UnitCommit(
    string Service,
    DateTimeOffset At,
    IReadOnlyList<DocumentWrite> Documents,
    IReadOnlyList<OutgoingMessage> Messages,
    IReadOnlyList<NoteRow> Notes,
    IReadOnlyList<Settlement> Settlements)
{
    /// <summary>
    /// What people want done with dead letters. Doing it twice does it once; a letter that is not dead any more, or that
    /// there never was, is left alone.
    /// </summary>
    public IReadOnlyList<DeadLetterAction> DeadLetters { get; init; } = [];
}

/// <summary>
/// How a commit ended. An adapter that lost the answer to its commit finds out before it says one of these.
/// </summary>
public enum CommitOutcome
{
    /// <summary>Everything is durable.</summary>
    Committed,

    /// <summary>Nothing happened: a document had moved on, or a key was taken. Load and decide again.</summary>
    Conflict,

    /// <summary>Nothing happened: the data itself cannot be stored. Trying again would not help.</summary>
    Refused,
}

/// <summary>
/// The store cannot be reached or cannot write now (disk full, connection lost). The batch is kept and tried again.
/// </summary>
public sealed class StoreUnavailableException(string message, Exception? inner = null) : Exception(message, inner)
{
    /// <summary>Whether a commit was under way whose outcome nobody knows. Otherwise nothing was written.</summary>
    public bool MayHaveCommitted { get; init; }
}

/// <summary>Asks for documents by a declared index, in its order.</summary>
/// <param name="Kind">Which kind.</param>
/// <param name="Index">A declared index of the kind.</param>
/// <param name="Equal">Values for the index's first columns.</param>
/// <param name="Limit">At most this many.</param>
/// <param name="Descending">Newest or largest first.</param>
/// <param name="Cursor">Continues where an earlier page ended.</param>
/// <param name="From">Lower bound, inclusive, of the next column.</param>
/// <param name="To">Upper bound, exclusive, of the next column.</param>
public sealed record DocumentQuery(
    DocumentKind Kind,
    string Index,
    IReadOnlyList<object> Equal,
    int Limit,
    bool Descending = false,
    string? Cursor = null,
    object? From = null,
    object? To = null);

/// <summary>A page of documents; <paramref name="NextCursor"/> is null on the last.</summary>
public sealed record DocumentPage(IReadOnlyList<StoredDocument> Documents, string? NextCursor);

/// <summary>
/// Seam 1. Documents and their atomic commit. Every implementation passes the same conformance suite.
/// </summary>
public interface IStore
{
    /// <summary>How much one commit may hold.</summary>
    StoreLimits Limits { get; }

    /// <summary>Loads documents, in lock order, for deciding upon them.</summary>
    ValueTask<IUnitOfWork> Begin(string service, IReadOnlyCollection<DocumentKey> keys, CancellationToken stop);

    /// <summary>Documents whose timer column has passed, earliest first, read without locks.</summary>
    ValueTask<IReadOnlyList<DueDocument>> Due(
        IReadOnlyList<DocumentKind> kinds, DateTimeOffset now, int limit, CancellationToken stop);

    /// <summary>Reads one document.</summary>
    ValueTask<StoredDocument?> Find(DocumentKey key, CancellationToken stop);

    /// <summary>Those of the documents that have a higher version than the given one, read without locks.</summary>
    ValueTask<IReadOnlyList<StoredDocument>> Newer(
        IReadOnlyDictionary<DocumentKey, long> versions, CancellationToken stop);

    /// <summary>Reads a page by a declared index.</summary>
    ValueTask<DocumentPage> Query(DocumentQuery query, CancellationToken stop);

    /// <summary>One consistent view of everything, for audits. Dispose it soon.</summary>
    ValueTask<IStoreSnapshot> Snapshot(CancellationToken stop);
}

/// <summary>
/// Loaded documents, and the commit of what was decided upon them. Disposing it without a commit abandons it.
/// </summary>
public interface IUnitOfWork : IAsyncDisposable
{
    /// <summary>What was loaded; a key without a document is absent.</summary>
    IReadOnlyDictionary<DocumentKey, StoredDocument> Documents { get; }

    /// <summary>
    /// Loads more documents into <see cref="Documents"/>. A store that locks may have to load the earlier ones anew; then
    /// they are as they are by now.
    /// </summary>
    ValueTask Load(IReadOnlyCollection<DocumentKey> keys, CancellationToken stop);

    /// <summary>Commits all of it, or nothing.</summary>
    /// <exception cref="StoreUnavailableException">
    /// The store cannot write now. Nothing was committed, unless the exception says that it may have been.
    /// </exception>
    ValueTask<CommitOutcome> Commit(UnitCommit commit, CancellationToken stop);
}

/// <summary>One consistent view of a store.</summary>
public interface IStoreSnapshot : IAsyncDisposable
{
    /// <summary>All documents of a kind.</summary>
    IEnumerable<StoredDocument> Scan(DocumentKind kind);

    /// <summary>Every message ever sent, oldest first, with personal data masked.</summary>
    IEnumerable<JournalEntry> Messages();

    /// <summary>Deliveries that are not settled yet: queue and message. A broker's are not among them.</summary>
    IEnumerable<(string Queue, EventId EventId)> Pending();

    /// <summary>Messages that the broker does not have yet; none where the transport shares the store.</summary>
    IEnumerable<OutboxRow> Outbox();

    /// <summary>Dead letters that nobody has redriven or discarded.</summary>
    IEnumerable<DeadLetter> DeadLetters();
}
