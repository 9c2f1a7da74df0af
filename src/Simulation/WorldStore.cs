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
        var work = new UnitOfWork(this, service, await store.Begin(service, keys, stop));
        await work.BeLocked();
        return work;
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
        if (world.Hits(Fault.StoreSerialization, step))
        {
            return CommitOutcome.Conflict;
        }

        // What fails for its data is written as a failure, and that must be possible.
        if (commit.Settlements.All(s => s is Settlement.Done) && commit.Documents.Count > 0
            && commit.Documents.All(d => d.Failures == 0 && world.MayRefuse(d.Key))
            && (commit.Documents.Any(d => world.IsStubborn(d.Key)) || world.Hits(Fault.StoreRefused, step)))
        {
            world.Refused(commit);
            return CommitOutcome.Refused;
        }

        if (world.Hits(Fault.CommitLost, step))
        {
            throw new StoreUnavailableException("The connection broke in the commit.") { MayHaveCommitted = true };
        }

        var settled = Settled(commit);
        var outcome = await work.Commit(commit, stop);
        if (outcome == CommitOutcome.Committed)
        {
            world.TakeIn(commit);
            if (settled.Any(letter => Copies(letter.Id) > letter.Copies))
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

    // Letters that are to be redriven although they are not dead any more, and how often they are on their way to their queue.
    private List<(Guid Id, long Copies)> Settled(UnitCommit commit) => commit.DeadLetters.Count == 0
        ? []
        :
        [
            .. commit.DeadLetters.OfType<DeadLetterAction.Redrive>().Select(a => a.Id).Except(Dying(commit))
                .Where(IsSettled).Select(id => (id, Copies(id))),
        ];

    private static IEnumerable<Guid> Dying(UnitCommit commit) => commit.Settlements.OfType<Settlement.Dead>()
        .Select(dead => DerivedId.From(dead.Delivery.EventId.Value, dead.Delivery.Queue));

    private bool IsSettled(Guid letter) => world.Bench.Database.Read(session => session.Number(
        "SELECT 1 FROM failed_messages WHERE id = $1 AND status <> 'dead'", letter) is not null);

    private long Copies(Guid letter) => world.Bench.Database.Read(session => session.Number(
        """
        SELECT (SELECT count(*) FROM outbox o WHERE o.to_queue = l.source_queue AND o.event_id = l.event_id)
          + (SELECT count(*) FROM deliveries d JOIN messages m ON m.seq = d.seq
             WHERE d.queue = l.source_queue AND m.event_id = l.event_id)
        FROM failed_messages l WHERE l.id = $1
        """,
        letter)) ?? 0;

    private bool IsDeadlocked(string service) => world.Hits(Fault.StoreDeadlock, FaultCells.StepOf(service));

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

    private sealed class UnitOfWork(WorldStore owner, string service, IUnitOfWork work) : IUnitOfWork
    {
        public IReadOnlyDictionary<DocumentKey, StoredDocument> Documents => work.Documents;

        public async ValueTask Load(IReadOnlyCollection<DocumentKey> keys, CancellationToken stop)
        {
            await work.Load(keys, stop);
            await BeLocked();
        }

        // The store ends one of those that wait for each other's documents.
        public async ValueTask BeLocked()
        {
            if (owner.IsDeadlocked(service))
            {
                await work.DisposeAsync();
                throw new StoreUnavailableException("Others wait for these documents, too: a deadlock.");
            }
        }

        public ValueTask<CommitOutcome> Commit(UnitCommit commit, CancellationToken stop) =>
            owner.Commit(work, commit, stop);

        public ValueTask DisposeAsync() => work.DisposeAsync();
    }
}
