using DoaMarket.Contracts;
using DoaMarket.Kernel;

namespace DoaMarket.Payments.Tests;

public sealed class RefundStories
{
    [Fact]
    public void A_completed_payment_is_refunded_once()
    {
        var shop = Paid();
        shop.Receive(Given.RefundRequest());

        var cancel = Assert.IsType<CancelPayment>(Assert.Single(shop.PgAnswers(Given.Cancelled)));

        Assert.Equal($"refund:{Given.Refund}:0", cancel.IdempotencyKey);
        Assert.Equal((Given.Amount, Given.Amount, "pk_1"), (cancel.Amount, cancel.Refundable, cancel.PaymentKey));
        Assert.Equal(
            new PaymentRefunded(Given.Order, Given.Payment, Given.Refund, Given.Amount, Given.Amount,
            SettledByHand: false),
            shop.LastSent);
        Assert.Equal([12_900, -12_900], shop.Ledger.Select(r => r.Amount.Won));
        Assert.Equal("tx_refund", shop.Ledger[1].TransactionKey);
    }

    [Fact]
    public void A_refund_request_that_comes_again_is_answered_under_the_first_replys_id()
    {
        var shop = Paid();
        shop.Receive(Given.RefundRequest());
        Assert.Empty(shop.Receive(Given.RefundRequest()).Messages); // still under way
        shop.PgAnswers(Given.Cancelled);
        var reply = shop.Sent[^1];

        shop.Receive(Given.RefundRequest());

        Assert.Equal((reply.EventId, reply.Message, true), (shop.Sent[^1].EventId, shop.LastSent, shop.Sent[^1].Again));
        Assert.Null(shop.Wanted);
    }

    [Fact]
    public void A_refund_that_fails_twice_succeeds_at_the_third_attempt_under_the_same_key()
    {
        var shop = Paid();
        shop.Receive(Given.RefundRequest());

        var asked = shop.PgAnswers(Given.Timeout, Given.Done, Given.RefundRefused, Given.Done, Given.Cancelled);

        var cancels = asked.OfType<CancelPayment>().ToList();
        Assert.Equal(3, cancels.Count);
        Assert.Single(cancels.Select(c => c.IdempotencyKey).Distinct(StringComparer.Ordinal));
        Assert.Equal(2, asked.OfType<QueryPayment>().Count());
        Assert.IsType<PaymentRefunded>(shop.LastSent);
        Assert.Empty(shop.OpenAlerts);
    }

    [Fact]
    public void A_refund_of_unknown_outcome_that_went_through_is_found_by_reading_and_not_repeated()
    {
        var shop = Paid();
        shop.Receive(Given.RefundRequest());

        var asked = shop.PgAnswers(Given.Timeout, Given.Timeout, Given.Cancelled);

        Assert.Single(asked.OfType<CancelPayment>());
        Assert.IsType<PaymentRefunded>(shop.LastSent);
    }

    [Fact]
    public void A_refund_whose_answer_is_lost_is_read_before_it_is_repeated()
    {
        var shop = Paid();
        shop.Receive(Given.RefundRequest());

        shop.WaitForTimer();

        Assert.IsType<QueryPayment>(shop.Wanted);
        Assert.Equal(0, Assert.Single(shop.Payment.Refunds).Attempts);
    }

    [Fact]
    public void A_refund_that_is_still_being_carried_out_is_awaited()
    {
        var shop = Paid();
        shop.Receive(Given.RefundRequest());
        var underWay = Given.Done with { Refunds = [new($"r [{Given.Refund}]", Given.Amount, IsDone: false, null)] };

        var asked = shop.PgAnswers(Given.Timeout, underWay, underWay, Given.Cancelled);

        Assert.Single(asked.OfType<CancelPayment>());
        Assert.Equal(PaymentStatus.Refunded, shop.Payment.Status);
    }

    [Fact]
    public void A_refund_that_fails_for_good_raises_one_alert_and_an_operators_retry_reads_first()
    {
        var shop = FailedRefund();
        Assert.IsType<RefundFailed>(shop.LastSent);
        var alert = Assert.Single(shop.OpenAlerts);
        Assert.Equal(("REFUND_FAILED", AlertSeverity.P1, Given.Payment.ToString()),
            (alert.Type, alert.Severity, alert.Subject));
        // the saga's own repetition re-arms nothing
        Assert.True(shop.Receive(Given.RefundRequest(0)).Messages[0].Again);

        shop.Receive(Given.RefundRequest(1));
        Assert.Empty(shop.OpenAlerts);
        var asked = shop.PgAnswers(Given.Done, Given.Cancelled);

        Assert.IsType<QueryPayment>(asked[0]);
        Assert.Equal($"refund:{Given.Refund}:1", Assert.IsType<CancelPayment>(asked[1]).IdempotencyKey);
        Assert.IsType<PaymentRefunded>(shop.LastSent);
    }

