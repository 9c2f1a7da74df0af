namespace DoaMarket.Kernel.Tests;

/// <summary>A store that cannot write while it is told so.</summary>
internal sealed class Disk(IStore store) : IStore
{
    /// <summary>Nothing can be committed.</summary>
    public bool IsFull { get; set; }

    /// <summary>The next commit is made, and its answer is lost.</summary>
    public bool LosesAnswer { get; set; }

    /// <summary>So many more commits find that somebody else was quicker.</summary>
    public int Conflicts { get; set; }

    public StoreLimits Limits => store.Limits;

    public async ValueTask<IUnitOfWork> Begin(
        string service, IReadOnlyCollection<DocumentKey> keys, CancellationToken stop) =>
        new Unit(this, await store.Begin(service, keys, stop));

    public ValueTask<IReadOnlyList<DueDocument>> Due(
        IReadOnlyList<DocumentKind> kinds, DateTimeOffset now, int limit, CancellationToken stop) =>
        store.Due(kinds, now, limit, stop);

    public ValueTask<StoredDocument?> Find(DocumentKey key, CancellationToken stop) => store.Find(key, stop);

    public ValueTask<IReadOnlyList<StoredDocument>> Newer(
        IReadOnlyDictionary<DocumentKey, long> versions, CancellationToken stop) => store.Newer(versions, stop);

    public ValueTask<DocumentPage> Query(DocumentQuery query, CancellationToken stop) => store.Query(query, stop);

    public ValueTask<IStoreSnapshot> Snapshot(CancellationToken stop) => store.Snapshot(stop);

    private async ValueTask<CommitOutcome> Commit(IUnitOfWork work, UnitCommit commit, CancellationToken stop)
    {
        if (LosesAnswer)
        {
            (LosesAnswer, IsFull) = (false, true);
            await work.Commit(commit, stop);
            throw new StoreUnavailableException("The answer is lost.") { MayHaveCommitted = true };
        }

        if (Conflicts > 0)
        {
            Conflicts--;
            return CommitOutcome.Conflict;
        }

        return IsFull ? throw new StoreUnavailableException("The disk is full.") : await work.Commit(commit, stop);
    }

    private sealed class Unit(Disk disk, IUnitOfWork work) : IUnitOfWork
    {
        public IReadOnlyDictionary<DocumentKey, StoredDocument> Documents => work.Documents;

        public ValueTask Load(IReadOnlyCollection<DocumentKey> keys, CancellationToken stop) => work.Load(keys, stop);

        public ValueTask<CommitOutcome> Commit(UnitCommit commit, CancellationToken stop) =>
            disk.Commit(work, commit, stop);

        public ValueTask DisposeAsync() => work.DisposeAsync();
    }
}
