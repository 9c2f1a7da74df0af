using DoaMarket.Kernel;

namespace DoaMarket.Sagas;

/// <summary>
/// What participants tell, in time, late, or unasked. Every reply meets every state of its step here; none is dropped
/// without a remark that says why.
/// </summary>
internal sealed partial class SagaTurn<TSubject>
{
    private void TakeReply(IMessage message)
    {
        if (definition.Expects(message) is not { } expected)
        {
            throw new ArgumentException(
                $"{message.GetType().Name} is no reply of saga '{definition.Name}'.", nameof(message));
        }

        var i = expected.Step;
        if (_steps[i].Status is StepStatus.Pending or StepStatus.Skipped)
        {
            Ignore(i, expected.Meaning, "the step was never asked, or something larger covers it");
            return;
        }

        var how = definition.Steps[i];
        if (how.Kind is StepKind.Retried)
        {
            TakeAfterPivot(i, expected.Meaning, message);
            return;
        }

        switch (expected.Meaning)
        {
            case ReplyMeaning.Done:
                TakeDone(i, message);
                break;
            case ReplyMeaning.Waits:
                TakeWaits(i, how.Wait!.Until(message) + how.Wait.Grace);
                break;
            case ReplyMeaning.Held:
                TakeHeld(i, how.Hold!.Until(message));
                break;
            case ReplyMeaning.Failed:
                TakeFailed(i, how.Failed!.Reason(message));
                break;
            case ReplyMeaning.Undone:
                TakeUndone(i, expected.Meaning, UndoReport.Undone);
                break;
            case ReplyMeaning.CameBack:
                TakeUndone(i, expected.Meaning, UndoReport.CameBack);
                break;
            case ReplyMeaning.UndoFailed:
                TakeUndoFailed(i, how.UndoFailed!.Reason(message));
                break;
            default:
                TakeUndoRefused(i, how.Refusal!.RefusedOn.Reason(message));
                break;
        }
    }

    private void TakeDone(int i, IMessage message)
    {
        if (definition.Steps[i].HeldUntil is { } heldUntil && _steps[i].Status is StepStatus.InProgress)
        {
            _saga = _saga with { HeldUntil = heldUntil(message) };
        }

        switch (_steps[i].Status)
        {
            case StepStatus.InProgress:
                Done(i);
                GoForward();
                break;
            case StepStatus.Failed:
                LateSuccess(i);
                break;
            case StepStatus.Completed:
                Ignore(i, ReplyMeaning.Done, "it had told so before");
                break;
            case StepStatus.Compensated:
                Ignore(i, ReplyMeaning.Done, "it is undone already");
                break;
            default:
                Ignore(i, ReplyMeaning.Done, "its undo, which is under way, covers it");
                break;
        }
    }

    /// <summary>
    /// It had proved that nothing was done, and now says that it was: the ledger does not cover it, so it is undone.
    /// </summary>
    private void LateSuccess(int i)
    {
        Remark("late_success", $"{Name(i)}: done after all, so it is undone.");
        Move(i, _steps[i] with
        {
            Status = StepStatus.Completed,
            DoneAt = moment.Now,
            EndedAt = moment.Now,
            Told = null,
        });
        if (_saga.Status is SagaStatus.Cancelled)
        {
            _saga = _saga with { Status = SagaStatus.Compensating };
        }

        UndoNext();
    }

    private void TakeFailed(int i, string reason)
    {
        switch (_steps[i])
        {
            case { Status: StepStatus.InProgress }:
                ProvedNotDone(i, reason);
                GoBack(reason);
                break;
            case { Status: StepStatus.Compensating or StepStatus.CompensationFailed, DoneAt: null }:
                Remark("proved_not_done", $"{Name(i)}: failed ({reason}) before it could be undone; nothing is owed.");
                ProvedNotDone(i, reason);
                AttentionOver($"{Name(i)} turned out not to have been done");
                UndoNext();
                break;
            case { Status: StepStatus.Failed }:
                Ignore(i, ReplyMeaning.Failed, "it had told so before");
                break;
            default:
                Ignore(i, ReplyMeaning.Failed, "it was done, or is undone already");
                break;
        }
    }

    private void ProvedNotDone(int i, string reason) => Move(i, _steps[i] with
    {
        Status = StepStatus.Failed,
        Reason = reason,
        EndedAt = moment.Now,
        DeadlineAt = null,
    });

