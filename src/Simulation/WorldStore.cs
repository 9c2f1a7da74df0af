using DoaMarket.Kernel;

namespace DoaMarket.Simulation;

/// <summary>The real store, with everything that a store may do to its callers.</summary>
internal sealed class WorldStore(World world, IStore store) : IStore
{
    private DateTimeOffset _fullUntil;

    private Planted? Bug => world.Planted;

    public StoreLimits Limits { get; } = new(world.Plan.CommitSize, world.Plan.CommitSize);

    public async ValueTask<IUnitOfWork> Begin(
        string service, IReadOnlyCollection<DocumentKey> keys, CancellationToken stop)
    {
        BeBusy(service);
        return new UnitOfWork(this, await store.Begin(service, keys, stop));
    }

    public ValueTask<IReadOnlyList<DueDocument>> Due(
        IReadOnlyList<DocumentKind> kinds, DateTimeOffset now, int limit, CancellationToken stop) =>
        store.Due(kinds, now, limit, stop);

    public ValueTask<StoredDocument?> Find(DocumentKey key, CancellationToken stop) => store.Find(key, stop);

    public ValueTask<DocumentPage> Query(DocumentQuery query, CancellationToken stop) => store.Query(query, stop);

    public ValueTask<IStoreSnapshot> Snapshot(CancellationToken stop) => store.Snapshot(stop);

    private async ValueTask<CommitOutcome> Commit(IUnitOfWork work, UnitCommit commit, CancellationToken stop)
    {
        var step = FaultCells.StepOf(commit.Service);
        BeBusy(commit.Service);
        BeFull(step);
        if (world.Hits(Fault.StoreConflict, step))
        {
            return CommitOutcome.Conflict;
        }

        // What fails for its data is written as a failure, and that must be possible.
        if (commit.Settlements.All(s => s is Settlement.Done) && commit.Documents.Count > 0
            && commit.Documents.All(d => d.Failures == 0 && world.MayRefuse(d.Key))
            && world.Hits(Fault.StoreRefused, step))
        {
            world.Refused(commit);
            return CommitOutcome.Refused;
        }

        if (world.Planted is { } bug)
        {
            commit = bug.Commits(commit);
            commit = bug.IgnoresVersions ? await WithVersionsOfNow(commit, stop) : commit;
        }

        var outcome = await work.Commit(commit, stop);
        if (outcome == CommitOutcome.Committed)
        {
            world.TakeIn(commit);
            if (world.Hits(Fault.CommitUnknown, step))
            {
                throw new StoreUnavailableException("The answer to the commit is lost.") { MayHaveCommitted = true };
            }
        }

        return outcome;
    }

    private async ValueTask<UnitCommit> WithVersionsOfNow(UnitCommit commit, CancellationToken stop)
    {
        var writes = new List<DocumentWrite>(commit.Documents.Count);
        foreach (var write in commit.Documents)
        {
            writes.Add(write with { ExpectedVersion = (await store.Find(write.Key, stop))?.Version ?? 0 });
        }

        return commit with { Documents = writes };
    }

    private void BeBusy(string service)
    {
        if (world.Hits(Fault.StoreBusy, FaultCells.StepOf(service)))
        {
            throw new StoreUnavailableException("The store is busy.");
        }
    }

    private void BeFull(FlowStep step)
    {
        if (world.Clock.Now < _fullUntil && world.IsBroken)
        {
            throw new StoreUnavailableException("The disk is full.");
        }

        if (world.Hits(Fault.DiskFull, step))
        {
            _fullUntil = world.Clock.Now + world.Chance.Between(TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(3));
            throw new StoreUnavailableException("The disk is full.");
        }
    }

    private sealed class UnitOfWork(WorldStore owner, IUnitOfWork work) : IUnitOfWork
    {
        public IReadOnlyDictionary<DocumentKey, StoredDocument> Documents => owner.Bug?.Loads is { } loads
            ? work.Documents.ToDictionary(d => d.Key, d => loads(d.Value))
            : work.Documents;

        public ValueTask Load(IReadOnlyCollection<DocumentKey> keys, CancellationToken stop) => work.Load(keys, stop);

        public ValueTask<CommitOutcome> Commit(UnitCommit commit, CancellationToken stop) =>
            owner.Commit(work, commit, stop);

        public ValueTask DisposeAsync() => work.DisposeAsync();
    }
}
