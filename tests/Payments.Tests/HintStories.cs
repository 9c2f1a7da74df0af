using DoaMarket.Contracts;

namespace DoaMarket.Payments.Tests;

public sealed class HintStories
{
    [Fact]
    public void A_webhook_wakes_an_open_question_at_once()
    {
        var shop = RefundStories.Requested();
        shop.PgAnswers(Given.Timeout);
        Assert.Null(shop.Wanted);

        Assert.Equal(HintOutcome.Asked, shop.Hint("t1"));

        Assert.IsType<QueryPayment>(shop.Wanted);
    }

    [Fact]
    public void A_webhook_that_comes_during_the_last_read_has_the_PG_read_once_more()
    {
        var shop = RefundStories.Requested();
        shop.PgAnswers(Given.Timeout);
        shop.Now = Given.Deadline + shop.Options.SettleAfter;
        shop.FireTimer();
        var read = Assert.IsType<QueryPayment>(shop.Wanted);

        Assert.Equal(HintOutcome.Asked, shop.Hint("t1"));
        shop.Answer(read, Given.NotFound);

        Assert.Equal(PaymentStatus.Pending, shop.Payment.Status);
        shop.WaitForTimer();
        shop.PgAnswers(Given.NotFound);
        Assert.Equal(PaymentStatus.Failed, shop.Payment.Status);
    }

    [Fact]
    public void A_repeated_transmission_asks_once()
    {
        var shop = Failed();
        Assert.Equal(HintOutcome.Asked, shop.Hint("t1"));
        shop.PgAnswers(Given.Aborted);

        Assert.Equal(HintOutcome.Repeated, shop.Hint("t1"));
        Assert.Null(shop.Wanted);
    }

    [Fact]
    public void A_payment_remembers_a_bounded_number_of_transmissions()
    {
        var shop = Failed();
        for (var i = 0; i < 100; i++)
        {
            shop.Hint($"t{i}");
        }

        Assert.Equal(shop.Options.HintsRemembered, shop.Payment.Hints.Count);
        Assert.Equal("t99", shop.Payment.Hints[^1]);
    }

    [Fact]
    public void A_late_success_that_a_webhook_tells_of_is_refunded()
    {
        var shop = Failed();
        shop.Hint("t1");

        shop.PgAnswers(Given.Timeout, Given.Done, Given.Cancelled);

        Assert.Equal(Given.Amount, Assert.IsType<PaymentRefunded>(shop.LastSent).Captured);
    }

    [Fact]
    public void A_webhook_that_tells_nothing_new_leaves_the_payment_as_it_is()
    {
        var shop = Failed();
        shop.Hint("t1");

        shop.PgAnswers(Given.CircuitOpen, Given.NotFound);

        Assert.Equal(PaymentStatus.Failed, shop.Payment.Status);
        Assert.Null(shop.Payment.WakeAt);
    }

    [Fact]
    public void A_webhook_during_a_look_makes_the_payment_look_once_more()
    {
        var shop = Failed();
        shop.Hint("t1");
        var older = shop.Wanted!;
        shop.Hint("t2");

        shop.Answer(older, Given.NotFound);

        Assert.IsType<QueryPayment>(shop.Wanted);
    }

    [Fact]
    public void A_webhook_about_a_failed_refund_finds_that_it_went_through_and_resolves_the_alert()
    {
        var shop = RefundStories.FailedRefund();
        shop.Hint("t1");

        shop.PgAnswers(Given.Cancelled);

        Assert.IsType<PaymentRefunded>(shop.LastSent);
        Assert.Empty(shop.OpenAlerts);
    }

    [Fact]
    public void A_webhook_with_another_secret_is_refused_and_one_with_ours_is_not()
    {
        var shop = RefundStories.FailedRefund();

        Assert.Equal(HintOutcome.Refused, shop.Hint("t1", "guessed"));
        Assert.Equal(HintOutcome.Asked, shop.Hint("t1", "ps_secret"));
    }

    [Fact]
    public void Webhooks_hasten_no_refund_and_say_nothing_of_unknown_orders()
    {
        Assert.Equal(HintOutcome.UnknownOrder, new Shop().Hint("t1"));
        Assert.Equal(HintOutcome.NothingOpen, RefundStories.Paid().Hint("t1"));

        var refunding = RefundStories.Paid();
        refunding.Receive(Given.RefundRequest());
        refunding.PgAnswers(Given.Timeout);
        Assert.Equal(HintOutcome.NothingOpen, refunding.Hint("t1"));
    }

    private static Shop Failed()
    {
        var shop = RefundStories.Requested();
        shop.PgAnswers(Given.Declined);
        return shop;
    }
}
