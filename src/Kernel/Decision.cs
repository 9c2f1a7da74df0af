using System.Runtime.InteropServices;

namespace DoaMarket.Kernel;

/// <summary>One changed document.</summary>
public sealed record DocumentChange(DocumentKey Key, object State);

/// <summary>A message to send.</summary>
/// <param name="EventId">Its id, derived from the occasion, or the original id of a reply that is sent again.</param>
/// <param name="Message">The payload.</param>
/// <param name="SentBefore">When the same message was sent before; null when it never was.</param>
public sealed record OutgoingDraft(EventId EventId, IMessage Message, DateTimeOffset? SentBefore = null)
{
    /// <summary>True when the same message was sent before: receivers that have it will drop it.</summary>
    public bool Again => SentBefore is not null;
}

/// <summary>
/// A message that was sent, as a document keeps it which may have to send it again: it is then the same message, with its
/// id and its time. Who counts by time must not hear two times of one thing.
/// </summary>
/// <param name="EventId">Its id.</param>
/// <param name="At">When it was sent first.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct Sent(EventId EventId, DateTimeOffset At);

/// <summary>
/// An append-only remark for the timeline: a duplicate dropped, a late reply ignored, an outside call made.
/// </summary>
/// <param name="Kind">What kind of remark, snake_case.</param>
/// <param name="Text">For people.</param>
public sealed record Note(string Kind, string Text);

/// <summary>
/// What a decider wants: changed documents, messages, notes, alerts, and a reply. Nothing of it has happened yet; the
/// loop commits all of it together, or nothing. A decider makes one for its occasion, fills it, and returns it.
/// </summary>
public sealed class Decision
{
    /// <summary>Bound on the messages of one decision; more is a bug.</summary>
    public const int MaxMessages = 64;

    private readonly List<DocumentChange> _changes = [];
    private readonly List<DocumentKey> _removals = [];
    private readonly List<DocumentKey> _wakes = [];
    private readonly List<OutgoingDraft> _messages = [];
    private readonly List<Note> _notes = [];
    private readonly List<AlertChange> _alerts = [];
    private readonly List<AuditEntry> _audits = [];
    private readonly List<DeadLetterAction> _deadLetters = [];

    private Decision(Occasion occasion)
    {
        Occasion = occasion;
        Trail = occasion.Trail;
    }

    /// <summary>What was decided upon.</summary>
    public Occasion Occasion { get; }

    /// <summary>
    /// The trail that messages inherit; that of the occasion unless <see cref="Follow"/> says otherwise.
    /// </summary>
    public Trail Trail { get; private set; }

    /// <summary>Documents to write.</summary>
    public IReadOnlyList<DocumentChange> Changes => _changes;

    /// <summary>Documents to remove.</summary>
    public IReadOnlyList<DocumentKey> Removals => _removals;

    /// <summary>Parked documents whose timers are to run again.</summary>
    public IReadOnlyList<DocumentKey> Wakes => _wakes;

    /// <summary>Messages to send.</summary>
    public IReadOnlyList<OutgoingDraft> Messages => _messages;

    /// <summary>Remarks.</summary>
    public IReadOnlyList<Note> Notes => _notes;

    /// <summary>Alerts to raise or resolve.</summary>
    public IReadOnlyList<AlertChange> Alerts => _alerts;

    /// <summary>Actions of people to record.</summary>
    public IReadOnlyList<AuditEntry> Audits => _audits;

    /// <summary>Dead letters to redrive or to discard.</summary>
    public IReadOnlyList<DeadLetterAction> DeadLetters => _deadLetters;

    /// <summary>
    /// Whether anything but a remark comes of it: a change, an alert, an audit row, a message that was not sent before.
    /// </summary>
    public bool LeavesTraces =>
        _changes.Count > 0 || _removals.Count > 0 || _alerts.Count > 0 || _audits.Count > 0 || _deadLetters.Count > 0
        || _messages.Exists(m => !m.Again);

    /// <summary>The answer to a request; null when there is none.</summary>
    public object? Reply { get; private set; }

