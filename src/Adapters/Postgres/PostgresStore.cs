using DoaMarket.Kernel;

namespace DoaMarket.Postgres;

/// <summary>Documents in PostgreSQL: a table per kind, in the schema of its service.</summary>
/// <remarks>
/// Nothing is kept in memory between batches: other processes write, too. A batch's documents are locked from its load to
/// its commit, so that two processes do not decide upon the same ones in vain.
/// </remarks>
public sealed class PostgresStore : IStore
{
    private readonly PostgresDatabase _database;
    private readonly Func<UnitCommit, IMessageChanges> _messages;

    /// <summary>A store whose messages travel in the same database.</summary>
    public PostgresStore(PostgresDatabase database, PostgresNode node, PostgresTransport transport)
        : this(database, node, commit => new QueueChanges(database, transport, node.Id, commit))
    {
    }

    /// <summary>A store whose messages travel through a broker.</summary>
    public PostgresStore(PostgresDatabase database, PostgresNode node, PostgresOutbox outbox)
        : this(database, node, commit => new OutboxChanges(outbox, commit))
    {
    }

    private PostgresStore(PostgresDatabase database, PostgresNode node, Func<UnitCommit, IMessageChanges> messages) =>
        (_database, Node, _messages) = (database, node, messages);

    /// <inheritdoc />
    public StoreLimits Limits { get; } = new(DocumentsPerCommit: 20_000, MessagesPerCommit: 20_000);

    internal PostgresDatabase Database => _database;

    internal PostgresNode Node { get; }

    internal IMessageChanges MessagesOf(UnitCommit commit) => _messages(commit);

    /// <inheritdoc />
    public async ValueTask<IUnitOfWork> Begin(
        string service, IReadOnlyCollection<DocumentKey> keys, CancellationToken stop)
    {
        await _database.Unknown.Settle(stop);
        var work = new UnitOfWork(this);
        await work.Load(keys, stop);
        return work;
    }

    /// <inheritdoc />
    public async ValueTask<IReadOnlyList<DueDocument>> Due(
        IReadOnlyList<DocumentKind> kinds, DateTimeOffset now, int limit, CancellationToken stop)
    {
        var due = new List<DueDocument>();
        await _database.Ask(
            script =>
            {
                foreach (var kind in kinds)
                {
                    script.Read(
                        DocumentSql.Of(kind).Due,
                        row => due.Add(new(
                            new DocumentKey(kind, row.GetString(0)), Rows.Time(row, 1),
                            Rows.TimeOrNull(row, 2) ?? Rows.Time(row, 1))),
                        Arg.Time(now), Arg.Number(limit));
                }
            },
            stop);
        return [.. due.OrderBy(d => d.WakeAt).Take(limit)];
    }

    /// <inheritdoc />
    public async ValueTask<StoredDocument?> Find(DocumentKey key, CancellationToken stop) =>
        (await _database.Query(
            $"{DocumentSql.Of(key.Kind).Select} WHERE key = $1", row => Rows.Document(key.Kind, row), stop,
            Arg.Text(key.Id))).SingleOrDefault();

    /// <inheritdoc />
    public async ValueTask<IReadOnlyList<StoredDocument>> Newer(
        IReadOnlyDictionary<DocumentKey, long> versions, CancellationToken stop)
    {
        var newer = new List<StoredDocument>();
        await _database.Ask(
            script =>
            {
                foreach (var ofKind in versions.GroupBy(v => v.Key.Kind))
                {
                    script.Read(
                        DocumentSql.Of(ofKind.Key).Newer, row => newer.Add(Rows.Document(ofKind.Key, row)),
                        Arg.Texts(ofKind.Select(v => v.Key.Id)), Arg.Numbers(ofKind.Select(v => v.Value)));
                }
            },
            stop);
        return newer;
    }

    /// <inheritdoc />
    public async ValueTask<DocumentPage> Query(DocumentQuery query, CancellationToken stop)
    {
        var page = new PageSql(query);
        return page.Page(await _database.Query(
            $"{DocumentSql.Of(query.Kind).Select} {page.Clauses}", row => Rows.Document(query.Kind, row), stop,
            [.. page.Parameters.Select(p => p is long number ? Arg.Number(number) : Arg.Text((string?)p))]));
    }

    /// <inheritdoc />
    public async ValueTask<IStoreSnapshot> Snapshot(CancellationToken stop) =>
        await PostgresSnapshot.Of(_database.ConnectionString, stop);
}
