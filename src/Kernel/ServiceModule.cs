namespace DoaMarket.Kernel;

/// <summary>Names the documents that a handler needs, beyond those that the message itself names.</summary>
public delegate IEnumerable<DocumentKey> KeysFrom<in TOccasion>(Documents documents, TOccasion occasion)
    where TOccasion : Occasion;

/// <summary>Decides upon an occasion: static, synchronous, pure.</summary>
public delegate Decision Decide<in TOccasion>(Documents documents, TOccasion occasion) where TOccasion : Occasion;

/// <summary>One service: its kinds of documents and what it does with messages, timers, answers and requests.</summary>
/// <remarks>Everything is registered by name in one place, so that a reader finds it; nothing is scanned.</remarks>
public sealed class ServiceModule
{
    private readonly Dictionary<Type, MessageHandler> _messages = [];
    private readonly Dictionary<Type, RequestHandler> _requests = [];
    private readonly Dictionary<DocumentKind, DueHandler> _dues = [];
    private readonly Dictionary<DocumentKind, AnswerHandler> _answers = [];
    private readonly List<DocumentKind> _kinds = [];

    /// <summary>A module with the kernel's own kinds: alerts, audit rows, redriving, attempts.</summary>
    public ServiceModule(string service)
    {
        Service = service;
        Alerts = KernelKinds.Alerts(service);
        Audits = KernelKinds.Audits(service);
        Redrives = KernelKinds.Redrives(service);
        Attempts = KernelKinds.Attempts(service);
        _kinds.AddRange([Alerts, Audits, Redrives, Attempts]);
        OperatorRequests.AddTo(this);
        DeadLetterRequests.AddTo(this);
        OnDue(Attempts, (_, due) => Decision.On(due).Remove(Attempts, due.Key)); // nobody came back for it
        OnRequest<CircuitClosed, int>(closed => closed.Keys, CircuitWaits.LetGo);
    }

    /// <summary>Short name, e.g. "inventory".</summary>
    public string Service { get; }

    /// <summary>The service's alerts.</summary>
    public DocumentKind<AlertState> Alerts { get; }

    /// <summary>The service's audit rows.</summary>
    public DocumentKind<AuditState> Audits { get; }

    /// <summary>The redriving of its dead-letter queue, one document.</summary>
    public DocumentKind<RedriveState> Redrives { get; }

    /// <summary>Handlings begun, of messages that are handled alone.</summary>
    public DocumentKind<HandlingsBegun> Attempts { get; }

    /// <summary>The kinds of documents that it owns.</summary>
    public IReadOnlyList<DocumentKind> Kinds => _kinds;

    /// <summary>The message types that it handles.</summary>
    public IReadOnlyCollection<Type> MessageTypes => _messages.Keys;

    /// <summary>Adds kinds of documents.</summary>
    public ServiceModule Owns(params IEnumerable<DocumentKind> kinds)
    {
        foreach (var kind in kinds)
        {
            if (kind.Service != Service)
            {
                throw new ArgumentException(
                    $"{kind.Table} belongs to {kind.Service}, not to {Service}.", nameof(kinds));
            }

            _kinds.Add(kind);
        }

        return this;
    }

    /// <summary>Handles a message.</summary>
    /// <param name="own">The message's own document, which remembers for ever that it was taken in.</param>
    /// <param name="decide">The decider.</param>
    /// <param name="also">Further documents that the message names.</param>
    /// <param name="then">Further documents that the loaded ones name; asked once.</param>
    public ServiceModule On<T>(
        Func<Incoming<T>, DocumentKey> own,
        Decide<Incoming<T>> decide,
        Func<Incoming<T>, IEnumerable<DocumentKey>>? also = null,
        KeysFrom<Incoming<T>>? then = null) where T : IMessage
    {
        _messages.Add(typeof(T), new MessageHandler(
            (envelope, now) => new Incoming<T>(envelope, (T)envelope.Data, now),
            o => own((Incoming<T>)o),
            o => also?.Invoke((Incoming<T>)o) ?? [],
            then is null ? null : (d, o) => then(d, (Incoming<T>)o),
            (d, o) => decide(d, (Incoming<T>)o)));
        return this;
    }

