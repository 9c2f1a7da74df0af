namespace DoaMarket.Sagas.Tests;

public sealed class LateReplyTests
{
    private const string Id = Story.Id;

    [Fact]
    public void A_late_success_of_a_step_being_undone_is_covered_and_says_so()
    {
        var story = new Story().When(new Held(Id)).WhenNoReplyComes().When(new Charged(Id));
        Assert.Empty(story.Sent);
        Assert.True(story.Remarked("reply_ignored"));
        Assert.Equal(StepStatus.Compensating, story["take_money"]);
    }

    [Fact]
    public void A_late_success_of_a_step_that_is_undone_is_ignored_with_the_reason()
    {
        var story = new Story().When(new Held(Id)).WhenNoReplyComes().When(new NeverCharged(Id), new Charged(Id));
        Assert.Empty(story.Sent);
        var remark = Assert.Single(story.Actions.OfType<SagaAction.Remark>());
        Assert.Contains("undone already", remark.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void A_late_success_after_a_failure_is_undone_even_when_the_saga_is_cancelled()
    {
        var story = new Story().When(new Held(Id), new ChargeFailed(Id, "refused"), new Freed(Id), new Charged(Id));
        Assert.Equal(SagaStatus.Compensating, story.Saga.Status);
        Assert.IsType<Refund>(story.UndoSent.Message);
        Assert.False(story.Wanted<SagaAction.CancellingBegan>());
        story.When(new Refunded(Id));
        Assert.Equal(SagaStatus.Cancelled, story.Saga.Status);
        Assert.False(story.Wanted<SagaAction.Cancelled>()); // told once, when it was first cancelled
    }

    [Fact]
    public void A_late_success_after_a_failure_waits_for_the_undo_in_flight()
    {
        var story = new Story().When(new Held(Id), new ChargeFailed(Id, "refused"), new Charged(Id));
        Assert.Empty(story.Sent);
        story.When(new Freed(Id));
        Assert.IsType<Refund>(story.UndoSent.Message);
    }

    [Fact]
    public void A_late_failure_proves_that_nothing_is_owed_so_the_next_undo_begins()
    {
        var story = new Story().When(new Held(Id)).WhenNoReplyComes().When(new ChargeFailed(Id, "refused"));
        Assert.Equal(StepStatus.Failed, story["take_money"]);
        Assert.IsType<Free>(story.UndoSent.Message);
    }

    [Fact]
    public void A_late_failure_also_ends_the_call_for_a_person()
    {
        var story = Story.BankIsSilent().When(new ChargeFailed(Id, "refused"));
        Assert.True(story.Wanted<SagaAction.AttentionOver>());
        Assert.IsType<Free>(story.UndoSent.Message);
    }

    [Fact]
    public void A_failure_of_a_step_that_was_done_proves_nothing()
    {
        var story = Story.Completed().WhenCancelled().When(new Unpacked(Id), new ChargeFailed(Id, "refused"));
        Assert.Equal(StepStatus.Compensating, story["take_money"]);
        Assert.True(story.Remarked("reply_ignored"));
    }

    [Fact]
    public void A_refund_told_before_it_was_asked_for_is_remembered_so_that_the_ledger_does_not_wait_for_it()
    {
        var story = Story.Completed().WhenCancelled().When(new Refunded(Id));
        Assert.True(story.Remarked("undone_before_asked"));
        story.When(new Unpacked(Id));
        Assert.Equal(StepStatus.Compensated, story["take_money"]);
        Assert.IsType<Free>(story.UndoSent.Message);
    }

    [Fact]
    public void A_refund_that_nobody_asked_for_turns_a_saga_on_its_way_back()
    {
        var story = new Story().When(new Held(Id), new Charged(Id), new Refunded(Id));
        Assert.Equal(SagaStatus.Compensating, story.Saga.Status);
        Assert.IsType<Unpack>(story.UndoSent.Message);
        story.When(new Unpacked(Id));
        Assert.IsType<Free>(story.UndoSent.Message);
    }

    [Fact]
    public void A_refund_that_nobody_asked_for_leaves_a_completed_saga_completed()
    {
        var story = Story.Completed().When(new Refunded(Id));
        Assert.Equal(SagaStatus.Completed, story.Saga.Status);
        Assert.Empty(story.Sent);
    }

    [Fact]
    public void A_refund_that_failed_before_it_was_asked_for_calls_a_person_when_its_turn_comes()
    {
        var story = Story.Completed().WhenCancelled().When(new RefundFailed(Id, "account closed"));
        Assert.Equal(SagaStatus.Compensating, story.Saga.Status);
        story.When(new Unpacked(Id));
        Assert.True(Assert.Single(story.Actions.OfType<SagaAction.NeedsAttention>()).ToldByParticipant);
        story.When(new Refunded(Id));
        Assert.IsType<Free>(story.UndoSent.Message);
    }

    [Fact]
    public void A_reply_of_a_step_that_was_never_asked_is_ignored_with_the_reason()
    {
        var story = new Story().When(new Packed(Id));
        var remark = Assert.Single(story.Actions.OfType<SagaAction.Remark>());
        Assert.Contains("never asked", remark.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void A_message_that_is_no_reply_of_the_saga_is_a_bug() =>
        Assert.Throws<ArgumentException>(() => new Story().When(new Tell(Id)));
}
