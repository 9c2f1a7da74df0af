namespace DoaMarket.Sagas;

/// <summary>What customers and operators may do.</summary>
internal sealed partial class SagaTurn<TSubject>
{
    private void CancelAsked(string reason, bool byPerson)
    {
        switch (_saga.Status)
        {
            case SagaStatus.InProgress or SagaStatus.Completed:
                _saga = _saga with { AskedByPerson = byPerson };
                GoBack(reason);
                break;
            case SagaStatus.Compensating or SagaStatus.NeedsAttention when byPerson && !_saga.AskedByPerson:
                _saga = _saga with { AskedByPerson = true, Reason = reason };
                _moved = true;
                AskAgainForItToComeBack();
                break;
            default:
                Remark("cancel_ignored",
                    $"Cancelling is wanted ({reason}), and the saga is {Words.Of(_saga.Status)} already.");
                break;
        }
    }

    /// <summary>A person wants now what only the saga wanted before: an undo that can be refused must say so.</summary>
    private void AskAgainForItToComeBack()
    {
        if (AwaitedStep() is { } i && definition.Steps[i].Refusal is not null
            && _steps[i] is { AskedBack: false, UndoRefused: false })
        {
            SendUndo(i, _steps[i].Attempts + 1);
        }
    }

    private SagaReaction RetryAsked()
    {
        if (_saga.Status is not SagaStatus.NeedsAttention)
        {
            return Refused(
                $"Nothing to retry: the saga is {Words.Of(_saga.Status)}; only a failed or unanswered undo is retried.");
        }

        if (Array.FindIndex(_steps, s => s.Status is StepStatus.Stuck) is >= 0 and var stuck)
        {
            return RetryStuck(stuck);
        }

        var i = Array.FindIndex(_steps, s => s.Status is StepStatus.CompensationFailed);
        Move(i, _steps[i] with { RetryNumber = _steps[i].RetryNumber + 1, FirstUndoId = UndoIdOfThisOccasion(i) });
        AttentionOver($"an operator has the undo of {Name(i)} tried again");
        SendUndo(i, attempt: 1);
        return Reaction();
    }

    /// <summary>
    /// The participant closes its document and gives its ordinary reply, which moves the ledger; until then the saga
    /// goes on needing attention, so that a lost settlement is not forgotten.
    /// </summary>
    private SagaReaction SettledByHand(string step, ManualSettlement settlement)
    {
        if (definition.IndexOf(step) is not { } i)
        {
            return Refused($"There is no step '{step}'.");
        }

        var (status, how) = (_steps[i].Status, definition.Steps[i]);
        if (!_steps[i].MayBeSettledByHand)
        {
            return Refused(
                $"Step '{step}' is {Words.Of(status)}: only a refused, failed or unanswered undo is settled by hand.");
        }

        if (how.Settle is not { } settle)
        {
            return Refused($"Step '{step}' cannot be settled by hand: retry, and {how.Answerer!.Name} will answer.");
        }

        if (settlement.Excess(how.SettledWith) is { } excess)
        {
            return Refused($"Step '{step}' is settled without '{Words.Of(excess)}'.");
        }

        _actions.Add(new SagaAction.Settle(step, settle.Make(subject, settlement)));
        Remark("settled_by_hand", $"{step}: settled by hand ({settlement}); its confirmation is awaited.");
        Move(i, _steps[i] with { Reason = $"settled by hand: {settlement}", Settlement = settlement });
        return Reaction();
    }
}
