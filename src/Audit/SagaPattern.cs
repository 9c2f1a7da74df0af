using DoaMarket.Orders;
using DoaMarket.Sagas;

namespace DoaMarket.Audit;

/// <summary>G1: whether a saga's steps are in a pattern that the definition can have led to.</summary>
internal static class SagaPattern
{
    /// <summary>Whether the saga has the steps that are asked about.</summary>
    public static bool IsReadable(SagaState saga) =>
        saga.Steps.Select(s => s.Name).SequenceEqual(
            AskedStep.Definition.Steps.Select(s => s.Name), StringComparer.Ordinal);

    public static IEnumerable<string> FaultsOf(SagaState saga)
    {
        var definition = AskedStep.Definition;
        if (saga.Definition != definition.Name || saga.DefinitionVersion < 1
            || saga.DefinitionVersion > definition.Version)
        {
            return
            [
                $"it began with {saga.Definition} version {saga.DefinitionVersion}, which this audit does not know",
            ];
        }

        if (!IsReadable(saga))
        {
            return ["its steps are not those of its definition"];
        }

        var steps = string.Join(", ", saga.Steps.Select(s => Words.Of(s.Status)));
        return Faults(saga).Select(fault => $"{fault}: {Words.Of(saga.Status)} [{steps}]");
    }

    private static IEnumerable<string> Faults(SagaState saga)
    {
        if (saga.Version < 1)
        {
            yield return $"its version is {saga.Version}";
        }

        var awaited = saga.Steps.FirstOrDefault(s => s.Status == Awaited(saga.Status));
        if (saga.CurrentStep != awaited?.Name)
        {
            yield return $"its current step is {saga.CurrentStep ?? "none"}, and it awaits {awaited?.Name ?? "nobody"}";
        }

        if (!IsPossible(saga))
        {
            yield return "its steps cannot have come to this";
        }

        // Whoever must act outside is told only when everything is held for as long as that may take.
        if (saga.Steps.FirstOrDefault(s => s.WaitingSince is not null && !(saga.HeldUntil >= s.WaitsUntil))
            is { } unheld)
        {
            yield return $"its step {unheld.Name} waits until {unheld.WaitsUntil:u}, "
                + $"and what it needs is held until {saga.HeldUntil:u} only";
        }

        if (saga.Status == SagaStatus.Completed && saga.CompletedAt is null)
        {
            yield return "it is completed and does not know when";
        }

        if (saga.Status == SagaStatus.Cancelled && !saga.Compensated)
        {
            yield return "it is cancelled and not compensated";
        }
    }

    private static StepStatus? Awaited(SagaStatus status) => status switch
    {
        SagaStatus.InProgress => StepStatus.InProgress,
        SagaStatus.Compensating => StepStatus.Compensating,
        SagaStatus.NeedsAttention => StepStatus.CompensationFailed,
        _ => null,
    };

    private static bool IsPossible(SagaState saga)
    {
        var steps = saga.Steps;
        var awaited = Awaited(saga.Status) is { } status ? IndexOf(steps, status) : -1;
        return saga.Status switch
        {
            SagaStatus.InProgress => steps.Index().All(s => s.Item.Status == Forward(s.Index.CompareTo(awaited))),
            SagaStatus.Completed => steps.All(s => s.Status == StepStatus.Completed),
            SagaStatus.Cancelled => steps.Index().All(s => IsUndone(s.Index, s.Item)) && IsSkippedToTheEnd(steps),
            _ => awaited >= 0
                && steps.Index().All(s => s.Index == awaited || IsGoingBack(s.Index, s.Item, awaited))
                && IsSkippedToTheEnd(steps),
        };
    }

    private static StepStatus Forward(int besideAwaited) => besideAwaited switch
    {
        < 0 => StepStatus.Completed,
        0 => StepStatus.InProgress,
        _ => StepStatus.Pending,
    };

    private static int IndexOf(IReadOnlyList<StepState> steps, StepStatus status) =>
        steps.Index().FirstOrDefault(s => s.Item.Status == status, (Index: -1, Item: steps[0])).Index;

    private static bool IsUndone(int index, StepState step) => AskedStep.Definition.Steps[index].Kind switch
    {
        StepKind.Asked => step.Status is StepStatus.Compensated or StepStatus.Failed or StepStatus.Skipped,
        StepKind.Local => step.Status is StepStatus.Compensated,
        _ => step.Status is StepStatus.Completed or StepStatus.Skipped,
    };

    /// <summary>
    /// Earlier steps wait for their undo; later ones have had it, but for one that turned out done only then.
    /// </summary>
    private static bool IsGoingBack(int index, StepState step, int awaited) =>
        AskedStep.Definition.Steps[index].Kind switch
        {
            StepKind.Asked when index < awaited =>
                step.Status is StepStatus.Completed or StepStatus.TimedOut
                    or StepStatus.Compensated or StepStatus.Failed,
            StepKind.Asked => IsUndone(index, step) || step is { Status: StepStatus.Completed, Reason: not null },
            StepKind.Local => step.Status is StepStatus.Completed or StepStatus.Compensated,
            _ => step.Status is StepStatus.Completed or StepStatus.Skipped,
        };

    private static bool IsSkippedToTheEnd(IReadOnlyList<StepState> steps) =>
        steps.SkipWhile(s => s.Status != StepStatus.Skipped).All(s => s.Status == StepStatus.Skipped);
}
