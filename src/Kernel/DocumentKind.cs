using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace DoaMarket.Kernel;

/// <summary>What a declared column holds.</summary>
public enum ColumnType
{
    /// <summary>Text, compared by its code points.</summary>
    Text,

    /// <summary>Whole numbers of 64 bits.</summary>
    Number,
}

/// <summary>A column that a kind keeps beside its JSON body, so that it can be indexed and read in SQL.</summary>
/// <param name="Name">Column name, snake_case.</param>
/// <param name="Type">What it holds.</param>
/// <param name="Read">Takes the value out of the state: a string, a long, or null.</param>
public sealed record DocumentColumn(string Name, ColumnType Type, Func<object, object?> Read);

/// <summary>An index over declared columns; queries go by these only.</summary>
/// <param name="Name">Index name.</param>
/// <param name="Columns">Columns in order.</param>
/// <param name="Unique">Whether two documents may not share the values.</param>
public sealed record DocumentIndex(string Name, IReadOnlyList<string> Columns, bool Unique = false);

/// <summary>Names one document.</summary>
/// <param name="Kind">Its kind.</param>
/// <param name="Id">Its key within the kind.</param>
public readonly record struct DocumentKey(DocumentKind Kind, string Id)
{
    /// <summary>
    /// Documents are loaded and locked in this order, everywhere, so that two batches cannot deadlock.
    /// </summary>
    public static readonly IComparer<DocumentKey> LockOrder = Comparer<DocumentKey>.Create(static (a, b) =>
    {
        var byKind = string.CompareOrdinal(a.Kind.Table, b.Kind.Table);
        return byKind != 0 ? byKind : string.CompareOrdinal(a.Id, b.Id);
    });

    /// <summary>Readable form for logs and errors.</summary>
    public override string ToString() => $"{Kind?.Table}/{Id}";
}

/// <summary>
/// A kind of document: what one aggregate of a service is called, how its state is written, which columns and indexes
/// it declares, when its timer is due, and what it wants done outside.
/// </summary>
public abstract class DocumentKind(string service, string name)
{
    private readonly List<DocumentColumn> _columns = [];
    private readonly List<DocumentIndex> _indexes = [];

    /// <summary>Short name of the owning service.</summary>
    public string Service { get; } = service;

    /// <summary>Plural name within the service, e.g. "reservations".</summary>
    public string Name { get; } = name;

    /// <summary>Name of the table or view: service and name, e.g. "inventory_reservations".</summary>
    public string Table { get; } = $"{service}_{name}";

    /// <summary>Declared columns.</summary>
    public IReadOnlyList<DocumentColumn> Columns => _columns;

    /// <summary>Declared indexes.</summary>
    public IReadOnlyList<DocumentIndex> Indexes => _indexes;

    /// <summary>
    /// True for deadlines of replies: such a timer does not act while its service's queue still holds messages that
    /// are older than the deadline, since the awaited reply may be among them.
    /// </summary>
    public bool TimerYieldsToOlderMessages { get; protected init; }

    /// <summary>Type information of the state, from which adapters derive readable views.</summary>
    public abstract JsonTypeInfo Json { get; }

    /// <summary>When the document's timer is due; null when nothing is awaited.</summary>
    public abstract DateTimeOffset? WakeAt(object state);

    /// <summary>The request that the document belongs to.</summary>
    public abstract Trail? Trail(object state);

    /// <summary>What the state wants done outside; null when nothing.</summary>
    public abstract Effect? Wanted(object state);

    /// <summary>How the document's life ended, for counting; null while it goes on.</summary>
    public abstract string? EndOf(object state);

    /// <summary>The gateway whose open circuit the document waits at; null when it waits at none.</summary>
    public abstract string? HeldAt(object state);

    /// <summary>The document with its timer set to now: the circuit that it waited at has closed.</summary>
    internal abstract object LetGo(object state, DateTimeOffset now);

    /// <summary>Writes a state as JSON.</summary>
    public byte[] Write(object state) => ReadableJson.Write(state, Json);

    /// <summary>Reads a state.</summary>
    public object Read(ReadOnlySpan<byte> json) =>
        JsonSerializer.Deserialize(json, Json) ?? throw new JsonException($"A document of {Table} is null.");

    /// <summary>Declares a column.</summary>
    protected void AddColumn(DocumentColumn column) => _columns.Add(column);

    /// <summary>Declares an index.</summary>
    protected void AddIndex(DocumentIndex index) => _indexes.Add(index);
}

