using System.Text.Json.Serialization;
using DoaMarket.Kernel;

namespace DoaMarket.Sagas;

/// <summary>How a step is done.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<StepKind>))]
public enum StepKind
{
    /// <summary>Another service is asked, and its reply is awaited.</summary>
    [JsonStringEnumMemberName("asked")]
    Asked,

    /// <summary>Done in the transaction that begins the saga; nobody is asked.</summary>
    [JsonStringEnumMemberName("local")]
    Local,

    /// <summary>Another service is told; nobody waits, and nothing that comes of it can fail the saga.</summary>
    [JsonStringEnumMemberName("fire_and_forget")]
    FireAndForget,

    /// <summary>
    /// After the pivot: another service is asked again and again until it is done, and nothing is undone any more.
    /// </summary>
    [JsonStringEnumMemberName("retried")]
    Retried,
}

/// <summary>What a step's command may say besides the subject itself.</summary>
/// <param name="Deadline">No effect may begin after it; of a retried step: when it is asked again.</param>
/// <param name="RetryNumber">0 from the saga itself; each operator's retry of a retried step counts on.</param>
public sealed record AskContext(DateTimeOffset Deadline, int RetryNumber = 0);

/// <summary>What the command that undoes a step may say besides the subject itself.</summary>
/// <param name="Reason">Why, for people.</param>
/// <param name="RetryNumber">0 from the saga itself; each operator's retry counts on.</param>
/// <param name="AskedByPerson">Whether a refusal is to be followed by taking the effect back some other way.</param>
/// <param name="Ledger">The saga's steps as they stand: those after this one are undone.</param>
public sealed record UndoContext(
    string Reason, int RetryNumber, bool AskedByPerson, IReadOnlyList<StepState> Ledger)
{
    /// <summary>How a person settled a step; null when none did.</summary>
    public ManualSettlement? SettlementOf(string step) => Ledger.First(s => s.Name == step).Settlement;
}

/// <summary>A command that a step sends: its type, which diagrams name, and how it is made.</summary>
public sealed record StepCommand<TSubject, TContext>(Type Type, Func<TSubject, TContext, IMessage> Make);

/// <summary>A reply that says no, and where it says why.</summary>
public sealed record NegativeReply(Type Type, Func<IMessage, string> Reason);

/// <summary>An undo may be refused because it comes too late; then this message confirms it in the end.</summary>
/// <param name="RefusedOn">The refusal.</param>
/// <param name="UndoneOn">The later confirmation.</param>
/// <param name="Within">How long the later confirmation may take.</param>
public sealed record UndoRefusal(NegativeReply RefusedOn, Type UndoneOn, TimeSpan Within);

/// <summary>A participant may say that its reply takes longer, because somebody outside must act first.</summary>
/// <param name="On">The message that says so.</param>
/// <param name="Until">Until when it may take, as the message says.</param>
/// <param name="Grace">How much longer the reply itself may take to come.</param>
public sealed record LongWait(Type On, Func<IMessage, DateTimeOffset> Until, TimeSpan Grace);

/// <summary>What earlier steps hold is to be held for as long as the step may take.</summary>
/// <param name="Ask">The command that asks for it; its context is the time until which.</param>
/// <param name="HeldOn">The reply that grants it.</param>
/// <param name="Until">Until when it is granted, as the reply says.</param>
/// <param name="Within">How long the reply may take; then the hold is not had.</param>
public sealed record LongerHold<TSubject>(
    StepCommand<TSubject, DateTimeOffset> Ask, Type HeldOn, Func<IMessage, DateTimeOffset> Until, TimeSpan Within);

/// <summary>The limits of the service that answers a step; the definition is checked against them.</summary>
/// <param name="Name">Short name of the service.</param>
/// <param name="LongestUndo">How long the service itself goes on trying to undo before it says that it cannot.</param>
/// <param name="GatewayBreak">How long its gateway's circuit breaker stays open; zero when it calls nobody.</param>
public sealed record Participant(string Name, TimeSpan LongestUndo, TimeSpan GatewayBreak);

