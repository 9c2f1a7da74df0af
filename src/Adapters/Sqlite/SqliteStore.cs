using System.Collections.Concurrent;
using DoaMarket.Kernel;

namespace DoaMarket.Sqlite;

/// <summary>Documents in the embedded database.</summary>
public sealed class SqliteStore : IStore
{
    private readonly SqliteDatabase _database;
    private readonly SqliteTransport? _transport;
    private readonly SqliteOutbox? _outbox;
    private readonly DocumentCache _cache;
    private readonly ConcurrentDictionary<DocumentKind, NextDue> _nextDue = [];

    /// <summary>A store whose messages travel in the same database.</summary>
    public SqliteStore(SqliteDatabase database, SqliteTransport transport) : this(database) => _transport = transport;

    /// <summary>A store whose messages travel through a broker.</summary>
    public SqliteStore(SqliteDatabase database, SqliteOutbox outbox) : this(database) => _outbox = outbox;

    private SqliteStore(SqliteDatabase database)
    {
        ArgumentNullException.ThrowIfNull(database);
        (_database, _cache) = (database, new(database.Options.MaxCachedDocuments));
    }

    /// <inheritdoc />
    public StoreLimits Limits { get; } = new(DocumentsPerCommit: 20_000, MessagesPerCommit: 20_000);

    /// <inheritdoc />
    public ValueTask<IUnitOfWork> Begin(
        string service, IReadOnlyCollection<DocumentKey> keys, CancellationToken stop) =>
        new(new UnitOfWork(this, Load(keys)));

    /// <inheritdoc />
    public ValueTask<IReadOnlyList<DueDocument>> Due(
        IReadOnlyList<DocumentKind> kinds, DateTimeOffset now, int limit, CancellationToken stop)
    {
        var due = new List<DueDocument>();
        foreach (var kind in kinds)
        {
            var next = NextDueOf(kind);
            if (next.MayBeDue(SqliteRows.Ms(now), out var commits))
            {
                next.Looked(SqliteRows.Ms(now), _database.Read(session => Due(session, kind, now, limit, due)), commits);
            }
        }

        return new(due.Count == 0 ? due : [.. due.OrderBy(d => d.WakeAt).Take(limit)]);
    }

    /// <inheritdoc />
    public ValueTask<StoredDocument?> Find(DocumentKey key, CancellationToken stop) =>
        new(Load([key]).GetValueOrDefault(key));

    /// <inheritdoc />
    public ValueTask<IReadOnlyList<StoredDocument>> Newer(
        IReadOnlyDictionary<DocumentKey, long> versions, CancellationToken stop) =>
        new([.. Load([.. versions.Keys]).Values.Where(d => d.Version > versions[d.Key])]);

    /// <inheritdoc />
    public ValueTask<DocumentPage> Query(DocumentQuery query, CancellationToken stop) =>
        new(_database.Read(session => SqliteQuery.Run(session, query)));

    /// <inheritdoc />
    public ValueTask<IStoreSnapshot> Snapshot(CancellationToken stop) => new(new SqliteSnapshot(_database));

    private Dictionary<DocumentKey, StoredDocument> Load(IReadOnlyCollection<DocumentKey> keys)
    {
        var found = new Dictionary<DocumentKey, StoredDocument>(keys.Count);
        var missing = new List<DocumentKey>();
        foreach (var key in keys)
        {
            if (_cache.TryGet(key, out var document))
            {
                found.Add(key, document!);
            }
            else
            {
                missing.Add(key);
            }
        }

        if (missing.Count > 0)
        {
            foreach (var document in _database.Read(session => LoadMissing(session, missing)))
            {
                _cache.SetIfNewer(document);
                found.Add(document.Key, document);
            }
        }

        return found;
    }

    private NextDue NextDueOf(DocumentKind kind) => _nextDue.GetOrAdd(
        kind, static (_, options) => new(options.TrustMs), _database.Options);

    // Returns when the earliest timer is due, of those that are due and those that are not yet.
    private static long? Due(
        SqliteSession session, DocumentKind kind, DateTimeOffset now, int limit, List<DueDocument> to)
    {
        long? earliest = null;
        var left = limit;
        session.Each(
            SqliteTable.Of(kind).Timers,
            row =>
            {
                var wakeAt = SqliteRows.Time(row, 1);
                earliest ??= row.Number(1);
                if (wakeAt > now || left-- == 0)
                {
                    return false;
                }

                to.Add(new(new(kind, row.Text(0)), wakeAt, SqliteRows.TimeOrNull(row, 2) ?? wakeAt));
                return true;
            });
        return earliest;
    }

    private static List<StoredDocument> LoadMissing(SqliteSession session, List<DocumentKey> keys)
    {
        var found = new List<StoredDocument>(keys.Count);
        foreach (var key in keys)
        {
            var table = SqliteTable.Of(key.Kind);
            session.Query(table.Find, table.Read, found, key.Id);
        }

        return found;
    }

    private async ValueTask<CommitOutcome> Commit(UnitCommit commit, CancellationToken stop)
    {
        CommitOutcome outcome;
        try
        {
            await _database.Writer.Run(
                session =>
                {
                    SqliteCommit.Apply(session, commit);
                    return (
                        Deliveries: _transport is null
                            ? []
                            : SqliteCommit.Send(session, _database, _transport, commit),
                        Rows: _outbox?.Write(session, commit) ?? []);
                },
                sent =>
                {
                    foreach (var write in commit.Documents)
                    {
                        if (write.Remove)
                        {
                            _cache.Remove(write.Key);
                            continue;
                        }

                        _cache.Set(new(
                            write.Key, write.ExpectedVersion + 1, write.State, write.WakeAt, write.DueAt, write.Handled,
                            write.Failures));
                        if (write.WakeAt is { } at)
                        {
                            NextDueOf(write.Key.Kind).Committed(SqliteRows.Ms(at));
                        }
                    }

                    _transport?.HandOver(sent.Deliveries);
                    _outbox?.HandOver(sent.Rows);
                },
                stop);
            outcome = CommitOutcome.Committed;
        }
        catch (SqliteException error) when (SqliteErrors.OutcomeOf(error) is { } known)
        {
            outcome = known;
        }
        catch (StaleDocumentException)
        {
            outcome = CommitOutcome.Conflict;
        }
        catch (RefusedDataException)
        {
            outcome = CommitOutcome.Refused;
        }

        if (outcome == CommitOutcome.Conflict)
        {
            foreach (var write in commit.Documents)
            {
                _cache.Remove(write.Key);
            }
        }

        return outcome;
    }

    private sealed class UnitOfWork(SqliteStore store, Dictionary<DocumentKey, StoredDocument> documents) : IUnitOfWork
    {
        public IReadOnlyDictionary<DocumentKey, StoredDocument> Documents => documents;

        public ValueTask Load(IReadOnlyCollection<DocumentKey> keys, CancellationToken stop)
        {
            foreach (var (key, document) in store.Load(keys))
            {
                documents[key] = document;
            }

            return default;
        }

        public ValueTask<CommitOutcome> Commit(UnitCommit commit, CancellationToken stop) => store.Commit(commit, stop);

        public ValueTask DisposeAsync() => default; // nothing is locked: versions are checked by the commit
    }
}
