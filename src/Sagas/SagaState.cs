using System.Text.Json.Serialization;
using DoaMarket.Kernel;

namespace DoaMarket.Sagas;

/// <summary>Where a saga stands.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<SagaStatus>))]
public enum SagaStatus
{
    /// <summary>Going forward, step by step.</summary>
    [JsonStringEnumMemberName("in_progress")]
    InProgress,

    /// <summary>Every step is done.</summary>
    [JsonStringEnumMemberName("completed")]
    Completed,

    /// <summary>Going back, step by step.</summary>
    [JsonStringEnumMemberName("compensating")]
    Compensating,

    /// <summary>Everything is undone and confirmed.</summary>
    [JsonStringEnumMemberName("cancelled")]
    Cancelled,

    /// <summary>
    /// An undo, or a step after the pivot, failed or was never answered: a person must act, or a late reply must come.
    /// </summary>
    [JsonStringEnumMemberName("needs_attention")]
    NeedsAttention,
}

/// <summary>Where a step stands.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<StepStatus>))]
public enum StepStatus
{
    /// <summary>Its turn has not come.</summary>
    [JsonStringEnumMemberName("pending")]
    Pending,

    /// <summary>Asked; the reply is awaited.</summary>
    [JsonStringEnumMemberName("in_progress")]
    InProgress,

    /// <summary>Done.</summary>
    [JsonStringEnumMemberName("completed")]
    Completed,

    /// <summary>Proved not done: nothing is owed.</summary>
    [JsonStringEnumMemberName("failed")]
    Failed,

    /// <summary>No reply in time: whether it was done is unknown, so its undo is owed.</summary>
    [JsonStringEnumMemberName("timed_out")]
    TimedOut,

    /// <summary>Its undo is awaited.</summary>
    [JsonStringEnumMemberName("compensating")]
    Compensating,

    /// <summary>Undone and confirmed.</summary>
    [JsonStringEnumMemberName("compensated")]
    Compensated,

    /// <summary>Its undo failed or was never answered.</summary>
    [JsonStringEnumMemberName("compensation_failed")]
    CompensationFailed,

    /// <summary>Not needed, or never asked since the saga went back before, or covered by something larger.</summary>
    [JsonStringEnumMemberName("skipped")]
    Skipped,

    /// <summary>After the pivot: not done in spite of every attempt. A person is called; it is never undone.</summary>
    [JsonStringEnumMemberName("stuck")]
    Stuck,
}

/// <summary>What a participant told of an undo; it may tell it before the saga asks.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<UndoReport>))]
public enum UndoReport
{
    /// <summary>It is undone.</summary>
    [JsonStringEnumMemberName("undone")]
    Undone,

    /// <summary>It came back after the undo had been refused.</summary>
    [JsonStringEnumMemberName("came_back")]
    CameBack,

    /// <summary>It cannot be undone without a person.</summary>
    [JsonStringEnumMemberName("failed")]
    Failed,
}

/// <summary>One step's line in the ledger.</summary>
/// <param name="Name">The step.</param>
/// <param name="Status">Where it stands.</param>
public sealed record StepState(string Name, StepStatus Status = StepStatus.Pending)
{
    /// <summary>When it was asked.</summary>
    public DateTimeOffset? StartedAt { get; init; }

    /// <summary>When it was known to be done; null while that is unknown.</summary>
    public DateTimeOffset? DoneAt { get; init; }

    /// <summary>When it ended: done, proved not done, or undone.</summary>
    public DateTimeOffset? EndedAt { get; init; }

    /// <summary>Why it failed, timed out, or cannot be undone.</summary>
    public string? Reason { get; init; }

    /// <summary>How often its present command (first the ask, then the undo) was sent.</summary>
    public int Attempts { get; init; }

    /// <summary>When the awaited reply is overdue. (The saga's wakeAt may be earlier, never later.)</summary>
    public DateTimeOffset? DeadlineAt { get; init; }

