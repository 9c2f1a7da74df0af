using DoaMarket.Kernel;

namespace DoaMarket.Sagas;

/// <summary>Going back: strictly in reverse order, one undo at a time, each confirmed before the next begins.</summary>
internal sealed partial class SagaTurn<TSubject>
{
    /// <summary>The saga turns back; a step in flight is owed its undo like one that is done.</summary>
    private void GoBack(string reason)
    {
        for (var i = 0; i < _steps.Length; i++)
        {
            if (_steps[i].Status is StepStatus.Pending)
            {
                Move(i, _steps[i] with { Status = StepStatus.Skipped });
            }
        }

        _saga = _saga with { Status = SagaStatus.Compensating, Reason = reason };
        _actions.Add(new SagaAction.CancellingBegan(reason));
        UndoNext();
    }

    /// <summary>Undoes the last step that is owed its undo; when none is left, the saga is cancelled.</summary>
    private void UndoNext()
    {
        if (_steps.Any(s => s.Status is StepStatus.Compensating or StepStatus.CompensationFailed))
        {
            return; // one at a time
        }

        for (var i = _steps.Length - 1; i >= 0; i--)
        {
            if (!IsOwedUndo(i))
            {
                continue;
            }

            switch (_steps[i].Told)
            {
                case UndoReport.Undone or UndoReport.CameBack:
                    Remark("undone_before_asked", $"{Name(i)}: its undo was confirmed before it was asked for.");
                    Undone(i, _steps[i].Told!.Value);
                    break;
                case UndoReport.Failed:
                    CallPerson(i, _steps[i].Reason ?? "its undo failed", toldByParticipant: true);
                    return;
                default:
                    BeginUndo(i);
                    return;
            }
        }

        Cancelled();
    }

    private bool IsOwedUndo(int i) =>
        definition.Steps[i].Kind is StepKind.Asked
        && _steps[i].Status is StepStatus.InProgress or StepStatus.TimedOut or StepStatus.Completed;

    private void BeginUndo(int i)
    {
        Move(i, _steps[i] with { FirstUndoId = UndoIdOfThisOccasion(i), Settlement = null });
        SendUndo(i, attempt: 1);
    }

    private EventId UndoIdOfThisOccasion(int i) => new(DerivedId.From(moment.OccasionId, "undo/" + Name(i)));

    /// <summary>
    /// Sends the undo; a repeated one has an id of its own that follows from the first and the attempt.
    /// </summary>
    private void SendUndo(int i, int attempt)
    {
        var (step, how) = (_steps[i], definition.Steps[i]);
        var first = step.FirstUndoId!.Value.Value;
        var id = new EventId(attempt == 1 ? first : DerivedId.From(first, attempt));
        var askBack = MustComeBack(i);
        var undo = how.Undo!.Make(subject, new UndoContext(_saga.Reason ?? "", step.RetryNumber, askBack, _steps));
        _actions.Add(new SagaAction.Undo(Name(i), id, undo, attempt, step.RetryNumber));
        Move(i, step with
        {
            Status = StepStatus.Compensating,
            Attempts = attempt,
            AskedBack = askBack,
            DeadlineAt = moment.Now + (step.UndoRefused ? how.Refusal!.Within : how.Resend!.After(attempt, first)),
        });
        Await(i);
    }

    /// <summary>
    /// What cannot be undone any more must come back, when a person wants that, or when earlier steps are undone
    /// already (a parcel of an order that is cancelled). Otherwise a refused undo means that the saga may as well go
    /// forward.
    /// </summary>
    private bool MustComeBack(int i) =>
        _saga.AskedByPerson || _steps.Take(i).Any(s => s.Status is StepStatus.Compensated);

    private void Undone(int i, UndoReport told) => Move(i, _steps[i] with
    {
        Status = StepStatus.Compensated,
        Told = told,
        EndedAt = moment.Now,
        DeadlineAt = null,
        UndoRefused = _steps[i].UndoRefused && told is UndoReport.CameBack,
    });

    /// <summary>The undo came too late, and it is wanted: it ends when what was handed over has come back.</summary>
    private void AwaitReturn(int i, string reason)
    {
        Move(i, _steps[i] with
        {
            Status = StepStatus.Compensating,
            UndoRefused = true,
            Reason = reason,
            DeadlineAt = moment.Now + definition.Steps[i].Refusal!.Within,
        });
        Await(i);
    }

    /// <summary>
    /// The undo came too late, and nobody but the saga wanted it: the step is done, so the saga goes on.
    /// </summary>
    private void ProvedDone(int i, string reason)
    {
        Remark("proved_done", $"{Name(i)}: its undo is refused ({reason}), so it is done; the saga goes forward.");
        for (var later = i + 1; later < _steps.Length; later++)
        {
            if (_steps[later].Status is StepStatus.Skipped)
            {
                Move(later, _steps[later] with { Status = StepStatus.Pending });
            }
        }

        _saga = _saga with { Status = SagaStatus.InProgress, Reason = null };
        if (_steps[i].DoneAt is null)
        {
            Done(i);
        }
        else
        {
            Move(i, _steps[i] with { Status = StepStatus.Completed, DeadlineAt = null });
        }

        GoForward();
    }

    private void Cancelled()
    {
        for (var i = 0; i < _steps.Length; i++)
        {
            if (definition.Steps[i].Kind is StepKind.Local)
            {
                Move(i, _steps[i] with { Status = StepStatus.Compensated, EndedAt = moment.Now });
            }
        }

        var before = _saga;
        _saga = _saga with { Compensated = true, Steps = _steps };
        End(SagaStatus.Cancelled);

        // A late success may have reopened a cancelled saga: its end is told once, unless something came back.
        if (!before.Compensated || before.CameBack != _saga.CameBack)
        {
            var reason = _saga.Reason ?? "";
            _actions.Add(_saga.CameBack ? new SagaAction.Returned(reason) : new SagaAction.Cancelled(reason));
        }
    }

    private void CallPerson(int i, string reason, bool toldByParticipant)
    {
        var failed = definition.Steps[i].Kind is StepKind.Retried ? StepStatus.Stuck : StepStatus.CompensationFailed;
        Move(i, _steps[i] with { Status = failed, Reason = reason, DeadlineAt = null });
        _saga = _saga with { Status = SagaStatus.NeedsAttention, CurrentStep = Name(i), WakeAt = null };
        _actions.Add(new SagaAction.NeedsAttention(Name(i), reason, toldByParticipant));
    }

    /// <summary>What a person was called for has moved on.</summary>
    private void AttentionOver(string reason)
    {
        if (_saga.Status is SagaStatus.NeedsAttention)
        {
            _saga = _saga with { Status = IsPastPivot ? SagaStatus.InProgress : SagaStatus.Compensating };
            _actions.Add(new SagaAction.AttentionOver(reason));
        }
    }
}
