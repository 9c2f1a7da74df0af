using DoaMarket.Contracts;
using DoaMarket.Kernel;

namespace DoaMarket.Payments.Tests;

public sealed class PartRefundStories
{
    private static readonly PaymentFound PartMade = Given.Made((Given.Part, 4_000));

    [Fact]
    public void A_part_goes_back_under_its_own_id_and_key_and_the_payment_stays_completed()
    {
        var shop = Asked();

        var cancel = Assert.IsType<CancelPayment>(Assert.Single(shop.PgAnswers(PartMade)));

        Assert.Equal($"refund:{Given.Part}:0", cancel.IdempotencyKey);
        Assert.Equal((new Money(4_000), Given.Amount), (cancel.Amount, cancel.Refundable));
        Assert.Equal(Refunded(Given.Part, 4_000), shop.LastSent);
        Assert.Equal([12_900, -4_000], shop.Ledger.Select(r => r.Amount.Won));
        Assert.Equal(
            (PaymentStatus.Completed, new Money(8_900)), (shop.Payment.Status, shop.Payment.Refundable));
    }

    [Fact]
    public void A_part_that_is_asked_for_again_is_answered_under_the_first_replys_id()
    {
        var shop = Asked();
        Assert.Empty(shop.Receive(Given.PartRequest()).Messages);
        shop.PgAnswers(PartMade);
        var reply = shop.Sent[^1];

        shop.Receive(Given.PartRequest());

        Assert.Equal((reply.EventId, true), (shop.Sent[^1].EventId, shop.Sent[^1].Again));
        Assert.Null(shop.Wanted);
    }

    [Fact]
    public void One_refund_is_in_hand_and_the_next_begins_when_it_is_done()
    {
        var shop = Asked();
        shop.Receive(Given.PartRequest(2_000, Given.OtherPart));
        Assert.Equal(Given.Part, Assert.IsType<CancelPayment>(shop.Wanted).RefundId);

        var asked = shop.PgAnswers(PartMade, Given.Made((Given.Part, 4_000), (Given.OtherPart, 2_000)));

        var second = Assert.IsType<CancelPayment>(asked[1]);
        Assert.Equal((Given.OtherPart, new Money(8_900)), (second.RefundId, second.Refundable));
        Assert.Equal(Refunded(Given.OtherPart, 2_000), shop.LastSent);
        Assert.Equal(new Money(6_900), shop.Payment.Refundable);
    }

    [Fact]
    public void A_full_refund_afterwards_gives_back_the_rest_only()
    {
        var shop = Asked();
        shop.PgAnswers(PartMade);
        shop.Receive(Given.RefundRequest());

        var cancel = Assert.IsType<CancelPayment>(
            Assert.Single(shop.PgAnswers(Given.Made((Given.Part, 4_000), (Given.Refund, 8_900)))));

        Assert.Equal((new Money(8_900), new Money(8_900)), (cancel.Amount, cancel.Refundable));
        Assert.Equal(Refunded(Given.Refund, 8_900), shop.LastSent);
        Assert.Equal(PaymentStatus.Refunded, shop.Payment.Status);
    }

    [Fact]
    public void A_full_refund_waits_for_the_part_under_way_and_takes_those_behind_it_along()
    {
        var shop = Asked();
        shop.Receive(Given.PartRequest(2_000, Given.OtherPart));
        Assert.Empty(shop.Receive(Given.RefundRequest()).Messages);

        var asked = shop.PgAnswers(PartMade, Given.Made((Given.Part, 4_000), (Given.Refund, 8_900)));

        Assert.Equal(new Money(8_900), Assert.IsType<CancelPayment>(asked[1]).Amount);
        Assert.Equal(
            [Refunded(Given.Part, 4_000), Refunded(Given.OtherPart, 2_000), Refunded(Given.Refund, 6_900)],
            shop.Sent.Select(s => s.Message).OfType<PaymentRefunded>());
        Assert.Equal(Money.Zero, shop.Payment.Outstanding);
    }

