using DoaMarket.Kernel;

namespace DoaMarket.Sagas;

/// <summary>
/// What a definition must have before a process starts with it. Local and fire-and-forget steps are exempt from what
/// only a step with a reply needs.
/// </summary>
internal static class SagaChecks
{
    /// <summary>A reply deadline must leave room for a break of the circuit and two tries after it.</summary>
    private const int BreaksPerDeadline = 3;

    public static IEnumerable<string> FaultsOf<TSubject>(IReadOnlyList<SagaStep<TSubject>> steps) =>
    [
        .. steps.Count == 0 ? ["it has no steps."] : Array.Empty<string>(),
        .. steps.GroupBy(s => s.Name, StringComparer.Ordinal).Where(g => g.Skip(1).Any())
            .Select(g => $"two steps are called '{g.Key}': give each its own name."),
        .. steps.Where(s => s.Kind is StepKind.Asked)
            .SelectMany(step => Missing(step).Concat(TooShort(step)).Select(fault => $"step '{step.Name}' {fault}")),
        .. steps.Where(s => s.Kind is StepKind.Retried)
            .SelectMany(step => FaultsAfterPivot(step).Select(fault => $"step '{step.Name}' {fault}")),
        .. steps.SkipWhile(s => s.Kind is not StepKind.Retried).Where(s => s.Kind is StepKind.Asked)
            .Select(step => $"step '{step.Name}' comes after the pivot and could fail there: " +
                "write .Retries(…) instead of a deadline and an undo, or move it before the steps that are retried."),
        .. steps.Where(step => step is { Wait: not null, Hold: null }).Select(step => $"step '{step.Name}' may wait for " +
            "long, but does not say how what earlier steps hold is held meanwhile: write .HeldBy(…)."),
        .. steps.Where((step, i) => step.Hold is not null && !steps.Take(i).Any(s => s.HeldUntil is not null))
            .Select(step => $"step '{step.Name}' has a hold extended, but no step before it says until when it holds: " +
                "write .DoneOn(heldUntil: …)."),
        .. steps.Where((step, i) => step.Refusal is not null && steps.Skip(i + 1).Any(s => s.Kind is StepKind.Asked))
            .Select(step => $"step '{step.Name}' may refuse its undo, but steps after it are undone first: " +
                "let it be the last that is asked."),
        .. steps.Where((step, i) => step.Refusal is not null && steps.Skip(i + 1).Any(s => s.Kind is StepKind.Retried))
            .Select(step => $"step '{step.Name}' may refuse its undo and come back later, but past the pivot nothing is " +
                "undone any more: let no step after it be retried."),
    ];

    /// <summary>
    /// The least time that a step's undo, or a retried step, is given in all: every wait at its shortest, the one after
    /// the last attempt included. (<see cref="Backoff"/> draws its waits from 75 % to 125 %.)
    /// </summary>
    public static TimeSpan UndoBudget(Backoff schedule) =>
        (schedule with { MaxAttempts = schedule.MaxAttempts + 1 }).Longest() * (0.75 / 1.25);

    private static IEnumerable<string> Missing<TSubject>(SagaStep<TSubject> step)
    {
        (bool Missing, string Fault)[] cells =
        [
            (step.Ask is null, "asks nothing: write .Asks((subject, ask) => new …), or .Locally()."),
            (step.Done is null, "has no reply that says it is done: write .DoneOn<…>()."),
            (step.Failed is null,
                "has no failure reply: write .FailedOn<…>(…), the reply that proves that nothing was done."),
            (step.Deadline is null, "has no deadline: write .Within(…)."),
            (step.Undo is null, "has no undo: write .UndoneBy((subject, undo) => new …)."),
            (step.Undone.Count == 0, "has no reply that confirms its undo: write .UndoneOn<…>()."),
            (step.Resend is null, "does not say when an unanswered undo is sent again: write .ResendsUndo(…)."),
            (step.Answerer is null, "does not say who answers it and within which limits: write .AnsweredBy(…)."),
        ];
        return cells.Where(c => c.Missing).Select(c => c.Fault);
    }

    /// <summary>Past the pivot there is no way back: a step needs a schedule of attempts instead of an undo.</summary>
    private static IEnumerable<string> FaultsAfterPivot<TSubject>(SagaStep<TSubject> step)
    {
        (bool Wrong, string Fault)[] cells =
        [
            (step.Ask is null, "asks nothing: write .Asks((subject, ask) => new …), or .Locally()."),
            (step.Done is null, "has no reply that says it is done: write .DoneOn<…>()."),
            (step.Answerer is null, "does not say who answers it and within which limits: write .AnsweredBy(…)."),
            (step.Undo is not null || step.Undone.Count > 0 || step.Resend is not null || step.Refusal is not null
                || step.UndoFailed is not null,
                "is retried, so it comes after the pivot and is never undone: remove what undoes it."),
            (step.Failed is not null || step.Deadline is not null,
                "is retried until it is done: let it have neither a failure reply nor a deadline " +
                "(a reply that calls a person is .StuckOn<…>(…))."),
            (step.Retry is { MaxAttempts: < 2 }, "is retried, but only asked once: let .Retries(…) have more attempts."),
        ];
        foreach (var (_, fault) in cells.Where(c => c.Wrong))
        {
            yield return fault;
        }

        if (step.Answerer is { } answerer && step.Retry is { } schedule && UndoBudget(schedule) < answerer.LongestUndo)
        {
            yield return $"is asked for {UndoBudget(schedule)} in all, but {answerer.Name} itself may try for " +
                $"{answerer.LongestUndo}: let .Retries(…) have more attempts or longer waits.";
        }
    }

    private static IEnumerable<string> TooShort<TSubject>(SagaStep<TSubject> step)
    {
        if (step.Deadline <= TimeSpan.Zero || step.Refusal?.Within <= TimeSpan.Zero
            || step.Hold?.Within <= TimeSpan.Zero || step.Wait?.Grace < TimeSpan.Zero)
        {
            yield return "has a deadline that is not positive.";
        }

        if (step.Answerer is not { } answerer)
        {
            yield break;
        }

        if (step.Deadline is { } deadline && deadline < answerer.GatewayBreak * BreaksPerDeadline)
        {
            yield return $"waits {deadline} for its reply, but the circuit breaker of {answerer.Name} stays open for " +
                $"{answerer.GatewayBreak}: let .Within(…) be at least {answerer.GatewayBreak * BreaksPerDeadline}.";
        }

        if (step.Resend is { } schedule && UndoBudget(schedule) < answerer.LongestUndo)
        {
            yield return $"gives its undo {UndoBudget(schedule)} in all, but {answerer.Name} itself may try for " +
                $"{answerer.LongestUndo}: let .ResendsUndo(…) have more attempts or longer waits.";
        }
    }
}
