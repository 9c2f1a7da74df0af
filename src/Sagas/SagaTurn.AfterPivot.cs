using DoaMarket.Kernel;

namespace DoaMarket.Sagas;

/// <summary>
/// Past the pivot: a step is asked again with growing waits until it is done, and nothing is undone any more. What
/// cannot be done calls a person; a reply that comes later goes on by itself.
/// </summary>
internal sealed partial class SagaTurn<TSubject>
{
    /// <summary>Whether a step that is only retried has begun, or everything is done: there is no way back.</summary>
    private bool IsPastPivot =>
        definition.Steps.Any(s => s.Kind is StepKind.Retried)
        && (_saga.Status is SagaStatus.Completed || _steps.Index().Any(s =>
            definition.Steps[s.Index].Kind is StepKind.Retried
            && s.Item.Status is StepStatus.InProgress or StepStatus.Completed or StepStatus.Stuck));

    private void AskUntilDone(int i)
    {
        Move(i, _steps[i] with { StartedAt = moment.Now, FirstAskId = AskIdOfThisOccasion(i) });
        SendUntilDone(i, attempt: 1);
    }

    private EventId AskIdOfThisOccasion(int i) => new(DerivedId.From(moment.OccasionId, "ask/" + Name(i)));

    /// <summary>
    /// Sends the command; a repeated one has an id of its own that follows from the first and the attempt.
    /// </summary>
    private void SendUntilDone(int i, int attempt)
    {
        var (step, how) = (_steps[i], definition.Steps[i]);
        var first = step.FirstAskId!.Value.Value;
        var again = moment.Now + how.Retry!.After(attempt, first);
        _actions.Add(new SagaAction.AskUntilDone(
            Name(i),
            new EventId(attempt == 1 ? first : DerivedId.From(first, attempt)),
            how.Ask!.Make(subject, new AskContext(again, step.RetryNumber)),
            attempt,
            step.RetryNumber));
        Move(i, step with { Status = StepStatus.InProgress, Attempts = attempt, DeadlineAt = again });
        Await(i);
    }

    /// <summary>No reply in time: asked again, and after the last attempt a person is called.</summary>
    private void AskAgain(int i)
    {
        var attempts = _steps[i].Attempts;
        if (attempts == definition.Steps[i].Retry!.MaxAttempts)
        {
            CallPerson(i, $"it was asked {attempts} times and never answered", toldByParticipant: false);
            return;
        }

        Remark("asked_again", $"{Name(i)}: not answered; attempt {attempts + 1}.");
        SendUntilDone(i, attempts + 1);
    }

    private void TakeAfterPivot(int i, ReplyMeaning meaning, IMessage message)
    {
        switch (_steps[i].Status, meaning)
        {
            case (StepStatus.InProgress or StepStatus.Stuck, ReplyMeaning.Done):
                AttentionOver($"{Name(i)} is done");
                Done(i);
                GoForward();
                break;
            case (StepStatus.InProgress, ReplyMeaning.Stuck):
                CallPerson(i, definition.Steps[i].Stuck!.Reason(message), toldByParticipant: true);
                break;
            case (StepStatus.Stuck, _):
                Ignore(i, meaning, "a person has been called");
                break;
            default:
                Ignore(i, meaning, "it is done already");
                break;
        }
    }

    private SagaReaction RetryStuck(int i)
    {
        AttentionOver($"an operator has {Name(i)} tried again");
        Move(i, _steps[i] with { RetryNumber = _steps[i].RetryNumber + 1, FirstAskId = AskIdOfThisOccasion(i) });
        SendUntilDone(i, attempt: 1);
        return Reaction();
    }

    /// <summary>
    /// Ends where it is: completed past the pivot, cancelled before it. What is still awaited is covered by what
    /// supersedes it, and is neither asked for nor undone any more.
    /// </summary>
    private void Superseded(string reason)
    {
        if (_saga.Status is SagaStatus.Completed or SagaStatus.Cancelled)
        {
            Remark("superseding_ignored", $"It is superseded ({reason}), and it is {Words.Of(_saga.Status)} already.");
            return;
        }

        var pastPivot = IsPastPivot;
        AttentionOver(reason);
        for (var i = 0; i < _steps.Length; i++)
        {
            _steps[i] = _steps[i].Status is StepStatus.Completed or StepStatus.Failed or StepStatus.Compensated
                ? _steps[i]
                : _steps[i] with { Status = StepStatus.Skipped, Reason = reason, DeadlineAt = null };
        }

        _saga = _saga with { Reason = reason, Compensated = !pastPivot, CompletedAt = pastPivot ? moment.Now : null };
        End(pastPivot ? SagaStatus.Completed : SagaStatus.Cancelled);
        _actions.Add(new SagaAction.EndedEarly(reason));
    }
}