    /// <summary>Takes a message in without doing anything, on purpose.</summary>
    /// <param name="reason">Why nothing is to be done; for the reader.</param>
    public ServiceModule Ignores<T>(string reason) where T : IMessage
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(reason);
        _messages.Add(typeof(T), new MessageHandler(
            (envelope, now) => new Incoming<T>(envelope, (T)envelope.Data, now),
            null,
            _ => [],
            null,
            (_, o) => Decision.On(o)));
        return this;
    }

    /// <summary>Handles a due timer.</summary>
    public ServiceModule OnDue<T>(
        DocumentKind<T> kind, Decide<Due<T>> decide, Func<Due<T>, IEnumerable<DocumentKey>>? then = null)
        where T : class
    {
        _dues.Add(kind, new DueHandler(
            (id, now, trail, key, state) => new Due<T>(id, now, trail, key, (T)state),
            then is null ? null : o => then((Due<T>)o),
            (d, o) => decide(d, (Due<T>)o)));
        return this;
    }

    /// <summary>Handles the answer of an outside system.</summary>
    public ServiceModule OnAnswer<T>(
        DocumentKind<T> kind, Decide<Answer<T>> decide, Func<Answer<T>, IEnumerable<DocumentKey>>? then = null)
        where T : class
    {
        _answers.Add(kind, new AnswerHandler(
            (id, now, trail, key, state, effect, result) =>
                new Answer<T>(id, now, trail, key, (T)state, effect, result),
            then is null ? null : o => then((Answer<T>)o),
            (d, o) => decide(d, (Answer<T>)o)));
        return this;
    }

    /// <summary>Handles a request of this process.</summary>
    /// <param name="keys">The documents that the request names.</param>
    /// <param name="decide">The decider; it must answer.</param>
    /// <param name="then">Further documents that the loaded ones name; asked once.</param>
    public ServiceModule OnRequest<TRequest, TReply>(
        Func<TRequest, IEnumerable<DocumentKey>> keys,
        Decide<Asked<TRequest, TReply>> decide,
        KeysFrom<Asked<TRequest, TReply>>? then = null) where TRequest : Request<TReply>
    {
        _requests.Add(typeof(TRequest), new RequestHandler(
            (id, now, trail, body) => new Asked<TRequest, TReply>(id, now, trail, (TRequest)body),
            o => keys(((Asked<TRequest, TReply>)o).Body),
            then is null ? null : (d, o) => then(d, (Asked<TRequest, TReply>)o),
            (d, o) => decide(d, (Asked<TRequest, TReply>)o)));
        return this;
    }

    internal MessageHandler HandlerOf(IMessage message) =>
        _messages.TryGetValue(message.GetType(), out var handler)
            ? handler
            : throw new InvalidOperationException($"{Service} has no handler for {message.GetType().Name}.");

    internal RequestHandler HandlerOf(object request) =>
        _requests.TryGetValue(request.GetType(), out var handler)
            ? handler
            : throw new InvalidOperationException($"{Service} has no handler for {request.GetType().Name}.");

    internal DueHandler? DueHandlerOf(DocumentKind kind) => _dues.GetValueOrDefault(kind);

    internal AnswerHandler AnswerHandlerOf(DocumentKind kind) =>
        _answers.TryGetValue(kind, out var handler)
            ? handler
            : throw new InvalidOperationException($"{Service} has no handler for answers to {kind.Table}.");

    internal sealed record MessageHandler(
        Func<Envelope, DateTimeOffset, Occasion> Occasion,
        Func<Occasion, DocumentKey>? Own,
        Func<Occasion, IEnumerable<DocumentKey>> Also,
        Func<Documents, Occasion, IEnumerable<DocumentKey>>? Then,
        Func<Documents, Occasion, Decision> Decide);

    internal sealed record RequestHandler(
        Func<Guid, DateTimeOffset, Trail, object, Occasion> Occasion,
        Func<Occasion, IEnumerable<DocumentKey>> Keys,
        Func<Documents, Occasion, IEnumerable<DocumentKey>>? Then,
        Func<Documents, Occasion, Decision> Decide);

    internal sealed record DueHandler(
        Func<Guid, DateTimeOffset, Trail, string, object, Occasion> Occasion,
        Func<Occasion, IEnumerable<DocumentKey>>? Then,
        Func<Documents, Occasion, Decision> Decide);

    internal sealed record AnswerHandler(
        Func<Guid, DateTimeOffset, Trail, string, object, Effect, EffectResult, Occasion> Occasion,
        Func<Occasion, IEnumerable<DocumentKey>>? Then,
        Func<Documents, Occasion, Decision> Decide);
}