    [Fact]
    public void An_operators_retry_finds_a_refund_that_went_through_after_all()
    {
        var shop = FailedRefund();
        shop.Receive(Given.RefundRequest(1));

        var asked = shop.PgAnswers(Given.Cancelled);

        Assert.IsType<QueryPayment>(Assert.Single(asked));
        Assert.IsType<PaymentRefunded>(shop.LastSent);
    }

    [Fact]
    public void A_refund_that_cannot_be_read_back_is_not_called_failed()
    {
        var shop = Paid();
        shop.Receive(Given.RefundRequest());
        for (var attempt = 1; attempt < shop.Options.RefundBackoff.MaxAttempts; attempt++)
        {
            shop.PgAnswers(Given.Timeout, Given.Done);
        }

        shop.PgAnswers(Given.Timeout, Given.Timeout, Given.Timeout, Given.Timeout);
        Assert.Equal(PaymentStatus.Refunding, shop.Payment.Status);

        shop.PgAnswers(Given.Cancelled);
        Assert.Equal(PaymentStatus.Refunded, shop.Payment.Status);
    }

    [Fact]
    public void An_open_circuit_burns_no_refund_attempt()
    {
        var shop = Paid();
        shop.Receive(Given.RefundRequest());

        shop.PgAnswers([.. Enumerable.Repeat(Given.CircuitOpen, 20), Given.Cancelled]);

        Assert.Equal(PaymentStatus.Refunded, shop.Payment.Status);
        Assert.Equal(0, Assert.Single(shop.Payment.Refunds).Attempts);
    }

    [Fact]
    public void A_refund_fails_for_good_within_the_announced_schedule()
    {
        var shop = Paid();
        shop.Receive(Given.RefundRequest());
        var began = shop.Now;
        while (shop.Payment.Status == PaymentStatus.Refunding)
        {
            if (shop.Wanted is CancelPayment cancel)
            {
                shop.Now += shop.Options.AnswerWithin - TimeSpan.FromMilliseconds(1);
                shop.Answer(cancel, Given.Timeout);
            }
            else
            {
                shop.PgAnswers(Given.Done);
            }
        }

        Assert.InRange(shop.Now - began, TimeSpan.Zero, shop.Options.LongestRefundSchedule);
        Assert.True(shop.Options.LongestUndo > shop.Options.LongestRefundSchedule + shop.Options.SettleAfter);
    }

    [Fact]
    public void A_partial_cancel_by_another_hand_leaves_the_rest_to_be_refunded()
    {
        var shop = Paid();
        shop.Receive(Given.RefundRequest());
        var partly = Given.Done with
        {
            Balance = new(2_900),
            Refunds = [new("by the merchant", new(10_000), true, "tx_x")],
        };

        var asked = shop.PgAnswers(Given.RefundRefused, partly, Given.Cancelled);

        var second = Assert.IsType<CancelPayment>(asked[2]);
        Assert.Equal((new Money(2_900), new Money(2_900)), (second.Amount, second.Refundable));
        Assert.Equal(Money.Zero, shop.Payment.Outstanding);
    }

    [Fact]
    public void A_refund_request_that_overtakes_the_charge_leaves_a_tombstone()
    {
        var shop = new Shop();

        shop.Receive(Given.RefundRequest());
        Assert.IsType<PaymentCancelled>(shop.LastSent);
        var late = shop.Receive(Given.ChargeRequest());

        Assert.Equal("late_request_refused", Assert.Single(late.Notes).Kind);
        Assert.Null(shop.Wanted);
        Assert.Single(shop.Sent);
        shop.Receive(Given.RefundRequest());
        Assert.Equal(shop.Sent[0].EventId, shop.Sent[1].EventId);
    }

    [Fact]
    public void A_charge_that_cannot_have_begun_is_voided_in_the_same_commit()
    {
        var shop = Requested();
        shop.PgAnswers(Given.CircuitOpen);

        shop.Receive(Given.RefundRequest());

        Assert.IsType<PaymentCancelled>(shop.LastSent);
        Assert.Equal(PaymentStatus.Cancelled, shop.Payment.Status);
        Assert.Null(shop.Payment.WakeAt);
    }

    [Fact]
    public void A_cancel_while_the_charge_is_under_way_is_remembered_and_starts_no_further_copy()
    {
        var shop = Requested();
        var charge = shop.Wanted!;

        Assert.Empty(shop.Receive(Given.RefundRequest()).Messages);
        Assert.Null(shop.Wanted);
        shop.Answer(charge, Given.Done);
        Assert.Equal(PaymentStatus.Refunding, shop.Payment.Status);
        shop.PgAnswers(Given.Cancelled);

        Assert.Equal(Given.Amount, Assert.IsType<PaymentRefunded>(Assert.Single(shop.Sent).Message).Captured);
    }