    private void TakeUndone(int i, ReplyMeaning meaning, UndoReport told)
    {
        switch (_steps[i].Status)
        {
            case StepStatus.Compensating or StepStatus.CompensationFailed:
                Undone(i, told);
                AttentionOver($"the undo of {Name(i)} is confirmed");
                UndoNext();
                break;
            case StepStatus.InProgress or StepStatus.Completed when IsPastPivot:
                Ignore(i, meaning, "the saga is past its pivot");
                break;
            case StepStatus.InProgress or StepStatus.Completed:
                RememberUndone(i, told);
                break;
            default:
                Ignore(i, meaning, _steps[i].Status is StepStatus.Failed ? "nothing was done" : "it is undone already");
                break;
        }
    }

    /// <summary>
    /// Told before it was asked for. It will not be told again (a repeated request is answered under the original id,
    /// which is dropped as a duplicate), so it is remembered. A saga on its way forward cannot reach its end any more;
    /// of one that has, only what has come back must be settled, since a mere refund leaves the customer the parcel.
    /// </summary>
    private void RememberUndone(int i, UndoReport told)
    {
        Move(i, _steps[i] with { Told = told });
        var comesBack = told is UndoReport.CameBack && _saga.Status is SagaStatus.Completed;
        if (_saga.Status is SagaStatus.InProgress || comesBack)
        {
            GoBack($"{definition.Steps[i].Answerer!.Name} took {Name(i)} back by itself");
        }
        else
        {
            Remark("undone_before_asked", $"{Name(i)}: undone before that was asked for; remembered.");
        }
    }

    private void TakeUndoFailed(int i, string reason)
    {
        switch (_steps[i])
        {
            case { Status: StepStatus.Compensating }:
                Move(i, _steps[i] with { Told = UndoReport.Failed });
                CallPerson(i, reason, toldByParticipant: true);
                break;
            case { Status: StepStatus.InProgress or StepStatus.Completed, Told: null }:
                Remark("undo_failed_before_asked",
                    $"{Name(i)}: its undo failed before it was asked for ({reason}); remembered.");
                Move(i, _steps[i] with { Told = UndoReport.Failed, Reason = reason });
                break;
            case { Status: StepStatus.CompensationFailed }:
                Ignore(i, ReplyMeaning.UndoFailed, "a person has been called");
                break;
            default:
                Ignore(i, ReplyMeaning.UndoFailed, "nothing is owed, or it was told before");
                break;
        }
    }

    private void TakeUndoRefused(int i, string reason)
    {
        if (_steps[i] is not { Status: StepStatus.Compensating or StepStatus.CompensationFailed, UndoRefused: false })
        {
            Ignore(i, ReplyMeaning.UndoRefused, "no undo is awaited, or it was told before");
            return;
        }

        AttentionOver($"the undo of {Name(i)} is answered");
        if (!MustComeBack(i))
        {
            ProvedDone(i, reason);
            return;
        }

        var asked = _steps[i].AskedBack;
        AwaitReturn(i, reason);
        if (!asked)
        {
            SendUndo(i, _steps[i].Attempts + 1); // the one it answers did not say that it must come back
        }
    }

    private void ComingBack(int i, string reason)
    {
        switch (_steps[i])
        {
            case { UndoRefused: true } or { Status: StepStatus.Compensated }:
                Remark("already_coming_back", $"{Name(i)}: coming back ({reason}), as expected.");
                break;
            case { Status: StepStatus.InProgress or StepStatus.Completed }
                when _saga.Status is SagaStatus.InProgress or SagaStatus.Completed && !IsPastPivot:
                AwaitReturn(i, reason);
                GoBack(reason);
                break;
            case { Status: StepStatus.Compensating or StepStatus.CompensationFailed }:
                AttentionOver($"{Name(i)} is coming back");
                AwaitReturn(i, reason);
                break;
            default:
                Remark("reply_ignored",
                    $"{Name(i)} is coming back ({reason}), but it is {Words.Of(_steps[i].Status)}: nothing to do.");
                break;
        }
    }

    private void Ignore(int i, ReplyMeaning meaning, string why) =>
        Remark("reply_ignored", $"{Name(i)}: the reply '{Words.Of(meaning)}' came, but {why}.");
}