/// <summary>A kind of document whose state is a <typeparamref name="T"/>, an immutable record.</summary>
public sealed class DocumentKind<T> : DocumentKind where T : class
{
    private readonly JsonTypeInfo<T> _json;
    private readonly Func<T, DateTimeOffset?>? _wakeAt;
    private readonly Func<T, Trail?>? _trail;
    private readonly Func<T, Effect?>? _wanted;
    private Func<T, string?>? _endOf;
    private Func<T, string?>? _heldAt;
    private Func<T, DateTimeOffset, T>? _letGo;

    /// <summary>Declares a kind.</summary>
    /// <param name="service">Short name of the owning service.</param>
    /// <param name="name">Plural name within the service.</param>
    /// <param name="json">How the state is read and written.</param>
    /// <param name="wakeAt">When the timer is due, as the state says.</param>
    /// <param name="trail">The request that the document belongs to.</param>
    /// <param name="wanted">What the state wants done outside.</param>
    /// <param name="timerYieldsToOlderMessages">See <see cref="DocumentKind.TimerYieldsToOlderMessages"/>.</param>
    public DocumentKind(
        string service,
        string name,
        JsonTypeInfo<T> json,
        Func<T, DateTimeOffset?>? wakeAt = null,
        Func<T, Trail?>? trail = null,
        Func<T, Effect?>? wanted = null,
        bool timerYieldsToOlderMessages = false)
        : base(service, name)
    {
        _json = json;
        _wakeAt = wakeAt;
        _trail = trail;
        _wanted = wanted;
        TimerYieldsToOlderMessages = timerYieldsToOlderMessages;
    }

    /// <inheritdoc />
    public override JsonTypeInfo Json => _json;

    /// <summary>Declares how a document waits at an open circuit, so that it goes on as soon as that closes.</summary>
    /// <param name="at">The gateway; null when the document waits at none.</param>
    /// <param name="letGo">The document with its timer set to the given time.</param>
    public DocumentKind<T> WaitsAtCircuit(Func<T, string?> at, Func<T, DateTimeOffset, T> letGo)
    {
        (_heldAt, _letGo) = (at, letGo);
        return this;
    }

    /// <inheritdoc />
    public override string? HeldAt(object state) => _heldAt?.Invoke((T)state);

    /// <inheritdoc />
    internal override object LetGo(object state, DateTimeOffset now) =>
        _letGo?.Invoke((T)state, now) ?? throw new InvalidOperationException($"{Table} waits at no circuit.");

    /// <summary>Declares a column of text.</summary>
    public DocumentKind<T> Column(string name, Func<T, string?> read)
    {
        AddColumn(new DocumentColumn(name, ColumnType.Text, state => read((T)state)));
        return this;
    }

    /// <summary>Declares a column of numbers.</summary>
    public DocumentKind<T> Column(string name, Func<T, long?> read)
    {
        AddColumn(new DocumentColumn(name, ColumnType.Number, state => read((T)state)));
        return this;
    }

    /// <summary>Declares an index over columns of this kind.</summary>
    public DocumentKind<T> Index(string name, params string[] columns)
    {
        AddIndex(new DocumentIndex(name, columns));
        return this;
    }

    /// <summary>Declares an index whose values no two documents share.</summary>
    public DocumentKind<T> UniqueIndex(string name, params string[] columns)
    {
        AddIndex(new DocumentIndex(name, columns, Unique: true));
        return this;
    }

    /// <summary>Says how a document's life ends, for counting: "completed", "cancelled", or null while it goes on.</summary>
    public DocumentKind<T> Ends(Func<T, string?> endOf)
    {
        _endOf = endOf;
        return this;
    }

    /// <summary>Names a document of this kind.</summary>
    public DocumentKey Key(string id) => new(this, id);

    /// <summary>Names a document of this kind by a typed id.</summary>
    public DocumentKey Key<TId>(TId id) where TId : struct, ITypedId<TId> =>
        new(this, id.Value.ToString("D", System.Globalization.CultureInfo.InvariantCulture));

    /// <inheritdoc />
    public override DateTimeOffset? WakeAt(object state) => _wakeAt?.Invoke((T)state);

    /// <inheritdoc />
    public override Trail? Trail(object state) => _trail?.Invoke((T)state);

    /// <inheritdoc />
    public override Effect? Wanted(object state) => _wanted?.Invoke((T)state);

    /// <inheritdoc />
    public override string? EndOf(object state) => _endOf?.Invoke((T)state);
}
