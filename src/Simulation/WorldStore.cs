using DoaMarket.Kernel;

namespace DoaMarket.Simulation;

/// <summary>The real store, with everything that a store may do to its callers.</summary>
internal sealed class WorldStore(World world, IStore store) : IStore
{
    private DateTimeOffset _fullUntil;

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

    public ValueTask<IReadOnlyList<StoredDocument>> Newer(
        IReadOnlyDictionary<DocumentKey, long> versions, CancellationToken stop) => store.Newer(versions, stop);

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

        var settled = Settled(commit);
        var outcome = await work.Commit(commit, stop);
        if (outcome == CommitOutcome.Committed)
        {
            world.TakeIn(commit);
            if (settled.Any(IsWaiting))
            {
                world.Violates("O5", $"{commit.Service}: a letter that was not dead any more was sent again");
            }

            if (world.Hits(Fault.CommitUnknown, step))
            {
                throw new StoreUnavailableException("The answer to the commit is lost.") { MayHaveCommitted = true };
            }
        }

        return outcome;
    }

    // Letters that are to be redriven although they were before, and whose message does not wait any more.
    private List<Guid> Settled(UnitCommit commit) =>
    [
        .. commit.DeadLetters.OfType<DeadLetterAction.Redrive>().Select(a => a.Id)
            .Where(id => Is("l.status <> 'dead' AND d.seq IS NULL", id)),
    ];

    private bool IsWaiting(Guid id) => Is("d.seq IS NOT NULL", id);

    private bool Is(string what, Guid letter) => world.Bench.Database.Read(session => session.Number(
        "SELECT 1 FROM failed_messages l JOIN messages m ON m.event_id = l.event_id "
        + $"LEFT JOIN deliveries d ON d.queue = l.source_queue AND d.seq = m.seq WHERE l.id = $1 AND {what}", letter) is not null);

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
        public IReadOnlyDictionary<DocumentKey, StoredDocument> Documents => work.Documents;

        public ValueTask Load(IReadOnlyCollection<DocumentKey> keys, CancellationToken stop) => work.Load(keys, stop);

        public ValueTask<CommitOutcome> Commit(UnitCommit commit, CancellationToken stop) =>
            owner.Commit(work, commit, stop);

        public ValueTask DisposeAsync() => work.DisposeAsync();
    }
}
