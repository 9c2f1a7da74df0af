using DoaMarket.Kernel;

namespace DoaMarket.Sagas.Tests;

/// <summary>What a participant has done for one step.</summary>
internal enum Effect
{
    None,
    Working,
    Done,
    Undone,
    Failed,
    Stuck,
    HandedOver,
    OnItsWayBack,
    Back,
}

/// <summary>
/// A participant as the contract asks it to be: it does a thing once, answers when the effect is definite, voids what has
/// not begun, refuses a late "do", repeats its last reply under that reply's id, and may be slow.
/// </summary>
internal sealed class Player(Flow flow, FlowStep step, Choices choices)
{
    private readonly HashSet<EventId> _taken = [];
    private readonly List<(EventId Id, IMessage? Message)> _said = [];
    private (EventId Id, IMessage Message)? _last;
    private bool _owesUndo, _hasRefused;
    private int _retry = -1, _made;

    public FlowStep Step => step;

    public Effect State { get; private set; }

    /// <summary>How often it was really done.</summary>
    public int TimesDone { get; private set; }

    public bool IsBusy => State is Effect.Working or Effect.OnItsWayBack;

    public bool IsWithCarrier => State is Effect.HandedOver or Effect.OnItsWayBack or Effect.Back;

    /// <summary>What it says since it was listened to last; null is that the parcel is on its way back.</summary>
    public IReadOnlyList<(EventId Id, IMessage? Message)> Listen()
    {
        var said = _said.ToList();
        _said.Clear();
        return said;
    }

    /// <summary>It is asked to do its step.</summary>
    public void Ask(EventId id, int retry, DateTimeOffset now)
    {
        if (!_taken.Add(id))
        {
            return;
        }

        switch (State)
        {
            case Effect.None or Effect.Stuck when State is Effect.None || retry > _retry:
                _retry = Math.Max(retry, _retry);
                Begin(now);
                break;
            case Effect.Undone when step.Kind is StepKind.Asked && _last?.Message.GetType() != step.Failed:
                Say(step.Failed!, now); // its undo has overtaken it
                break;
            case Effect.Working:
                break;
            default:
                Repeat();
                break;
        }
    }

    /// <summary>It is asked to take its step back.</summary>
    public void Undo(EventId id, int retry, bool mustComeBack, DateTimeOffset now)
    {
        if (!_taken.Add(id))
        {
            return;
        }

        var isRearmed = retry > _retry;
        _retry = Math.Max(retry, _retry);
        switch (State)
        {
            case Effect.Working:
                _owesUndo = true;
                break;
            case Effect.None or Effect.Done:
                TakeBack(now);
                break;
            case Effect.Stuck when isRearmed:
                TakeBack(now);
                break;
            case Effect.HandedOver:
                Refuse(now);
                if (mustComeBack)
                {
                    SendBack();
                }

                break;
            default:
                Repeat();
                break;
        }
    }

    /// <summary>A person has settled it outside.</summary>
    public void Settle(EventId id, DateTimeOffset now)
    {
        if (!_taken.Add(id))
        {
            return;
        }

        if (step.Kind is StepKind.Retried)
        {
            Become(Effect.Done, step.Done!, now);
        }
        else if (IsWithCarrier)
        {
            Become(Effect.Back, step.CameBack!, now);
        }
        else
        {
            Become(Effect.Undone, choices.Of(step.Undone), now);
        }
    }

    /// <summary>It is asked to hold what it holds until then, for another step that says whether it does.</summary>
    public IMessage? Hold(FlowStep asking, DateTimeOffset until) => (State, choices.Next(4)) switch
    {
        (not Effect.Done, _) or (_, 1) => null,
        (_, 2) => flow.Say(asking.Held!, until.AddHours(-2)), // not as long as it was asked to
        _ => flow.Say(asking.Held!, until),
    };

    /// <summary>Something goes on by itself: a slow call ends, a parcel is handed over or comes back.</summary>
    public void Progress(DateTimeOffset now)
    {
        switch (State)
        {
            case Effect.Working when _owesUndo:
                TakeBack(now);
                break;
            case Effect.Working:
                Finish(now);
                break;
            case Effect.Done when step.Refused is not null && choices.Next(2) > 0:
                State = Effect.HandedOver;
                break;
            case Effect.HandedOver when choices.Next(4) > 0:
                SendBack(); // nobody accepts the parcel
                break;
            case Effect.OnItsWayBack:
                Become(Effect.Back, step.CameBack!, now);
                break;
        }
    }

    private void Begin(DateTimeOffset now)
    {
        switch (choices.Next(4))
        {
            case 1:
                State = Effect.Working;
                break;
            case 2 when step.Waits is not null:
                State = Effect.Working;
                Say(step.Waits, now.AddHours(1 + choices.Next(48)), remembers: false);
                break;
            default:
                Finish(now);
                break;
        }
    }

    private void Finish(DateTimeOffset now)
    {
        switch (choices.Next(4))
        {
            case 1 when step.Failed is not null:
                Become(Effect.Failed, step.Failed, now);
                break;
            case 1 when step.Stuck is not null:
                Become(Effect.Stuck, step.Stuck, now);
                break;
            default:
                TimesDone++;
                Become(Effect.Done, step.Done!, now.AddMinutes(30));
                break;
        }
    }

    private void TakeBack(DateTimeOffset now)
    {
        if (step.UndoFailed is { } failed && State is not Effect.None && choices.Next(3) == 1)
        {
            Become(Effect.Stuck, failed, now);
            return;
        }

        Become(Effect.Undone, choices.Of(step.Undone), now);
    }

    // A refusal is its decision: asked again, it is said again under its own id.
    private void Refuse(DateTimeOffset now)
    {
        if (_hasRefused)
        {
            Repeat();
            return;
        }

        _hasRefused = true;
        Say(step.Refused!, now);
    }

    private void SendBack()
    {
        State = Effect.OnItsWayBack;
        _said.Add((NextId(), null));
    }

    private void Become(Effect state, Type reply, DateTimeOffset until)
    {
        (State, _owesUndo) = (state, false);
        Say(reply, until);
    }

    private void Say(Type reply, DateTimeOffset until, bool remembers = true)
    {
        var said = (NextId(), flow.Say(reply, until));
        _said.Add(said);
        _last = remembers ? said : _last;
    }

    private void Repeat()
    {
        if (_last is { } last)
        {
            _said.Add(last);
        }
    }

    private EventId NextId() => new(DerivedId.From(DerivedId.From(Guid.Empty, step.Name), ++_made));
}
