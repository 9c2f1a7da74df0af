using DoaMarket.Contracts;
using DoaMarket.Kernel;
using DoaMarket.Payments.Reconciling;

namespace DoaMarket.Payments.Tests;

public sealed class ReconciliationStories
{
    private static readonly OrderId Stranger = new(DerivedId.From(Given.Order.Value, "stranger"));

    [Fact]
    public void Books_that_agree_show_no_difference()
    {
        var world = new ReconciliationWorld();

        var run = world.Run();

        Assert.Equal((RunStatus.Completed, 2L, 2L), (run.Status, run.Transactions, run.Rows));
        Assert.Empty(run.Differences);
        Assert.Empty(world.OpenAlerts);
        Assert.Null(run.WakeAt);
    }

    [Fact]
    public void A_capture_that_the_shop_does_not_know_is_an_alert_until_it_is_given_back()
    {
        var world = new ReconciliationWorld();
        world.AtPg("tx_s", Stranger.ToString(), 5_000);

        var found = Assert.Single(world.Run().Differences);
        Assert.Equal(
            ("RECONCILIATION_UNKNOWN_PAYMENT", new Money(5_000), Money.Zero), (found.Type, found.AtPg, found.InLedger));
        Assert.Contains("Remedy", Assert.Single(world.OpenAlerts).Text, StringComparison.Ordinal);
        world.Run();
        Assert.Equal(1, world.Raised); // once per subject

        world.AtPg("tx_s2", Stranger.ToString(), -5_000);
        var later = world.Run();
        Assert.Empty(later.Differences);
        Assert.Equal(1, later.Settled);
        Assert.Empty(world.OpenAlerts);
    }

    [Fact]
    public void A_name_that_is_no_order_of_ours_is_kept_as_the_PG_writes_it()
    {
        var world = new ReconciliationWorld();
        world.AtPg("tx_s", "SOMEBODY-ELSE-1", 5_000);

        Assert.Contains("SOMEBODY-ELSE-1", Assert.Single(world.Run().Differences).Text, StringComparison.Ordinal);
    }

    [Fact]
    public void A_refund_at_the_PGs_console_is_found_and_settled_once_it_is_taken_into_the_books()
    {
        var world = new ReconciliationWorld();
        world.AtPg("tx_console", Given.Order.ToString(), -3_000);

        var found = Assert.Single(world.Run().Differences);
        Assert.Equal(
            ("RECONCILIATION_MISSING_IN_LEDGER", "tx_console", new Money(-3_000)), (found.Type, found.Subject, found.AtPg));
        Assert.Contains("/reread", found.Text, StringComparison.Ordinal);

        world.Book("tx_console", -3_000);
        Assert.Empty(world.Run().Differences);
        Assert.Empty(world.OpenAlerts);
    }

    [Fact]
    public void A_transaction_that_vanished_from_the_PG_is_found_and_settled_when_it_is_there_again()
    {
        var world = new ReconciliationWorld();
        world.Run();
        var gone = world.Vanish("tx_r");

        var found = Assert.Single(world.Run().Differences);
        Assert.Equal(("RECONCILIATION_MISSING_AT_PG", "tx_r", new Money(-2_000)),
            (found.Type, found.Subject, found.InLedger));

        world.AtPg(gone);
        Assert.Empty(world.Run().Differences);
        Assert.Empty(world.OpenAlerts);
    }

    [Fact]
    public void Amounts_that_differ_are_found()
    {
        var world = new ReconciliationWorld();
        world.AtPg(world.Vanish("tx_r") with { Amount = new(-2_001) });

        var found = Assert.Single(world.Run().Differences);

        Assert.Equal(
            ("RECONCILIATION_AMOUNT_DIFFERS", new Money(-2_001), new Money(-2_000)),
            (found.Type, found.AtPg, found.InLedger));
    }

