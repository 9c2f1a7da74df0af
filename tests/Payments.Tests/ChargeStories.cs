using DoaMarket.Contracts;
using DoaMarket.Kernel;

namespace DoaMarket.Payments.Tests;

public sealed class ChargeStories
{
    [Fact]
    public void A_charge_that_the_PG_approves_completes_the_payment()
    {
        var shop = Requested();
        var charge = Assert.IsType<ChargeCard>(shop.Wanted);
        Assert.Equal($"charge:{Given.Payment}:1", charge.IdempotencyKey);
        Assert.Equal(Given.Deadline, charge.NotAfter);
        Assert.Equal(Given.Noon + shop.Options.AnswerWithin, shop.Payment.WakeAt);

        shop.PgAnswers(Given.Done);

        Assert.Equal(PaymentStatus.Completed, shop.Payment.Status);
        Assert.Equal(new PaymentCompleted(Given.Order, Given.Payment, "tx_1", Given.Amount), shop.LastSent);
        var row = Assert.Single(shop.Ledger);
        Assert.Equal((LedgerReason.Captured, Given.Amount, "tx_1"), (row.Reason, row.Amount, row.TransactionKey));
        Assert.Null(shop.Payment.WakeAt);
    }

    [Fact]
    public void A_declined_card_fails_the_payment_at_once()
    {
        var shop = Requested();

        shop.PgAnswers(Given.Declined);

        Assert.Equal(PaymentStatus.Failed, shop.Payment.Status);
        Assert.Equal(new PaymentFailed(Given.Order, Given.Payment, Given.Declined.Reason, "REJECT_CARD_COMPANY"),
            shop.LastSent);
        Assert.Empty(shop.Ledger);
    }

    [Fact]
    public void A_slow_charge_that_succeeds_is_one_charge()
    {
        var shop = Requested();

        var asked = shop.PgAnswers(Given.Timeout, Given.InProgress, Given.Done);

        Assert.Equal(["ChargeCard", "QueryPayment", "QueryPayment"], asked.Select(e => e.GetType().Name),
            StringComparer.Ordinal);
        Assert.Equal(PaymentStatus.Completed, shop.Payment.Status);
        Assert.Single(shop.Sent);
    }

    [Theory]
    [InlineData("ABORTED")]
    [InlineData("EXPIRED")]
    [InlineData("CANCELED")]
    public void A_charge_of_unknown_outcome_that_the_PG_ended_fails(string status)
    {
        var shop = Requested();

        shop.PgAnswers(Given.Timeout, status switch
        {
            "ABORTED" => Given.Aborted,
            "EXPIRED" => Given.Expired,
            _ => Given.CancelledByOthers,
        });

        Assert.Equal(status, Assert.IsType<PaymentFailed>(shop.LastSent).Code);
    }

    [Fact]
    public void A_charge_lost_on_its_way_is_repeated_under_its_own_key()
    {
        var shop = Requested();

        var asked = shop.PgAnswers(Given.Timeout, Given.NotFound, Given.Done);

        var first = Assert.IsType<ChargeCard>(asked[0]);
        var second = Assert.IsType<ChargeCard>(asked[2]);
        Assert.Equal(first.IdempotencyKey, second.IdempotencyKey);
        Assert.NotEqual(first.Key, second.Key, StringComparer.Ordinal);
        Assert.Equal(PaymentStatus.Completed, shop.Payment.Status);
    }

    [Fact]
    public void An_authenticated_payment_that_nobody_confirmed_is_confirmed_again_under_its_own_key()
    {
        var shop = new Shop();
        shop.Receive(Given.ChargeRequest(Given.Card));

        var asked = shop.PgAnswers(Given.Timeout, Given.InProgress, Given.Done);

        Assert.Equal(((ChargeCard)asked[0]).IdempotencyKey, Assert.IsType<ChargeCard>(asked[2]).IdempotencyKey);
    }

    [Fact]
    public void A_lost_effect_is_asked_again_with_the_same_key()
    {
        var shop = Requested();
        var lost = shop.Wanted;

        shop.WaitForTimer();

        Assert.Equal(lost, shop.Wanted);
        Assert.Equal(shop.Now + shop.Options.AnswerWithin, shop.Payment.WakeAt);
    }

    [Fact]
    public void A_timer_that_fires_early_does_nothing()
    {
        var shop = Requested();

        Assert.Empty(shop.FireTimer().Changes);
    }

    [Fact]
    public void Not_found_is_not_believed_before_the_last_possible_charge_has_settled()
    {
        var shop = Requested();
        shop.PgAnswers(Given.Timeout);
        shop.Now = Given.Deadline;

        var reads = 0;
        while (shop.Payment.Status == PaymentStatus.Pending)
        {
            Assert.IsType<QueryPayment>(shop.PgAnswers(Given.NotFound)[0]);
            Assert.True(++reads < 20);
        }

        Assert.True(shop.Now >= Given.Deadline + shop.Options.SettleAfter);
        Assert.True(shop.Now < Given.Deadline + shop.Options.SettleAfter + TimeSpan.FromSeconds(2));
        Assert.Equal("NOT_FOUND", Assert.IsType<PaymentFailed>(shop.LastSent).Code);
    }

