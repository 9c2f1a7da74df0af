using DoaMarket.Kernel;

namespace DoaMarket.Sagas;

/// <summary>When and by what a saga is moved.</summary>
/// <param name="OccasionId">What ids of undos derive from.</param>
/// <param name="Now">The time, UTC.</param>
/// <param name="ProcessStartedAt">When this process began to handle messages; no deadline acts soon after it.</param>
public sealed record SagaMoment(Guid OccasionId, DateTimeOffset Now, DateTimeOffset ProcessStartedAt)
{
    /// <summary>The moment of an occasion.</summary>
    public static SagaMoment Of(Occasion occasion) => new(occasion.Id, occasion.Now, occasion.ProcessStartedAt);
}

/// <summary>What happened to a saga.</summary>
public abstract record SagaInput
{
    private SagaInput()
    {
    }

    /// <summary>A participant replied.</summary>
    public sealed record Replied(IMessage Message) : SagaInput;

    /// <summary>The saga's timer is due.</summary>
    public sealed record TimerDue : SagaInput;

    /// <summary>The saga is to go back: a person wants it, or a fact makes its end impossible.</summary>
    public sealed record CancelAsked(string Reason, bool ByPerson) : SagaInput;

    /// <summary>
    /// A participant takes back by itself what a step did (a parcel that nobody accepts); its arrival will be told.
    /// </summary>
    public sealed record ComingBack(string Step, string Reason) : SagaInput;

    /// <summary>An operator wants a failed undo, or a stuck step after the pivot, tried again.</summary>
    public sealed record RetryAsked : SagaInput;

    /// <summary>An operator has settled a failed undo, or a stuck step after the pivot, by hand.</summary>
    public sealed record SettledByHand(string Step, ManualSettlement Settlement) : SagaInput;

    /// <summary>
    /// Something larger does what this saga still owes, or makes it meaningless: it ends where it is, and whatever is
    /// told later is ignored.
    /// </summary>
    public sealed record Superseded(string Reason) : SagaInput;

    /// <summary>The watchdog looks; a saga overdue by more than this is woken.</summary>
    public sealed record Watched(TimeSpan Overdue) : SagaInput;
}

/// <summary>What a saga wants done. Nothing of it has happened yet.</summary>
public abstract record SagaAction
{
    private SagaAction()
    {
    }

    /// <summary>Send a step's command.</summary>
    public sealed record Ask(string Step, IMessage Message) : SagaAction;

    /// <summary>Send the command of a step after the pivot under this id.</summary>
    /// <param name="Attempt">1 is the first.</param>
    /// <param name="RetryNumber">0 from the saga itself; each operator's retry counts on.</param>
    public sealed record AskUntilDone(string Step, EventId EventId, IMessage Message, int Attempt, int RetryNumber)
        : SagaAction;

    /// <summary>Send a step's undo under this id.</summary>
    /// <param name="Attempt">1 is the first.</param>
    /// <param name="RetryNumber">0 from the saga itself; each operator's retry counts on.</param>
    public sealed record Undo(string Step, EventId EventId, IMessage Message, int Attempt, int RetryNumber)
        : SagaAction;

    /// <summary>Tell the participant that a person settled the undo.</summary>
    public sealed record Settle(string Step, IMessage Message) : SagaAction;

    /// <summary>Have what earlier steps hold held for longer.</summary>
    public sealed record HoldLonger(string Step, IMessage Message) : SagaAction;

    /// <summary>Everything that a step needs is held: whoever must act outside may be told to, until then.</summary>
    public sealed record Waiting(string Step, DateTimeOffset Until) : SagaAction;

    /// <summary>A step is done for the first time.</summary>
    public sealed record StepDone(string Step) : SagaAction;

    /// <summary>Every step is done for the first time.</summary>
    public sealed record Completed : SagaAction;

    /// <summary>Going back has begun.</summary>
    public sealed record CancellingBegan(string Reason) : SagaAction;

    /// <summary>Everything is undone and confirmed.</summary>
    public sealed record Cancelled(string Reason) : SagaAction;

    /// <summary>Everything is undone, and what had been handed over came back.</summary>
    public sealed record Returned(string Reason) : SagaAction;

    /// <summary>It ended where it was, since something larger covers the rest.</summary>
    public sealed record EndedEarly(string Reason) : SagaAction;

    /// <summary>A person must act.</summary>
    /// <param name="ToldByParticipant">True when the participant said so, and so has raised its own alert.</param>
    public sealed record NeedsAttention(string Step, string Reason, bool ToldByParticipant) : SagaAction;

    /// <summary>Nobody needs to act any more.</summary>
    public sealed record AttentionOver(string Reason) : SagaAction;

    /// <summary>The watchdog found the saga stuck and set its timer.</summary>
    public sealed record Woken(string Reason) : SagaAction;

    /// <summary>A remark for the timeline.</summary>
    /// <param name="Kind">What kind, snake_case.</param>
    /// <param name="Text">For people.</param>
    public sealed record Remark(string Kind, string Text) : SagaAction;
}

/// <summary>What comes of an input.</summary>
/// <param name="State">The saga afterwards.</param>
/// <param name="Actions">What it wants done, in order.</param>
/// <param name="Refusal">Why an operator's wish is refused; then nothing changed.</param>
public sealed record SagaReaction(SagaState State, IReadOnlyList<SagaAction> Actions, string? Refusal = null);
