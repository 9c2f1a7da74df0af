using DoaMarket.Kernel;

namespace DoaMarket.Sagas;

/// <summary>
/// A saga's definition as a program outside can read it: from it the console draws the graph and says what is awaited.
/// </summary>
/// <param name="Name">Name of the definition.</param>
/// <param name="Version">Its version.</param>
/// <param name="Steps">Its steps, in the order in which they are done.</param>
public sealed record SagaOutline(string Name, int Version, IReadOnlyList<StepOutline> Steps)
{
    /// <summary>The outline of a definition; messages by their wire names.</summary>
    public static SagaOutline Of<TSubject>(SagaDefinition<TSubject> definition, MessageCatalog catalog) =>
        new(definition.Name, definition.Version, [.. definition.Steps.Select(step => StepOutline.Of(step, catalog))]);

    /// <summary>A step by its name.</summary>
    internal StepOutline Step(string name) => Steps.First(s => s.Name == name);
}

/// <summary>One step of an outline.</summary>
/// <param name="Name">The step.</param>
/// <param name="Kind">How it is done.</param>
/// <param name="Service">Who answers; null when nobody is asked.</param>
/// <param name="Asks">The command that does it.</param>
/// <param name="DoneOn">The reply that says it is done; of a local step the announcement.</param>
/// <param name="FailedOn">The reply that proves that nothing was done.</param>
/// <param name="StuckOn">After the pivot: the reply that says that only a person can help.</param>
/// <param name="WithinSeconds">How long the reply may take; null when nobody waits or it is asked until done.</param>
/// <param name="UndoneBy">The command that undoes it.</param>
/// <param name="UndoneOn">The replies that confirm the undo.</param>
/// <param name="UndoFailedOn">The reply that says that it cannot be undone without a person.</param>
/// <param name="RefusedOn">The reply that says that the undo comes too late.</param>
/// <param name="CameBackOn">What confirms the undo in the end, after a refusal.</param>
/// <param name="Attempts">How often an unanswered undo, or a step after the pivot, is sent before a person is called.</param>
/// <param name="CanBeSettledByHand">Whether an operator may settle it with a reason.</param>
/// <param name="SettledWith">What the operator may tell of the settlement besides the reason.</param>
public sealed record StepOutline(
    string Name, StepKind Kind, string? Service, string? Asks, string? DoneOn, string? FailedOn, string? StuckOn,
    double? WithinSeconds, string? UndoneBy, IReadOnlyList<string> UndoneOn, string? UndoFailedOn, string? RefusedOn,
    string? CameBackOn, int? Attempts, bool CanBeSettledByHand, SettlementDetail SettledWith)
{
    internal static StepOutline Of<TSubject>(SagaStep<TSubject> step, MessageCatalog catalog)
    {
        return new(
            step.Name, step.Kind, step.Answerer?.Name, Wire(step.Ask?.Type), Wire(step.Done), Wire(step.Failed?.Type),
            Wire(step.Stuck?.Type), step.Deadline?.TotalSeconds, Wire(step.Undo?.Type),
            [.. step.Undone.Select(type => catalog.NameOf(type))], Wire(step.UndoFailed?.Type),
            Wire(step.Refusal?.RefusedOn.Type), Wire(step.Refusal?.UndoneOn),
            (step.Resend ?? step.Retry)?.MaxAttempts, step.Settle is not null, step.SettledWith);

        string? Wire(Type? type) => type is null ? null : catalog.NameOf(type);
    }
}
