namespace DoaMarket.Kernel;

/// <summary>A batch's documents: what was loaded, and what its messages have made of it so far.</summary>
internal sealed class BatchDocuments : Documents
{
    private readonly Dictionary<DocumentKey, Entry> _entries = [];

    /// <summary>The changed ones.</summary>
    public IEnumerable<Entry> Changed =>
        _entries.Values.Where(e => e is { IsChanged: true } and ({ State: not null } or { Loaded: not null }));

    public bool IsLoaded(DocumentKey key) => _entries.ContainsKey(key);

    /// <summary>Takes over what a load brought; a key without a document is known to be absent.</summary>
    public void Add(IEnumerable<DocumentKey> keys, IReadOnlyDictionary<DocumentKey, StoredDocument> loaded)
    {
        foreach (var key in keys)
        {
            _entries.TryAdd(key, new Entry(key, loaded.GetValueOrDefault(key)));
        }
    }

    public Entry Of(DocumentKey key) => _entries.TryGetValue(key, out var entry)
        ? entry
        : throw new InvalidOperationException($"{key} was not named by the handler's keys, so it was not loaded.");

    /// <summary>
    /// A document to write. One whose key nobody named is a new one (a ledger row under a derived id); should it exist
    /// all the same, the commit finds the key taken.
    /// </summary>
    public Entry ToWrite(DocumentKey key)
    {
        if (!_entries.TryGetValue(key, out var entry))
        {
            _entries.Add(key, entry = new Entry(key, null));
        }

        return entry;
    }

    protected override object? Find(DocumentKey key) => Of(key).State;

    protected override object? FindCommitted(DocumentKey key) => Of(key).Loaded?.State;

    /// <summary>One document in the batch.</summary>
    internal sealed class Entry(DocumentKey key, StoredDocument? loaded)
    {
        public DocumentKey Key { get; } = key;

        public StoredDocument? Loaded { get; } = loaded;

        public object? State { get; private set; } = loaded?.State;

        public List<Guid>? NewlyHandled { get; private set; }

        public bool IsChanged { get; private set; }

        /// <summary>The item that wrote it last; null when only the kernel did.</summary>
        public BatchItem? ChangedBy { get; private set; }

        public int Failures { get; private set; } = loaded?.Failures ?? 0;

        /// <summary>True when the timer column has fired, so that it may move later.</summary>
        public bool HasFired { get; private set; }

        /// <summary>
        /// Overrules the state's own timer after a failure; a parked document sleeps until it is changed.
        /// </summary>
        public (bool IsSet, DateTimeOffset? At) WakeOverride { get; private set; }

        public int HandledCount => (Loaded?.Handled.Count ?? 0) + (NewlyHandled?.Count ?? 0);

        public bool HasHandled(Guid id) =>
            (Loaded?.Handled.Contains(id) ?? false) || (NewlyHandled?.Contains(id) ?? false);

        public void Change(object state, BatchItem? by = null)
        {
            State = state;
            ChangedBy = by;
            IsChanged = true;
            Failures = 0;
            WakeOverride = default;
        }

        public void Remove()
        {
            State = null;
            IsChanged = true;
        }

        /// <summary>
        /// Its timer runs again. It has not changed, so no effect is started: what became of an earlier one its decider
        /// finds out.
        /// </summary>
        public void Wake()
        {
            Failures = 0;
            WakeOverride = default;
            HasFired = true;
            IsChanged = true;
        }

        public void Remember(Guid id)
        {
            (NewlyHandled ??= []).Add(id);
            IsChanged = true;
        }

        public void Fire()
        {
            HasFired = true;
            IsChanged = true;
        }

        public void Fail(int failures, DateTimeOffset? again)
        {
            Failures = failures;
            WakeOverride = (true, again);
            HasFired = true;
            IsChanged = true;
        }

        /// <summary>
        /// What is to be written. The timer column moves earlier, or when it has fired or ends; it
        /// then costs no index write.
        /// </summary>
        public DocumentWrite Write()
        {
            if (State is null)
            {
                return new(Key, Loaded!.Version, Loaded.State, [], null, null, [], Failures: 0, Remove: true);
            }

            var due = WakeOverride.IsSet ? WakeOverride.At : Key.Kind.WakeAt(State);
            var column = Loaded?.WakeAt;
            var wake = HasFired || due is null || column is null || due < column ? due : column;
            IReadOnlyList<Guid> handled = NewlyHandled is null
                ? Loaded?.Handled ?? []
                : [.. Loaded?.Handled ?? [], .. NewlyHandled];
            return new(Key, Loaded?.Version ?? 0, State, Key.Kind.Write(State), wake, due, handled, Failures);
        }
    }
}
