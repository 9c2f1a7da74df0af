using DoaMarket.Kernel;

namespace DoaMarket.Sagas.Tests;

/// <summary>One step of a flow, as those who play it must know it.</summary>
internal sealed record FlowStep(
    int Index, string Name, StepKind Kind, Type? Done, Type? Failed, IReadOnlyList<Type> Undone, Type? UndoFailed,
    Type? Refused, Type? CameBack, Type? Waits, Type? Held, Type? Stuck, bool IsSettled)
{
    /// <summary>Everything that its participant may say.</summary>
    public IReadOnlyList<Type> Replies =>
    [
        .. new[] { Done, Failed, UndoFailed, Refused, CameBack, Waits, Held, Stuck }.OfType<Type>(), .. Undone,
    ];

    public bool IsAnswered => Kind is StepKind.Asked or StepKind.Retried;
}

/// <summary>A saga's definition with all that is needed to play it, whatever it is about.</summary>
internal abstract class Flow(string name, IReadOnlyList<FlowStep> steps)
{
    public IReadOnlyList<FlowStep> Steps => steps;

    public bool HasPivot => steps.Any(s => s.Kind is StepKind.Retried);

    public abstract SagaReaction Begin(SagaMoment moment);

    public abstract SagaReaction React(SagaState saga, SagaInput input, SagaMoment moment);

    /// <summary>A reply of a type; whatever time it speaks of is this one.</summary>
    public abstract IMessage Say(Type reply, DateTimeOffset until);

    /// <summary>Whether an undo says that what cannot be undone must come back.</summary>
    public abstract bool MustComeBack(IMessage undo);

    /// <summary>Until when a command asks for the stock, or whatever it is, to be held.</summary>
    public abstract DateTimeOffset Until(IMessage hold);

    public override string ToString() => name;

    /// <summary>A definition about a subject.</summary>
    /// <param name="say">Makes a reply of a type.</param>
    public static Flow Of<T>(
        SagaDefinition<T> definition, T subject, Func<Type, DateTimeOffset, IMessage> say,
        Func<IMessage, bool> mustComeBack, Func<IMessage, DateTimeOffset> until) =>
        new Defined<T>(definition, subject, say, mustComeBack, until);

    private static FlowStep Shape<T>(SagaStep<T> step, int index) => step.Kind is StepKind.Asked or StepKind.Retried
        ? new(
            index, step.Name, step.Kind, step.Done, step.Failed?.Type, step.Undone, step.UndoFailed?.Type,
            step.Refusal?.RefusedOn.Type, step.Refusal?.UndoneOn, step.Wait?.On, step.Hold?.HeldOn, step.Stuck?.Type,
            step.Settle is not null)
        : new(index, step.Name, step.Kind, null, null, [], null, null, null, null, null, null, IsSettled: false);

    private sealed class Defined<T>(
        SagaDefinition<T> definition, T subject, Func<Type, DateTimeOffset, IMessage> say,
        Func<IMessage, bool> mustComeBack, Func<IMessage, DateTimeOffset> until)
        : Flow(definition.Name, [.. definition.Steps.Select(Shape)])
    {
        private readonly SagaEngine<T> _engine = new(definition);

        public override SagaReaction Begin(SagaMoment moment) =>
            _engine.Begin(new(new(Guid.Empty), Story.Id, new(Guid.Empty)), subject, moment);

        public override SagaReaction React(SagaState saga, SagaInput input, SagaMoment moment) =>
            _engine.React(saga, subject, input, moment);

        public override IMessage Say(Type reply, DateTimeOffset at) => say(reply, at);

        public override bool MustComeBack(IMessage undo) => mustComeBack(undo);

        public override DateTimeOffset Until(IMessage hold) => until(hold);
    }
}
