using DoaMarket.Contracts;

namespace DoaMarket.Payments.Tests;

public sealed class DepositStories
{
    [Fact]
    public void The_customer_is_told_where_to_pay_in_and_the_deposit_completes_the_payment()
    {
        var shop = Requested();
        var issue = Assert.IsType<IssueAccount>(shop.Wanted);
        Assert.Equal(($"charge:{Given.Payment}:1", "우리", "홍길동"), (issue.IdempotencyKey, issue.Bank, issue.CustomerName));
        Assert.Equal(Given.Noon + shop.Options.DepositWithin, issue.DueAt);

        shop.PgAnswers(Given.Waiting);
        Assert.Equal(PaymentStatus.AwaitingDeposit, shop.Payment.Status);
        Assert.Equal(
            new AwaitingDeposit(
                Given.Order, Given.Payment, Given.Amount, "우리", Given.Number.AccountNumber, Given.Number.DueAt),
            shop.LastSent);
        Assert.Empty(shop.Ledger);

        shop.PgAnswers(Given.Waiting, Given.Waiting, Given.Deposited);
        Assert.Equal(new PaymentCompleted(Given.Order, Given.Payment, "tx_1", Given.Amount), shop.LastSent);
        Assert.Equal(Given.Amount, Assert.Single(shop.Ledger).Amount);
        Assert.Null(shop.Payment.WakeAt);
    }

    [Fact]
    public void A_webhook_makes_the_shop_ask_at_once_and_again_when_it_was_asking_already()
    {
        var shop = Awaiting();
        Assert.Equal(HintOutcome.Asked, shop.Hint("t1", "ps_secret"));
        var early = Assert.IsType<QueryPayment>(shop.Wanted);
        Assert.Equal(HintOutcome.Asked, shop.Hint("t2", "ps_secret"));
        shop.Answer(early, Given.Waiting); // read before the deposit

        shop.PgAnswers(Given.Deposited);

        Assert.Equal(PaymentStatus.Completed, shop.Payment.Status);
    }

    [Fact]
    public void A_forged_webhook_about_a_deposit_is_not_even_asked_about()
    {
        var shop = Awaiting();

        Assert.Equal(HintOutcome.Refused, shop.Hint("t1", "guessed"));

        Assert.Null(shop.Wanted);
    }

    [Fact]
    public void A_deposit_that_does_not_come_in_time_fails_the_payment_soon_after_its_deadline()
    {
        var shop = Awaiting();
        while (shop.Now < Given.Number.DueAt)
        {
            shop.PgAnswers(Given.Waiting);
        }

        Assert.True(shop.Now <= Given.Number.DueAt + TimeSpan.FromSeconds(5));
        shop.PgAnswers(Given.Expired);

        Assert.Equal("EXPIRED", Assert.IsType<PaymentFailed>(shop.LastSent).Code);
        Assert.Empty(shop.Ledger);
    }

    [Fact]
    public void An_account_that_the_PG_does_not_end_is_asked_about_less_and_less_often()
    {
        var shop = Awaiting();
        while (shop.Now < Given.Number.DueAt)
        {
            shop.PgAnswers(Given.Waiting);
        }

        var waits = new List<TimeSpan>();
        for (var i = 0; i < 20; i++)
        {
            shop.PgAnswers(Given.Waiting);
            waits.Add(shop.Payment.WakeAt!.Value - shop.Now);
        }

        Assert.True(waits[0] <= 2 * shop.Options.FirstQueryWait, $"the first wait is {waits[0]}");
        Assert.All(waits.Skip(12), w => Assert.True(w > shop.Options.LongestQueryWait / 4, $"a late wait is {w}"));
    }

    [Fact]
    public void An_issue_of_unknown_outcome_is_read_and_the_account_found()
    {
        var shop = Requested();

        shop.PgAnswers(Given.Timeout, Given.Waiting);

        Assert.Equal(PaymentStatus.AwaitingDeposit, shop.Payment.Status);
        Assert.Single(shop.Sent);
    }

    [Fact]
    public void A_repeated_request_is_answered_with_the_same_account()
    {
        var shop = Awaiting();

        shop.Receive(Given.ChargeRequest(Given.Account));

        Assert.Equal(shop.Sent[0].EventId, shop.Sent[1].EventId);
        Assert.Null(shop.Wanted);
    }

