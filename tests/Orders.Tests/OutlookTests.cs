using DoaMarket.Kernel;
using DoaMarket.Sagas;

namespace DoaMarket.Orders.Tests;

/// <summary>What a saga waits for, until when, what then, and what remains: from its ledger and its definition.</summary>
public sealed class OutlookTests
{
    private static readonly DateTimeOffset Begin = new(2026, 4, 1, 9, 0, 0, TimeSpan.Zero);
    private static readonly IReadOnlyList<SagaOutline> Outlines = OrderOutlines.All(new(), OrderStory.Participants);

    [Fact]
    public void A_step_in_flight_waits_for_its_replies_and_is_undone_when_none_comes()
    {
        var outlook = Of(
            SagaStatus.InProgress, Done("create_order"), Done("reserve_inventory"),
            new("process_payment", StepStatus.InProgress) { Attempts = 1, DeadlineAt = Begin.AddMinutes(1) },
            new("prepare_shipping"), new("send_notifications"));
        Assert.Equal(
            (OrderFlow.ProcessPayment, "payments", Begin.AddMinutes(1), SagaNext.UndoBegins),
            (outlook.Wait!.Step, outlook.Wait.Service, outlook.Wait.Until, outlook.Wait.Then));
        Assert.Equal(["payment.completed", "payment.failed"], outlook.Wait.For);
        Assert.Equal(
            [("prepare_shipping", false, "shipping.prepare_requested"), ("send_notifications", false, "notification.send_requested")],
            outlook.Remaining.Select(r => (r.Step, r.IsUndo, r.Message)));
    }

    [Theory]
    [InlineData(1, SagaNext.UndoIsSentAgain)]
    [InlineData(12, SagaNext.PersonIsCalled)]
    public void An_undo_is_sent_again_until_a_person_is_called(int attempts, SagaNext then)
    {
        var outlook = Of(
            SagaStatus.Compensating, Done("create_order"), Done("reserve_inventory"),
            Done("process_payment") with { Status = StepStatus.Compensating, Attempts = attempts, DeadlineAt = Begin },
            new("prepare_shipping", StepStatus.Failed), new("send_notifications", StepStatus.Skipped));
        Assert.Equal((then, attempts, 12), (outlook.Wait!.Then, outlook.Wait.Attempt, outlook.Wait.MaxAttempts));
        Assert.Equal(["payment.refunded", "payment.cancelled", "payment.refund_failed"], outlook.Wait.For);
        Assert.Equal([("reserve_inventory", true)], outlook.Remaining.Select(r => (r.Step, r.IsUndo)));
    }

    [Fact]
    public void A_parcel_that_was_handed_over_is_awaited_back_and_then_a_person_is_called()
    {
        var outlook = Of(
            SagaStatus.Compensating, Done("create_order"), Done("reserve_inventory"), Done("process_payment"),
            Done("prepare_shipping") with { Status = StepStatus.Compensating, UndoRefused = true, DeadlineAt = Begin.AddDays(21) },
            Done("send_notifications"));
        Assert.Equal(["return.received"], outlook.Wait!.For);
        Assert.Equal(SagaNext.PersonIsCalled, outlook.Wait.Then);
        Assert.Equal(["process_payment", "reserve_inventory"], outlook.Remaining.Select(r => r.Step));
    }

    [Fact]
    public void A_failed_undo_waits_for_a_person_and_for_no_time()
    {
        var outlook = Of(
            SagaStatus.NeedsAttention, Done("create_order"), Done("reserve_inventory"),
            Done("process_payment") with { Status = StepStatus.CompensationFailed },
            new("prepare_shipping", StepStatus.Failed), new("send_notifications", StepStatus.Skipped));
        Assert.True(outlook.Wait!.ForPerson);
        Assert.Null(outlook.Wait.Until);
        Assert.Null(outlook.Wait.Then);
        Assert.Equal(["reserve_inventory"], outlook.Remaining.Select(r => r.Step));
    }

    [Fact]
    public void A_step_after_the_pivot_is_asked_again_and_what_follows_it_remains()
    {
        var amend = Outlines.Single(o => o.Name == "amend_flow");
        var outlook = SagaOutlook.Of(amend, State(
            amend, SagaStatus.InProgress, Done("accept_wish"), Done("amend_shipment"),
            new("refund_difference", StepStatus.InProgress) { Attempts = 1, DeadlineAt = Begin }, new("release_lines")));
        Assert.Equal(SagaNext.StepIsAskedAgain, outlook.Wait!.Then);
        Assert.Equal(["release_lines"], outlook.Remaining.Select(r => r.Step));
    }

    [Fact]
    public void At_its_end_nothing_is_awaited_and_nothing_remains()
    {
        var outlook = Of(
            SagaStatus.Completed, Done("create_order"), Done("reserve_inventory"), Done("process_payment"),
            Done("prepare_shipping"), Done("send_notifications"));
        Assert.Null(outlook.Wait);
        Assert.Empty(outlook.Remaining);
    }

    private static StepState Done(string name) => new(name, StepStatus.Completed) { DoneAt = Begin };

    private static SagaOutlook Of(SagaStatus status, params StepState[] steps)
    {
        var order = Outlines.First(o => o.Name == "order_flow");
        return SagaOutlook.Of(order, State(order, status, steps));
    }

    private static SagaState State(SagaOutline outline, SagaStatus status, params StepState[] steps) => new(
        new SagaId(Guid.Empty), "order-1", new CorrelationId(Guid.Empty), outline.Name, outline.Version, status, null, steps,
        Compensated: false, 1, Begin, Begin, null);
}