    [Fact]
    public void A_part_of_unknown_outcome_is_found_among_the_PGs_cancels_and_not_repeated()
    {
        var shop = Asked();

        var asked = shop.PgAnswers(Given.Timeout, PartMade);

        Assert.Single(asked.OfType<CancelPayment>());
        Assert.Equal(Refunded(Given.Part, 4_000), shop.LastSent);
    }

    [Fact]
    public void A_part_that_the_PG_refuses_raises_one_alert_and_holds_the_others_back()
    {
        var shop = Failed();
        Assert.Equal(Given.Part, Assert.IsType<RefundFailed>(shop.LastSent).RefundId);
        Assert.Equal("REFUND_FAILED", Assert.Single(shop.OpenAlerts).Type);

        shop.Receive(Given.PartRequest(1_000, Given.OtherPart));
        Assert.Null(shop.Wanted);
        Assert.True(Assert.Single(shop.Receive(Given.PartRequest()).Messages).Again);

        shop.Receive(Given.PartRequest(retryNumber: 1));
        Assert.Empty(shop.OpenAlerts);
        var asked = shop.PgAnswers(Given.Done, PartMade, Given.Made((Given.Part, 4_000), (Given.OtherPart, 1_000)));
        Assert.IsType<QueryPayment>(asked[0]);
        Assert.Equal($"refund:{Given.Part}:1", Assert.IsType<CancelPayment>(asked[1]).IdempotencyKey);
        Assert.Equal(Refunded(Given.OtherPart, 1_000), shop.LastSent);
    }

    [Fact]
    public void A_part_that_the_PG_refuses_goes_back_with_the_whole_once_that_is_wanted()
    {
        var shop = Failed();
        shop.Receive(Given.RefundRequest());
        Assert.Empty(shop.OpenAlerts);

        var asked = shop.PgAnswers(Given.Done, Given.Cancelled);

        Assert.Equal(Given.Amount, Assert.IsType<CancelPayment>(asked[1]).Amount);
        Assert.Equal(
            [Refunded(Given.Part, 4_000), Refunded(Given.Refund, 8_900)],
            shop.Sent.Select(s => s.Message).OfType<PaymentRefunded>());
    }

    [Fact]
    public void A_part_that_turns_out_to_be_made_is_not_given_back_again_with_the_whole()
    {
        var shop = Failed();
        shop.Receive(Given.RefundRequest());

        var asked = shop.PgAnswers(PartMade, PartMade, Given.Made((Given.Part, 4_000), (Given.Refund, 8_900)));

        Assert.Equal(new Money(8_900), Assert.IsType<CancelPayment>(asked[2]).Amount);
        Assert.Equal(Money.Zero, shop.Payment.Outstanding);
    }

    [Fact]
    public void A_part_that_is_refused_while_the_whole_waits_goes_back_with_it()
    {
        var shop = Asked();
        shop.Receive(Given.RefundRequest());
        for (var attempt = 1; attempt <= shop.Options.RefundBackoff.MaxAttempts; attempt++)
        {
            shop.PgAnswers(Given.RefundRefused, Given.Done);
        }

        Assert.Empty(shop.OpenAlerts);
        shop.PgAnswers(Given.Cancelled);
        Assert.Equal(
            [Refunded(Given.Part, 4_000), Refunded(Given.Refund, 8_900)],
            shop.Sent.Select(s => s.Message).OfType<PaymentRefunded>());
    }

    [Fact]
    public void A_part_wanted_before_the_charge_is_known_is_given_back_once_it_is()
    {
        var shop = RefundStories.Requested();
        shop.PgAnswers(Given.Timeout);
        Assert.Empty(shop.Receive(Given.PartRequest()).Messages);

        shop.PgAnswers(Given.Done, PartMade);

        Assert.IsType<PaymentCompleted>(shop.Sent[0].Message);
        Assert.Equal(Refunded(Given.Part, 4_000), shop.LastSent);
    }

