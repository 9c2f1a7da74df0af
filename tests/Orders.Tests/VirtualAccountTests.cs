using DoaMarket.Contracts;
using DoaMarket.Kernel;
using DoaMarket.Sagas;

namespace DoaMarket.Orders.Tests;

public sealed class VirtualAccountTests
{
    private static OrderStory AccountOpened()
    {
        var story = OrderStory.New();
        return story.When(story.Reserved, story.AccountOpened);
    }

    private static OrderStory Waiting()
    {
        var story = AccountOpened();
        return story.When(story.Extended);
    }

    [Fact]
    public void The_stock_is_held_for_longer_before_the_customer_is_shown_where_to_pay()
    {
        var story = AccountOpened();

        Assert.Equal(
            new ExtendRequested(story.Placed.OrderId, OrderStory.Morning.AddDays(7).AddHours(1)),
            Assert.Single(story.Sent));
        Assert.Equal(PaymentStatus.AwaitingDeposit, story.Saga.Payment!.Status);
        Assert.Null(story.Saga.Payment.Deposit);
    }

    [Fact]
    public void Once_the_stock_is_held_the_customer_is_shown_and_told_where_to_pay()
    {
        var story = Waiting();

        Assert.Equal(
            new OrderAwaitingDeposit(
                story.Placed.OrderId, story.Placed.OrderNumber, OrderStory.Buyer, story.Placed.TotalAmount, "우리",
                "X6505636518308", OrderStory.Morning.AddDays(7)),
            Assert.Single(story.Sent));
        Assert.Equal("X6505636518308", story.Saga.Payment!.Deposit!.AccountNumber);
        Assert.Equal(OrderStatus.InventoryReserved, story.Status);
        Assert.Equal(OrderStory.Morning.AddDays(7).AddHours(1), story.Saga.Saga.Step(OrderFlow.ProcessPayment).DeadlineAt);
    }

    [Fact]
    public void A_deposit_within_a_week_goes_on_with_the_parcel()
    {
        var story = Waiting().After(TimeSpan.FromDays(6));

        story.When(story.Paid);

        Assert.Equal(OrderStatus.Paid, story.Status);
        Assert.Collection(story.Sent, m => Assert.IsType<OrderPaid>(m), m => Assert.IsType<PrepareRequested>(m));
    }

    [Fact]
    public void Without_a_deposit_the_account_is_closed_and_the_stock_given_back_when_it_was_due()
    {
        var story = Waiting().WhenNoReplyComes();

        Assert.Equal(OrderStory.Morning.AddDays(7).AddHours(1), story.Now);
        Assert.IsType<RefundRequested>(story.Sent[^1]);
        Assert.Null(story.Saga.Payment!.Deposit);
        story.When(story.NothingCaptured);
        Assert.IsType<ReleaseRequested>(Assert.Single(story.Sent));
        story.When(story.Released);
        Assert.Equal(OrderStatus.Cancelled, story.Status);
    }

    [Fact]
    public void When_the_stock_is_gone_before_its_hold_is_extended_the_customer_is_never_shown_the_account()
    {
        var story = AccountOpened();

        story.When(story.Expired);
        Assert.IsType<RefundRequested>(story.Sent[^1]);
        story.When(story.Extended, story.NothingCaptured, story.Released);

        Assert.Equal(OrderStatus.Cancelled, story.Status);
        Assert.Null(story.Saga.Payment!.Deposit);
    }

    [Fact]
    public void A_customer_who_cancels_while_a_deposit_is_awaited_gets_the_account_closed()
    {
        var story = Waiting().WhenCancelled();

        Assert.IsType<RefundRequested>(story.Sent[^1]);
        Assert.Null(story.Saga.Payment!.Deposit);
    }

    [Fact]
    public void A_deposit_after_the_order_was_cancelled_is_told_as_refunded_and_changes_nothing()
    {
        var story = Waiting().WhenCancelled();
        story.When(story.NothingCaptured, story.Released);

        story.When(story.RefundedAll());

        Assert.Equal((OrderStatus.Cancelled, PaymentStatus.Refunded), (story.Status, story.Saga.Payment!.Status));
        Assert.Empty(story.Sent);
    }

    [Fact]
    public void A_deposit_that_the_bank_takes_back_before_dispatch_undoes_the_order()
    {
        var story = OrderStory.Prepared();

        story.When(story.Reversed);

        Assert.Equal(OrderStatus.Cancelling, story.Status);
        Assert.IsType<ShippingCancelRequested>(story.Sent[^1]);
        Assert.Empty(story.OpenAlerts);
        story.When(story.ParcelCancelled, story.NothingCaptured, story.Released);
        Assert.Equal(OrderStatus.Cancelled, story.Status);
    }

    [Fact]
    public void A_deposit_that_the_bank_takes_back_after_dispatch_calls_a_person()
    {
        var story = OrderStory.Shipped();

        story.When(story.Reversed, story.Reversed);

        Assert.Equal(OrderStatus.Shipped, story.Status);
        var alert = Assert.Single(story.OpenAlerts);
        Assert.Equal((OrderAlerts.DepositReversed, AlertSeverity.P1), (alert.Type, alert.Severity));
        Assert.Empty(story.Last.Alerts); // told once
    }

    [Fact]
    public void A_parcel_that_turns_out_to_be_gone_while_its_deposit_was_taken_back_calls_a_person_too()
    {
        var story = OrderStory.Prepared();

        story.When(story.Reversed, story.ParcelHandedOver);

        Assert.Equal(OrderAlerts.DepositReversed, Assert.Single(story.OpenAlerts).Type);
        Assert.Equal(SagaStatus.Completed, story.Saga.Saga.Status);
    }

    [Fact]
    public void A_deposit_that_the_bank_takes_back_when_the_parcel_is_back_already_calls_nobody()
    {
        var story = OrderStory.Shipped().WhenCancelled();

        story.When(story.ParcelHandedOver, story.ParcelBack, story.Reversed);

        Assert.Empty(story.OpenAlerts);
        Assert.Equal(OrderStatus.Returning, story.Status); // Payments answers that nothing is captured any more
    }

    [Fact]
    public void A_hold_that_expires_undoes_an_order_before_dispatch_a_completed_one_too()
    {
        var early = OrderStory.New();
        early.When(early.Reserved, early.Expired);
        Assert.Equal(OrderStatus.Cancelling, early.Status);

        var completed = OrderStory.Prepared();
        completed.When(completed.Expired);
        Assert.Equal(OrderStatus.Cancelling, completed.Status);

        var gone = OrderStory.Shipped();
        gone.When(gone.Expired);
        Assert.Equal(OrderStatus.Shipped, gone.Status);
    }

    [Fact]
    public void An_order_that_began_before_there_were_virtual_accounts_keeps_its_flow()
    {
        var flow = new SagaEngine<Order>(
            OrderFlow.Definition(new(), OrderStory.Participants), OrderFlow.Version1(new(), OrderStory.Participants));
        var old = OrderStory.New().Saga.Saga with { DefinitionVersion = 1 };

        Assert.Equal(1, flow.DefinitionOf(old).Version);
        Assert.All(flow.DefinitionOf(old).Steps, step => Assert.Null(step.Wait));
        Assert.Equal(2, flow.Current.Version);
    }
}
