namespace DoaMarket.Kernel;

/// <summary>How many handlings of a message were begun. It goes with the message's end.</summary>
/// <param name="Count">The handlings.</param>
/// <param name="KeptUntil">When it goes at the latest: the message itself is kept no longer.</param>
public sealed record HandlingsBegun(int Count, DateTimeOffset KeptUntil);

/// <summary>
/// Puts the beginning of a handling on record before a message that came before is decided, so that a message which ends
/// its process is counted. The record is a document of the service's store: a broker counts what it hands out, and three
/// broken connections must not dead-letter hundreds of innocents.
/// </summary>
internal sealed class AttemptRecord(ServiceModule module, QueueDefinition queue, IStore store, KernelOptions options)
{
    /// <summary>
    /// Sets the item's attempt, and refuses it when its queue allows no further one. Asked again for the same item, since the
    /// outcome of the commit was unknown, it counts no second attempt.
    /// </summary>
    /// <exception cref="StoreUnavailableException">It cannot be put on record now.</exception>
    public async ValueTask Begin(DeliveryItem item, DateTimeOffset now, CancellationToken stop)
    {
        var key = module.Attempts.Key(item.Delivery.EventId);
        for (var i = 0; i < options.MaxConflictsPerBatch; i++)
        {
            await using var work = await store.Begin(module.Service, [key], stop);
            var stored = work.Documents.GetValueOrDefault(key);
            var before = stored is { State: HandlingsBegun begun } ? begun.Count : 0;
            var attempt = item.Recording ??= Math.Max(before, item.Delivery.Attempts) + 1;
            item.Attempt = attempt;
            if (attempt > queue.MaxReceives)
            {
                item.Refused = new InvalidDataException(
                    $"{queue.MaxReceives} handlings were begun and none came back: "
                    + "the message may end the process that handles it.");
                return;
            }

            if (before >= attempt
                || await work.Commit(Commit(key, stored, new(attempt, now + queue.Retention), now), stop)
                    == CommitOutcome.Committed)
            {
                return;
            }
        }

        throw new StoreUnavailableException($"Another handling of message {item.Id} is being put on record, too.");
    }

    private UnitCommit Commit(DocumentKey key, StoredDocument? stored, HandlingsBegun state, DateTimeOffset now) => new(
        module.Service, now,
        [
            new(
                key, stored?.Version ?? 0, state, key.Kind.Write(state), state.KeptUntil, state.KeptUntil, [],
                stored?.Failures ?? 0),
        ],
        [], [], []);
}
