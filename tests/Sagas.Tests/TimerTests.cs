namespace DoaMarket.Sagas.Tests;

public sealed class TimerTests
{
    private const string Id = Story.Id;

    [Fact]
    public void A_timer_that_fires_early_does_nothing_but_wait_for_the_true_deadline()
    {
        var story = new Story().After(TimeSpan.FromSeconds(10)).When(new Held(Id));
        var version = story.Saga.Version;
        // Still that of the step before: the column moves rarely.
        Assert.Equal(Story.Begin.AddSeconds(30), story.Saga.WakeAt);
        story.WhenTimerIsDue();
        Assert.Empty(story.Actions);
        Assert.Equal(Story.Begin.AddSeconds(70), story.Saga.WakeAt);
        Assert.Equal(version, story.Saga.Version);
    }

    [Fact]
    public void A_timer_of_a_saga_at_its_end_does_nothing()
    {
        var story = Story.Completed().Input(new SagaInput.TimerDue());
        Assert.Empty(story.Actions);
        Assert.Null(story.Saga.WakeAt);
    }

    [Fact]
    public void No_deadline_acts_sooner_than_its_usual_time_after_the_process_began()
    {
        var story = new Story().After(TimeSpan.FromHours(1)).ProcessRestarts().WhenTimerIsDue();
        Assert.Empty(story.Actions);
        Assert.Equal(story.Now.AddSeconds(30), story.Saga.WakeAt);
        story.WhenTimerIsDue();
        Assert.Equal(StepStatus.Compensating, story["hold_stock"]);
    }

    [Fact]
    public void A_reply_after_the_outage_of_the_service_itself_is_still_in_time()
    {
        var story = new Story().After(TimeSpan.FromHours(1)).ProcessRestarts().WhenTimerIsDue().When(new Held(Id));
        Assert.Equal(SagaStatus.InProgress, story.Saga.Status);
    }

    [Fact]
    public void A_restart_does_not_begin_the_21_days_of_a_return_again()
    {
        var story = Story.Returning().After(TimeSpan.FromDays(20)).ProcessRestarts().WhenNoReplyComes();
        Assert.Equal(SagaStatus.NeedsAttention, story.Saga.Status);
        Assert.Equal(Story.Begin.AddDays(21), story.Now);
    }
}