/// <summary>
/// One row of a saga's table: what is asked, which replies end it, by when, and how it is undone. It is data; each
/// method gives the row with one more cell filled in. <see cref="SagaDefinition{TSubject}"/> refuses a row with an
/// empty cell.
/// </summary>
public sealed record SagaStep<TSubject>(string Name)
{
    /// <summary>How the step is done.</summary>
    public StepKind Kind { get; private init; } = StepKind.Asked;

    /// <summary>The command that does it.</summary>
    public StepCommand<TSubject, AskContext>? Ask { get; private init; }

    /// <summary>The reply that says it is done.</summary>
    public Type? Done { get; private init; }

    /// <summary>Until when what the step did is held, as its reply says; null when it holds nothing.</summary>
    public Func<IMessage, DateTimeOffset>? HeldUntil { get; private init; }

    /// <summary>The message that makes the deadline move; null when it never does.</summary>
    public LongWait? Wait { get; private init; }

    /// <summary>How what earlier steps hold is held longer; null when it need not be.</summary>
    public LongerHold<TSubject>? Hold { get; private init; }

    /// <summary>The reply that proves that nothing was done.</summary>
    public NegativeReply? Failed { get; private init; }

    /// <summary>How long the reply may take.</summary>
    public TimeSpan? Deadline { get; private init; }

    /// <summary>The command that undoes it.</summary>
    public StepCommand<TSubject, UndoContext>? Undo { get; private init; }

    /// <summary>The replies that confirm that it is undone.</summary>
    public IReadOnlyList<Type> Undone { get; private init; } = [];

    /// <summary>The reply that says it cannot be undone without a person; null when there is none.</summary>
    public NegativeReply? UndoFailed { get; private init; }

    /// <summary>What happens when the undo comes too late; null when it never does.</summary>
    public UndoRefusal? Refusal { get; private init; }

    /// <summary>When an unanswered undo is sent again, and how often.</summary>
    public Backoff? Resend { get; private init; }

    /// <summary>When a step after the pivot is asked again, and how often; null before the pivot.</summary>
    public Backoff? Retry { get; private init; }

    /// <summary>The reply that says a step after the pivot needs a person; null when there is none.</summary>
    public NegativeReply? Stuck { get; private init; }

    /// <summary>Whether the step is needed at all; null when it always is.</summary>
    public Func<TSubject, bool>? Applies { get; private init; }

    /// <summary>The command that tells the participant that a person settled it; null when it needs none.</summary>
    public StepCommand<TSubject, ManualSettlement>? Settle { get; private init; }

    /// <summary>What a person may tell of a settlement besides the reason.</summary>
    public SettlementDetail SettledWith { get; private init; }

    /// <summary>Who answers, and within which limits.</summary>
    public Participant? Answerer { get; private init; }

    /// <summary>Done in the transaction that begins the saga.</summary>
    public SagaStep<TSubject> Locally() => this with { Kind = StepKind.Local };

    /// <summary>Told, not asked: nobody waits for a reply.</summary>
    public SagaStep<TSubject> Tells<T>(Func<TSubject, T> message) where T : IMessage =>
        this with { Kind = StepKind.FireAndForget, Ask = new(typeof(T), (subject, _) => message(subject)) };

    /// <summary>The command that does it.</summary>
    public SagaStep<TSubject> Asks<T>(Func<TSubject, AskContext, T> command) where T : IMessage =>
        this with { Ask = new(typeof(T), (subject, ask) => command(subject, ask)) };

    /// <summary>The reply that says it is done; for a local step, the message that announces it.</summary>
    public SagaStep<TSubject> DoneOn<T>() where T : IMessage => this with { Done = typeof(T) };

    /// <summary>The reply that says it is done, and until when what it did is held.</summary>
    public SagaStep<TSubject> DoneOn<T>(Func<T, DateTimeOffset> heldUntil) where T : IMessage =>
        this with { Done = typeof(T), HeldUntil = message => heldUntil((T)message) };

    /// <summary>The reply that proves that nothing was done and nothing will be.</summary>
    public SagaStep<TSubject> FailedOn<T>(Func<T, string> reason) where T : IMessage =>
        this with { Failed = new(typeof(T), message => reason((T)message)) };

    /// <summary>How long the reply may take; then the outcome is unknown, and the step is owed its undo.</summary>
    public SagaStep<TSubject> Within(TimeSpan deadline) => this with { Deadline = deadline };

