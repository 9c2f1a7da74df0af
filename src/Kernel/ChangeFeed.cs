namespace DoaMarket.Kernel;

/// <summary>A document as a commit left it.</summary>
public sealed record DocumentChanged(DocumentKey Key, long Version, object State);

/// <summary>
/// Tells those who wait for a document (`Prefer: wait`, event streams) of this process's own commits, at once, and of those
/// of others that <see cref="ChangePoll"/> has found.
/// </summary>
public sealed class ChangeFeed
{
    private readonly Lock _gate = new();
    private readonly Dictionary<DocumentKey, Watched> _watched = [];

    /// <summary>Calls <paramref name="onChange"/> after each commit of the document, until disposed.</summary>
    public IDisposable Watch(DocumentKey key, Action<DocumentChanged> onChange)
    {
        lock (_gate)
        {
            if (!_watched.TryGetValue(key, out var watched))
            {
                _watched.Add(key, watched = new());
            }

            watched.By.Add(onChange);
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

    /// <summary>The documents that somebody waits for, and the version that was told last; 0 when none was.</summary>
    internal IReadOnlyDictionary<DocumentKey, long> Versions()
    {
        lock (_gate)
        {
            return _watched.ToDictionary(w => w.Key, w => w.Value.Version);
        }
    }

    /// <summary>Tells the watchers of a document that it changed, unless they have heard of it.</summary>
    internal void Publish(DocumentKey key, long version, object state)
    {
        Action<DocumentChanged>[] told;
        lock (_gate)
        {
            if (_watched.Count == 0 || !_watched.TryGetValue(key, out var watched) || version <= watched.Version)
            {
                return;
            }

            watched.Version = version;
            told = [.. watched.By];
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
            if (_watched.TryGetValue(key, out var watched) && watched.By.Remove(onChange) && watched.By.Count == 0)
            {
                _watched.Remove(key);
            }
        }
    }

    private sealed class Watched
    {
        public List<Action<DocumentChanged>> By { get; } = [];

        public long Version { get; set; }
    }

    private sealed class Watching(ChangeFeed feed, DocumentKey key, Action<DocumentChanged> onChange) : IDisposable
    {
        public void Dispose() => feed.Unwatch(key, onChange);
    }
}
