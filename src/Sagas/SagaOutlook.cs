using System.Text.Json.Serialization;

namespace DoaMarket.Sagas;

/// <summary>What happens when the awaited reply does not come in time.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<SagaNext>))]
public enum SagaNext
{
    /// <summary>The saga goes back: the step's outcome is unknown, and its undo begins.</summary>
    [JsonStringEnumMemberName("undo_begins")]
    UndoBegins,

    /// <summary>The undo is sent again.</summary>
    [JsonStringEnumMemberName("undo_is_sent_again")]
    UndoIsSentAgain,

    /// <summary>The step after the pivot is asked again.</summary>
    [JsonStringEnumMemberName("step_is_asked_again")]
    StepIsAskedAgain,

    /// <summary>A person is called.</summary>
    [JsonStringEnumMemberName("person_is_called")]
    PersonIsCalled,
}

/// <summary>What a saga waits for.</summary>
/// <param name="Step">The step.</param>
/// <param name="Service">Who is to answer.</param>
/// <param name="For">Wire names of the replies that end the wait.</param>
/// <param name="ForPerson">Whether a person must act: retry, or settle by hand. A late reply still resumes it.</param>
/// <param name="ForOutsider">Whether somebody outside must act first, e.g. make a deposit.</param>
/// <param name="Until">When the wait ends; null while a person is waited for.</param>
/// <param name="Then">What happens then; null while a person is waited for.</param>
/// <param name="Attempt">How often the awaited command was sent.</param>
/// <param name="MaxAttempts">How often it is sent at most; null when once.</param>
public sealed record SagaWait(
    string Step, string? Service, IReadOnlyList<string> For, bool ForPerson, bool ForOutsider, DateTimeOffset? Until,
    SagaNext? Then, int Attempt, int? MaxAttempts);

/// <summary>Something that a saga still has to do.</summary>
/// <param name="Step">The step.</param>
/// <param name="IsUndo">Whether it is to be undone rather than done.</param>
/// <param name="Message">The command that will be sent; null for a local step.</param>
public sealed record SagaTask(string Step, bool IsUndo, string? Message);

/// <summary>Where a saga is heading: what it waits for, and what remains. Pure, from its ledger and its definition.</summary>
/// <param name="Wait">What it waits for; null at an end.</param>
/// <param name="Remaining">What remains after that, in the order in which it is done.</param>
public sealed record SagaOutlook(SagaWait? Wait, IReadOnlyList<SagaTask> Remaining)
{
    /// <summary>The outlook of a saga of this definition.</summary>
    public static SagaOutlook Of(SagaOutline outline, SagaState saga)
    {
        var awaited = saga.Steps.FirstOrDefault(s => s.Status is StepStatus.InProgress or StepStatus.Compensating
            or StepStatus.CompensationFailed or StepStatus.Stuck);
        return new(
            awaited is null ? null : WaitFor(outline.Step(awaited.Name), awaited),
            saga.Status switch
            {
                SagaStatus.InProgress => [.. Forward(outline, saga)],
                SagaStatus.NeedsAttention when awaited is { Status: StepStatus.Stuck } => [.. Forward(outline, saga)],
                SagaStatus.Compensating or SagaStatus.NeedsAttention => [.. Backward(outline, saga, awaited)],
                _ => [],
            });
    }

    private static SagaWait WaitFor(StepOutline how, StepState step)
    {
        var isUndo = step.Status is StepStatus.Compensating or StepStatus.CompensationFailed;
        string?[] replies = step switch
        {
            _ when !isUndo => [how.DoneOn, how.FailedOn, how.StuckOn],
            { UndoRefused: true } => [how.CameBackOn],
            _ => [.. how.UndoneOn, how.RefusedOn, how.UndoFailedOn],
        };
        var forPerson = step.Status is StepStatus.CompensationFailed or StepStatus.Stuck;
        return new(
            step.Name, how.Service, [.. replies.OfType<string>()], forPerson,
            step is { Status: StepStatus.InProgress, WaitingSince: not null }, forPerson ? null : step.DeadlineAt,
            forPerson ? null : Then(how, step, isUndo), step.Attempts,
            isUndo || how.Kind is StepKind.Retried ? how.Attempts : null);
    }

    private static SagaNext Then(StepOutline how, StepState step, bool isUndo) => (how.Kind, isUndo) switch
    {
        (_, true) => step.UndoRefused || step.Attempts >= how.Attempts
            ? SagaNext.PersonIsCalled
            : SagaNext.UndoIsSentAgain,
        (StepKind.Retried, _) => step.Attempts >= how.Attempts
            ? SagaNext.PersonIsCalled
            : SagaNext.StepIsAskedAgain,
        _ => SagaNext.UndoBegins,
    };

    private static IEnumerable<SagaTask> Forward(SagaOutline outline, SagaState saga) => saga.Steps
        .Where(s => s.Status is StepStatus.Pending)
        .Select(s => new SagaTask(s.Name, IsUndo: false, outline.Step(s.Name).Asks));

    // As the engine does it: asked steps in reverse, those that were proved not done or are undone left out.
    private static IEnumerable<SagaTask> Backward(SagaOutline outline, SagaState saga, StepState? awaited) => saga.Steps
        .Where(s => s != awaited && outline.Step(s.Name).Kind is StepKind.Asked
            && s.Status is (StepStatus.Completed or StepStatus.TimedOut or StepStatus.InProgress))
        .Reverse()
        .Select(s => new SagaTask(s.Name, IsUndo: true, outline.Step(s.Name).UndoneBy));
}
