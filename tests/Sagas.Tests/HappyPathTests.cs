namespace DoaMarket.Sagas.Tests;

public sealed class HappyPathTests
{
    private const string Id = Story.Id;

    [Fact]
    public void A_new_saga_has_done_its_local_step_and_asks_the_next()
    {
        var story = new Story();
        Assert.Equal(StepStatus.Completed, story["write_down"]);
        Assert.Equal(StepStatus.InProgress, story["hold_stock"]);
        Assert.Equal([new Hold(Id, Story.Begin.AddSeconds(30))], story.Sent);
        Assert.Equal(Story.Begin.AddSeconds(30), story.Saga.WakeAt);
        Assert.Equal("hold_stock", story.Saga.CurrentStep);
        Assert.Equal(1, story.Saga.Version);
    }

    [Fact]
    public void Each_reply_asks_the_next_step_with_its_own_deadline()
    {
        var story = new Story().After(TimeSpan.FromSeconds(2)).When(new Held(Id));
        Assert.Equal([new Charge(Id, Story.Begin.AddSeconds(62))], story.Sent);
        story.When(new Charged(Id));
        Assert.Equal([new Pack(Id, Story.Begin.AddSeconds(32))], story.Sent);
    }

    [Fact]
    public void The_last_reply_tells_the_buyer_without_waiting_and_completes_the_saga()
    {
        var story = Story.Completed();
        Assert.Equal([new Tell(Id)], story.Sent);
        Assert.True(story.Wanted<SagaAction.Completed>());
        Assert.Equal(SagaStatus.Completed, story.Saga.Status);
        Assert.All(story.Saga.Steps, step => Assert.Equal(StepStatus.Completed, step.Status));
        Assert.Null(story.Saga.WakeAt);
        Assert.Null(story.Saga.CurrentStep);
    }

    [Fact]
    public void A_success_told_twice_counts_once()
    {
        var story = new Story().When(new Held(Id));
        var version = story.Saga.Version;
        story.When(new Held(Id));
        Assert.Empty(story.Sent);
        Assert.True(story.Remarked("reply_ignored"));
        Assert.Equal(version, story.Saga.Version);
    }

    [Fact]
    public void A_saga_survives_being_written_and_read()
    {
        var saga = Story.Returning().Saga;
        var json = System.Text.Json.JsonSerializer.Serialize(saga, PurchaseJson.Default.SagaState);
        var read = System.Text.Json.JsonSerializer.Deserialize(json, PurchaseJson.Default.SagaState)!;
        Assert.Equal(json, System.Text.Json.JsonSerializer.Serialize(read, PurchaseJson.Default.SagaState));
        Assert.Equal(saga.Steps, read.Steps);
        Assert.Contains("\"status\":\"compensating\"", json, StringComparison.Ordinal);
    }

    [Fact]
    public void A_saga_of_an_unknown_version_is_refused_loudly()
    {
        var saga = new Story().Saga with { DefinitionVersion = 7 };
        var engine = new SagaEngine<string>(Purchase.Definition);
        var moment = new SagaMoment(Guid.Empty, Story.Begin, Story.Begin);
        Assert.Throws<InvalidOperationException>(() => engine.React(saga, Id, new SagaInput.TimerDue(), moment));
    }

    [Fact]
    public void A_running_saga_keeps_the_version_that_it_began_with()
    {
        var running = new Story().Saga;
        var shorter = new SagaDefinition<string>("purchase", 2, [Purchase.WriteDown, Purchase.HoldStock]);
        var engine = new SagaEngine<string>(shorter, Purchase.Definition);
        var reaction = engine.React(
            running, Id, new SagaInput.Replied(new Held(Id)), new(Guid.Empty, Story.Begin, Story.Begin));
        Assert.Equal("take_money", reaction.State.CurrentStep);
    }
}
