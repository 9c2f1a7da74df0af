using DoaMarket.Kernel;

namespace DoaMarket.Sagas.Tests;

/// <summary>Past the pivot a saga only goes forward.</summary>
public sealed class AfterPivotTests
{
    [Fact]
    public void Each_step_is_asked_until_it_is_done()
    {
        var story = Exchange.PastPivot();
        Assert.Equal(new Refund(Story.Id, "exchanged", 0), Assert.Single(story.Sent));
        story.When(new Refunded(Story.Id));
        Assert.IsType<Pack>(Assert.Single(story.Sent));
        story.When(new Packed(Story.Id));
        Assert.True(story.Wanted<SagaAction.Completed>());
        Assert.Equal(SagaStatus.Completed, story.Saga.Status);
    }

    [Fact]
    public void Before_the_pivot_it_goes_back_as_ever_and_what_follows_is_skipped()
    {
        var story = Exchange.New().When(new HoldFailed(Story.Id, "sold out"));
        Assert.Equal(SagaStatus.Cancelled, story.Saga.Status);
        Assert.Equal((StepStatus.Skipped, StepStatus.Skipped), (story["give_money"], story["send_parcel"]));
        Assert.IsType<Free>(Assert.Single(Exchange.New().WhenNoReplyComes().Sent));
        Assert.IsType<Free>(Assert.Single(Exchange.New().WhenCancelled().Sent));
    }

    [Fact]
    public void An_unanswered_step_is_asked_again_under_ids_that_follow_from_the_first()
    {
        var story = Exchange.PastPivot();
        var first = Assert.Single(story.Actions.OfType<SagaAction.AskUntilDone>());
        story.WhenNoReplyComes();
        var second = Assert.Single(story.Actions.OfType<SagaAction.AskUntilDone>());
        Assert.Equal((1, 2), (first.Attempt, second.Attempt));
        Assert.Equal(DerivedId.From(first.EventId.Value, 2), second.EventId.Value);
        Assert.True(story.Remarked("asked_again"));
    }

    [Fact]
    public void After_the_last_attempt_a_person_is_called_and_a_late_reply_goes_on()
    {
        var story = Exchange.PastPivot().WhenNothingIsEverAnswered();
        Assert.Equal(StepStatus.Stuck, story["give_money"]);
        Assert.Equal(Exchange.Retries.MaxAttempts, story.Saga.Step("give_money").Attempts);
        Assert.False(Assert.Single(story.Actions.OfType<SagaAction.NeedsAttention>()).ToldByParticipant);
        Assert.Null(story.Saga.WakeAt);
        story.When(new Refunded(Story.Id));
        Assert.True(story.Wanted<SagaAction.AttentionOver>());
        Assert.Equal(SagaStatus.InProgress, story.Saga.Status);
        Assert.IsType<Pack>(Assert.Single(story.Sent));
    }

    [Fact]
    public void A_participant_that_needs_a_person_calls_one_at_once()
    {
        var story = Exchange.PastPivot().When(new RefundFailed(Story.Id, "account closed"));
        var called = Assert.Single(story.Actions.OfType<SagaAction.NeedsAttention>());
        Assert.Equal(("give_money", "account closed", true), (called.Step, called.Reason, called.ToldByParticipant));
        story.When(new RefundFailed(Story.Id, "account closed"));
        Assert.True(story.Remarked("reply_ignored"));
    }

    [Fact]
    public void An_operators_retry_begins_the_attempts_anew_with_the_next_number()
    {
        var story = Exchange.PastPivot().WhenNothingIsEverAnswered().WhenRetried();
        var asked = Assert.Single(story.Actions.OfType<SagaAction.AskUntilDone>());
        Assert.Equal((1, 1), (asked.Attempt, asked.RetryNumber));
        Assert.Equal(new Refund(Story.Id, "exchanged", 1), asked.Message);
        Assert.Equal(SagaStatus.InProgress, story.Saga.Status);
        story.WhenNothingIsEverAnswered();
        Assert.Equal(SagaStatus.NeedsAttention, story.Saga.Status);
    }

