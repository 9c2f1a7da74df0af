using DoaMarket.Contracts;
using DoaMarket.Kernel;

namespace DoaMarket.Payments.Tests;

/// <summary>What people give back at the PG's own console, before, beside and after refunds of ours.</summary>
public sealed class ConsoleRefundStories
{
    private static readonly RequestRefused GuardRefused =
        new("NOT_MATCHES_REFUNDABLE_AMOUNT", "잔액 결과가 일치하지 않습니다.");

    private static readonly PaymentFound Overtaken = Given.Done with
    {
        Balance = new(10_900),
        Refunds = [new("at the console", new(2_000), true, "tx_console")],
    };

    [Fact]
    public void A_refund_that_another_hand_overtook_is_tried_under_a_new_guard_and_a_new_key()
    {
        var shop = PartRefundStories.Asked();

        var asked = shop.PgAnswers(GuardRefused, Overtaken, Given.Made((Given.Part, 4_000)));

        var second = Assert.IsType<CancelPayment>(asked[2]);
        Assert.Equal(
            ($"refund:{Given.Part}:0:1", new Money(4_000), new Money(10_900)),
            (second.IdempotencyKey, second.Amount, second.Refundable));
        Assert.Equal(
            [("tx_console", -2_000), ($"tx_{Given.Part}", -4_000)],
            shop.Ledger.Skip(1).Select(r => (r.TransactionKey!, r.Amount.Won)));
        Assert.Equal(new Money(6_900), shop.Payment.Refundable);
    }

    [Fact]
    public void What_another_hand_gave_back_before_the_whole_is_booked_apart_from_it()
    {
        var shop = RefundStories.Paid();
        shop.Receive(Given.RefundRequest());
        var full = Assert.IsType<CancelPayment>(shop.Wanted).RefundId;

        shop.PgAnswers(
            GuardRefused, Overtaken,
            Given.Done with
            {
                Status = PgStatus.Canceled,
                Balance = Money.Zero,
                Refunds = [.. Overtaken.Refunds, new($"cancelled [{full}]", new(10_900), true, "tx_full")],
            });

        Assert.Equal(
            [("tx_console", -2_000), ("tx_full", -10_900)],
            shop.Ledger.Skip(1).Select(r => (r.TransactionKey!, r.Amount.Won)));
        Assert.Equal(PaymentStatus.Refunded, shop.Payment.Status);
    }

    [Fact]
    public void What_was_refunded_at_the_PGs_console_goes_into_the_books_when_an_operator_says_so()
    {
        var shop = RefundStories.Paid();
        var seen = Given.Done with
        {
            Balance = new(9_900),
            Refunds = [new("at the console", new(3_000), true, "tx_console")],
        };

        Assert.IsType<RefundPartReply.Reading>(shop.Ask(new RereadPayment(Given.Payment, "reconciliation")));
        shop.PgAnswers(seen);

        Assert.Equal(new Money(3_000), Assert.IsType<PaymentRefunded>(shop.LastSent).Amount);
        Assert.Equal("tx_console", shop.Ledger[^1].TransactionKey);
        shop.Ask(new RereadPayment(Given.Payment, "once more"));
        shop.PgAnswers(seen);
        Assert.Equal(2, shop.Ledger.Count);
        Assert.Equal(PaymentStatus.Completed, shop.Payment.Status);
    }
}
