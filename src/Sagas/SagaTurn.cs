using DoaMarket.Kernel;

namespace DoaMarket.Sagas;

/// <summary>
/// One input taken in by one saga. Here: the happy path and the deadlines. Beside it: the way after the pivot,
/// compensation, replies (late ones too), and what people do.
/// </summary>
internal sealed partial class SagaTurn<TSubject>(
    SagaDefinition<TSubject> definition, TSubject subject, SagaState saga, SagaMoment moment)
{
    private readonly List<SagaAction> _actions = [];
    private readonly StepState[] _steps = [.. saga.Steps];
    private SagaState _saga = saga;
    private bool _moved;

    public SagaReaction Begin()
    {
        GoForward();
        return Reaction();
    }

    public SagaReaction Take(SagaInput input)
    {
        switch (input)
        {
            case SagaInput.Replied replied:
                TakeReply(replied.Message);
                break;
            case SagaInput.TimerDue:
                TimerDue();
                break;
            case SagaInput.CancelAsked when IsPastPivot:
                return Refused("The saga is past its pivot: from there it only goes forward.");
            case SagaInput.CancelAsked cancel:
                CancelAsked(cancel.Reason, cancel.ByPerson);
                break;
            case SagaInput.ComingBack coming:
                ComingBack(IndexOf(coming.Step), coming.Reason);
                break;
            case SagaInput.RetryAsked:
                return RetryAsked();
            case SagaInput.SettledByHand settled:
                return SettledByHand(settled.Step, settled.Settlement);
            case SagaInput.Superseded superseded:
                Superseded(superseded.Reason);
                break;
            case SagaInput.Watched watched:
                Watched(watched.Overdue);
                break;
            default:
                throw new InvalidOperationException($"A saga does not know {input.GetType().Name}.");
        }

        return Reaction();
    }

    // Happy path

    /// <summary>Asks the next step; local steps and those that nobody waits for are done at once.</summary>
    private void GoForward()
    {
        for (var i = 0; i < _steps.Length; i++)
        {
            if (_steps[i].Status is not StepStatus.Pending)
            {
                continue;
            }

            if (definition.Steps[i].Applies?.Invoke(subject) is false)
            {
                Move(i, _steps[i] with { Status = StepStatus.Skipped });
                continue;
            }

            switch (definition.Steps[i].Kind)
            {
                case StepKind.Asked:
                    Ask(i);
                    return;
                case StepKind.Retried:
                    AskUntilDone(i);
                    return;
                case StepKind.FireAndForget:
                    SendAsk(i, deadline: moment.Now);
                    Done(i);
                    break;
                default:
                    Done(i);
                    break;
            }
        }

        Complete();
    }

    private void Ask(int i)
    {
        var deadline = moment.Now + definition.Steps[i].Deadline!.Value;
        SendAsk(i, deadline);
        Move(i, _steps[i] with
        {
            Status = StepStatus.InProgress,
            StartedAt = moment.Now,
            Attempts = 1,
            DeadlineAt = deadline,
        });
        if (_saga.HeldUntil < deadline)
        {
            HoldLonger(i, deadline);
        }

        Await(i);
    }

    private void SendAsk(int i, DateTimeOffset deadline) =>
        _actions.Add(new SagaAction.Ask(Name(i), definition.Steps[i].Ask!.Make(subject, new AskContext(deadline))));

    private void Done(int i)
    {
        Move(i, _steps[i] with
        {
            Status = StepStatus.Completed,
            StartedAt = _steps[i].StartedAt ?? moment.Now,
            DoneAt = moment.Now,
            EndedAt = moment.Now,
            DeadlineAt = null,
            Reason = null,
        });
        _actions.Add(new SagaAction.StepDone(Name(i)));
    }

    private void Complete()
    {
        if (_saga.CompletedAt is null)
        {
            _actions.Add(new SagaAction.Completed());
        }

        _saga = _saga with { CompletedAt = _saga.CompletedAt ?? moment.Now };
        End(SagaStatus.Completed);
    }

    // Deadlines

    /// <summary>
    /// A timer may come early (wakeAt only moves earlier) or late: the ledger decides whether it acts.
    /// </summary>
    private void TimerDue()
    {
        _saga = _saga with { WakeAt = null };
        if (AwaitedStep() is not { } i)
        {
            return; // at an end, or waiting for a person: nothing is due
        }

        var due = DueAt(i);
        if (moment.Now < due)
        {
            WakeBy(due);
            return;
        }

        switch (_steps[i])
        {
            case { Status: StepStatus.InProgress } when definition.Steps[i].Kind is StepKind.Retried:
                AskAgain(i);
                break;
            case { Status: StepStatus.InProgress }:
                TimedOut(i);
                break;
            case { UndoRefused: true }:
                var within = Words.Of(definition.Steps[i].Refusal!.Within);
                CallPerson(i, $"it did not come back within {within}", toldByParticipant: false);
                break;
            case var step when step.Attempts < definition.Steps[i].Resend!.MaxAttempts:
                Remark("undo_resent", $"{Name(i)}: its undo was not answered; attempt {step.Attempts + 1}.");
                SendUndo(i, step.Attempts + 1);
                break;
            default:
                var attempts = _steps[i].Attempts;
                CallPerson(i, $"its undo was sent {attempts} times and never answered", toldByParticipant: false);
                break;
        }
    }

    /// <summary>No reply in time: whether the step was done is unknown, so it is owed its undo.</summary>
    private void TimedOut(int i)
    {
        var how = definition.Steps[i];
        var reason = _steps[i] switch
        {
            { WaitsUntil: { } until, WaitingSince: null } =>
                $"what {Name(i)} needs is held until {_saga.HeldUntil:u} only, and it may take until {until:u}",
            { WaitsUntil: { } until } => $"nobody outside had acted by {until:u}",
            _ => $"no reply from {how.Answerer!.Name} within {Words.Of(how.Deadline!.Value)}",
        };
        Move(i, _steps[i] with { Status = StepStatus.TimedOut, Reason = reason });
        Remark("step_timed_out", $"{Name(i)}: {reason}; whether it was done is unknown.");
        GoBack(reason);
    }

    /// <summary>
    /// When the awaited reply is overdue; not sooner than its usual time after the process began, since the reply may
    /// wait among what arrived while nobody was there to take it.
    /// </summary>
    private DateTimeOffset DueAt(int i)
    {
        var deadline = _steps[i].DeadlineAt ?? moment.Now;
        var (within, retry) = (definition.Steps[i].Deadline, definition.Steps[i].Retry);
        var afterStart = moment.ProcessStartedAt + (within ?? retry!.First);
        return deadline > afterStart ? deadline : afterStart;
    }

    private void Watched(TimeSpan overdue)
    {
        if (AwaitedStep() is not { } i || (_saga.WakeAt is { } wake && moment.Now < wake + overdue))
        {
            return;
        }

        var reason = _saga.WakeAt is { } since
            ? $"{Name(i)} is awaited, but its timer has been overdue since {since:u}"
            : $"{Name(i)} is awaited, but no timer is set";
        _saga = _saga with { WakeAt = moment.Now };
        _moved = true;
        _actions.Add(new SagaAction.Woken(reason));
    }

    // The ledger

    private string Name(int i) => definition.Steps[i].Name;

    private int IndexOf(string step) =>
        definition.IndexOf(step)
            ?? throw new ArgumentException($"'{definition.Name}' has no step '{step}'.", nameof(step));

    /// <summary>The one step whose reply is awaited now.</summary>
    private int? AwaitedStep()
    {
        var i = Array.FindIndex(_steps, s => s.Status is StepStatus.InProgress or StepStatus.Compensating);
        return i < 0 ? null : i;
    }

    private void Move(int i, StepState step)
    {
        _steps[i] = step;
        _moved = true;
    }

    private void Await(int i)
    {
        _saga = _saga with { CurrentStep = Name(i) };
        WakeBy(_steps[i].DeadlineAt!.Value);
    }

    /// <summary>
    /// An indexed column that moved with every step would cost more than a wake that finds nothing due.
    /// </summary>
    private void WakeBy(DateTimeOffset at) =>
        _saga = _saga with { WakeAt = _saga.WakeAt is { } earlier && earlier < at ? earlier : at };

    private void End(SagaStatus status)
    {
        _saga = _saga with { Status = status, CurrentStep = null, WakeAt = null };
        _moved = true;
    }

    private void Remark(string kind, string text) => _actions.Add(new SagaAction.Remark(kind, text));

    private SagaReaction Reaction() => new(
        _moved
            ? _saga with { Steps = _steps, Version = _saga.Version + 1, UpdatedAt = moment.Now }
            : _saga,
        _actions);

    /// <summary>An operator's wish is refused before anything has moved.</summary>
    private SagaReaction Refused(string reason) => new(_saga, [], reason);
}
