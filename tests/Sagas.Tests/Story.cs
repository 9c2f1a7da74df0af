using DoaMarket.Kernel;

namespace DoaMarket.Sagas.Tests;

/// <summary>Tells one purchase: given what happened, when something more happens, then this is wanted.</summary>
internal sealed class Story
{
    public const string Id = "purchase-1";

    public static readonly DateTimeOffset Begin = new(2026, 4, 1, 9, 0, 0, TimeSpan.Zero);

    private readonly SagaEngine<string> _engine;
    private int _occasions;

    public Story(SagaDefinition<string>? definition = null)
    {
        _engine = new(definition ?? Purchase.Definition);
        var identity = new SagaIdentity(
            new SagaId(DerivedId.From(Guid.Empty, "saga")), Id, new CorrelationId(Guid.Empty));
        Take(_engine.Begin(identity, Id, Moment()));
    }

    public DateTimeOffset Now { get; private set; } = Begin;

    public DateTimeOffset ProcessStartedAt { get; private set; } = Begin.AddDays(-1);

    public SagaState Saga { get; private set; } = null!;

    /// <summary>What the last input made the saga want.</summary>
    public IReadOnlyList<SagaAction> Actions { get; private set; } = [];

    public string? Refusal { get; private set; }

    public static Story Completed() => new Story().When(new Held(Id), new Charged(Id), new Packed(Id));

    /// <summary>The bank neither answered the charge nor any of the undos.</summary>
    public static Story BankIsSilent() => new Story().When(new Held(Id)).WhenNoReplyComes().WhenNoUndoIsEverAnswered();

    /// <summary>The carrier does not say in time whether it has packed the parcel.</summary>
    public static Story CarrierIsLate() => new Story().When(new Held(Id), new Charged(Id)).WhenNoReplyComes();

    /// <summary>A person cancels a purchase whose parcel the carrier has.</summary>
    public static Story Returning() => Completed().WhenCancelled().When(new HandedOver(Id, "handed over"));

    public IEnumerable<IMessage> Sent => Actions.Select(a => a switch
    {
        SagaAction.Ask ask => ask.Message,
        SagaAction.Undo undo => undo.Message,
        SagaAction.AskUntilDone ask => ask.Message,
        SagaAction.Settle settle => settle.Message,
        SagaAction.HoldLonger hold => hold.Message,
        _ => null,
    }).OfType<IMessage>();

    public SagaAction.Undo UndoSent => Assert.Single(Actions.OfType<SagaAction.Undo>());

    public StepStatus this[string step] => Saga.Step(step).Status;

    public Story When(params IMessage[] replies)
    {
        foreach (var reply in replies)
        {
            Input(reply is OnItsWayBack
                ? new SagaInput.ComingBack("send_parcel", "nobody accepts it")
                : new SagaInput.Replied(reply));
        }

        return this;
    }

    public Story WhenCancelled(string reason = "changed my mind") =>
        Input(new SagaInput.CancelAsked(reason, ByPerson: true));

    public Story WhenImpossible() => Input(new SagaInput.CancelAsked("the hold expired", ByPerson: false));

    public Story WhenSuperseded() => Input(new SagaInput.Superseded("everything goes back"));

    public Story WhenRetried() => Input(new SagaInput.RetryAsked());

    public Story WhenSettled(string step, long? amount = null, bool restock = true) =>
        Input(new SagaInput.SettledByHand(step, new("paid out at the counter", amount, restock)));

    public Story WhenWatched() => Input(new SagaInput.Watched(TimeSpan.FromMinutes(10)));

    /// <summary>Time goes on without anybody telling the saga.</summary>
    public Story After(TimeSpan time)
    {
        Now += time;
        return this;
    }

    public Story ProcessRestarts()
    {
        ProcessStartedAt = Now;
        return this;
    }

    public Story WithoutTimer()
    {
        Saga = Saga with { WakeAt = null };
        return this;
    }

    /// <summary>Time goes on until the saga's timer is due, and it is told.</summary>
    public Story WhenTimerIsDue()
    {
        var wake = Assert.NotNull(Saga.WakeAt);
        Now = wake > Now ? wake : Now;
        return Input(new SagaInput.TimerDue());
    }

    /// <summary>The awaited reply does not come: the timer fires until something is decided.</summary>
    public Story WhenNoReplyComes()
    {
        var version = Saga.Version;
        while (Saga.Version == version)
        {
            WhenTimerIsDue();
        }

        return this;
    }

    public Story WhenNothingIsEverAnswered()
    {
        while (Saga.Status is SagaStatus.InProgress or SagaStatus.Compensating)
        {
            WhenNoReplyComes();
        }

        return this;
    }

    public Story WhenNoUndoIsEverAnswered()
    {
        while (Saga.Status is SagaStatus.Compensating)
        {
            WhenNoReplyComes();
        }

        return this;
    }

    public bool Wanted<T>() where T : SagaAction => Actions.OfType<T>().Any();

    public bool Remarked(string kind) => Actions.OfType<SagaAction.Remark>().Any(r => r.Kind == kind);

    public Story Input(SagaInput input)
    {
        Take(_engine.React(Saga, Id, input, Moment()));
        return this;
    }

    private void Take(SagaReaction reaction) =>
        (Saga, Actions, Refusal) = (reaction.State, reaction.Actions, reaction.Refusal);

    private SagaMoment Moment() => new(DerivedId.From(Guid.Empty, ++_occasions), Now, ProcessStartedAt);
}