    [Fact]
    public void One_movement_at_the_PG_may_be_several_refunds_in_the_books()
    {
        var world = new ReconciliationWorld();
        world.Book("tx_all", -4_000);
        world.Book("tx_all", -6_900);
        world.AtPg("tx_all", Given.Order.ToString(), -10_900);

        Assert.Empty(world.Run().Differences);
    }

    [Fact]
    public void What_is_young_or_under_way_is_not_judged()
    {
        var world = new ReconciliationWorld();
        world.AtPg("tx_young", Stranger.ToString(), 5_000, world.Now - TimeSpan.FromSeconds(30));
        world.AtPg("tx_moving", Given.Order.ToString(), -3_000);
        world.Payment = world.Payment with { Status = PaymentStatus.Refunding };

        var run = world.Run();
        Assert.Empty(run.Differences);
        Assert.Equal(1, run.Unsettled);

        world.Payment = world.Payment with { Status = PaymentStatus.Completed };
        world.Now += TimeSpan.FromHours(2);
        Assert.Equal(2, world.Run().Differences.Count); // both are covered by the next run
    }

    [Fact]
    public void Pages_are_read_one_after_the_other_and_an_old_answer_is_not_taken_twice()
    {
        var world = new ReconciliationWorld { PageSize = 1 };
        for (var i = 0; i < 5; i++)
        {
            world.AtPg($"tx_s{i}", Stranger.ToString(), i % 2 == 0 ? 100 : -100);
        }

        var run = world.Run();

        Assert.Equal((7L, 2L), (run.Transactions, run.Rows));
        Assert.Equal(new Money(100), Assert.Single(run.Differences).AtPg);
    }

    [Fact]
    public void A_run_goes_on_where_it_was_when_its_process_was_killed()
    {
        var world = new ReconciliationWorld { PageSize = 1 };
        world.Begin();
        world.AnswerOne();
        var cursor = world.Current.Cursor;
        Assert.NotNull(cursor);

        world.FireTimer(); // the answer was lost with the process
        world.FireTimer();
        Assert.Equal(cursor, Assert.IsType<ListTransactions>(world.Wanted).StartingAfter);

        Assert.Equal(RunStatus.Completed, world.Finish().Status);
    }

    [Fact]
    public void A_PG_that_cannot_be_read_fails_the_run_and_the_next_one_covers_the_same_time()
    {
        var world = new ReconciliationWorld { IsPgDown = true };

        var failed = world.Run();
        Assert.Equal(RunStatus.Failed, failed.Status);
        Assert.Equal("RECONCILIATION_FAILED", Assert.Single(world.OpenAlerts).Type);

        world.IsPgDown = false;
        var next = world.Run();
        Assert.True(next.From <= failed.From);
        Assert.Empty(world.OpenAlerts);
    }

    [Fact]
    public void An_open_circuit_burns_no_try()
    {
        var world = new ReconciliationWorld();
        world.Begin();
        for (var i = 0; i < 20; i++)
        {
            world.Answer(Given.CircuitOpen);
            world.FireTimer();
        }

        Assert.Equal(0, world.Current.Tries);
        Assert.Equal(RunStatus.Completed, world.Finish().Status);
    }

    [Fact]
    public void The_schedule_begins_runs_one_after_the_other_and_each_covers_what_the_last_did_not()
    {
        var world = new ReconciliationWorld();
        world.OpenBook();
        world.FireSchedule();
        var first = world.Current;
        world.FireSchedule();
        Assert.Equal(first.Id, world.Current.Id); // one at a time

        world.Finish();
        world.Now += TimeSpan.FromHours(1);
        world.FireSchedule();
        Assert.True(world.Current.From < first.To && world.Current.To > first.To);
        Assert.IsType<ReconcileReply.Busy>(world.Ask(new Reconcile(null, null)));
    }

    [Fact]
    public void A_window_in_which_everything_still_settles_is_refused()
    {
        var world = new ReconciliationWorld();

        Assert.IsType<ReconcileReply.TooYoung>(world.Ask(new Reconcile(world.Now - TimeSpan.FromSeconds(10), null)));
    }
}
