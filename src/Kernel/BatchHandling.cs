using Microsoft.Extensions.Logging;

namespace DoaMarket.Kernel;

/// <summary>The steps that a batch goes through after it was taken.</summary>
internal enum BatchStep
{
    /// <summary>Load what the messages name.</summary>
    Begin,

    /// <summary>Decide in memory.</summary>
    Decide,

    /// <summary>Commit once.</summary>
    Commit,

    /// <summary>Acknowledge, answer, start effects.</summary>
    Settle,
}

/// <summary>
/// A batch on its way through <see cref="BatchStep"/>s, with what may go wrong: a conflict begins it again, a refusal
/// halves it, a store that is away holds it. One call makes one step, so that a simulator can interleave workers.
/// </summary>
internal sealed class BatchHandling(ServiceLoop loop, Batch taken, KernelOptions options, ILogger log)
{
    private readonly Stack<Batch> _left = new([taken]);
    private int _conflicts, _unavailable;
    private bool _mayBeCommitted;

    /// <summary>The step that comes next.</summary>
    public BatchStep Next { get; private set; } = BatchStep.Begin;

    /// <summary>The batch, or the half of it, that is in hand; null when all is done.</summary>
    public Batch? InHand => _left.Count > 0 ? _left.Peek() : null;

    /// <summary>Whether everything that was taken is done.</summary>
    public bool IsDone => _left.Count == 0;

    /// <summary>
    /// Makes the next step. Returns how long to wait before the one after it: zero unless the store is away, or others are
    /// quicker again and again.
    /// </summary>
    public async ValueTask<TimeSpan> Step(CancellationToken stop)
    {
        var batch = _left.Peek();
        try
        {
            switch (Next)
            {
                case BatchStep.Begin:
                    await loop.Begin(batch, stop);
                    Next = BatchStep.Decide;
                    break;
                case BatchStep.Decide:
                    ServiceLoop.Decide(batch);
                    Next = BatchStep.Commit;
                    break;
                case BatchStep.Commit:
                    return After(batch, await Commit(batch, stop));
                default:
                    await loop.Settle(batch, stop);
                    Finish();
                    break;
            }
        }
        catch (StoreUnavailableException reason)
        {
            return await Hold(batch, reason);
        }

        return TimeSpan.Zero;
    }

    private async ValueTask<CommitOutcome> Commit(Batch batch, CancellationToken stop)
    {
        await using (batch.Work!)
        {
            return await loop.Commit(batch, stop);
        }
    }

    private TimeSpan After(Batch batch, CommitOutcome outcome)
    {
        if (outcome == CommitOutcome.Committed)
        {
            _unavailable = 0;
            Next = BatchStep.Settle;
            return TimeSpan.Zero;
        }

        Next = BatchStep.Begin;
        if (outcome == CommitOutcome.Refused)
        {
            Divide(batch, outcome);
            return TimeSpan.Zero;
        }

        // Somebody was quicker, which is nobody's fault. One item alone gives way longer each time, and fails in the end all
        // the same: it may ask for a key that it does not know to be taken. Its failure has no such key, and is written
        // however often that takes.
        _conflicts++;
        if (batch.Items is not [var only])
        {
            if (_conflicts >= options.MaxConflictsPerBatch)
            {
                Divide(batch, outcome);
            }

            return TimeSpan.Zero;
        }

        if (_conflicts >= options.MaxConflictsPerItem && only.Refused is null)
        {
            Divide(batch, outcome);
        }

        return _conflicts > 1 ? Wait(_conflicts - 1) : TimeSpan.Zero;
    }

    // Only the item whose data the store refuses may suffer: halves are tried until it stands alone, and then it fails.
    private void Divide(Batch batch, CommitOutcome outcome)
    {
        loop.Defer(batch.Deferred);
        if (batch.Items is not [var only])
        {
            Finish();
            var (first, second) = batch.Halves();
            _left.Push(second);
            _left.Push(first);
            return;
        }

        if (only.Refused is not null)
        {
            throw new InvalidOperationException(
                $"The store refuses even the failure of {only.GetType().Name} {only.Id}.", only.Refused);
        }

        only.Refused = new InvalidDataException($"The store does not take what was decided ({outcome}).");
        (_conflicts, _unavailable) = (0, 0);
    }

    // The batch is kept: nothing more is taken until the store is back. What is committed is not decided again.
    private async ValueTask<TimeSpan> Hold(Batch batch, StoreUnavailableException reason)
    {
        if (_unavailable++ == 0)
        {
            log.LogError(reason, "{Service} waits for its store.", loop.Service);
        }

        _mayBeCommitted |= reason.MayHaveCommitted;
        var isCommitted = Next == BatchStep.Settle;
        if (!isCommitted)
        {
            Next = BatchStep.Begin;
            if (batch.Work is { } work)
            {
                await work.DisposeAsync();
            }
        }

        if (_unavailable >= options.MaxStoreFailuresPerRequest)
        {
            loop.RefuseRequests(reason);
            if (!isCommitted && !_mayBeCommitted)
            {
                Refuse(batch, reason);
            }
        }

        return Wait(_unavailable);
    }

    private TimeSpan Wait(int times)
    {
        var wait = 20 * Math.Pow(2, Math.Clamp(times, 1, 20));
        return TimeSpan.FromMilliseconds(Math.Min(wait, options.MaxStoreRetryWait.TotalMilliseconds));
    }

    // Who waits for an answer is told that there is none, where it is certain that nothing was done. Messages, timers and
    // outside answers are kept.
    private void Refuse(Batch batch, StoreUnavailableException reason)
    {
        batch.Refuse(reason);
        if (batch.Items.Count == 0)
        {
            loop.Defer(batch.Deferred);
            Finish();
        }
    }

    private void Finish()
    {
        _left.Pop();
        Next = BatchStep.Begin;
        (_conflicts, _unavailable, _mayBeCommitted) = (0, 0, false);
    }
}
