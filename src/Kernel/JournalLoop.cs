using Microsoft.Extensions.Logging;

namespace DoaMarket.Kernel;

/// <summary>
/// Takes every message out of the journal's queue and writes it into the journal. Needed with a broker only: where transport
/// and store are one, the commit that sends a message has written it.
/// </summary>
/// <remarks>One call of <see cref="Step"/> takes, writes, or settles, so that a simulator can interleave it.</remarks>
public sealed class JournalLoop : IDisposable
{
    private readonly QueueDefinition _queue;
    private readonly IBroker _broker;
    private readonly IStore _store;
    private readonly IJournal _journal;
    private readonly KernelOptions _options;
    private readonly TimeProvider _time;
    private readonly ILogger _log;
    private readonly SemaphoreSlim _wake = new(0, 1);
    private IReadOnlyList<Delivery> _inHand = [];
    private IReadOnlyList<Settlement> _settlements = [];
    private int _failures;

    /// <summary>A loop; <see cref="Run"/> starts it.</summary>
    public JournalLoop(
        Topology topology, IBroker broker, IStore store, IJournal journal, KernelOptions options, TimeProvider time,
        ILogger<JournalLoop> log)
    {
        ArgumentNullException.ThrowIfNull(topology);
        ArgumentNullException.ThrowIfNull(broker);
        (_queue, _broker, _store, _journal) = (topology.Of(topology.JournalService), broker, store, journal);
        (_options, _time, _log) = (options, time, log);
        broker.OnArrival(_queue, Wake);
    }

    /// <summary>Works until stopped; what is in hand is finished first, unless the store is away.</summary>
    public async Task Run(CancellationToken stop)
    {
        using var poll = _time.CreateTimer(_ => Wake(), null, _options.PollInterval, _options.PollInterval);
        try
        {
            while (!stop.IsCancellationRequested || _settlements.Count > 0)
            {
                var wait = await Step(CancellationToken.None);
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

    /// <inheritdoc />
    public void Dispose() => _wake.Dispose();

    /// <summary>Makes a step. Returns how long to wait before the next; infinite when nothing is there.</summary>
    internal async ValueTask<TimeSpan> Step(CancellationToken stop)
    {
        if (_settlements.Count > 0)
        {
            await _broker.Settle(_settlements, stop);
            (_inHand, _settlements) = ([], []);
            return TimeSpan.Zero;
        }

        try
        {
            if (_inHand.Count > 0)
            {
                _settlements = await Write(_inHand, stop);
                _failures = 0;
                return TimeSpan.Zero;
            }
        }
        catch (StoreUnavailableException reason)
        {
            if (_failures++ == 0)
            {
                _log.LogError(reason, "The journal waits for its store.");
            }

            return _options.MaxStoreRetryWait;
        }

        _inHand = await _broker.Receive(_queue, _options.MaxDeliveriesPerBatch, stop);
        return _inHand.Count > 0 ? TimeSpan.Zero : Timeout.InfiniteTimeSpan;
    }

    // What is no message at all becomes a dead letter of the journal's queue; a payload that cannot be read is kept as it is.
    private async ValueTask<IReadOnlyList<Settlement>> Write(IReadOnlyList<Delivery> deliveries, CancellationToken stop)
    {
        var settlements = deliveries.Select(SettlementOf).ToList();
        await _journal.Append([.. settlements.OfType<Settlement.Done>().Select(s => s.Delivery.Wire!)], stop);
        var dead = settlements.OfType<Settlement.Dead>().ToList();
        if (dead.Count > 0)
        {
            await using var work = await _store.Begin(_queue.Service, [], stop);
            var outcome = await work.Commit(
                new(_queue.Service, _time.GetUtcNow(), [], [], [], dead), stop);
            if (outcome != CommitOutcome.Committed)
            {
                throw new StoreUnavailableException($"{dead.Count} dead letters of the journal are not stored: {outcome}.");
            }
        }

        return settlements;
    }

    private static Settlement SettlementOf(Delivery delivery) => delivery.Wire is { Source.Length: > 0 }
        ? new Settlement.Done(delivery)
        : new Settlement.Dead(delivery, 1, delivery.Unreadable ?? "It is no message.", delivery.Unreadable ?? "");

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