    [Fact]
    public void A_stuck_step_is_settled_by_hand_and_goes_on_when_that_is_confirmed()
    {
        var story = Exchange.PastPivot().WhenNothingIsEverAnswered().WhenSettled("give_money");
        Assert.IsType<SettleRefund>(Assert.Single(story.Sent));
        Assert.Equal(SagaStatus.NeedsAttention, story.Saga.Status);
        story.When(new Refunded(Story.Id));
        Assert.IsType<Pack>(Assert.Single(story.Sent));
        story.WhenNothingIsEverAnswered().WhenSettled("send_parcel");
        Assert.Contains("cannot be settled by hand", story.Refusal, StringComparison.Ordinal);
    }

    [Fact]
    public void Nobody_cancels_it_any_more()
    {
        foreach (var story in new[]
        {
            Exchange.PastPivot(),
            Exchange.PastPivot().WhenNothingIsEverAnswered(),
            Exchange.PastPivot().When(new Refunded(Story.Id), new Packed(Story.Id)),
        })
        {
            var before = story.Saga;
            story.WhenCancelled();
            Assert.Contains("past its pivot", story.Refusal, StringComparison.Ordinal);
            Assert.Same(before, story.Saga);
        }
    }

    [Fact]
    public void An_undo_told_after_the_pivot_undoes_nothing()
    {
        var story = Exchange.PastPivot().When(new Freed(Story.Id));
        Assert.True(story.Remarked("reply_ignored"));
        Assert.Equal((SagaStatus.InProgress, StepStatus.Completed), (story.Saga.Status, story["hold_stock"]));
    }

    [Fact]
    public void No_attempt_is_made_sooner_after_a_restart_than_the_first_wait()
    {
        var story = Exchange.PastPivot().After(TimeSpan.FromHours(1)).ProcessRestarts().WhenTimerIsDue();
        Assert.Empty(story.Sent);
        Assert.Equal(story.Now + Exchange.Retries.First, story.Saga.WakeAt);
    }

    [Fact]
    public void A_step_with_nothing_to_do_is_skipped()
    {
        var story = new Story(Exchange.WithoutMoney).When(new Held(Story.Id));
        Assert.Equal(StepStatus.Skipped, story["give_money"]);
        Assert.IsType<Pack>(Assert.Single(story.Sent));
        Assert.Equal(SagaStatus.Completed, story.When(new Packed(Story.Id)).Saga.Status);
    }

    [Fact]
    public void What_is_superseded_ends_where_it_is()
    {
        var past = Exchange.PastPivot().WhenNothingIsEverAnswered().WhenSuperseded();
        Assert.Equal((SagaStatus.Completed, StepStatus.Skipped), (past.Saga.Status, past["give_money"]));
        Assert.True(past.Wanted<SagaAction.AttentionOver>());
        Assert.True(past.Wanted<SagaAction.EndedEarly>());
        Assert.False(past.Wanted<SagaAction.Completed>());
        past.When(new Refunded(Story.Id));
        Assert.Empty(past.Sent);
        Assert.True(past.Remarked("reply_ignored"));
        var before = Exchange.New().WhenSuperseded();
        Assert.Equal((SagaStatus.Cancelled, true), (before.Saga.Status, before.Saga.Compensated));
        Assert.Null(before.Saga.WakeAt);
    }

    [Fact]
    public void Superseding_what_has_ended_changes_nothing()
    {
        var story = Exchange.PastPivot().When(new Refunded(Story.Id), new Packed(Story.Id));
        var before = story.Saga;
        story.WhenSuperseded();
        Assert.Same(before, story.Saga);
    }

    [Fact]
    public void The_watchdog_wakes_a_step_after_the_pivot_too() =>
        Assert.True(Exchange.PastPivot().WithoutTimer().WhenWatched().Wanted<SagaAction.Woken>());
}
