namespace DoaMarket.Sagas.Tests;

/// <summary>After the pivot: what the carrier has can only come back.</summary>
public sealed class HandedOverTests
{
    private const string Id = Story.Id;

    [Fact]
    public void A_refusal_that_nobody_asked_for_proves_the_step_done_and_the_saga_goes_forward()
    {
        var story = Story.CarrierIsLate();
        Assert.Equal(
            [new Unpack(Id, "no reply from carrier within 30 s", MustComeBack: false, RetryNumber: 0)], story.Sent);
        story.When(new HandedOver(Id, "already handed over"));
        Assert.Equal(SagaStatus.Completed, story.Saga.Status);
        Assert.True(story.Wanted<SagaAction.Completed>());
        Assert.Equal([new Tell(Id)], story.Sent);
        Assert.Null(story.Saga.Reason);
    }

    [Fact]
    public void A_saga_that_went_back_from_its_end_and_forward_again_completes_once()
    {
        var story = Story.Completed().WhenImpossible().When(new HandedOver(Id, "already handed over"));
        Assert.Equal(SagaStatus.Completed, story.Saga.Status);
        Assert.False(story.Wanted<SagaAction.Completed>());
        Assert.Empty(story.Sent);
    }

    [Fact]
    public void A_refused_cancel_of_a_person_waits_21_days_for_the_parcel()
    {
        var story = Story.Returning();
        Assert.Empty(story.Sent);
        Assert.Equal(StepStatus.Compensating, story["send_parcel"]);
        Assert.Equal(story.Now.AddDays(21), story.Saga.Step("send_parcel").DeadlineAt);
        Assert.True(story.Saga.IsComingBack);
    }

    [Fact]
    public void When_the_parcel_is_back_the_money_and_the_stock_follow_and_the_saga_ends_as_returned()
    {
        var story = Story.Returning().When(new CameBack(Id));
        Assert.IsType<Refund>(story.UndoSent.Message);
        story.When(new Refunded(Id), new Freed(Id));
        Assert.Equal([new SagaAction.Returned("changed my mind")], story.Actions);
        Assert.Equal(SagaStatus.Cancelled, story.Saga.Status);
    }

    [Fact]
    public void A_parcel_that_does_not_come_back_calls_a_person()
    {
        var story = Story.Returning().WhenNoReplyComes();
        Assert.Equal(SagaStatus.NeedsAttention, story.Saga.Status);
        Assert.Equal(Story.Begin.AddDays(21), story.Now);
        story.When(new CameBack(Id));
        Assert.True(story.Wanted<SagaAction.AttentionOver>());
    }

    [Fact]
    public void A_parcel_that_comes_back_by_itself_is_awaited_without_asking()
    {
        var story = Story.Completed().When(new OnItsWayBack(Id));
        Assert.Empty(story.Sent);
        Assert.Equal(SagaStatus.Compensating, story.Saga.Status);
        Assert.True(story.Wanted<SagaAction.CancellingBegan>());
        story.When(new CameBack(Id), new Refunded(Id), new Freed(Id));
        Assert.True(story.Wanted<SagaAction.Returned>());
    }

    [Fact]
    public void A_parcel_that_is_back_before_anybody_said_so_is_taken_in_at_once()
    {
        var story = Story.Completed().When(new CameBack(Id));
        Assert.IsType<Refund>(story.UndoSent.Message);
    }

    [Fact]
    public void A_person_who_cancels_while_the_saga_goes_back_has_the_undo_asked_again_with_their_wish()
    {
        var story = Story.CarrierIsLate().WhenCancelled();
        Assert.Equal([new Unpack(Id, "changed my mind", MustComeBack: true, RetryNumber: 0)], story.Sent);
        Assert.Equal(2, story.UndoSent.Attempt);
        story.When(new HandedOver(Id, "handed over"));
        Assert.Empty(story.Sent);
        Assert.True(story.Saga.IsComingBack);
    }

    [Fact]
    public void A_repeated_refusal_that_is_dropped_as_a_duplicate_is_replaced_by_the_parcel_being_on_its_way_back()
    {
        var story = Story.CarrierIsLate().When(new HandedOver(Id, "handed over")).WhenCancelled();
        Assert.True(Assert.IsType<Unpack>(story.UndoSent.Message).MustComeBack);
        story.When(new OnItsWayBack(Id)); // the refusal itself, sent again under its first id, never arrives
        Assert.True(story.Saga.IsComingBack);
    }

    [Fact]
    public void A_parcel_found_handed_over_after_the_money_is_back_must_come_back()
    {
        var story = new Story().When(new Held(Id), new Charged(Id), new PackFailed(Id, "no carrier"))
            .When(new Refunded(Id), new Freed(Id), new Packed(Id));
        Assert.True(Assert.IsType<Unpack>(story.UndoSent.Message).MustComeBack);
        story.When(new HandedOver(Id, "handed over"));
        Assert.True(story.Saga.IsComingBack);
        story.When(new CameBack(Id));
        Assert.True(story.Wanted<SagaAction.Returned>()); // so that the carrier closes its return
        Assert.False(story.Wanted<SagaAction.Cancelled>());
    }

    [Fact]
    public void A_late_refusal_that_answers_an_undo_from_before_the_persons_wish_is_asked_again_with_it()
    {
        var story = Story.CarrierIsLate().WhenNoUndoIsEverAnswered().WhenCancelled();
        Assert.Empty(story.Sent);
        story.When(new HandedOver(Id, "handed over"));
        Assert.True(Assert.IsType<Unpack>(story.UndoSent.Message).MustComeBack);
        Assert.Equal(story.Now.AddDays(21), story.Saga.Step("send_parcel").DeadlineAt);
    }

    [Fact]
    public void A_refusal_of_an_undo_that_nobody_sent_is_ignored()
    {
        var story = Story.Completed().When(new HandedOver(Id, "handed over"));
        Assert.True(story.Remarked("reply_ignored"));
        Assert.Equal(SagaStatus.Completed, story.Saga.Status);
    }
}
