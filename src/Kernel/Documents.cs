namespace DoaMarket.Kernel;

/// <summary>
/// The documents that a decider sees: those whose keys it named, as the messages before it in the batch left them.
/// </summary>
public abstract class Documents
{
    /// <summary>The document, or null when there is none.</summary>
    /// <exception cref="InvalidOperationException">Its key was not named: a bug in the handler's
    /// declaration.</exception>
    public T? Find<T>(DocumentKind<T> kind, string id) where T : class => (T?)Find(new DocumentKey(kind, id));

    /// <summary>The document, or null when there is none.</summary>
    public T? Find<T, TId>(DocumentKind<T> kind, TId id) where T : class where TId : struct, ITypedId<TId>
    {
        ArgumentNullException.ThrowIfNull(kind);
        return (T?)Find(kind.Key(id));
    }

    /// <summary>
    /// The document as it was when the batch was loaded, or null. Effects start after a commit only: one that this
    /// state did not want yet cannot have started.
    /// </summary>
    public T? Committed<T, TId>(DocumentKind<T> kind, TId id) where T : class where TId : struct, ITypedId<TId> =>
        (T?)FindCommitted(kind.Key(id));

    /// <summary>The document of any kind, or null; for the kernel's own deciders.</summary>
    internal object? FindAny(DocumentKey key) => Find(key);

    /// <summary>The state behind a key, or null.</summary>
    protected abstract object? Find(DocumentKey key);

    /// <summary>The state behind a key when the batch was loaded, or null.</summary>
    protected abstract object? FindCommitted(DocumentKey key);

    /// <summary>Documents given by hand, for tests of deciders.</summary>
    public static Documents Of(params IEnumerable<DocumentChange> documents) => new Given(documents);

    private sealed class Given(IEnumerable<DocumentChange> documents) : Documents
    {
        private readonly Dictionary<DocumentKey, object> _states = documents.ToDictionary(d => d.Key, d => d.State);

        protected override object? Find(DocumentKey key) => _states.GetValueOrDefault(key);

        protected override object? FindCommitted(DocumentKey key) => _states.GetValueOrDefault(key);
    }
}
