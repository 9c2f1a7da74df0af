namespace DoaMarket.EndToEnd.Harness;

/// <summary>A place where a process of the shop runs: it may be hurt, and started again on the same data.</summary>
/// <param name="begin">Starts its process.</param>
/// <param name="url">Where its process listens each time; null where it is told by the process.</param>
internal sealed class Node(Func<DoaProcess> begin, string? url = null) : IAsyncDisposable
{
    private DoaProcess? _process;

    /// <summary>Where it listens, also while no process runs.</summary>
    public string Url => url ?? Process.Url;

    /// <summary>Whether a process runs, or stands still.</summary>
    public bool Runs => _process is { HasEnded: false };

    /// <summary>The process that runs now, or the one that ended last.</summary>
    public DoaProcess Process => _process ?? throw new InvalidOperationException("The node does not run.");

    /// <summary>
    /// Starts a process and waits until it serves. Until then the one before stands for the node: whoever calls it is
    /// refused, as by any shop that is away.
    /// </summary>
    public async Task Start()
    {
        var (before, process) = (_process, begin());
        await process.Welcome();
        _process = process;
        if (before is not null)
        {
            await before.DisposeAsync();
        }
    }

    /// <summary>Starts a process and waits for nothing.</summary>
    public async Task<DoaProcess> Begin()
    {
        if (_process is { } before)
        {
            await before.DisposeAsync();
        }

        return _process = begin();
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        if (_process is not null)
        {
            await _process.DisposeAsync();
        }
    }
}
