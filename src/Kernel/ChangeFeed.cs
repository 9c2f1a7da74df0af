namespace DoaMarket.Kernel;

/// <summary>A document as a commit of this process left it.</summary>
public sealed record DocumentChanged(DocumentKey Key, long Version, object State);

/// <summary>
/// Tells those who wait for a document (`Prefer: wait`, event streams) of this process's own commits, at once.
/// </summary>
public sealed class ChangeFeed
{
    private readonly Lock _gate = new();
    private readonly Dictionary<DocumentKey, List<Action<DocumentChanged>>> _watchers = [];

    /// <summary>Calls <paramref name="onChange"/> after each commit of the document, until disposed.</summary>
    public IDisposable Watch(DocumentKey key, Action<DocumentChanged> onChange)
    {
        lock (_gate)
        {
            if (!_watchers.TryGetValue(key, out var watchers))
            {
                _watchers.Add(key, watchers = []);
            }

            watchers.Add(onChange);
        }

        return new Watching(this, key, onChange);
    }

    /// <summary>Waits until a state satisfies the predicate; null when the time is up first.</summary>
    /// <param name="read">Reads the document as it is; asked once, after the watch has begun, so that
    /// nothing is missed.</param>
    public async Task<T?> WaitFor<T>(
        DocumentKind<T> kind,
        string id,
        Func<T, bool> until,
        Func<DocumentKey, CancellationToken, ValueTask<StoredDocument?>> read,
        TimeSpan atMost,
        TimeProvider time,
        CancellationToken stop) where T : class
    {
        var found = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        using var watch = Watch(kind.Key(id), changed =>
        {
            if (until((T)changed.State))
            {
                found.TrySetResult((T)changed.State);
            }
        });
        if ((await read(kind.Key(id), stop))?.State is T now && until(now))
        {
            return now;
        }

        using var timeUp = CancellationTokenSource.CreateLinkedTokenSource(stop);
        var wait = Task.Delay(atMost, time, timeUp.Token);
        if (await Task.WhenAny(found.Task, wait) != found.Task)
        {
            stop.ThrowIfCancellationRequested();
            return null;
        }

        await timeUp.CancelAsync();
        return await found.Task;
    }

    /// <summary>Tells the watchers of a document that it changed.</summary>
    internal void Publish(DocumentKey key, long version, object state)
    {
        Action<DocumentChanged>[] told;
        lock (_gate)
        {
            if (_watchers.Count == 0 || !_watchers.TryGetValue(key, out var watchers))
            {
                return;
            }

            told = [.. watchers];
        }

        var changed = new DocumentChanged(key, version, state);
        foreach (var onChange in told)
        {
            onChange(changed);
        }
    }

    private void Unwatch(DocumentKey key, Action<DocumentChanged> onChange)
    {
        lock (_gate)
        {
            if (_watchers.TryGetValue(key, out var watchers) && watchers.Remove(onChange) && watchers.Count == 0)
            {
                _watchers.Remove(key);
            }
        }
    }

    private sealed class Watching(ChangeFeed feed, DocumentKey key, Action<DocumentChanged> onChange) : IDisposable
    {
        public void Dispose() => feed.Unwatch(key, onChange);
    }
}
