namespace DoaMarket.Sagas;

/// <summary>
/// A step that takes longer, because somebody outside must act first (a customer makes a deposit). What earlier steps
/// hold is held for as long, and only then is anybody told to act.
/// </summary>
internal sealed partial class SagaTurn<TSubject>
{
    private void TakeWaits(int i, DateTimeOffset until)
    {
        switch (_steps[i])
        {
            case { Status: StepStatus.InProgress, WaitsUntil: { } known } when until <= known:
                Ignore(i, ReplyMeaning.Waits, $"it waits until {known:u} already");
                break;
            case { Status: StepStatus.InProgress }:
                Move(i, _steps[i] with { WaitsUntil = until, WaitingSince = null });
                if (_saga.HeldUntil < until)
                {
                    HoldLonger(i, until);
                    SetDeadline(i, moment.Now + definition.Steps[i].Hold!.Within);
                }
                else
                {
                    Wait(i, until);
                }

                break;
            default:
                Ignore(i, ReplyMeaning.Waits, $"the step is {Words.Of(_steps[i].Status)}");
                break;
        }
    }

    /// <summary>
    /// A grant that is too short grants nothing: another request may be under way, and if none is, the deadline of the
    /// hold ends the wait.
    /// </summary>
    private void TakeHeld(int i, DateTimeOffset until)
    {
        var longer = until > _saga.HeldUntil;
        if (longer)
        {
            _saga = _saga with { HeldUntil = until };
            _moved = true;
        }

        switch (_steps[i])
        {
            case { Status: StepStatus.InProgress, WaitsUntil: { } wanted, WaitingSince: null } when until >= wanted:
                Wait(i, wanted);
                break;
            case { Status: StepStatus.InProgress } when longer:
                Remark("hold_extended", $"{Name(i)}: what it needs is held until {until:u}.");
                break;
            default:
                Ignore(i, ReplyMeaning.Held, longer ? $"the step is {Words.Of(_steps[i].Status)}" : "it is no longer");
                break;
        }
    }

    /// <summary>Everything is held for long enough: whoever must act may be told.</summary>
    private void Wait(int i, DateTimeOffset until)
    {
        Move(i, _steps[i] with { WaitingSince = moment.Now });
        SetDeadline(i, until);
        _actions.Add(new SagaAction.Waiting(Name(i), until));
    }

    private void HoldLonger(int i, DateTimeOffset until)
    {
        if (definition.Steps[i].Hold is { } hold)
        {
            _actions.Add(new SagaAction.HoldLonger(Name(i), hold.Ask.Make(subject, until)));
        }
    }

    private void SetDeadline(int i, DateTimeOffset deadline)
    {
        Move(i, _steps[i] with { DeadlineAt = deadline });
        Await(i);
    }
}
