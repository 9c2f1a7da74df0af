using DoaMarket.Contracts;
using DoaMarket.Kernel;
using DoaMarket.Sagas;

namespace DoaMarket.Orders.Tests;

/// <summary>How a partial cancel goes on, and what it and the rest of the order do to each other.</summary>
public sealed class AmendFlowTests
{
    [Fact]
    public void Parcel_then_money_then_stock_then_it_is_announced()
    {
        var story = OrderStory.AmendApproved();
        var refund = Assert.IsType<PartialRefundRequested>(Assert.Single(story.Sent));
        Assert.Equal((story.Amend.Amend.RefundId, story.Accepted.RefundAmount), (refund.RefundId, refund.Amount));
        story.When(story.DifferenceRefunded);
        var release = Assert.IsType<ReleaseLinesRequested>(Assert.Single(story.Sent));
        Assert.Equal([new StockLine(new("P-1"), null, 2)], release.Lines);
        story.When(story.CancelledReleased);
        var amended = Assert.IsType<OrderAmended>(Assert.Single(story.Sent));
        Assert.Equal(new Money(45_900), amended.RemainingAmount);
        Assert.Equal(amended.RemainingAmount.Won, amended.Sellers.Sum(s => s.Amount.Won));
        Assert.Equal((SagaStatus.Completed, true), (story.AmendFact.Status, story.AmendFact.IsApproved));
        Assert.Equal(OrderStatus.Preparing, story.Status);
    }

    [Fact]
    public void The_orders_total_never_changes_and_what_is_left_is_known()
    {
        var story = OrderStory.Amended();
        Assert.Equal(new Money(68_700), story.Order.TotalAmount);
        Assert.Equal(
            [("P-1", 1), ("P-2", 1)],
            Remains.Of(story.Order, story.Saga.Amends).Select(i => (i.ProductId.Value, i.Quantity)));
        Assert.Equal(new Money(45_900), Remains.SumsOf(story.Order, story.Saga.Amends).Amount);
    }

    [Fact]
    public void A_parcel_that_is_gone_refuses_it_and_nothing_has_changed()
    {
        var story = OrderStory.AmendAsked();
        story.When(story.ParcelGone);
        Assert.Equal("the carrier has it", Assert.IsType<OrderAmendRefused>(Assert.Single(story.Sent)).Reason);
        Assert.Equal((SagaStatus.Cancelled, false), (story.AmendFact.Status, story.AmendFact.IsApproved));
        Assert.Null(story.Saga.OpenAmend);
        Assert.Equal(2, Remains.Of(story.Order, story.Saga.Amends).Count);
    }

    [Fact]
    public void Shipping_that_does_not_answer_in_time_may_have_done_it_so_it_is_undone()
    {
        var story = OrderStory.AmendAsked().WhenNoReplyComesToTheAmend();
        var undo = Assert.IsType<ShippingAmendUndoRequested>(Assert.Single(story.Sent));
        Assert.Equal([("P-1", 3), ("P-2", 1)], undo.Items.Select(i => (i.ProductId.Value, i.Quantity)));
        story.When(story.ParcelWholeAgain);
        Assert.IsType<OrderAmendRefused>(Assert.Single(story.Sent));
    }

    [Fact]
    public void Shipping_that_agrees_after_it_had_refused_is_undone()
    {
        var story = OrderStory.AmendAsked();
        story.When(story.ParcelGone, story.ParcelAmended);
        Assert.IsType<ShippingAmendUndoRequested>(Assert.Single(story.Sent));
        Assert.NotNull(story.Saga.OpenAmend);
        story.When(story.ParcelWholeAgain);
        Assert.Empty(story.Sent); // refused was told once
        Assert.Null(story.Saga.OpenAmend);
    }

    [Fact]
    public void After_the_pivot_it_is_asked_again_and_never_undone()
    {
        var story = OrderStory.AmendApproved();
        var first = story.Last.Messages[0];
        story.WhenNoReplyComesToTheAmend();
        var second = Assert.Single(story.Last.Messages);
        Assert.Equal(first.Message, second.Message);
        Assert.NotEqual(first.EventId, second.EventId);
        Assert.Equal(new EventId(DerivedId.From(first.EventId.Value, 2)), second.EventId);
    }

