namespace DoaMarket.Sqlite;

/// <summary>
/// When the next timer of one kind is due at the earliest, so that nobody looks before. Commits move it earlier. Only who
/// has looked moves it later, unless a commit came between: that may not have been seen.
/// </summary>
/// <param name="trustMs">How long it is believed: a file may be edited by hand, a database in memory may not.</param>
internal sealed class NextDue(long trustMs)
{
    private readonly Lock _gate = new();
    private long _at = long.MinValue; // nobody has looked yet
    private long _lookedAt;
    private long _commits;

    /// <summary>Whether it is worth looking.</summary>
    /// <param name="now">Unix milliseconds.</param>
    /// <param name="commits">To be given to <see cref="Looked"/>.</param>
    public bool MayBeDue(long now, out long commits)
    {
        lock (_gate)
        {
            commits = _commits;
            return _at <= now || now - _lookedAt >= trustMs || now < _lookedAt;
        }
    }

    /// <summary>Somebody has looked: the earliest timer is this, or there is none.</summary>
    public void Looked(long now, long? earliest, long commits)
    {
        lock (_gate)
        {
            if (commits == _commits)
            {
                (_at, _lookedAt) = (earliest ?? long.MaxValue, now);
            }
        }
    }

    /// <summary>A commit that sets a timer is durable.</summary>
    public void Committed(long at)
    {
        lock (_gate)
        {
            _commits++;
            _at = Math.Min(_at, at);
        }
    }
}