    [Fact]
    public void A_part_of_a_charge_that_fails_is_answered_with_nothing()
    {
        var shop = RefundStories.Requested();
        shop.PgAnswers(Given.Timeout);
        shop.Receive(Given.PartRequest());

        shop.PgAnswers(Given.Aborted);

        Assert.Contains(shop.Sent, s => s.Message is PaymentFailed);
        Assert.Equal(Refunded(Given.Part, 0, captured: 0), shop.Sent.Select(s => s.Message).OfType<PaymentRefunded>().Single());
    }

    [Fact]
    public void Nothing_is_left_of_a_payment_that_was_refunded_settled_or_never_charged()
    {
        var refunded = RefundStories.Paid();
        refunded.Receive(Given.RefundRequest());
        refunded.PgAnswers(Given.Cancelled);
        var settled = RefundStories.FailedRefund();
        settled.Receive(Given.ResolveRequest());
        foreach (var shop in new[] { refunded, settled })
        {
            shop.Receive(Given.PartRequest());
            Assert.Equal(Refunded(Given.Part, 0), shop.LastSent);
            Assert.Null(shop.Wanted);
        }

        var none = new Shop();
        none.Receive(Given.PartRequest());
        Assert.IsType<RefundFailed>(none.LastSent);
        none.Receive(Given.ChargeRequest()); // it leaves no tombstone
        Assert.IsType<ChargeCard>(none.Wanted);
    }

    [Fact]
    public void Parts_that_are_all_of_it_are_the_full_refunds_answer()
    {
        var shop = Asked();
        shop.Receive(Given.PartRequest(8_900, Given.OtherPart));
        shop.PgAnswers(PartMade, Given.Made((Given.Part, 4_000), (Given.OtherPart, 8_900)));
        Assert.Equal(PaymentStatus.Refunded, shop.Payment.Status);

        shop.Receive(Given.RefundRequest());
        shop.Receive(Given.RefundRequest());

        Assert.Equal(Refunded(Given.Refund, 0), shop.LastSent);
        Assert.True(shop.Sent[^1].Again);
    }

    [Fact]
    public void A_failed_part_settled_by_hand_is_closed_and_the_rest_goes_on()
    {
        var shop = Failed();
        shop.Receive(Given.PartRequest(1_000, Given.OtherPart));

        var reply = shop.Ask(new SettleRefund(Given.Payment, Given.Part, "bank transfer"));

        Assert.IsType<RefundPartReply.Taken>(reply);
        Assert.Equal((LedgerReason.SettledByHand, -4_000), (shop.Ledger[^1].Reason, shop.Ledger[^1].Amount.Won));
        Assert.Empty(shop.OpenAlerts);
        Assert.Equal(Given.OtherPart, Assert.IsType<CancelPayment>(shop.Wanted).RefundId);
        shop.PgAnswers(Given.Made((Given.OtherPart, 1_000)));
        Assert.Equal(new Money(7_900), shop.Payment.Outstanding);
    }

    [Fact]
    public void A_settled_part_that_went_through_after_all_calls_a_person()
    {
        var shop = Asked();
        var cancel = shop.Wanted!;
        shop.Receive(Given.ResolveRequest() with { RefundId = Given.Part });

        shop.Answer(cancel, PartMade);

        Assert.Equal("REFUNDED_TWICE", Assert.Single(shop.OpenAlerts).Type);
    }

    [Fact]
    public void An_operators_wish_is_taken_once_and_audited()
    {
        var shop = RefundStories.Paid();

        Assert.False(Assert.IsType<RefundPartReply.Taken>(shop.Ask(Given.Wish())).IsReplay);
        Assert.True(Assert.IsType<RefundPartReply.Taken>(shop.Ask(Given.Wish())).IsReplay);
        Assert.Equal("IDEMPOTENCY_KEY_REUSED", Refusal(shop.Ask(Given.Wish(1))));
        shop.PgAnswers(PartMade);

        Assert.Equal(Given.Operator, Assert.Single(shop.Payment.Refunds).By);
        Assert.Equal(Refunded(Given.Part, 4_000), shop.LastSent);
    }