    [Fact]
    public void A_cancel_before_the_deposit_closes_the_account_at_the_PG_first()
    {
        var shop = Awaiting();
        Assert.Empty(shop.Receive(Given.RefundRequest()).Messages);
        Assert.Equal("pk_1", Assert.IsType<CloseAccount>(shop.Wanted).PaymentKey);
        Assert.Equal(HintOutcome.NothingOpen, shop.Hint("t1"));

        shop.PgAnswers(Given.Closed);

        Assert.IsType<PaymentCancelled>(shop.LastSent);
        Assert.Equal(PaymentStatus.Cancelled, shop.Payment.Status);
        Assert.Empty(shop.Ledger);
    }

    [Fact]
    public void A_deposit_that_beats_the_cancel_goes_back_to_the_customers_account()
    {
        var shop = Awaiting();
        shop.Receive(Given.RefundRequest());

        var asked = shop.PgAnswers(Given.RefundRefused, Given.Deposited, Given.Cancelled);

        Assert.Equal(Given.Account.RefundReceiveAccount, Assert.IsType<CancelPayment>(asked[2]).Account);
        Assert.Equal(Given.Amount, Assert.IsType<PaymentRefunded>(shop.LastSent).Captured);
        Assert.DoesNotContain(shop.Sent, s => s.Message is PaymentCompleted);
    }

    [Fact]
    public void A_closing_that_fails_is_tried_again_under_a_key_of_its_own()
    {
        var shop = Awaiting();
        shop.Receive(Given.RefundRequest());

        var asked = shop.PgAnswers(Given.Timeout, Given.Waiting, Given.CircuitOpen, Given.Closed);

        Assert.Equal(
            2, asked.OfType<CloseAccount>().Select(c => c.IdempotencyKey).Take(2).Distinct(StringComparer.Ordinal).Count());
        Assert.IsType<PaymentCancelled>(shop.LastSent);
    }

    [Fact]
    public void An_account_whose_closing_is_open_is_not_voided_when_the_cancel_is_repeated()
    {
        var shop = Requested();
        shop.Receive(Given.RefundRequest()); // the PG's answer is on its way
        shop.PgAnswers(Given.Waiting, Given.Timeout);
        Assert.Equal(PgAction.Query, shop.Payment.Call?.Action);

        Assert.Empty(shop.Receive(Given.RefundRequest()).Messages);

        shop.PgAnswers(Given.Waiting, Given.Closed);
        Assert.IsType<PaymentCancelled>(shop.LastSent);
        Assert.Equal(PaymentStatus.Cancelled, shop.Payment.Status);
    }

    [Fact]
    public void An_account_that_surfaces_after_the_payment_was_given_up_is_closed()
    {
        var shop = Requested();
        shop.PgAnswers(Given.Timeout);
        shop.Now = Given.Deadline + shop.Options.SettleAfter;
        shop.PgAnswers(Given.NotFound);
        Assert.IsType<PaymentFailed>(shop.LastSent);
        shop.Hint("t1");

        var asked = shop.PgAnswers(Given.Waiting, Given.Closed);

        Assert.IsType<CloseAccount>(asked[1]);
        Assert.Equal((PaymentStatus.Failed, (DateTimeOffset?)null), (shop.Payment.Status, shop.Payment.WakeAt));
    }

    [Fact]
    public void A_deposit_that_the_bank_takes_back_is_told_and_leaves_the_books_at_nothing()
    {
        var shop = Reversed();

        Assert.Equal(new DepositReversed(Given.Order, Given.Payment, Given.Amount), shop.LastSent);
        Assert.Equal([12_900, -12_900], shop.Ledger.Select(r => r.Amount.Won));
        Assert.Equal((Money.Zero, PaymentStatus.AwaitingDeposit), (shop.Payment.Captured, shop.Payment.Status));

        shop.Receive(Given.RefundRequest()); // the saga's answer before dispatch
        shop.PgAnswers(Given.Closed);
        Assert.IsType<PaymentCancelled>(shop.LastSent);
    }

