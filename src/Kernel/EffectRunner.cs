using System.Collections.Concurrent;
using System.Diagnostics;
using Microsoft.Extensions.Logging;

namespace DoaMarket.Kernel;

/// <summary>An outside answer on its way into the loop.</summary>
public sealed record EffectAnswer(DocumentKey Key, Effect Effect, EffectResult Result);

/// <summary>
/// Carries out effects after the commit that made them wanted: bounded per gateway, at most one outstanding per
/// document. What is refused or lost here is asked for again by the document's timer, so nothing needs to be stored.
/// </summary>
public sealed class EffectRunner : IDisposable
{
    private readonly ConcurrentDictionary<DocumentKey, Effect> _outstanding = [];
    private readonly Dictionary<string, Lane> _lanes;
    private readonly ILogger _log;
    private readonly Action<CrashPoint>? _onCrashPoint;
    private readonly CancellationTokenSource _stop = new();

    /// <summary>A runner for these gateways.</summary>
    public EffectRunner(IEnumerable<GatewayBinding> gateways, KernelOptions options, ILogger<EffectRunner> log)
    {
        _lanes = gateways.ToDictionary(g => g.Gateway, g => new Lane(g), StringComparer.Ordinal);
        _log = log;
        _onCrashPoint = options.OnCrashPoint;
    }

    /// <summary>Documents whose effects an open circuit holds back.</summary>
    public CircuitWaits CircuitWaits { get; } = new();

    /// <summary>Effects started and not yet decided upon.</summary>
    public int Outstanding => _outstanding.Count;

    /// <summary>Starts an effect unless one of the same document is outstanding or its gateway is full.</summary>
    /// <param name="deliver">Takes the answer; may wait, which holds the gateway's place (back-pressure).</param>
    /// <param name="cause">What made the document want it, for spans and log lines.</param>
    public void Start(
        DocumentKey key, Effect effect, Func<EffectAnswer, CancellationToken, ValueTask> deliver,
        EffectCause? cause = null)
    {
        if (!_lanes.TryGetValue(effect.Gateway, out var lane))
        {
            throw new InvalidOperationException($"No gateway is called '{effect.Gateway}'.");
        }

        if (_outstanding.TryAdd(key, effect))
        {
            if (lane.TryEnter(out var turn))
            {
                _ = Run(lane, turn, key, effect, deliver, cause);
            }
            else
            {
                _outstanding.TryRemove(key, out _); // the timer asks again
            }
        }
    }

    /// <summary>The answer of the document's effect was decided upon, or given up: another may start.</summary>
    public void Finished(DocumentKey key) => _outstanding.TryRemove(key, out _);

    /// <inheritdoc />
    public void Dispose()
    {
        _stop.Cancel();
        foreach (var lane in _lanes.Values)
        {
            lane.Dispose();
        }

        _stop.Dispose();
    }

    private async Task Run(
        Lane lane, Task turn, DocumentKey key, Effect effect, Func<EffectAnswer, CancellationToken, ValueTask> deliver,
        EffectCause? cause)
    {
        var stop = _stop.Token;
        try
        {
            await turn;
            try
            {
                _onCrashPoint?.Invoke(CrashPoint.BeforeEffect);
                var result = await CarryOut(lane.Gateway, key, effect, cause, stop);
                _onCrashPoint?.Invoke(CrashPoint.AfterEffect);
                await deliver(new(key, effect, result), stop);
            }
            finally
            {
                lane.Leave();
            }
        }
        catch (Exception stopping)
            when (stopping is OperationCanceledException or ObjectDisposedException && stop.IsCancellationRequested)
        {
            // The process stops. The document still wants the effect; its timer asks again after the restart.
        }
    }

    private async Task<EffectResult> CarryOut(
        GatewayBinding gateway, DocumentKey key, Effect effect, EffectCause? cause, CancellationToken stop)
    {
        using var scope = MessageScope.Of(_log, cause);
        var since = KernelTelemetry.Now;
        using var span = ItemSpan.StartEffect(cause, key, effect);
        Activity.Current = span; // the HTTP client's own spans hang on it; this flow ends with the call
        var result = await Try(gateway, effect, stop);
        span?.SetTag("doa.result", result.GetType().Name);
        KernelTelemetry.CountEffect(gateway.Gateway, result, since);
        return result;
    }

    private async Task<EffectResult> Try(GatewayBinding gateway, Effect effect, CancellationToken stop)
    {
        try
        {
            return await gateway.CarryOut(effect, stop);
        }
        catch (Exception error) when (error is not OperationCanceledException || !stop.IsCancellationRequested)
        {
            _log.LogError(
                error, "Effect {Effect} at {Gateway} failed unexpectedly; its outcome is unknown.",
                effect.Key, gateway.Gateway);
            return new EffectFailed(error.ToString());
        }
    }

    /// <summary>
    /// The bound of one gateway. Turns are taken in the order in which they were asked for, and nothing but this code
    /// decides when a waiter goes on: that keeps a simulation deterministic.
    /// </summary>
    private sealed class Lane(GatewayBinding gateway) : IDisposable
    {
        private readonly Lock _gate = new();
        private readonly Queue<TaskCompletionSource> _waiting = [];
        private int _running;

        public GatewayBinding Gateway { get; } = gateway;

        /// <summary>False when too many wait; otherwise <paramref name="turn"/> completes when it is one's turn.</summary>
        public bool TryEnter(out Task turn)
        {
            lock (_gate)
            {
                if (_running < Gateway.MaxConcurrent)
                {
                    _running++;
                    turn = Task.CompletedTask;
                    return true;
                }

                var waiter = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
                turn = waiter.Task;
                if (_waiting.Count >= Gateway.MaxWaiting)
                {
                    return false;
                }

                _waiting.Enqueue(waiter);
                return true;
            }
        }

        public void Leave()
        {
            lock (_gate)
            {
                if (_waiting.TryDequeue(out var next))
                {
                    next.TrySetResult(); // takes over the place
                }
                else
                {
                    _running--;
                }
            }
        }

        public void Dispose()
        {
            lock (_gate)
            {
                while (_waiting.TryDequeue(out var waiter))
                {
                    waiter.TrySetCanceled();
                }
            }
        }
    }
}
