using DoaMarket.Contracts;
using DoaMarket.Kernel;

namespace DoaMarket.Payments.Tests;

public sealed class SettlementStories
{
    [Fact]
    public void A_failed_refund_settled_by_hand_is_closed_and_its_alert_resolved()
    {
        var shop = RefundStories.FailedRefund();

        var decision = shop.Receive(Given.ResolveRequest());

        var reply = Assert.IsType<PaymentRefunded>(shop.LastSent);
        Assert.Equal((Given.Amount, true), (reply.Amount, reply.SettledByHand));
        Assert.Empty(shop.OpenAlerts);
        Assert.Equal(Money.Zero, shop.Payment.Outstanding);
        Assert.Equal(LedgerReason.SettledByHand, shop.Ledger[^1].Reason);
        Assert.Equal("payment.settled_by_hand", Assert.Single(decision.Audits).Action);
    }

    [Fact]
    public void A_settled_payment_is_not_refunded_by_any_later_request()
    {
        var shop = RefundStories.FailedRefund();
        shop.Receive(Given.ResolveRequest());

        Assert.True(Assert.Single(shop.Receive(Given.RefundRequest(2)).Messages).Again);
        Assert.True(Assert.Single(shop.Receive(Given.ResolveRequest()).Messages).Again);
        Assert.Null(shop.Wanted);
    }

    [Fact]
    public void No_more_is_settled_than_can_be_owed()
    {
        var shop = RefundStories.FailedRefund();

        shop.Receive(Given.ResolveRequest(new Money(99_999)));

        Assert.Equal(Given.Amount, shop.Payment.SettledByHand);
        Assert.Contains(shop.Notes, n => n.Kind == "settlement_limited");

        var unknown = RefundStories.Requested();
        unknown.Receive(Given.ResolveRequest(new Money(99_999)));
        Assert.Equal(Given.Amount, unknown.Payment.SettledByHand);
    }

    [Fact]
    public void Less_than_is_owed_can_be_settled_and_the_rest_stays_with_the_shop()
    {
        var shop = RefundStories.FailedRefund();

        shop.Receive(Given.ResolveRequest(new Money(5_000)));

        Assert.Equal((new Money(5_000), true), shop.LastSent is PaymentRefunded r ? (r.Amount, r.SettledByHand) : default);
        Assert.Equal(new Money(-5_000), shop.Ledger[^1].Amount);
        Assert.Equal(Given.Amount - new Money(5_000), shop.Payment.Retained);
        Assert.Equal((Money.Zero, Money.Zero), (shop.Payment.Outstanding, shop.Payment.Refundable));
        Assert.Empty(shop.OpenAlerts);
        Assert.Contains(shop.Notes, n => n.Kind == "settled_in_part");
        Assert.True(Assert.Single(shop.Receive(Given.RefundRequest(2)).Messages).Again);
        Assert.Null(shop.Wanted);
    }

    [Fact]
    public void Nothing_can_be_settled_too()
    {
        var shop = RefundStories.FailedRefund();

        shop.Receive(Given.ResolveRequest(Money.Zero));

        Assert.Equal((Money.Zero, Given.Amount), (shop.Payment.SettledByHand, shop.Payment.Retained));
    }

    [Fact]
    public void A_refund_that_went_through_all_the_same_is_booked_and_nothing_stays_with_the_shop()
    {
        var shop = RefundStories.Paid();
        shop.Receive(Given.RefundRequest());
        var cancel = shop.Wanted!;
        shop.Receive(Given.ResolveRequest(new Money(5_000)));

        shop.Answer(cancel, Given.Cancelled);

        Assert.Equal("REFUNDED_TWICE", Assert.Single(shop.OpenAlerts).Type);
        Assert.Equal(Given.Amount - new Money(5_000), shop.Payment.Refunded);
        Assert.Equal((Money.Zero, Money.Zero), (shop.Payment.Retained, shop.Payment.Outstanding));
    }

    [Fact]
    public void What_was_given_back_before_a_charge_is_known_leaves_its_rest_to_be_refunded()
    {
        var shop = RefundStories.Requested();
        var charge = shop.Wanted!;
        shop.Receive(Given.ResolveRequest(new Money(5_000)));
        Assert.Equal(Money.Zero, shop.Payment.Retained);

        shop.Answer(charge, Given.Done);

        Assert.Equal(Given.Amount - new Money(5_000), shop.Payment.Outstanding);
        Assert.NotNull(shop.Wanted);
    }

    [Fact]
    public void A_charge_of_unknown_outcome_that_is_closed_by_hand_is_still_undone_when_it_surfaces()
    {
        var shop = RefundStories.Requested();
        var charge = shop.Wanted!;
        shop.Receive(Given.ResolveRequest());
        Assert.Equal(Money.Zero, Assert.IsType<PaymentRefunded>(shop.LastSent).Amount);

        shop.Answer(charge, Given.Done);
        shop.PgAnswers(Given.Cancelled);

        Assert.Equal((Given.Amount, false), shop.LastSent is PaymentRefunded r ? (r.Amount, r.SettledByHand) : default);
        Assert.Equal(Money.Zero, shop.Payment.Outstanding);
    }

    [Fact]
    public void A_capture_that_surfaced_after_a_settlement_can_be_settled_too()
    {
        var shop = RefundStories.Requested();
        var charge = shop.Wanted!;
        shop.Receive(Given.ResolveRequest());
        shop.Answer(charge, Given.Done);

        shop.Receive(Given.ResolveRequest());

        Assert.Equal([0, 12_900, -12_900], shop.Ledger.Select(r => r.Amount.Won));
        Assert.Equal(Money.Zero, shop.Payment.Outstanding);
    }

    [Fact]
    public void A_charge_that_surfaces_after_all_of_it_was_settled_by_hand_is_not_paid_back_twice()
    {
        var shop = RefundStories.Requested();
        var charge = shop.Wanted!;
        shop.Receive(Given.ResolveRequest(Given.Amount));

        shop.Answer(charge, Given.Done);

        Assert.Null(shop.Wanted);
        Assert.Equal((Given.Amount, Money.Zero), (shop.Payment.Captured, shop.Payment.Outstanding));
    }

    [Fact]
    public void A_refund_that_went_through_after_it_was_settled_by_hand_calls_a_person()
    {
        var shop = RefundStories.Paid();
        shop.Receive(Given.RefundRequest());
        var cancel = shop.Wanted!;
        shop.Receive(Given.ResolveRequest());

        shop.Answer(cancel, Given.Cancelled);

        Assert.Equal("REFUNDED_TWICE", Assert.Single(shop.OpenAlerts).Type);
        Assert.Equal(2, shop.Ledger.Count);
    }

    [Fact]
    public void A_payment_in_which_nothing_was_captured_is_answered_so()
    {
        var none = new Shop();
        none.Receive(Given.ResolveRequest());
        Assert.IsType<PaymentCancelled>(none.LastSent);
        Assert.Null(none.Receive(Given.ChargeRequest()).Reply);
        Assert.Null(none.Wanted);

        var unsent = RefundStories.Requested();
        unsent.PgAnswers(Given.CircuitOpen);
        unsent.Receive(Given.ResolveRequest());
        Assert.IsType<PaymentCancelled>(unsent.LastSent);

        var declined = RefundStories.Requested();
        declined.PgAnswers(Given.Declined);
        declined.Receive(Given.ResolveRequest(Given.Amount));
        Assert.IsType<PaymentCancelled>(declined.LastSent);
        Assert.Empty(declined.Ledger);
    }
}