    /// <summary>An empty decision about an occasion.</summary>
    public static Decision On(Occasion occasion)
    {
        ArgumentNullException.ThrowIfNull(occasion);
        return new(occasion);
    }

    /// <summary>Writes a document: the whole new state.</summary>
    public Decision Put<T>(DocumentKind<T> kind, string id, T state) where T : class
    {
        ArgumentNullException.ThrowIfNull(kind);
        _changes.Add(new(kind.Key(id), state));
        return this;
    }

    /// <summary>Writes a document: the whole new state.</summary>
    public Decision Put<T, TId>(DocumentKind<T> kind, TId id, T state) where T : class where TId : struct, ITypedId<TId>
    {
        ArgumentNullException.ThrowIfNull(kind);
        _changes.Add(new(kind.Key(id), state));
        return this;
    }

    /// <summary>
    /// Removes a document whose time is over. With it goes the memory of what it has taken in, so this is for kinds that
    /// no message reaches.
    /// </summary>
    public Decision Remove<T>(DocumentKind<T> kind, string id) where T : class
    {
        ArgumentNullException.ThrowIfNull(kind);
        _removals.Add(kind.Key(id));
        return this;
    }

    /// <summary>Writes a document of any kind; for the kernel's own deciders.</summary>
    internal Decision PutAny(DocumentKey key, object state)
    {
        _changes.Add(new(key, state));
        return this;
    }

    /// <summary>Lets a parked document's timer run again, and leaves its state as it is; for the kernel's own deciders.</summary>
    internal Decision Wake(DocumentKey key)
    {
        _wakes.Add(key);
        return this;
    }

    /// <summary>Sends a message.</summary>
    public Decision Send(IMessage message) => Send(message, out _);

    /// <summary>Sends a message and tells what identifies it, for a document that may have to send it again.</summary>
    public Decision Send(IMessage message, out Sent sent)
    {
        sent = new(new EventId(DerivedId.From(Occasion.Id, _messages.Count)), Occasion.Now);
        return Add(new(sent.EventId, message));
    }

    /// <summary>
    /// Sends a message under an id chosen by the sender: the derived id of a repeated command.
    /// </summary>
    public Decision SendAs(EventId eventId, IMessage message) => Add(new(eventId, message));

    /// <summary>Sends a reply once more as it was sent, so that nobody counts it twice.</summary>
    public Decision SendAgain(Sent original, IMessage message) => Add(new(original.EventId, message, original.At));

    /// <summary>Adds a remark to the timeline.</summary>
    public Decision Remark(string kind, string text)
    {
        _notes.Add(new(kind, text));
        return this;
    }

    /// <summary>Opens an alert; while it is open, raising it again counts an occurrence.</summary>
    public Decision Raise(Alert alert)
    {
        _alerts.Add(new(alert, Resolution: null));
        return this;
    }

    /// <summary>Resolves an alert if it is open.</summary>
    public Decision Resolve(string type, string subject, string resolution)
    {
        _alerts.Add(new(new Alert(type, AlertSeverity.P4, subject, string.Empty), resolution));
        return this;
    }

    /// <summary>Records what a person did and why.</summary>
    public Decision Audit(string action, string subject, string? reason)
    {
        _audits.Add(new(action, subject, reason));
        return this;
    }

    /// <summary>Redrives or discards a dead letter of the service's queue.</summary>
    public Decision Settle(DeadLetterAction action)
    {
        _deadLetters.Add(action);
        return this;
    }

    /// <summary>Lets messages inherit another trail, e.g. the one that a new order begins.</summary>
    public Decision Follow(Trail trail)
    {
        Trail = trail;
        return this;
    }

    /// <summary>Answers the request.</summary>
    public Decision Answer(object reply)
    {
        Reply = reply;
        return this;
    }

    private Decision Add(OutgoingDraft draft)
    {
        if (_messages.Count == MaxMessages)
        {
            throw new InvalidOperationException($"A decision may send {MaxMessages} messages at most.");
        }

        _messages.Add(draft);
        return this;
    }
}
