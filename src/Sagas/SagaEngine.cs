namespace DoaMarket.Sagas;

/// <summary>
/// Moves sagas: (definition, state, input, time) → (state, actions). Pure: no clock, no chance, no I/O. What a saga
/// does in which case is written in <see cref="SagaTurn{TSubject}"/>.
/// </summary>
/// <typeparam name="TSubject">What the sagas are about.</typeparam>
public sealed class SagaEngine<TSubject>
{
    private readonly Dictionary<int, SagaDefinition<TSubject>> _versions;

    /// <summary>An engine for one saga, in all versions that are still running.</summary>
    /// <param name="current">What new sagas begin with.</param>
    /// <param name="older">What running sagas may have begun with.</param>
    public SagaEngine(SagaDefinition<TSubject> current, params IEnumerable<SagaDefinition<TSubject>> older)
    {
        Current = current;
        _versions = older.Append(current).ToDictionary(d => d.Version);
    }

    /// <summary>What new sagas begin with.</summary>
    public SagaDefinition<TSubject> Current { get; }

    /// <summary>Begins a saga: local steps are done, the first reply is awaited.</summary>
    /// <param name="identity">Its ids.</param>
    /// <param name="subject">What it is about.</param>
    /// <param name="moment">When, and by what.</param>
    public SagaReaction Begin(SagaIdentity identity, TSubject subject, SagaMoment moment)
    {
        var saga = new SagaState(
            identity.SagaId,
            identity.Subject,
            identity.CorrelationId,
            Current.Name,
            Current.Version,
            SagaStatus.InProgress,
            CurrentStep: null,
            [.. Current.Steps.Select(s => new StepState(s.Name))],
            Compensated: false,
            Version: 0,
            CreatedAt: moment.Now,
            UpdatedAt: moment.Now,
            WakeAt: null);
        return new SagaTurn<TSubject>(Current, subject, saga, moment).Begin();
    }

    /// <summary>Takes one input in.</summary>
    /// <exception cref="InvalidOperationException">
    /// The state belongs to no known version of the definition: a bug.
    /// </exception>
    public SagaReaction React(SagaState saga, TSubject subject, SagaInput input, SagaMoment moment) =>
        new SagaTurn<TSubject>(DefinitionOf(saga), subject, saga, moment).Take(input);

    /// <summary>The definition that a saga began with.</summary>
    public SagaDefinition<TSubject> DefinitionOf(SagaState saga) =>
        _versions.TryGetValue(saga.DefinitionVersion, out var definition) && definition.Name == saga.Definition
            ? definition
            : throw new InvalidOperationException(
                $"Saga {saga.SagaId} began with '{saga.Definition}' version {saga.DefinitionVersion}, " +
                "which this process does not know.");
}

/// <summary>The ids of a new saga.</summary>
/// <param name="SagaId">Its own.</param>
/// <param name="Subject">Of what it is about.</param>
/// <param name="CorrelationId">Of the request that begins it.</param>
public sealed record SagaIdentity(Kernel.SagaId SagaId, string Subject, Kernel.CorrelationId CorrelationId);
