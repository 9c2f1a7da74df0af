using DoaMarket.Kernel;

namespace DoaMarket.Sagas;

/// <summary>What a message means to the step that awaits it.</summary>
public enum ReplyMeaning
{
    /// <summary>The step is done.</summary>
    Done,

    /// <summary>Nothing was done, and nothing will be.</summary>
    Failed,

    /// <summary>It takes longer: somebody outside must act first.</summary>
    Waits,

    /// <summary>What earlier steps hold is held for longer.</summary>
    Held,

    /// <summary>The step is undone.</summary>
    Undone,

    /// <summary>The step cannot be undone without a person.</summary>
    UndoFailed,

    /// <summary>The undo came too late.</summary>
    UndoRefused,

    /// <summary>After a refusal: what was done has been taken back all the same.</summary>
    CameBack,

    /// <summary>After the pivot: the step cannot be done without a person.</summary>
    Stuck,
}

/// <summary>
/// A saga as data: a name, a version, and its steps in order. The engine, the persisted step list, the documents'
/// diagram and table, and the console's graph all come from it. A running saga keeps the version that it began with.
/// </summary>
/// <typeparam name="TSubject">What the saga is about; commands are made from it.</typeparam>
public sealed class SagaDefinition<TSubject>
{
    private readonly Dictionary<Type, (int Step, ReplyMeaning Meaning)> _replies = [];

    /// <summary>A definition, checked.</summary>
    /// <exception cref="ArgumentException">
    /// Something is missing or cannot work; the text says what to write.
    /// </exception>
    public SagaDefinition(string name, int version, IReadOnlyList<SagaStep<TSubject>> steps)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        Name = name;
        Version = version;
        Steps = steps;
        List<string> faults = [.. SagaChecks.FaultsOf(steps)];
        for (var step = 0; step < steps.Count; step++)
        {
            foreach (var (type, meaning) in RepliesOf(steps[step]))
            {
                if (!_replies.TryAdd(type, (step, meaning)))
                {
                    faults.Add($"step '{steps[step].Name}' awaits {type.Name}, which another reply already uses: " +
                        "give each reply one meaning.");
                }
            }
        }

        if (faults.Count > 0)
        {
            throw new ArgumentException($"Saga '{name}' version {version}: {string.Join(" ", faults)}", nameof(steps));
        }
    }

    /// <summary>Name, snake_case.</summary>
    public string Name { get; }

    /// <summary>Counts on with every change of the steps.</summary>
    public int Version { get; }

    /// <summary>The steps, in the order in which they are done.</summary>
    public IReadOnlyList<SagaStep<TSubject>> Steps { get; }

    /// <summary>
    /// Which step awaits the message, and what it means to it; null when it is no reply of this saga.
    /// </summary>
    internal (int Step, ReplyMeaning Meaning)? Expects(IMessage message) =>
        _replies.TryGetValue(message.GetType(), out var expected) ? expected : null;

    /// <summary>Where a step stands.</summary>
    internal int? IndexOf(string step)
    {
        for (var i = 0; i < Steps.Count; i++)
        {
            if (Steps[i].Name == step)
            {
                return i;
            }
        }

        return null;
    }

    private static IEnumerable<(Type Type, ReplyMeaning Meaning)> RepliesOf(SagaStep<TSubject> step)
    {
        if (step.Kind is not (StepKind.Asked or StepKind.Retried))
        {
            yield break; // what a local step names are announcements of the saga's own service
        }

        if (step.Done is { } done)
        {
            yield return (done, ReplyMeaning.Done);
        }

        if (step.Failed is { } failed)
        {
            yield return (failed.Type, ReplyMeaning.Failed);
        }

        if (step.Stuck is { } stuck)
        {
            yield return (stuck.Type, ReplyMeaning.Stuck);
        }

        if (step.Wait is { } wait)
        {
            yield return (wait.On, ReplyMeaning.Waits);
        }

        if (step.Hold is { } hold)
        {
            yield return (hold.HeldOn, ReplyMeaning.Held);
        }

        foreach (var undone in step.Undone)
        {
            yield return (undone, ReplyMeaning.Undone);
        }

        if (step.UndoFailed is { } undoFailed)
        {
            yield return (undoFailed.Type, ReplyMeaning.UndoFailed);
        }

        if (step.Refusal is { } refusal)
        {
            yield return (refusal.RefusedOn.Type, ReplyMeaning.UndoRefused);
            yield return (refusal.UndoneOn, ReplyMeaning.CameBack);
        }
    }
}