    [Fact]
    public void A_refund_that_is_never_answered_calls_a_person_and_a_late_answer_goes_on_by_itself()
    {
        var story = OrderStory.AmendApproved().WhenTheAmendIsNeverAnswered();
        var alert = Assert.Single(story.OpenAlerts);
        Assert.Equal(
            (OrderAlerts.Attention, AlertSeverity.P1, story.Accepted.SagaId.ToString()),
            (alert.Type, alert.Severity, alert.Subject));
        Assert.Equal(SagaStatus.NeedsAttention, story.AmendFact.Status);
        story.When(story.DifferenceRefunded);
        Assert.Empty(story.OpenAlerts);
        Assert.IsType<ReleaseLinesRequested>(Assert.Single(story.Sent));
    }

    [Fact]
    public void A_refund_that_the_bank_refuses_is_the_amends_matter_and_not_the_orders()
    {
        var story = OrderStory.AmendApproved();
        story.When(story.DifferenceRefused);
        Assert.Equal(AlertSeverity.P2, Assert.Single(story.OpenAlerts).Severity); // Payments has the critical one
        Assert.Equal(SagaStatus.Completed, story.Saga.Saga.Status);
        Assert.Null(story.Saga.Saga.Step(OrderFlow.ProcessPayment).Told);
        Assert.Equal(PaymentStatus.Completed, story.Saga.Payment!.Status);
        Assert.IsType<SagaInterventionReply.Accepted>(story.RetryAmend());
        Assert.Equal(1, Assert.IsType<PartialRefundRequested>(Assert.Single(story.Sent)).RetryNumber);
        Assert.Empty(story.OpenAlerts);
        Assert.Equal("saga.retry", Assert.Single(story.Last.Audits).Action);
    }

    [Fact]
    public void A_refund_settled_by_hand_is_told_to_Payments_with_its_amount_and_goes_on()
    {
        var story = OrderStory.AmendApproved();
        story.When(story.DifferenceRefused);
        Assert.IsType<SagaInterventionReply.Refused>(story.ResolveAmend(AmendFlow.ReleaseLines));
        Assert.IsType<SagaInterventionReply.Accepted>(story.ResolveAmend(AmendFlow.RefundDifference));
        Assert.Equal(
            story.Accepted.RefundAmount, Assert.IsType<PaymentResolveRequested>(Assert.Single(story.Sent)).Amount);
        story.When(story.DifferenceRefunded with { SettledByHand = true });
        Assert.Equal(PaymentStatus.PartiallyRefunded, story.Saga.Payment!.Status); // a part, not everything
        Assert.IsType<ReleaseLinesRequested>(Assert.Single(story.Sent));
    }

    [Fact]
    public void The_amends_refund_is_not_the_undo_of_the_order()
    {
        var story = OrderStory.Amended();
        Assert.Equal(PaymentStatus.PartiallyRefunded, story.Saga.Payment!.Status);
        Assert.Null(story.Saga.Saga.Step(OrderFlow.ProcessPayment).Told);
        Assert.Equal(SagaStatus.Completed, story.Saga.Saga.Status);
    }

    [Fact]
    public void An_operators_refund_is_neither_the_amends_nor_the_orders_undo()
    {
        var story = OrderStory.AmendApproved();
        story.When(story.Refund(1_000), story.RefundRefused);
        Assert.Equal(StepStatus.InProgress, story.Amend.Saga.Step(AmendFlow.RefundDifference).Status);
        Assert.Null(story.Saga.Saga.Step(OrderFlow.ProcessPayment).Told);
        Assert.Empty(story.OpenAlerts);
    }

    [Fact]
    public void The_orders_full_refund_does_not_end_the_amends_step()
    {
        var story = OrderStory.AmendApproved();
        story.When(story.RefundedAll()); // by an operator, say
        Assert.Equal(StepStatus.InProgress, story.Amend.Saga.Step(AmendFlow.RefundDifference).Status);
    }

    [Fact]
    public void An_operator_may_call_it_off_before_the_pivot_and_not_after()
    {
        var story = OrderStory.AmendAsked();
        Assert.IsType<SagaInterventionReply.Accepted>(story.CancelAmend());
        Assert.IsType<ShippingAmendUndoRequested>(Assert.Single(story.Sent));
        Assert.Equal("saga.cancel", Assert.Single(story.Last.Audits).Action);
        var late = OrderStory.AmendApproved();
        Assert.IsType<SagaInterventionReply.Refused>(late.CancelAmend());
        Assert.Empty(late.Last.Changes);
        Assert.Empty(late.Last.Audits);
    }

    [Fact]
    public void A_message_about_an_amend_that_never_was_goes_to_a_person()
    {
        var story = OrderStory.AmendAsked();
        var foreign = story.ParcelAmended with { AmendId = new AmendId(Guid.Empty) };
        Assert.Throws<InvalidOperationException>(() => story.When(foreign));
    }
}
