using DoaMarket.Kernel;

namespace DoaMarket.Sagas.Tests;

public sealed class WaitingTests
{
    private const string Id = Story.Id;
    private static readonly DateTimeOffset HeldUntil = Story.Begin.AddMinutes(30);
    private static readonly DateTimeOffset DueAt = Story.Begin.AddDays(7);
    private static readonly DateTimeOffset WithGrace = DueAt.AddHours(1);

    private static Story Asked() => new Story(Purchase.ByTransfer).When(new HeldFor(Id, HeldUntil));

    private static Story Waiting() => Asked().When(new BuyerMustPay(Id, DueAt), new HeldOn(Id, WithGrace));

    [Fact]
    public void What_is_held_is_held_for_longer_before_the_buyer_is_told_to_pay()
    {
        var story = Asked().When(new BuyerMustPay(Id, DueAt));

        Assert.Equal([new HoldOn(Id, WithGrace)], story.Sent);
        Assert.False(story.Wanted<SagaAction.Waiting>());
        Assert.Equal(SagaStatus.InProgress, story.Saga.Status);
    }

    [Fact]
    public void Once_it_is_held_the_buyer_is_told_and_the_deadline_is_the_due_date()
    {
        var story = Waiting();

        Assert.Equal(WithGrace, Assert.Single(story.Actions.OfType<SagaAction.Waiting>()).Until);
        Assert.Equal(WithGrace, story.Saga.Step("take_money").DeadlineAt);
        Assert.Equal(StepStatus.InProgress, story["take_money"]);
    }

    [Fact]
    public void A_hold_that_lasts_long_enough_is_not_extended()
    {
        var story = new Story(Purchase.ByTransfer)
            .When(new HeldFor(Id, WithGrace.AddDays(1)), new BuyerMustPay(Id, DueAt));

        Assert.Empty(story.Sent);
        Assert.True(story.Wanted<SagaAction.Waiting>());
    }

    [Fact]
    public void A_payment_within_the_wait_goes_on_as_usual()
    {
        var story = Waiting().After(TimeSpan.FromDays(6)).When(new Charged(Id));

        Assert.IsType<Pack>(Assert.Single(story.Sent));
        Assert.Equal(StepStatus.Completed, story["take_money"]);
    }

    [Fact]
    public void A_payment_that_comes_before_the_hold_was_granted_counts_too()
    {
        var story = Asked().When(new BuyerMustPay(Id, DueAt), new Charged(Id)).When(new HeldOn(Id, WithGrace));

        Assert.True(story.Remarked("reply_ignored"));
        Assert.Equal(StepStatus.InProgress, story["send_parcel"]);
    }

    [Fact]
    public void Nobody_who_has_not_paid_by_then_is_waited_for()
    {
        var story = Waiting().WhenNoReplyComes();

        Assert.Equal(WithGrace, story.Now);
        Assert.Equal("nobody outside had acted by 2026-04-08 10:00:00Z", story.Saga.Reason);
        Assert.IsType<Refund>(story.UndoSent.Message);
        story.When(new NeverCharged(Id), new Freed(Id));
        Assert.Equal(SagaStatus.Cancelled, story.Saga.Status);
    }

    [Fact]
    public void A_hold_that_is_not_granted_in_time_ends_the_wait()
    {
        var story = Asked().When(new BuyerMustPay(Id, DueAt)).WhenNoReplyComes();

        Assert.Equal(Story.Begin.AddSeconds(20), story.Now);
        Assert.Contains("is held until 2026-04-01 09:30:00Z only", story.Saga.Reason, StringComparison.Ordinal);
        Assert.IsType<Refund>(story.UndoSent.Message);
    }

    [Fact]
    public void A_hold_that_is_granted_for_too_short_grants_nothing()
    {
        var story = Asked().When(new BuyerMustPay(Id, DueAt), new HeldOn(Id, DueAt));

        Assert.False(story.Wanted<SagaAction.Waiting>());
        Assert.True(story.Remarked("hold_extended"));
        story.WhenNoReplyComes();
        Assert.Equal(SagaStatus.Compensating, story.Saga.Status);
    }