    [Fact]
    public void An_operators_wish_is_refused_with_its_reason()
    {
        Assert.IsType<RefundPartReply.Unknown>(new Shop().Ask(Given.Wish()));
        Assert.Equal("PAYMENT_NOT_CAPTURED", Refusal(RefundStories.Requested().Ask(Given.Wish())));
        Assert.Equal("PAYMENT_NOT_CAPTURED", Refusal(DepositStories.Awaiting().Ask(Given.Wish())));
        Assert.Equal("REFUND_EXCEEDS_REST", Refusal(Asked().Ask(Given.Wish(8_901, Given.OtherPart))));
        Assert.Equal("USE_CANCEL", Refusal(Asked().Ask(Given.Wish(8_900, Given.OtherPart))));
        Assert.IsType<RefundPartReply.Taken>(Asked().Ask(Given.Wish(8_900, Given.OtherPart, isDispatched: true)));
        Assert.Equal("EARLIER_REFUND_FAILED", Refusal(Failed().Ask(Given.Wish(1, Given.OtherPart))));
        var full = RefundStories.Paid();
        full.Receive(Given.RefundRequest());
        Assert.Equal("FULL_REFUND_UNDER_WAY", Refusal(full.Ask(Given.Wish())));
        full.PgAnswers(Given.Cancelled);
        Assert.Equal("NOTHING_TO_REFUND", Refusal(full.Ask(Given.Wish())));
    }

    [Fact]
    public void No_more_refunds_wait_than_may()
    {
        var shop = Asked();
        for (var i = 1; i < shop.Options.RefundsWaitingMax; i++)
        {
            shop.Receive(Given.PartRequest(1, new(DerivedId.From(Given.Order.Value, i))));
        }

        Assert.Equal("TOO_MANY_REFUNDS", Refusal(shop.Ask(Given.Wish(1, Given.OtherPart))));
        shop.Receive(Given.PartRequest(1, Given.OtherPart));
        Assert.Equal(Given.OtherPart, Assert.IsType<RefundFailed>(shop.LastSent).RefundId);
        Assert.Equal(shop.Options.RefundsWaitingMax, shop.Payment.Refunds.Count);
    }

    [Fact]
    public void A_retry_by_an_operator_needs_a_failed_part()
    {
        Assert.Equal("REFUND_NOT_FAILED", Refusal(Asked().Ask(new RetryRefund(Given.Payment, Given.Part, "again"))));
        var shop = Failed();
        shop.Ask(new RetryRefund(Given.Payment, Given.Part, "the PG says that it works again"));
        shop.PgAnswers(Given.Done, PartMade);
        Assert.Equal(Refunded(Given.Part, 4_000), shop.LastSent);
    }

    [Fact]
    public void A_payment_under_way_is_not_read_anew() => Assert.Equal(
        "PAYMENT_UNDER_WAY", Refusal(Asked().Ask(new RereadPayment(Given.Payment, "now"))));

    internal static Shop Asked()
    {
        var shop = RefundStories.Paid();
        shop.Receive(Given.PartRequest());
        return shop;
    }

    internal static Shop Failed()
    {
        var shop = Asked();
        for (var attempt = 1; attempt <= shop.Options.RefundBackoff.MaxAttempts; attempt++)
        {
            shop.PgAnswers(Given.RefundRefused, Given.Done);
        }

        return shop;
    }

    private static PaymentRefunded Refunded(RefundId id, long won, long captured = 12_900) =>
        new(Given.Order, Given.Payment, id, new(won), new(captured), SettledByHand: false);

    private static string Refusal(RefundPartReply reply) => Assert.IsType<RefundPartReply.Refused>(reply).Code;
}