    [Fact]
    public void A_cancel_while_the_charge_is_under_way_is_answered_at_once_when_nothing_was_charged()
    {
        foreach (var result in new EffectResult[] { Given.Declined, Given.CircuitOpen, Given.Unauthorized })
        {
            var shop = Requested();
            var charge = shop.Wanted!;
            shop.Receive(Given.RefundRequest());

            shop.Answer(charge, result);

            Assert.IsType<PaymentCancelled>(Assert.Single(shop.Sent).Message);
        }
    }

    [Fact]
    public void A_cancel_while_the_outcome_is_unknown_is_answered_when_it_is_known()
    {
        var shop = Requested();
        shop.PgAnswers(Given.Timeout);
        shop.Receive(Given.RefundRequest());
        shop.PgAnswers(Given.NotFound, Given.NotFound); // before the deadline, and yet no charge is repeated
        Assert.Empty(shop.Sent);

        shop.PgAnswers(Given.Aborted);

        Assert.IsType<PaymentCancelled>(Assert.Single(shop.Sent).Message);
    }

    [Fact]
    public void A_charge_that_waits_to_be_repeated_is_only_read_once_a_refund_is_requested()
    {
        var shop = Requested();
        shop.PgAnswers(Given.Timeout, Given.NotFound, Given.CircuitOpen);

        shop.Receive(Given.RefundRequest());

        Assert.IsType<QueryPayment>(shop.Wanted);
    }

    [Fact]
    public void A_cancel_of_a_payment_that_the_PG_never_got_is_answered_when_the_charge_has_settled()
    {
        var shop = Requested();
        shop.PgAnswers(Given.Timeout);
        shop.Receive(Given.RefundRequest());
        while (shop.Payment.Status == PaymentStatus.Pending)
        {
            shop.PgAnswers(Given.NotFound);
        }

        Assert.True(shop.Now >= Given.Deadline + shop.Options.SettleAfter);
        Assert.IsType<PaymentCancelled>(Assert.Single(shop.Sent).Message);
        Assert.InRange(shop.Now - Given.Deadline, TimeSpan.Zero, shop.Options.LongestUndo);
    }

    [Fact]
    public void A_failed_payment_answers_a_refund_request_that_nothing_was_captured()
    {
        var shop = Requested();
        shop.PgAnswers(Given.Declined);

        shop.Receive(Given.RefundRequest());
        shop.Receive(Given.RefundRequest());

        Assert.IsType<PaymentCancelled>(shop.LastSent);
        Assert.Equal(shop.Sent[1].EventId, shop.Sent[2].EventId);
        Assert.Equal(PaymentStatus.Failed, shop.Payment.Status);
    }

    [Fact]
    public void A_charge_that_surfaces_on_a_failed_or_cancelled_payment_is_undone_without_being_asked()
    {
        foreach (var isRefundRequested in new[] { false, true })
        {
            var shop = Requested();
            var charge = shop.Wanted!;
            shop.WaitForTimer();
            shop.Now = Given.Deadline;
            shop.FireTimer();
            if (isRefundRequested)
            {
                shop.Receive(Given.RefundRequest());
            }

            shop.PgAnswers(Given.Aborted);
            shop.Answer(charge, Given.Done);
            Assert.Equal(PaymentStatus.Refunding, shop.Payment.Status);
            shop.PgAnswers(Given.Cancelled);

            Assert.Equal(Given.Amount, Assert.IsType<PaymentRefunded>(shop.LastSent).Amount);
            Assert.DoesNotContain(shop.Sent, s => s.Message is PaymentCompleted);
        }
    }

    [Fact]
    public void Messages_born_of_answers_carry_the_refund_requests_saga()
    {
        var shop = Paid();
        var request = DerivedId.From(Given.Order.Value, "refund request");
        shop.Receive(Given.RefundRequest(), request);

        Assert.Equal(request, shop.Payment.Trail.CausationId?.Value);
        Assert.Equal(Given.Order.Value, shop.Payment.Trail.SagaId?.Value);
    }

    internal static Shop Requested()
    {
        var shop = new Shop();
        shop.Receive(Given.ChargeRequest());
        return shop;
    }

    internal static Shop Paid()
    {
        var shop = Requested();
        shop.PgAnswers(Given.Done);
        return shop;
    }

    internal static Shop FailedRefund()
    {
        var shop = Paid();
        shop.Receive(Given.RefundRequest());
        for (var attempt = 1; attempt <= shop.Options.RefundBackoff.MaxAttempts; attempt++)
        {
            shop.PgAnswers(Given.RefundRefused, Given.Done);
        }

        return shop;
    }
}
