namespace DoaMarket.Sagas.Tests;

public sealed class PeopleTests
{
    private const string Id = Story.Id;

    private static Story RefundFailed() =>
        Story.Completed().WhenCancelled().When(new Unpacked(Id), new RefundFailed(Id, "account closed"));

    private static Story ParcelNeverCame() =>
        Story.Completed().WhenCancelled().When(new HandedOver(Id, "on its way")).WhenNoUndoIsEverAnswered();

    [Fact]
    public void A_cancel_while_a_step_is_in_flight_undoes_that_step_too()
    {
        var story = new Story().When(new Held(Id)).WhenCancelled();
        Assert.IsType<Refund>(story.UndoSent.Message);
        Assert.True(story.Saga.AskedByPerson);
    }

    [Fact]
    public void A_second_cancel_changes_nothing()
    {
        var story = Story.Completed().WhenCancelled();
        var saga = story.Saga;
        story.WhenCancelled("again");
        Assert.Empty(story.Sent);
        Assert.Equal(saga.Version, story.Saga.Version);
        Assert.Equal("changed my mind", story.Saga.Reason);
    }

    [Fact]
    public void Only_an_operators_retry_counts_the_retry_number_on()
    {
        var story = RefundFailed().WhenRetried();
        Assert.Equal(new Refund(Id, "changed my mind", RetryNumber: 1), story.UndoSent.Message);
        Assert.Equal(1, story.UndoSent.Attempt);
        Assert.True(story.Wanted<SagaAction.AttentionOver>());
        story.WhenNoReplyComes();
        Assert.Equal((2, 1), (story.UndoSent.Attempt, story.UndoSent.RetryNumber));
    }

    [Fact]
    public void A_retry_has_an_id_of_its_own_so_that_the_participant_does_not_drop_it()
    {
        var story = Story.Completed().WhenCancelled().When(new Unpacked(Id));
        var first = story.UndoSent.EventId;
        story.When(new RefundFailed(Id, "account closed")).WhenRetried();
        Assert.NotEqual(first, story.UndoSent.EventId);
    }

    [Fact]
    public void There_is_nothing_to_retry_while_the_saga_goes_on_by_itself()
    {
        var story = Story.Completed().WhenCancelled().WhenRetried();
        Assert.Contains("compensating", story.Refusal, StringComparison.Ordinal);
        Assert.Empty(story.Actions);
    }

    [Fact]
    public void Settling_by_hand_tells_the_participant_and_awaits_its_confirmation()
    {
        var story = RefundFailed().WhenSettled("take_money");
        Assert.Equal([new SettleRefund(Id, "paid out at the counter")], story.Sent);
        Assert.Equal(SagaStatus.NeedsAttention, story.Saga.Status);
        story.When(new Refunded(Id));
        Assert.True(story.Wanted<SagaAction.AttentionOver>());
        Assert.IsType<Free>(story.UndoSent.Message);
    }

    [Fact]
    public void The_amount_that_was_given_back_is_told_to_the_participant()
    {
        var story = RefundFailed().WhenSettled("take_money", amount: 5_000);
        Assert.Equal([new SettleRefund(Id, "paid out at the counter", 5_000)], story.Sent);
        Assert.Contains("5,000 won", story.Saga.Step("take_money").Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void That_a_parcel_is_lost_is_known_when_the_stock_is_freed_however_often_that_is_asked()
    {
        var story = ParcelNeverCame().WhenSettled("send_parcel", restock: false);
        Assert.Equal([new SettleParcel(Id, "paid out at the counter", Restock: false)], story.Sent);

        story.When(new CameBack(Id), new Refunded(Id));
        Assert.False(Assert.IsType<Free>(story.UndoSent.Message).Restock);
        Assert.False(Assert.IsType<Free>(story.WhenNoReplyComes().UndoSent.Message).Restock);
    }

    [Fact]
    public void What_may_never_come_back_is_settled_without_waiting_for_it()
    {
        var story = Story.Completed().WhenCancelled().When(new HandedOver(Id, "on its way"))
            .WhenSettled("send_parcel", restock: false);
        Assert.Equal([new SettleParcel(Id, "paid out at the counter", Restock: false)], story.Sent);

        story.When(new CameBack(Id), new Refunded(Id));
        Assert.False(Assert.IsType<Free>(story.UndoSent.Message).Restock);
    }

    [Fact]
    public void The_last_of_two_settlements_counts()
    {
        var story = ParcelNeverCame().WhenSettled("send_parcel", restock: false).WhenSettled("send_parcel");
        story.When(new CameBack(Id), new Refunded(Id));
        Assert.True(Assert.IsType<Free>(story.UndoSent.Message).Restock);
    }

    [Theory]
    [InlineData("take_money", null, false, "restock")]
    [InlineData("send_parcel", 5_000L, true, "amount")]
    public void A_step_is_settled_with_what_it_takes_only(string step, long? amount, bool restock, string says)
    {
        var story = step == "take_money" ? RefundFailed() : ParcelNeverCame();
        story.WhenSettled(step, amount, restock);
        Assert.Contains(says, story.Refusal, StringComparison.Ordinal);
        Assert.Empty(story.Sent);
        Assert.Null(story.Saga.Step(step).Settlement);
    }

    [Theory]
    [InlineData("send_parcel", "compensated")]
    [InlineData("no_such_step", "no step")]
    public void Only_a_step_whose_undo_failed_can_be_settled_by_hand(string step, string says)
    {
        var story = RefundFailed().WhenSettled(step);
        Assert.Contains(says, story.Refusal, StringComparison.Ordinal);
        Assert.Empty(story.Sent);
    }

    [Fact]
    public void A_step_without_a_settling_command_says_what_to_do_instead()
    {
        var story = new Story().WhenCancelled().WhenNoUndoIsEverAnswered().WhenSettled("hold_stock");
        Assert.Contains("retry", story.Refusal, StringComparison.Ordinal);
    }

    [Fact]
    public void A_saga_without_a_timer_is_reported_and_woken()
    {
        var story = new Story().WithoutTimer().WhenWatched();
        Assert.True(story.Wanted<SagaAction.Woken>());
        Assert.Equal(story.Now, story.Saga.WakeAt);
        story.After(TimeSpan.FromMinutes(1)).WhenTimerIsDue();
        Assert.Equal(StepStatus.Compensating, story["hold_stock"]);
    }

    [Fact]
    public void A_saga_whose_timer_is_long_overdue_is_reported_and_woken() =>
        Assert.True(new Story().After(TimeSpan.FromMinutes(11)).WhenWatched().Wanted<SagaAction.Woken>());

    [Fact]
    public void A_saga_that_waits_in_time_is_left_alone() =>
        Assert.Empty(new Story().After(TimeSpan.FromMinutes(1)).WhenWatched().Actions);

    [Fact]
    public void A_saga_at_its_end_or_waiting_for_a_person_needs_no_timer()
    {
        Assert.Empty(Story.Completed().WhenWatched().Actions);
        Assert.Empty(RefundFailed().WhenWatched().Actions);
    }
}
