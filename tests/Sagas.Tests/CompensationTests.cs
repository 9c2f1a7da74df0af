using DoaMarket.Kernel;

namespace DoaMarket.Sagas.Tests;

public sealed class CompensationTests
{
    private const string Id = Story.Id;

    [Fact]
    public void A_failure_reply_proves_that_nothing_was_done_so_only_earlier_steps_are_undone()
    {
        var story = new Story().When(new Held(Id), new ChargeFailed(Id, "card refused"));
        Assert.Equal(StepStatus.Failed, story["take_money"]);
        Assert.Equal(StepStatus.Skipped, story["send_parcel"]);
        Assert.Equal([new Free(Id, "card refused")], story.Sent);
        Assert.True(story.Wanted<SagaAction.CancellingBegan>());
    }

    [Fact]
    public void A_saga_is_cancelled_only_when_every_undo_is_confirmed()
    {
        var story = new Story().When(new Held(Id), new ChargeFailed(Id, "card refused"));
        Assert.False(story.Wanted<SagaAction.Cancelled>());
        story.When(new Freed(Id));
        Assert.Equal([new SagaAction.Cancelled("card refused")], story.Actions);
        Assert.Equal(SagaStatus.Cancelled, story.Saga.Status);
        Assert.True(story.Saga.Compensated);
        Assert.Null(story.Saga.WakeAt);
    }

    [Fact]
    public void When_nothing_was_done_the_saga_is_cancelled_at_once()
    {
        var story = new Story().When(new HoldFailed(Id, "sold out"));
        Assert.True(story.Wanted<SagaAction.Cancelled>());
        Assert.Empty(story.Sent);
    }

    [Fact]
    public void A_timeout_is_unknown_so_the_step_itself_is_undone_first()
    {
        var story = new Story().When(new Held(Id)).WhenNoReplyComes();
        Assert.Equal(StepStatus.Compensating, story["take_money"]);
        Assert.IsType<Refund>(story.UndoSent.Message);
        Assert.True(story.Remarked("step_timed_out"));
        Assert.Equal("no reply from bank within 60 s", story.Saga.Reason);
    }

    [Fact]
    public void Undos_run_in_strict_reverse_order_each_after_the_confirmation_before()
    {
        var story = Story.Completed().WhenCancelled();
        Assert.IsType<Unpack>(story.UndoSent.Message);
        story.When(new Unpacked(Id));
        Assert.IsType<Refund>(story.UndoSent.Message);
        story.When(new Refunded(Id));
        Assert.IsType<Free>(story.UndoSent.Message);
        story.When(new Freed(Id));
        Assert.True(story.Wanted<SagaAction.Cancelled>());
    }

    [Fact]
    public void A_step_that_was_never_asked_is_not_undone()
    {
        var story = new Story().WhenCancelled();
        Assert.Equal([new Free(Id, "changed my mind")], story.Sent);
        story.When(new Freed(Id));
        Assert.Equal(SagaStatus.Cancelled, story.Saga.Status);
        Assert.Equal(StepStatus.Skipped, story["take_money"]);
    }

    [Fact]
    public void An_unanswered_undo_is_sent_again_under_an_id_that_follows_from_the_first()
    {
        var story = new Story().When(new Held(Id)).WhenNoReplyComes();
        var first = story.UndoSent;
        story.WhenNoReplyComes();
        var second = story.UndoSent;
        Assert.Equal((1, 2), (first.Attempt, second.Attempt));
        Assert.Equal(new EventId(DerivedId.From(first.EventId.Value, 2)), second.EventId);
        Assert.Equal(first.Message, second.Message);
    }

    [Fact]
    public void Waits_between_the_attempts_of_an_undo_grow()
    {
        var story = new Story().When(new Held(Id)).WhenNoReplyComes();
        var first = story.Saga.Step("take_money").DeadlineAt - story.Now;
        story.WhenNoReplyComes().WhenNoReplyComes();
        var third = story.Saga.Step("take_money").DeadlineAt - story.Now;
        Assert.True(third > first * 2, $"{first} then {third}");
    }

    [Fact]
    public void An_undo_that_is_never_answered_calls_a_person()
    {
        var story = Story.BankIsSilent();
        Assert.Equal(SagaStatus.NeedsAttention, story.Saga.Status);
        Assert.Equal(StepStatus.CompensationFailed, story["take_money"]);
        Assert.Equal(Purchase.Resend.MaxAttempts, story.Saga.Step("take_money").Attempts);
        Assert.False(Assert.Single(story.Actions.OfType<SagaAction.NeedsAttention>()).ToldByParticipant);
        Assert.Null(story.Saga.WakeAt);
    }

    [Fact]
    public void A_reply_that_arrives_while_a_person_is_called_resumes_the_ledger()
    {
        var story = Story.BankIsSilent().When(new NeverCharged(Id));
        Assert.True(story.Wanted<SagaAction.AttentionOver>());
        Assert.Equal(SagaStatus.Compensating, story.Saga.Status);
        Assert.IsType<Free>(story.UndoSent.Message);
    }

    [Fact]
    public void An_undo_that_fails_calls_a_person_and_says_that_the_participant_has_done_so()
    {
        var story = Story.Completed().WhenCancelled().When(new Unpacked(Id), new RefundFailed(Id, "account closed"));
        Assert.Equal(
            [new SagaAction.NeedsAttention("take_money", "account closed", ToldByParticipant: true)], story.Actions);
        Assert.Equal(StepStatus.CompensationFailed, story["take_money"]);
    }

    [Fact]
    public void Nothing_of_what_is_told_to_the_buyer_is_undone()
    {
        var story = Story.Completed().WhenCancelled().When(new Unpacked(Id), new Refunded(Id), new Freed(Id));
        Assert.Equal(StepStatus.Completed, story["tell_buyer"]);
        Assert.Equal(StepStatus.Compensated, story["write_down"]);
    }

    [Fact]
    public void A_hold_that_expired_turns_a_completed_saga_back_without_a_person()
    {
        var story = Story.Completed().WhenImpossible();
        Assert.Equal([new Unpack(Id, "the hold expired", MustComeBack: false, RetryNumber: 0)], story.Sent);
        Assert.False(story.Saga.AskedByPerson);
    }
}
