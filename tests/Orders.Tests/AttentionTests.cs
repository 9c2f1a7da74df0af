using DoaMarket.Contracts;
using DoaMarket.Kernel;
using DoaMarket.Sagas;

namespace DoaMarket.Orders.Tests;

public sealed class AttentionTests
{
    private static OrderStory RefundFailed()
    {
        var story = OrderStory.Prepared().WhenCancelled();
        return story.When(story.ParcelCancelled, story.RefundRefused);
    }

    [Fact]
    public void An_undo_that_is_never_answered_is_critical()
    {
        var story = OrderStory.PaidFor().WhenNoReplyComes().WhenNoUndoIsEverAnswered();
        var alert = Assert.Single(story.OpenAlerts);
        Assert.Equal((OrderAlerts.Attention, AlertSeverity.P1), (alert.Type, alert.Severity));
        Assert.Equal((story.Placed.SagaId.ToString(), story.Placed.OrderId.ToString()), (alert.Subject, alert.OrderId));
    }

    [Fact]
    public void A_refund_that_fails_is_urgent_only_since_Payments_has_raised_the_critical_alert() =>
        Assert.Equal(AlertSeverity.P2, Assert.Single(RefundFailed().OpenAlerts).Severity);

    [Fact]
    public void A_late_reply_resolves_the_alert_and_resumes_the_ledger()
    {
        var story = RefundFailed();
        story.When(story.RefundedAll());
        Assert.Empty(story.OpenAlerts);
        Assert.IsType<ReleaseRequested>(Assert.Single(story.Sent));
    }

    [Fact]
    public void A_retry_carries_the_next_retry_number_and_is_audited()
    {
        var story = RefundFailed();
        Assert.Equal(SagaStatus.Compensating, Assert.IsType<SagaInterventionReply.Accepted>(story.Retry()).Status);
        Assert.Equal(1, Assert.IsType<RefundRequested>(Assert.Single(story.Sent)).RetryNumber);
        var audit = Assert.Single(story.Last.Audits);
        Assert.Equal(new AuditEntry("saga.retry", story.Placed.SagaId.ToString(), "the bank is back"), audit);
        Assert.Empty(story.OpenAlerts);
    }

    [Fact]
    public void A_step_settled_by_hand_is_told_to_its_service_and_audited()
    {
        var story = RefundFailed();
        Assert.IsType<SagaInterventionReply.Accepted>(story.Resolve(OrderFlow.ProcessPayment));
        Assert.Equal("paid out by transfer", Assert.IsType<PaymentResolveRequested>(Assert.Single(story.Sent)).Reason);
        Assert.Equal("process_payment: paid out by transfer", Assert.Single(story.Last.Audits).Reason);
        Assert.Single(story.OpenAlerts); // until Payments confirms it
        story.When(story.RefundedAll() with { Amount = Money.Zero, SettledByHand = true });
        Assert.Empty(story.OpenAlerts);
    }

    [Fact]
    public void What_was_given_back_is_told_to_Payments_and_audited()
    {
        var story = RefundFailed();
        story.Resolve(OrderFlow.ProcessPayment, amount: 10_000);
        Assert.Equal(new Money(10_000), Assert.IsType<PaymentResolveRequested>(Assert.Single(story.Sent)).Amount);
        Assert.Equal(
            "process_payment: paid out by transfer [10,000 won given back]", Assert.Single(story.Last.Audits).Reason);

        story.When(story.RefundedAll() with { Amount = new Money(10_000), SettledByHand = true });
        Assert.True(Assert.IsType<ReleaseRequested>(Assert.Single(story.Sent)).Restock);
    }

    [Fact]
    public void A_parcel_that_is_lost_on_its_way_back_is_settled_and_its_goods_are_not_put_back()
    {
        var story = OrderStory.Prepared();
        story.When(story.Dispatched).WhenCancelled();
        story.When(story.ParcelHandedOver, story.ReturnBegun).WhenNoUndoIsEverAnswered();
        Assert.Equal(SagaStatus.NeedsAttention, story.Saga.Saga.Status);

        story.Resolve(OrderFlow.PrepareShipping, restock: false);
        Assert.False(Assert.IsType<ShippingResolveRequested>(Assert.Single(story.Sent)).Restock);
        Assert.Contains("lost", Assert.Single(story.Last.Audits).Reason, StringComparison.Ordinal);

        story.When(story.ParcelBack, story.RefundedAll());
        Assert.False(Assert.IsType<ReleaseRequested>(Assert.Single(story.Sent)).Restock);
        story.WhenNoReplyComes();
        Assert.False(Assert.IsType<ReleaseRequested>(Assert.Single(story.Sent)).Restock);
        story.When(story.Released);
        Assert.Equal(OrderStatus.Returned, story.Status);
    }

    [Fact]
    public void An_intervention_that_makes_no_sense_is_refused_with_a_reason_and_not_audited()
    {
        var story = OrderStory.Prepared();
        var refused = Assert.IsType<SagaInterventionReply.Refused>(story.Retry());
        Assert.Contains("completed", refused.Reason, StringComparison.Ordinal);
        Assert.IsType<SagaInterventionReply.Refused>(story.Resolve(OrderFlow.ProcessPayment));
        Assert.Empty(story.Last.Audits);
        Assert.Empty(story.Last.Changes);
    }

    [Fact]
    public void A_saga_that_stands_still_is_reported_and_woken_and_the_alert_ends_when_it_moves()
    {
        var story = OrderStory.New().WithoutTimer();
        Assert.True(story.Watch().Woken);
        Assert.Equal(OrderAlerts.Stuck, Assert.Single(story.OpenAlerts).Type);
        Assert.Equal(story.Now, story.Saga.Saga.WakeAt);
        story.When(story.Reserved);
        Assert.Empty(story.OpenAlerts);
        Assert.Null(story.Saga.StuckSince);
    }

    [Fact]
    public void A_healthy_saga_is_not_touched_by_the_watchdog()
    {
        var story = OrderStory.New();
        Assert.False(story.Watch().Woken);
        Assert.Empty(story.Last.Changes);
    }
}