    [Fact]
    public void What_expired_meanwhile_ends_the_wait_at_once()
    {
        var story = Asked().When(new BuyerMustPay(Id, DueAt)).WhenImpossible();

        Assert.IsType<Refund>(story.UndoSent.Message);
        story.When(new HeldOn(Id, WithGrace));
        Assert.True(story.Remarked("reply_ignored"));
        Assert.False(story.Wanted<SagaAction.Waiting>());
    }

    [Fact]
    public void A_buyer_who_cancels_is_not_waited_for()
    {
        var story = Waiting().WhenCancelled();

        Assert.IsType<Refund>(story.UndoSent.Message);
        Assert.Equal(StepStatus.Compensating, story["take_money"]);
    }

    [Fact]
    public void A_wait_told_twice_is_one_wait()
    {
        var story = Waiting().When(new BuyerMustPay(Id, DueAt));

        Assert.Empty(story.Sent);
        Assert.True(story.Remarked("reply_ignored"));
        Assert.False(story.Wanted<SagaAction.Waiting>());
    }

    [Fact]
    public void A_later_due_date_is_held_for_and_told_anew()
    {
        var story = Waiting().When(new BuyerMustPay(Id, DueAt.AddDays(1)));
        Assert.Equal([new HoldOn(Id, WithGrace.AddDays(1))], story.Sent);

        story.When(new HeldOn(Id, WithGrace.AddDays(1)));
        Assert.True(story.Wanted<SagaAction.Waiting>());
        Assert.Equal(WithGrace.AddDays(1), story.Saga.Step("take_money").DeadlineAt);
    }

    [Fact]
    public void A_wait_that_is_told_when_the_step_is_over_is_ignored()
    {
        var late = Asked().When(new Charged(Id)).When(new BuyerMustPay(Id, DueAt));
        Assert.True(late.Remarked("reply_ignored"));
        Assert.Equal(StepStatus.InProgress, late["send_parcel"]);

        var never = new Story(Purchase.ByTransfer).When(new BuyerMustPay(Id, DueAt));
        Assert.True(never.Remarked("reply_ignored"));
    }

    [Fact]
    public void A_quick_payment_that_may_outlive_the_hold_has_it_extended_too()
    {
        var shortHold = Story.Begin.AddSeconds(40);

        var story = new Story(Purchase.ByTransfer).When(new HeldFor(Id, shortHold));

        var deadline = Story.Begin.AddSeconds(60);
        Assert.Equal([new Charge(Id, deadline), new HoldOn(Id, deadline)], story.Sent);
        story.When(new HeldOn(Id, deadline));
        Assert.True(story.Remarked("hold_extended"));
        Assert.Equal(deadline, story.Saga.HeldUntil);
    }

    [Fact]
    public void The_grant_for_a_quick_payment_is_not_taken_for_that_of_a_slow_one()
    {
        var story = new Story(Purchase.ByTransfer).When(
            new HeldFor(Id, Story.Begin.AddSeconds(40)), new BuyerMustPay(Id, DueAt),
            new HeldOn(Id, Story.Begin.AddSeconds(60)));

        Assert.Equal(SagaStatus.InProgress, story.Saga.Status);
        Assert.False(story.Wanted<SagaAction.Waiting>());
        story.When(new HeldOn(Id, WithGrace));
        Assert.True(story.Wanted<SagaAction.Waiting>());
    }

    /// <summary>Every state of the step meets the message that it waits, and the grant of its hold.</summary>
    public static TheoryData<string, StepStatus, StepStatus> States => new()
    {
        { "never asked", StepStatus.Pending, StepStatus.Pending },
        { "asked", StepStatus.InProgress, StepStatus.InProgress },
        { "waiting", StepStatus.InProgress, StepStatus.InProgress },
        { "done", StepStatus.Completed, StepStatus.Completed },
        { "proved not done", StepStatus.Failed, StepStatus.Failed },
        { "being undone", StepStatus.Compensating, StepStatus.Compensating },
        { "undone", StepStatus.Compensated, StepStatus.Compensated },
        { "undo failed", StepStatus.CompensationFailed, StepStatus.CompensationFailed },
        { "skipped", StepStatus.Skipped, StepStatus.Skipped },
    };

