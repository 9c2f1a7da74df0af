namespace DoaMarket.Simulation;

/// <summary>The world's time: it stands still until the world moves it.</summary>
internal sealed class WorldClock : TimeProvider
{
    /// <summary>When every world begins.</summary>
    public static readonly DateTimeOffset Start = new(2026, 11, 22, 3, 0, 0, TimeSpan.Zero);

    /// <summary>Now.</summary>
    public DateTimeOffset Now { get; private set; } = Start;

    /// <inheritdoc />
    public override DateTimeOffset GetUtcNow() => Now;

    /// <summary>Moves on; never back.</summary>
    public void MoveTo(DateTimeOffset at) => Now = at > Now ? at : Now;

    /// <inheritdoc />
    public override ITimer CreateTimer(
        TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
        throw new InvalidOperationException("In a simulated world nothing may wait on a timer of its own.");
}

/// <summary>
/// Continuations of the code under test come back here, to the world's one thread, in the order in which they arose.
/// </summary>
internal sealed class WorldContext : SynchronizationContext
{
    private readonly Queue<(SendOrPostCallback Callback, object? State)> _posted = [];
    private readonly int _thread = Environment.CurrentManagedThreadId;

    /// <summary>Set when something came from another thread: the simulation is then not deterministic.</summary>
    public bool WasLeft { get; private set; }

    /// <inheritdoc />
    public override void Post(SendOrPostCallback d, object? state)
    {
        if (Environment.CurrentManagedThreadId != _thread)
        {
            WasLeft = true;
        }

        lock (_posted)
        {
            _posted.Enqueue((d, state));
        }
    }

    /// <summary>Runs what has been posted.</summary>
    public void Pump()
    {
        while (_posted.TryDequeue(out var next))
        {
            next.Callback(next.State);
        }
    }
}
