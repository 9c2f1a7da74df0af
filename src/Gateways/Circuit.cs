using Polly;
using Polly.CircuitBreaker;

namespace DoaMarket.Gateways;

/// <summary>When an outside system is left alone for a while.</summary>
public interface ICircuitOptions
{
    /// <summary>Share of failed calls that opens the circuit.</summary>
    double FailureRatio { get; }

    /// <summary>Calls within the window before the share counts.</summary>
    int MinimumCalls { get; }

    /// <summary>The window over which calls are counted.</summary>
    TimeSpan SamplingWindow { get; }

    /// <summary>How long the circuit stays open before one call may try.</summary>
    TimeSpan Break { get; }
}

/// <summary>The circuit breaker of one outside system, which reports its state.</summary>
/// <param name="gateway">The system, as operators know it.</param>
/// <param name="options">When it opens, and for how long.</param>
/// <param name="time">Its clock.</param>
/// <param name="report">Told the state at first and after each change.</param>
public sealed class Circuit(
    string gateway, ICircuitOptions options, TimeProvider time, Action<BreakerStatus> report)
{
    private readonly Lock _gate = new();
    private BreakerStatus _status = new(gateway, "closed", time.GetUtcNow(), null);

    /// <summary>Adds the breaker to a pipeline whose builder has the same clock, and reports it closed.</summary>
    /// <param name="builder">The pipeline.</param>
    /// <param name="failures">What counts against the circuit.</param>
    public ResiliencePipelineBuilder AddTo(ResiliencePipelineBuilder builder, PredicateBuilder<object> failures)
    {
        Func<CircuitBreakerPredicateArguments<object>, ValueTask<bool>> counts = failures;
        report(_status);
        return builder.AddCircuitBreaker(new CircuitBreakerStrategyOptions
        {
            ShouldHandle = async call =>
            {
                var isFailure = await counts(call);
                Count(isFailure, call.Outcome.Exception);
                return isFailure;
            },
            FailureRatio = options.FailureRatio,
            MinimumThroughput = options.MinimumCalls,
            SamplingDuration = options.SamplingWindow,
            BreakDuration = options.Break,
            OnOpened = opened => Told("open", time.GetUtcNow() + opened.BreakDuration),
            OnHalfOpened = _ => Told("half_open", null),
            OnClosed = _ => Told("closed", null),
        });
    }

    private ValueTask Told(string state, DateTimeOffset? openUntil)
    {
        Change(before => before with { State = state, Since = time.GetUtcNow(), OpenUntil = openUntil });
        return default;
    }

    private void Count(bool isFailure, Exception? error)
    {
        if (isFailure)
        {
            Change(before => before with
            {
                FailuresInARow = before.FailuresInARow + 1,
                LastFailure = Words(error),
                LastFailureAt = time.GetUtcNow(),
            });
        }
        else if (_status.FailuresInARow > 0)
        {
            Change(before => before with { FailuresInARow = 0 });
        }
    }

    private void Change(Func<BreakerStatus, BreakerStatus> change)
    {
        lock (_gate)
        {
            report(_status = change(_status));
        }
    }

    // A mail server's words may have the customer's address in them.
    private static string Words(Exception? error) =>
        error is null ? "failed" : error.Message.Contains('@', StringComparison.Ordinal) ? error.GetType().Name : error.Message;
}
