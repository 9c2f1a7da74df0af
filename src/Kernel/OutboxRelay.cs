using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace DoaMarket.Kernel;

/// <summary>
/// Brings committed messages to the broker: right after the commit, from memory, as many at once as there are; then it
/// removes from the outbox what the broker has confirmed. What is not confirmed is published again, and what a crash left is
/// found in the outbox when its claim has run out.
/// </summary>
/// <remarks>
/// One per store and process. Production drives it from <see cref="Run"/>; a simulator makes one step after another. When
/// the broker takes nothing, rows stay in memory until their claim runs out, and then in the outbox alone.
/// </remarks>
public sealed class OutboxRelay : IDisposable
{
    private readonly IOutbox _outbox;
    private readonly IBroker _broker;
    private readonly KernelOptions _options;
    private readonly TimeProvider _time;
    private readonly ILogger _log;
    private readonly ConcurrentQueue<OutboxRow> _waiting = new();
    private readonly SemaphoreSlim _wake = new(0, 1);
    private readonly List<OutboxRow> _published = [];
    private DateTimeOffset _nextSearch;
    private int _failures;

    /// <summary>A relay; <see cref="Run"/> starts it.</summary>
    public OutboxRelay(
        IOutbox outbox, IBroker broker, KernelOptions options, TimeProvider time, ILogger<OutboxRelay> log)
    {
        (_outbox, _broker, _options, _time, _log) = (outbox, broker, options, time, log);
        outbox.OnCommit(Take);
    }

    /// <summary>Works until stopped; what is not published by then is found by the next start.</summary>
    public async Task Run(CancellationToken stop)
    {
        using var poll = _time.CreateTimer(_ => Wake(), null, _options.OutboxPoll, _options.OutboxPoll);
        try
        {
            while (!stop.IsCancellationRequested)
            {
                var wait = await Step(stop);
                if (wait == Timeout.InfiniteTimeSpan)
                {
                    await _wake.WaitAsync(stop);
                }
                else if (wait > TimeSpan.Zero)
                {
                    await Task.Delay(wait, _time, stop);
                }
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // the ordinary end
        }
    }

    /// <summary>
    /// Publishes what the last commits of a process have left in memory, once <see cref="Run"/> has ended. It ends at the
    /// first that the broker or the store does not take: what is left is found in the outbox when its claim has run out.
    /// </summary>
    public async Task Drain(CancellationToken stop)
    {
        while (!_waiting.IsEmpty || _published.Count > 0)
        {
            if (await Step(stop) != TimeSpan.Zero)
            {
                return;
            }
        }
    }

    /// <inheritdoc />
    public void Dispose() => _wake.Dispose();

    /// <summary>Who sent what is published next; null when nothing waits in memory.</summary>
    internal string? NextSource => _waiting.TryPeek(out var row) ? row.Message.Source : null;

    /// <summary>
    /// Publishes, or removes what was published. Returns how long to wait before the next step; infinite when there is
    /// nothing to do.
    /// </summary>
    internal async ValueTask<TimeSpan> Step(CancellationToken stop)
    {
        try
        {
            IReadOnlyList<OutboxRow> rows = _published.Count < _options.MaxRowsPerPublish ? Next() : [];
            if (rows.Count == 0 && _published.Count > 0)
            {
                await _outbox.Remove(_published, stop);
                _published.Clear();
                return TimeSpan.Zero;
            }

            if (rows.Count == 0)
            {
                rows = await Search(stop);
            }

            return rows.Count == 0 ? Timeout.InfiniteTimeSpan : await Publish(rows, stop);
        }
        catch (StoreUnavailableException reason)
        {
            return Wait("The outbox cannot be reached", reason.Message);
        }
    }

    private async ValueTask<TimeSpan> Publish(IReadOnlyList<OutboxRow> rows, CancellationToken stop)
    {
        _options.OnCrashPoint?.Invoke(CrashPoint.BeforePublish);
        var confirmed = await _broker.Publish(rows, stop);
        _options.OnCrashPoint?.Invoke(CrashPoint.AfterPublish);
        _published.AddRange(confirmed);
        KernelTelemetry.CountPublished(confirmed.Count, rows.Count - confirmed.Count);
        if (confirmed.Count == rows.Count)
        {
            _failures = 0;
            return TimeSpan.Zero;
        }

        var done = confirmed.Select(r => r.Sequence).ToHashSet();
        foreach (var row in rows.Where(r => !done.Contains(r.Sequence)))
        {
            _waiting.Enqueue(row);
        }

        return Wait("The broker has not confirmed", $"{rows.Count - confirmed.Count} of {rows.Count} messages");
    }

    // Rows whose claim has run out may be in another process's hands by now.
    private List<OutboxRow> Next()
    {
        var now = _time.GetUtcNow();
        var rows = new List<OutboxRow>();
        while (rows.Count < _options.MaxRowsPerPublish && _waiting.TryDequeue(out var row))
        {
            if (row.ClaimedUntil > now)
            {
                rows.Add(row);
            }
        }

        return rows;
    }

    private async ValueTask<IReadOnlyList<OutboxRow>> Search(CancellationToken stop)
    {
        var now = _time.GetUtcNow();
        if (now < _nextSearch)
        {
            return [];
        }

        var rows = await _outbox.Claim(_options.MaxRowsPerPublish, now, now + _options.OutboxClaim, stop);
        _nextSearch = rows.Count < _options.MaxRowsPerPublish ? now + _options.OutboxPoll : now;
        if (rows.Count > 0)
        {
            _log.LogInformation("{Rows} messages were found in the outbox that nobody had published.", rows.Count);
        }

        return rows;
    }

    private TimeSpan Wait(string what, string why)
    {
        if (_failures++ == 0)
        {
            _log.LogWarning("{What}: {Why}. It is tried again; nothing is lost.", what, why);
        }

        return _options.PublishRetry.After(Math.Min(_failures, 30), Guid.Empty);
    }

    // Beyond the bound a row waits in the outbox alone, until its claim has run out.
    private void Take(IReadOnlyList<OutboxRow> rows)
    {
        for (var i = 0; i < rows.Count && _waiting.Count < _options.MaxRowsInMemory; i++)
        {
            _waiting.Enqueue(rows[i]);
        }

        Wake();
    }

    private void Wake()
    {
        lock (_wake)
        {
            if (_wake.CurrentCount == 0)
            {
                _wake.Release();
            }
        }
    }
}