    [Fact]
    public void Not_found_read_before_the_charge_settled_proves_nothing_however_late_it_is_taken_in()
    {
        var shop = Requested();
        shop.PgAnswers(Given.Timeout);
        shop.WaitForTimer();
        var early = Assert.IsType<QueryPayment>(shop.Wanted);

        shop.Now = Given.Deadline + shop.Options.SettleAfter + TimeSpan.FromMinutes(5);
        shop.Answer(early, Given.NotFound);

        Assert.Equal(PaymentStatus.Pending, shop.Payment.Status);
    }

    [Fact]
    public void A_PG_that_is_away_for_a_day_is_asked_until_it_is_back()
    {
        var shop = Requested();
        shop.PgAnswers(Given.Timeout);
        var asked = 0;
        while (shop.Now < Given.Noon.AddDays(1))
        {
            shop.PgAnswers(asked++ % 2 == 0 ? Given.Timeout : Given.Broken);
        }

        Assert.InRange(asked, 24 * 60 / 7, 24 * 60 / 3); // every five minutes or so
        Assert.Empty(shop.Sent);
        shop.PgAnswers(Given.Done);
        Assert.Equal(PaymentStatus.Completed, shop.Payment.Status);
    }

    [Fact]
    public void A_charge_that_an_open_circuit_holds_back_says_so_until_it_is_put()
    {
        var shop = Requested();

        shop.Answer(shop.Wanted!, Given.CircuitOpen);
        Assert.Equal(PaymentKinds.Gateway, PaymentKinds.Payments.HeldAt(shop.Payment));

        shop.WaitForTimer();
        Assert.IsType<ChargeCard>(shop.Wanted);
        Assert.Null(PaymentKinds.Payments.HeldAt(shop.Payment));
    }

    [Fact]
    public void An_open_circuit_counts_no_attempt_and_the_charge_begins_when_it_closes()
    {
        var shop = Requested();

        var asked = shop.PgAnswers(Given.CircuitOpen, Given.CircuitOpen, Given.Done);

        Assert.All(asked, e => Assert.IsType<ChargeCard>(e));
        Assert.Equal(3, asked.Select(e => e.Key).Distinct(StringComparer.Ordinal).Count());
        Assert.Equal(PaymentStatus.Completed, shop.Payment.Status);
    }

    [Fact]
    public void A_charge_that_never_could_begin_fails_at_its_deadline()
    {
        var shop = Requested();
        while (shop.Payment.Status == PaymentStatus.Pending)
        {
            shop.PgAnswers(Given.CircuitOpen);
            if (shop.Payment.WakeAt == Given.Deadline)
            {
                shop.WaitForTimer();
            }
        }

        Assert.Equal(Given.Deadline, shop.Now);
        Assert.Equal("DEADLINE_PASSED", Assert.IsType<PaymentFailed>(shop.LastSent).Code);
    }

    [Fact]
    public void A_charge_whose_answer_was_lost_is_only_read_after_its_deadline()
    {
        var shop = Requested();
        shop.Now = Given.Deadline;

        shop.FireTimer();

        Assert.IsType<QueryPayment>(shop.Wanted);
    }

    [Fact]
    public void One_copy_that_was_not_sent_does_not_speak_for_the_other()
    {
        var shop = Requested();
        shop.WaitForTimer(); // a second copy may be under way now
        var copy = shop.Wanted!;
        shop.Now = Given.Deadline;

        shop.Answer(copy, Given.CircuitOpen);

        Assert.Equal(PaymentStatus.Pending, shop.Payment.Status);
        Assert.True(shop.Payment.ChargeMayHaveBegun);
    }

    [Fact]
    public void A_refused_request_fails_the_payment_only_when_no_earlier_one_can_have_been_carried_out()
    {
        var first = Requested();
        first.PgAnswers(Given.Unauthorized);
        Assert.Equal("UNAUTHORIZED_KEY", Assert.IsType<PaymentFailed>(first.LastSent).Code);

        var second = Requested();
        second.PgAnswers(Given.Timeout, Given.NotFound, Given.Unauthorized);
        Assert.Equal(PaymentStatus.Pending, second.Payment.Status);
        second.PgAnswers(Given.Done);
        Assert.Equal(PaymentStatus.Completed, second.Payment.Status);
    }