    [Theory]
    [MemberData(nameof(States))]
    public void Every_state_decides_the_wait_and_its_hold_on_purpose(string state, StepStatus before, StepStatus after)
    {
        Story Brought() => state switch
        {
            "never asked" => new Story(Purchase.ByTransfer),
            "asked" => Asked(),
            "waiting" => Waiting(),
            "done" => Asked().When(new Charged(Id)),
            "proved not done" => Asked().When(new ChargeFailed(Id, "refused")),
            "being undone" => Waiting().WhenCancelled(),
            "undone" => Waiting().WhenCancelled().When(new NeverCharged(Id)),
            "undo failed" => Waiting().WhenCancelled().When(new RefundFailed(Id, "account closed")),
            _ => new Story(Purchase.ByTransfer).WhenCancelled(),
        };
        Assert.Equal(before, Brought()["take_money"]);
        foreach (var message in new IMessage[] { new BuyerMustPay(Id, DueAt), new HeldOn(Id, WithGrace) })
        {
            var story = Brought().When(message);

            Assert.Equal(after, story["take_money"]);
            Assert.False(story.Wanted<SagaAction.Waiting>()); // the one begins nothing without the other
            var asksForHold = state == "asked" && message is BuyerMustPay;
            Assert.Equal(asksForHold, story.Wanted<SagaAction.HoldLonger>());
            Assert.Equal(!asksForHold, story.Actions.OfType<SagaAction.Remark>().Any()); // what begins nothing is explained
        }
    }

    [Fact]
    public void A_step_that_may_wait_without_saying_how_things_are_held_is_refused()
    {
        var step = Purchase.TakeMoney.MayWaitOn<BuyerMustPay>(m => m.DueAt, TimeSpan.Zero);
        Refuses("step 'take_money' may wait for long", Purchase.HoldStock, step);

        step = step.HeldBy<HoldOn, HeldOn>((id, until) => new(id, until), m => m.Until, TimeSpan.FromSeconds(1));
        Refuses("no step before it says until when it holds", Purchase.HoldStock, step);
    }

    [Fact]
    public void The_diagram_shows_the_wait_and_its_hold()
    {
        var diagram = SagaDiagram.Mermaid(
            new SagaDefinition<string>("purchase", 2, [.. Purchase.ByTransfer.Steps.Take(3)]), Catalog);

        Assert.Contains(
            """
              take_money -- buyer_must_pay --> hold_take_money[hold for longer<br/>hold_on]
              hold_take_money -- held_on --> wait_take_money[wait for somebody outside]
              hold_take_money -. not within 20 s .-> undo_take_money
              wait_take_money -- charged --> completed
              wait_take_money -. not until it is due, and 60 min more .-> undo_take_money
            """,
            diagram,
            StringComparison.Ordinal);
    }

    private static MessageCatalog Catalog => new MessageCatalog()
        .Add("written_down", PurchaseJson.Default.WrittenDown)
        .Add("hold", PurchaseJson.Default.Hold)
        .Add("held_for", PurchaseJson.Default.HeldFor)
        .Add("hold_failed", PurchaseJson.Default.HoldFailed)
        .Add("free", PurchaseJson.Default.Free)
        .Add("freed", PurchaseJson.Default.Freed)
        .Add("charge", PurchaseJson.Default.Charge)
        .Add("charged", PurchaseJson.Default.Charged)
        .Add("charge_failed", PurchaseJson.Default.ChargeFailed)
        .Add("buyer_must_pay", PurchaseJson.Default.BuyerMustPay)
        .Add("hold_on", PurchaseJson.Default.HoldOn)
        .Add("held_on", PurchaseJson.Default.HeldOn)
        .Add("refund", PurchaseJson.Default.Refund)
        .Add("refunded", PurchaseJson.Default.Refunded)
        .Add("never_charged", PurchaseJson.Default.NeverCharged)
        .Add("refund_failed", PurchaseJson.Default.RefundFailed);

    private static void Refuses(string says, params SagaStep<string>[] steps) => Assert.Contains(
        says, Assert.Throws<ArgumentException>(() => new SagaDefinition<string>("purchase", 1, steps)).Message,
        StringComparison.Ordinal);
}
