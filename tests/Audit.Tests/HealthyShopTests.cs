using DoaMarket.Contracts;
using DoaMarket.Inventory;
using DoaMarket.Notifications;
using DoaMarket.Orders;
using DoaMarket.Payments;
using DoaMarket.Shipping;
using DoaMarket.Sqlite;
using DoaMarket.Stats;
using PaymentStatus = DoaMarket.Payments.PaymentStatus;

namespace DoaMarket.Audit.Tests;

public sealed class HealthyShopTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_healthy_shop_breaks_nothing(bool quiescent)
    {
        var report = Stories.Shop().Audit(quiescent);
        Assert.Empty(report.Results.SelectMany(r => r.Violations));
        Assert.All(report.Results, r => Assert.True(r.Checked > 0 || r.Code is "O5", $"{r.Code} looked at nothing"));
    }

    [Fact]
    public void A_shop_with_a_partial_cancel_and_a_deposit_breaks_nothing()
    {
        var shop = Stories.Shop();
        PlantedStock.PartialCancel(shop);
        PlantedWaits.Wait(shop);
        Assert.Empty(shop.Audit().Results.SelectMany(r => r.Violations));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_shop_with_refunds_of_parts_and_a_deposit_taken_back_breaks_nothing(bool quiescent) =>
        Assert.Empty(Stories.WithMoney(Stories.Shop()).Audit(quiescent).Results.SelectMany(r => r.Violations));

    [Fact]
    public void A_shop_with_a_partial_cancel_that_was_refused_breaks_nothing()
    {
        var shop = Stories.Shop();
        PlantedAmends.Refused(shop);
        Assert.Empty(shop.Audit().Results.SelectMany(r => r.Violations));
    }

    [Fact]
    public void A_parcel_with_the_lines_that_are_left_breaks_nothing()
    {
        var shop = Stories.Shop();
        PlantedAmends.TakenOut(shop);
        Assert.Empty(shop.Audit().Results.SelectMany(r => r.Violations));
    }

    [Fact]
    public void Every_invariant_is_reported_once_in_the_order_of_the_page()
    {
        var codes = Stories.Shop().Audit().Results.Select(r => r.Code);
        Assert.Equal(
            "S1 S2 S3 S4 S5 M1 M2 M3 M4 M5 M6 M7 G1 G2 G3 G4 G5 G6 G7 H1 H2 H3 O1 O2 O3 O4 O5 N1 F1 F2 I1 X1", string.Join(' ', codes));
    }

    [Fact]
    public void Without_the_outside_books_what_needs_them_is_not_checked_and_says_so()
    {
        var report = ShopAudit.Run(Stories.Shop(), null, null, quiescent: true, Picture.Noon);
        Assert.Equal(0, report.Violations);
        Assert.All(report.Results.Where(r => r.Code is "M3" or "M4" or "G5" or "H2"), r =>
        {
            Assert.Equal(0, r.Checked);
            Assert.Contains("not at hand", r.Title, StringComparison.Ordinal);
        });
    }

    [Fact]
    public void An_order_under_way_is_fine_in_a_shop_at_work_and_hangs_in_one_that_has_come_to_rest()
    {
        var shop = Stories.Shop();
        var id = Stories.Begin(shop);
        shop.Waiting.Add(("inventory-service-queue", shop.Message(id, "inventory.reserve_requested").EventId));
        shop.Waiting.Add(("order-service-queue", shop.Message(Stories.Returned, "return.completed").EventId));
        Assert.Equal(0, shop.Audit(quiescent: false).Violations);
        Assert.Equal(["G2", "O2"], Broken(shop.Audit(quiescent: true)));
    }

    [Fact]
    public void A_saga_without_a_timer_hangs_also_in_a_shop_at_work()
    {
        var shop = Stories.Shop();
        shop.WithoutTimer.Add(Stories.Begin(shop).ToString());
        Assert.Equal(["G2"], Broken(shop.Audit(quiescent: false)));
    }

    [Fact]
    public void A_refund_still_under_way_after_its_saga_ended_is_fine_in_a_shop_at_work()
    {
        var shop = Stories.Shop();
        var (id, key) = (Stories.PaidLate, Stories.PaymentOf(Stories.PaidLate));
        shop.Remove(PaymentKinds.Ledger, $"{key}/{Stories.RefundOf(id)}");
        shop.Journal.RemoveAll(m => m.Subject == id.ToString() && m.EventType == "payment.refunded");
        shop.Change(PaymentKinds.Payments, key.ToString(), x => x with
        {
            Status = PaymentStatus.Refunding,
            Refunded = Money.Zero,
            RefundReply = null,
            WakeAt = Picture.Noon,
        });
        Assert.Equal(0, shop.Audit(quiescent: false).Violations);
        Assert.Equal(["M3", "M5"], Broken(shop.Audit(quiescent: true)));
    }

    [Fact]
    public void What_an_operator_settled_by_hand_is_not_sought_at_the_PG()
    {
        var shop = Stories.Shop();
        var (id, key) = (Stories.Cancelled, Stories.PaymentOf(Stories.Cancelled));
        shop.PgBooks.RemoveAll(r => r.OrderId == id.ToString() && r.Kind == OraclePayment.Cancel);
        shop.Change(PaymentKinds.Ledger, $"{key}/{Stories.RefundOf(id)}", r => r with { Reason = LedgerReason.SettledByHand });
        shop.Change(PaymentKinds.Payments, key.ToString(), x => x with
        {
            Refunded = Money.Zero,
            SettledByHand = x.Captured,
            SettlementReason = "paid back in cash",
        });
        Assert.Equal(0, shop.Audit().Violations);
    }

    [Fact]
    public void Goods_that_an_operator_called_lost_and_a_settlement_for_less_break_nothing()
    {
        var shop = Stories.Shop();
        PlantedLoss.Lose(shop);
        PlantedLoss.SettleForLess(shop);
        Assert.Empty(shop.Audit().Results.SelectMany(r => r.Violations));
    }

    [Fact]
    public void A_violation_names_the_order_and_the_figures()
    {
        var shop = Stories.Shop();
        shop.PgBooks.RemoveAll(r => r.OrderId == Stories.Delivered.ToString());
        var row = Assert.Single(shop.Audit().Results.Single(r => r.Code == "M3").Violations);
        Assert.Equal($"order {Stories.Delivered}: captured 0원 at the PG, but the ledger says 12,900원", row);
    }

    [Fact]
    public void Money_that_the_PG_took_for_an_order_that_never_was_is_found()
    {
        var shop = Stories.Shop();
        shop.PgBooks.Add(new("somebody-else", OraclePayment.Capture, "pk", 1_000, "key"));
        Assert.Equal(["M3"], Broken(shop.Audit(quiescent: false)));
    }

    [Fact]
    public async Task An_empty_database_breaks_nothing()
    {
        using var database = SqliteDatabase.Open(new SqliteOptions(),
        [
            .. OrdersModule.Create(new(), new(new("", default, default), new("", default, default), new("", default, default))).Kinds,
            .. InventoryModule.Create(new()).Kinds, .. PaymentsModule.Create(new()).Kinds, .. ShippingModule.Create(new()).Kinds,
            .. NotificationsModule.Create(new()).Kinds, .. StatsModule.Create().Kinds,
        ]);
        var store = new SqliteStore(database, new SqliteTransport(
            database, ShopTopology.Topology, ShopMessages.Catalog, TimeProvider.System, "run-1"));
        await using var snapshot = await store.Snapshot(TestContext.Current.CancellationToken);
        Assert.Equal(0, ShopAudit.Run(snapshot, [], [], quiescent: true, Picture.Noon).Violations);
    }

    internal static IEnumerable<string> Broken(AuditReport report) =>
        report.Results.Where(r => r.Violations.Count > 0).Select(r => r.Code);
}