    /// <summary>
    /// The message that says the reply takes longer, because somebody outside must act first; the deadline moves to the
    /// time that it names, plus <paramref name="grace"/>.
    /// </summary>
    public SagaStep<TSubject> MayWaitOn<T>(Func<T, DateTimeOffset> until, TimeSpan grace) where T : IMessage =>
        this with { Wait = new(typeof(T), message => until((T)message), grace) };

    /// <summary>
    /// What earlier steps hold is held for as long as this one may take: asked for when the hold would end before, and
    /// granted before anybody outside is told to act.
    /// </summary>
    public SagaStep<TSubject> HeldBy<TAsk, THeld>(
        Func<TSubject, DateTimeOffset, TAsk> ask, Func<THeld, DateTimeOffset> until, TimeSpan within)
        where TAsk : IMessage where THeld : IMessage =>
        this with
        {
            Hold = new(
                new(typeof(TAsk), (subject, at) => ask(subject, at)), typeof(THeld), held => until((THeld)held), within),
        };

    /// <summary>The row as it was before it could wait: for the versions that running sagas began with.</summary>
    public SagaStep<TSubject> WithoutWaiting() => this with { Wait = null, Hold = null, HeldUntil = null };

    /// <summary>The command that undoes it; its receiver answers also when there is nothing to undo.</summary>
    public SagaStep<TSubject> UndoneBy<T>(Func<TSubject, UndoContext, T> command) where T : IMessage =>
        this with { Undo = new(typeof(T), (subject, undo) => command(subject, undo)) };

    /// <summary>A reply that confirms that it is undone; for a local step, the message that announces it.</summary>
    public SagaStep<TSubject> UndoneOn<T>() where T : IMessage => this with { Undone = [.. Undone, typeof(T)] };

    /// <summary>The reply that says it cannot be undone without a person.</summary>
    public SagaStep<TSubject> UndoFailedOn<T>(Func<T, string> reason) where T : IMessage =>
        this with { UndoFailed = new(typeof(T), message => reason((T)message)) };

    /// <summary>
    /// The reply that says the undo comes too late. If a person asked for the undo, it is then confirmed by
    /// <typeparamref name="TUndone"/>; if nobody did, the refusal proves the step done and the saga goes forward.
    /// </summary>
    public SagaStep<TSubject> UndoRefusedOn<TRefused, TUndone>(Func<TRefused, string> reason, TimeSpan within)
        where TRefused : IMessage where TUndone : IMessage =>
        this with
        {
            Refusal = new(new(typeof(TRefused), message => reason((TRefused)message)), typeof(TUndone), within),
        };

    /// <summary>When an unanswered undo is sent again; after the last attempt a person is called.</summary>
    public SagaStep<TSubject> ResendsUndo(Backoff schedule) => this with { Resend = schedule };

    /// <summary>
    /// The step comes after the pivot: it is asked again until it is done, never undone; after the last attempt a
    /// person is called.
    /// </summary>
    public SagaStep<TSubject> Retries(Backoff schedule) => this with { Kind = StepKind.Retried, Retry = schedule };

    /// <summary>The reply that says a step after the pivot cannot be done without a person.</summary>
    public SagaStep<TSubject> StuckOn<T>(Func<T, string> reason) where T : IMessage =>
        this with { Stuck = new(typeof(T), message => reason((T)message)) };

    /// <summary>The step is skipped when there is nothing to do.</summary>
    public SagaStep<TSubject> OnlyWhen(Func<TSubject, bool> applies) => this with { Applies = applies };

    /// <summary>
    /// The command that tells the participant that a person settled the step, why, and, where the step takes it,
    /// one detail more.
    /// </summary>
    public SagaStep<TSubject> SettledByHandWith<T>(
        Func<TSubject, ManualSettlement, T> command, SettlementDetail detail = SettlementDetail.None) where T : IMessage =>
        this with
        {
            Settle = new(typeof(T), (subject, settlement) => command(subject, settlement)),
            SettledWith = detail,
        };

    /// <summary>Who answers, and within which limits.</summary>
    public SagaStep<TSubject> AnsweredBy(Participant participant) => this with { Answerer = participant };
}
