using DoaMarket.Contracts;
using DoaMarket.Kernel;

namespace DoaMarket.Totality;

/// <summary>
/// One service with its documents in memory: it names, loads, decides and writes as the kernel's loop does, one occasion
/// at a time. Copies of it go different ways.
/// </summary>
internal sealed class Desk(ServiceModule module)
{
    public static readonly DateTimeOffset Morning = new(2026, 4, 1, 0, 30, 0, TimeSpan.Zero);
    public static readonly OrderId Order = new(DerivedId.From(Guid.Empty, "order"));
    public static readonly UserId User = new("user-1");
    private static readonly UserId Operator = new("operator-1");

    private readonly Dictionary<DocumentKey, object> _documents = [];
    private int _occasions;

    public DateTimeOffset Now { get; set; } = Morning;

    public ServiceModule Module => module;

    /// <summary>A state as it is now; null when there is no such document.</summary>
    public T? Find<T>(DocumentKey key) where T : class => (T?)_documents.GetValueOrDefault(key);

    /// <summary>The states of one kind.</summary>
    public IEnumerable<T> All<T>() => _documents.Values.OfType<T>();

    public Desk Copy()
    {
        var copy = new Desk(module) { Now = Now, _occasions = _occasions };
        foreach (var (key, state) in _documents)
        {
            copy._documents.Add(key, state);
        }

        return copy;
    }

    /// <summary>What one document wants done outside.</summary>
    public Effect? Wanted(DocumentKey key) => Find<object>(key) is { } state ? key.Kind.Wanted(state) : null;

    public Decision Hear(IMessage message)
    {
        var envelope = new Envelope(
            new(NextId()), ShopMessages.Catalog.NameOf(message.GetType()), "v1", Now, "test", new(Order.Value), null,
            new(Order.Value), User, new(), message);
        var handler = module.HandlerOf(message);
        var occasion = handler.Occasion(envelope, Now);
        IEnumerable<DocumentKey> own = handler.Own is null ? [] : [handler.Own(occasion)];
        return Decide(occasion, [.. own, .. handler.Also(occasion)], handler.Then, handler.Decide);
    }

    /// <summary>The timer of a document fires; null when none is set.</summary>
    public Decision? Fire(DocumentKey key)
    {
        var state = _documents[key];
        if (key.Kind.WakeAt(state) is not { } wake)
        {
            return null;
        }

        Now = wake > Now ? wake : Now;
        var handler = module.DueHandlerOf(key.Kind)!;
        var occasion = handler.Occasion(NextId(), Now, TrailOf(key, state), key.Id, state);
        return Decide(occasion, [key, .. handler.Then?.Invoke(occasion) ?? []], null, handler.Decide);
    }

    public Decision Answer(DocumentKey key, Effect effect, EffectResult result)
    {
        var handler = module.AnswerHandlerOf(key.Kind);
        var state = _documents[key];
        var occasion = handler.Occasion(NextId(), Now, TrailOf(key, state), key.Id, state, effect, result);
        return Decide(occasion, [key, .. handler.Then?.Invoke(occasion) ?? []], null, handler.Decide);
    }

    /// <summary>The outside does what a document wants, and answers.</summary>
    public Desk Answered(DocumentKey key, EffectResult result)
    {
        Now = Now.AddMilliseconds(200);
        Answer(key, Wanted(key) ?? throw new InvalidOperationException($"{key} wants nothing."), result);
        return this;
    }

    public Decision Ask(object wish)
    {
        var handler = module.HandlerOf(wish);
        var trail = new Trail(new(NextId()), UserId: Operator);
        var occasion = handler.Occasion(NextId(), Now, trail, wish);
        return Decide(occasion, [.. handler.Keys(occasion)], handler.Then, handler.Decide);
    }

    public Desk Told(params IMessage[] messages)
    {
        foreach (var message in messages)
        {
            Hear(message);
        }

        return this;
    }

    public Desk Asked(object wish)
    {
        Ask(wish);
        return this;
    }

    public Desk Fired(DocumentKey key)
    {
        Fire(key);
        return this;
    }

    /// <summary>Nobody answers: the timer fires until something about the document is decided.</summary>
    public Desk FiredUntil(DocumentKey key, Func<Desk, bool> isReached)
    {
        for (var i = 0; !isReached(this); i++)
        {
            Assert.True(i < 100, $"{key} does not get there.");
            Assert.NotNull(Fire(key));
        }

        return this;
    }

    private Decision Decide(
        Occasion occasion, HashSet<DocumentKey> keys, Func<Documents, Occasion, IEnumerable<DocumentKey>>? then,
        Func<Documents, Occasion, Decision> decide)
    {
        occasion = occasion with { ProcessStartedAt = Morning.AddDays(-1) };
        var documents = new Named(keys, _documents);
        documents.Name(then?.Invoke(documents, occasion) ?? []);
        var decision = decide(documents, occasion);
        foreach (var (key, state) in decision.Changes)
        {
            _documents[key] = key.Kind.Read(key.Kind.Write(state)); // as a store would give it back
        }

        return decision;
    }

    private Trail TrailOf(DocumentKey key, object state) => key.Kind.Trail(state) ?? new(new(NextId()));

    private Guid NextId() => DerivedId.From(Order.Value, ++_occasions);

    private sealed class Named(HashSet<DocumentKey> keys, Dictionary<DocumentKey, object> states) : Documents
    {
        public void Name(IEnumerable<DocumentKey> more) => keys.UnionWith(more);

        protected override object? FindCommitted(DocumentKey key) => Find(key);

        protected override object? Find(DocumentKey key) => keys.Contains(key)
            ? states.GetValueOrDefault(key)
            : throw new InvalidOperationException($"{key} was not named by the handler, so it was not loaded.");
    }
}
