using System.Collections.Concurrent;

namespace DoaMarket.Postgres;

/// <summary>A commit that is under way: its number on record, and what it does to messages.</summary>
internal sealed class PendingCommit(PostgresNode node, IMessageChanges messages)
{
    private readonly long _number = node.Begin();

    /// <summary>Its number among this node's commits.</summary>
    public long Number => _number;

    /// <summary>What it does to messages.</summary>
    public IMessageChanges Messages => messages;

    /// <summary>How it ended is known.</summary>
    public void End(bool isCommitted)
    {
        messages.End(isCommitted);
        node.Ended(_number);
    }

    /// <summary>Asks the server how it ended, where the answer was lost; afterwards it cannot end otherwise.</summary>
    /// <exception cref="Kernel.StoreUnavailableException">It cannot be told now.</exception>
    public async ValueTask<bool> FindOut(CancellationToken stop)
    {
        var isCommitted = await node.IsCommitted(_number, stop);
        if (isCommitted)
        {
            await messages.LookUp(stop);
        }

        End(isCommitted);
        return isCommitted;
    }
}

/// <summary>
/// Commits whose answer was lost while the server could not be asked. Each is found out before any batch begins again: its
/// documents are then as it left them, what it handed over is handed over, and it cannot happen afterwards.
/// </summary>
/// <remarks>No more than there are loops: each keeps its batch until the outcome is known.</remarks>
internal sealed class UnknownCommits : IDisposable
{
    private readonly ConcurrentQueue<PendingCommit> _commits = new();
    private readonly SemaphoreSlim _one = new(1, 1);

    /// <summary>Keeps one.</summary>
    public void Add(PendingCommit commit) => _commits.Enqueue(commit);

    /// <summary>Finds all of them out.</summary>
    /// <exception cref="Kernel.StoreUnavailableException">That cannot be done now.</exception>
    public async ValueTask Settle(CancellationToken stop)
    {
        if (_commits.IsEmpty)
        {
            return;
        }

        await _one.WaitAsync(stop);
        try
        {
            while (_commits.TryPeek(out var commit))
            {
                await commit.FindOut(stop);
                _commits.TryDequeue(out _); // only now: who looks meanwhile waits for it
            }
        }
        finally
        {
            _one.Release();
        }
    }

    /// <inheritdoc />
    public void Dispose() => _one.Dispose();
}
