using DoaMarket.Kernel;

namespace DoaMarket.Sagas.Tests;

/// <summary>What holds of every reaction of the engine, whatever the input and whoever sent it (G1 to G4).</summary>
internal sealed class SagaPromises(Flow flow)
{
    private readonly HashSet<string> _asked = new(StringComparer.Ordinal);
    private readonly HashSet<EventId> _ids = [];
    private int _ends;

    /// <summary>Checks one reaction; the first is that of the beginning, before which there is no saga.</summary>
    public void Check(SagaState? before, SagaInput? input, SagaReaction reaction)
    {
        CheckAlone(flow, before, input, reaction);
        foreach (var action in reaction.Actions)
        {
            Check(reaction.State, action);
        }
    }

    /// <summary>What can be told from one reaction alone.</summary>
    public static void CheckAlone(Flow flow, SagaState? before, SagaInput? input, SagaReaction reaction)
    {
        var after = reaction.State;
        Assert.True(after.Version - (before?.Version ?? 0) is 0 or 1, "G1: the version jumps");
        Assert.True(
            reaction.Refusal is null || (ReferenceEquals(before, after) && reaction.Actions.Count == 0),
            "G1: what is refused changes something");
        var isPastPivot = before is not null && IsPastPivot(flow, before);
        var moves = after.Status is SagaStatus.InProgress or SagaStatus.Compensating;
        Assert.True(moves == after.WakeAt is not null, $"G2: {after.Status}, but its timer is {after.WakeAt:O}");
        Assert.True(Count(after, StepStatus.InProgress, StepStatus.Compensating) == (moves ? 1 : 0), "G2: not one is awaited");
        var called = Count(after, StepStatus.CompensationFailed, StepStatus.Stuck);
        Assert.True(called == (after.Status is SagaStatus.NeedsAttention ? 1 : 0), "G2: nobody is called, or for nothing");
        var calls = (before?.Status is SagaStatus.NeedsAttention ? 1 : 0)
            + reaction.Actions.Count(a => a is SagaAction.NeedsAttention)
            - reaction.Actions.Count(a => a is SagaAction.AttentionOver);
        Assert.True(calls == called, "G2: an alert is open and nobody is needed, or the other way round");
        Assert.True(
            !isPastPivot || after.Status is not (SagaStatus.Compensating or SagaStatus.Cancelled),
            "G1: it goes back past its pivot");
        Assert.True(
            isPastPivot || after.Status is not (SagaStatus.InProgress or SagaStatus.Completed)
                || Count(after, StepStatus.Failed, StepStatus.TimedOut, StepStatus.Compensated) == 0,
            "G1: it goes forward over a step that is not done");
        Assert.True(
            !isPastPivot || !reaction.Actions.Any(a => a is SagaAction.Undo or SagaAction.Cancelled or SagaAction.Returned),
            "G1: something is undone past the pivot");
        if (before is not null && input is SagaInput.Replied { Message: var reply }
            && flow.Steps.FirstOrDefault(s => s.Replies.Contains(reply.GetType())) is { Kind: StepKind.Asked } step)
        {
            CheckReply(before, after, step, reply.GetType(), isPastPivot);
        }
    }

    // None is dropped that changes what is owed.
    private static void CheckReply(SagaState before, SagaState after, FlowStep step, Type reply, bool isPastPivot)
    {
        var (was, becomes) = (before.Step(step.Name), after.Step(step.Name));
        if (reply == step.Done && was.Status is StepStatus.Failed)
        {
            Assert.True(
                becomes.Status is StepStatus.Completed or StepStatus.Compensating,
                $"G3: {step.Name} is done after all, and is not owed its undo but {becomes.Status}");
        }

        if ((step.Undone.Contains(reply) || reply == step.CameBack) && !isPastPivot
            && before.Status is SagaStatus.InProgress && was.Status is StepStatus.InProgress or StepStatus.Completed)
        {
            Assert.True(
                after.Status is SagaStatus.Compensating or SagaStatus.Cancelled or SagaStatus.NeedsAttention,
                $"G1: {step.Name} is undone, and the saga goes on");
        }

        Assert.True(
            reply != step.Refused || !becomes.UndoRefused || was.UndoRefused || becomes.AskedBack,
            $"G6: {step.Name} is awaited, and nobody asked for it to come back");
    }

    private static int Count(SagaState saga, params StepStatus[] statuses) =>
        saga.Steps.Count(s => statuses.Contains(s.Status));

    private static bool IsPastPivot(Flow flow, SagaState saga) => saga.Steps.Index().Any(
        s => flow.Steps[s.Index].Kind is StepKind.Retried
            && s.Item.Status is StepStatus.InProgress or StepStatus.Completed or StepStatus.Stuck);

    private void Check(SagaState after, SagaAction action)
    {
        switch (action)
        {
            case SagaAction.Ask ask:
                Assert.True(_asked.Add(ask.Step), $"{ask.Step} is asked twice");
                break;
            case SagaAction.AskUntilDone ask:
                _asked.Add(ask.Step);
                Assert.True(_ids.Add(ask.EventId), "two asks have one id");
                break;
            case SagaAction.Undo undo:
                Assert.True(_asked.Contains(undo.Step), $"G3: {undo.Step} is undone, and was never asked");
                Assert.True(_ids.Add(undo.EventId), "two undos have one id");
                if (undo is { Attempt: 1, RetryNumber: 0 })
                {
                    IsNext(after, undo.Step);
                }

                break;
            case SagaAction.Waiting waiting:
                Assert.True(
                    after.HeldUntil is null || after.HeldUntil >= waiting.Until,
                    $"{waiting.Step} may take until {waiting.Until:O}, and what it needs is held until {after.HeldUntil:O}");
                break;
            case SagaAction.Cancelled or SagaAction.Returned:
                Assert.True(++_ends <= 2, "its end is told again and again"); // twice: when something came back after all
                break;
        }
    }

    private void IsNext(SagaState after, string undone)
    {
        foreach (var later in flow.Steps.SkipWhile(s => s.Name != undone).Skip(1).Where(s => s.Kind is StepKind.Asked))
        {
            var status = after.Step(later.Name).Status;
            Assert.True(
                status is StepStatus.Compensated or StepStatus.Failed or StepStatus.Skipped,
                $"G4: {undone} is undone while {later.Name} is {status}");
        }
    }
}