    [Fact]
    public void A_deposit_that_the_bank_takes_back_when_the_account_has_ended_is_told_likewise()
    {
        var shop = Paid();
        Assert.Equal(HintOutcome.Asked, shop.Hint("t1"));

        shop.PgAnswers(Given.Expired);

        Assert.Equal(new DepositReversed(Given.Order, Given.Payment, Given.Amount), shop.LastSent);
        Assert.Equal([12_900, -12_900], shop.Ledger.Select(r => r.Amount.Won));
        shop.PgAnswers(Given.Expired);
        Assert.Equal((Money.Zero, PaymentStatus.Cancelled), (shop.Payment.Captured, shop.Payment.Status));
    }

    [Fact]
    public void A_deposit_that_comes_again_is_captured_again_and_told_once()
    {
        var shop = Reversed();

        shop.PgAnswers(Given.Deposited);

        Assert.Equal(PaymentStatus.Completed, shop.Payment.Status);
        Assert.Single(shop.Sent, s => s.Message is PaymentCompleted);
        Assert.Equal([12_900, -12_900, 12_900], shop.Ledger.Select(r => r.Amount.Won));
        Assert.Equal(HintOutcome.Asked, shop.Hint("t9"));
        shop.PgAnswers(Given.Waiting);
        Assert.Equal(4, shop.Ledger.Count);
    }

    [Fact]
    public void An_account_that_ends_after_a_reversal_is_told_of_no_second_time()
    {
        var shop = Reversed();
        var sent = shop.Sent.Count;

        shop.PgAnswers(Given.Expired);

        Assert.Equal((PaymentStatus.Cancelled, sent), (shop.Payment.Status, shop.Sent.Count));
        shop.Receive(Given.RefundRequest());
        Assert.IsType<PaymentCancelled>(shop.LastSent);
    }

    [Fact]
    public void A_refund_of_a_deposit_that_is_taken_back_meanwhile_is_answered_that_nothing_is_captured()
    {
        var shop = Paid();
        shop.Receive(Given.RefundRequest());

        shop.PgAnswers(Given.Timeout, Given.Waiting, Given.Closed);

        Assert.IsType<PaymentCancelled>(shop.LastSent);
        Assert.Single(shop.Sent, s => s.Message is DepositReversed);
        Assert.Equal(Money.Zero, shop.Payment.Outstanding);
    }

    [Fact]
    public void A_stale_answer_neither_reverses_nor_captures()
    {
        var shop = Awaiting();
        shop.Hint("t1");
        var early = shop.Wanted!;
        shop.Hint("t2");
        shop.PgAnswers(Given.Deposited);
        shop.Answer(early, Given.Waiting);
        Assert.Equal(PaymentStatus.Completed, shop.Payment.Status);

        shop.Hint("t3");
        var before = shop.Wanted!;
        shop.Hint("t4");
        shop.PgAnswers(Given.Waiting);
        shop.Answer(before, Given.Deposited);
        Assert.Equal((PaymentStatus.AwaitingDeposit, 2), (shop.Payment.Status, shop.Ledger.Count));
    }

    [Theory]
    [InlineData("", "110-1", "홍길동")]
    [InlineData("신한", "110 1", "홍길동")]
    [InlineData("신한", "", "홍길동")]
    [InlineData("신한", "110-1", " ")]
    public void A_virtual_account_without_an_account_for_refunds_is_not_asked_for(
        string bank, string number, string holder)
    {
        var shop = new Shop();

        shop.Receive(Given.ChargeRequest(Given.Account with { RefundReceiveAccount = new(bank, number, holder) }));

        Assert.Equal("INVALID_PAYMENT_METHOD", Assert.IsType<PaymentFailed>(shop.LastSent).Code);
    }

    internal static Shop Requested()
    {
        var shop = new Shop();
        shop.Receive(Given.ChargeRequest(Given.Account));
        return shop;
    }

    internal static Shop Awaiting()
    {
        var shop = Requested();
        shop.PgAnswers(Given.Waiting);
        return shop;
    }

    internal static Shop Paid()
    {
        var shop = Awaiting();
        shop.PgAnswers(Given.Deposited);
        return shop;
    }

    internal static Shop Reversed()
    {
        var shop = Paid();
        shop.Hint("reversal");
        shop.PgAnswers(Given.Waiting);
        return shop;
    }
}