    /// <summary>Until when somebody outside may act, the grace included; null when nobody must.</summary>
    public DateTimeOffset? WaitsUntil { get; init; }

    /// <summary>Since when that is so: from then on everything that it needs is held.</summary>
    public DateTimeOffset? WaitingSince { get; init; }

    /// <summary>The eventId of the first undo; those sent again derive theirs from it.</summary>
    public EventId? FirstUndoId { get; init; }

    /// <summary>Of a step after the pivot: the eventId of the first ask; repeated ones derive theirs from it.</summary>
    public EventId? FirstAskId { get; init; }

    /// <summary>How often an operator had its undo, or the step after the pivot, tried again.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public int RetryNumber { get; init; }

    /// <summary>Whether its undo came too late, so that it must come back some other way.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool UndoRefused { get; init; }

    /// <summary>Whether the undo that was sent last asked for it to come back if need be.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool AskedBack { get; init; }

    /// <summary>What the participant told of the undo.</summary>
    public UndoReport? Told { get; init; }

    /// <summary>
    /// Whether a person may settle it: its undo failed, was never answered, or was refused and waits for what may never come.
    /// </summary>
    [JsonIgnore]
    public bool MayBeSettledByHand => Status is StepStatus.CompensationFailed or StepStatus.Stuck
        || (Status is StepStatus.Compensating && UndoRefused);

    /// <summary>How a person settled it, which the undos of earlier steps go by; null when none did.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public ManualSettlement? Settlement { get; init; }
}

/// <summary>A saga, as it is persisted with every step.</summary>
/// <param name="SagaId">Its id.</param>
/// <param name="Subject">The id of what it is about.</param>
/// <param name="CorrelationId">The customer's request that began it.</param>
/// <param name="Definition">Name of its definition.</param>
/// <param name="DefinitionVersion">The definition's version when it began.</param>
/// <param name="Status">Where it stands.</param>
/// <param name="CurrentStep">The step whose reply is awaited; null at an end.</param>
/// <param name="Steps">The ledger.</param>
/// <param name="Compensated">Whether everything owed was undone and confirmed, and its end announced.</param>
/// <param name="Version">+1 with each transition.</param>
/// <param name="CreatedAt">When it began.</param>
/// <param name="UpdatedAt">When it moved last.</param>
/// <param name="WakeAt">When its timer is due; null when nothing is awaited.</param>
public sealed record SagaState(
    SagaId SagaId,
    string Subject,
    CorrelationId CorrelationId,
    string Definition,
    int DefinitionVersion,
    SagaStatus Status,
    string? CurrentStep,
    IReadOnlyList<StepState> Steps,
    bool Compensated,
    int Version,
    DateTimeOffset CreatedAt,
    DateTimeOffset UpdatedAt,
    DateTimeOffset? WakeAt)
{
    /// <summary>When every step was done for the first time.</summary>
    public DateTimeOffset? CompletedAt { get; init; }

    /// <summary>Why it goes, or went, back.</summary>
    public string? Reason { get; init; }

    /// <summary>Until when what its steps have done is held; null when nothing is held for a time only.</summary>
    public DateTimeOffset? HeldUntil { get; init; }

    /// <summary>Whether a person asked for it to be cancelled.</summary>
    public bool AskedByPerson { get; init; }

    /// <summary>Whether what was done came back after its undo had been refused.</summary>
    [JsonIgnore]
    public bool CameBack => Steps.Any(s => s is { Status: StepStatus.Compensated, Told: UndoReport.CameBack });

    /// <summary>Whether it goes back and something waits to come back.</summary>
    [JsonIgnore]
    public bool IsComingBack => Steps.Any(s => s.UndoRefused || s.Told is UndoReport.CameBack);

    /// <summary>One step's line.</summary>
    public StepState Step(string name) => Steps.First(s => s.Name == name);
}