    [Fact]
    public void A_late_answer_that_brings_a_fact_is_taken_in()
    {
        foreach (var (fact, status) in new (EffectResult, PaymentStatus)[]
        {
            (Given.Done, PaymentStatus.Completed), (Given.Declined, PaymentStatus.Failed),
        })
        {
            var shop = Requested();
            var charge = shop.Wanted!;
            shop.Now = Given.Deadline;
            shop.FireTimer(); // it reads now

            shop.Answer(charge, fact);

            Assert.Equal(status, shop.Payment.Status);
            Assert.Null(shop.Wanted);
        }
    }

    [Fact]
    public void A_late_answer_without_a_fact_changes_nothing()
    {
        var shop = Requested();
        var charge = shop.Wanted!;
        shop.Now = Given.Deadline;
        shop.FireTimer();

        var decision = shop.Answer(charge, Given.Timeout);

        Assert.Empty(decision.Changes);
        Assert.Equal("late_answer", Assert.Single(decision.Notes).Kind);
    }

    [Fact]
    public void A_payment_of_another_amount_is_not_believed_and_a_person_is_called()
    {
        var shop = Requested();

        shop.PgAnswers(Given.Done with { Total = new(1), Balance = new(1) });

        Assert.Equal(PaymentStatus.Pending, shop.Payment.Status);
        Assert.Equal("PAYMENT_AMOUNT_MISMATCH", Assert.Single(shop.OpenAlerts).Type);
    }

    [Fact]
    public void A_payment_of_another_amount_is_not_read_again_until_somebody_wants_it()
    {
        var shop = Requested();
        shop.PgAnswers(Given.Done with { Total = new(1), Balance = new(1) });

        Assert.Null(shop.Wanted);
        Assert.Null(shop.Payment.WakeAt);
        shop.Receive(Given.RefundRequest());
        Assert.IsType<QueryPayment>(shop.Wanted);
        shop.PgAnswers(Given.Done with { Total = new(1), Balance = new(1) });

        Assert.Null(shop.Wanted);
        Assert.Single(shop.OpenAlerts);
    }

    [Fact]
    public void A_payment_that_the_PG_has_put_right_goes_on_and_its_alert_closes()
    {
        var shop = Requested();
        shop.PgAnswers(Given.Done with { Total = new(1), Balance = new(1) });

        shop.Hint("wh_1");
        shop.PgAnswers(Given.Done);

        Assert.Equal(PaymentStatus.Completed, shop.Payment.Status);
        Assert.Null(shop.Payment.AmountAtPg);
        Assert.Empty(shop.OpenAlerts);
    }

    [Fact]
    public void What_was_settled_by_hand_calls_nobody_again_when_a_webhook_tells_of_it()
    {
        var shop = Requested();
        shop.PgAnswers(Given.Done with { Total = new(1), Balance = new(1) });
        shop.Receive(Given.ResolveRequest());
        Assert.Empty(shop.OpenAlerts);

        shop.Hint("wh_1");
        shop.PgAnswers(Given.Done with { Total = new(1), Balance = new(1) });

        Assert.Empty(shop.OpenAlerts);
        Assert.Null(shop.Wanted);
    }

    [Fact]
    public void A_request_that_comes_again_charges_nothing_and_is_answered_as_before()
    {
        var shop = Requested();
        shop.Receive(Given.ChargeRequest());
        Assert.Empty(shop.Sent);
        shop.PgAnswers(Given.Done);

        shop.Receive(Given.ChargeRequest());

        Assert.Equal(2, shop.Sent.Count);
        Assert.Equal(shop.Sent[0].EventId, shop.Sent[1].EventId);
        Assert.Null(shop.Wanted);
    }

    [Theory]
    [InlineData("cash", null, null, 12_900, "INVALID_PAYMENT_METHOD")]
    [InlineData("billing", null, "pk", 12_900, "INVALID_PAYMENT_METHOD")]
    [InlineData("billing", "..", null, 12_900, "INVALID_PAYMENT_METHOD")]
    [InlineData("card", null, "a/b", 12_900, "INVALID_PAYMENT_METHOD")]
    [InlineData("billing", "bk_ok", null, 0, "INVALID_AMOUNT")]
    public void A_request_that_cannot_be_charged_fails_without_asking(
        string type, string? billingKey, string? paymentKey, long won, string code)
    {
        var shop = new Shop();

        shop.Receive(Given.ChargeRequest(new(type, billingKey, paymentKey)) with { Amount = new(won) });

        Assert.Equal(code, Assert.IsType<PaymentFailed>(shop.LastSent).Code);
        Assert.Null(shop.Wanted);
    }

    [Fact]
    public void A_request_that_comes_after_its_deadline_is_not_charged()
    {
        var shop = new Shop { Now = Given.Deadline };

        shop.Receive(Given.ChargeRequest());

        Assert.Equal("DEADLINE_PASSED", Assert.IsType<PaymentFailed>(shop.LastSent).Code);
    }

    private static Shop Requested()
    {
        var shop = new Shop();
        shop.Receive(Given.ChargeRequest());
        return shop;
    }
}
