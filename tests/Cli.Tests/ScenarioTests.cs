using System.Text.Json;
using DoaMarket.Host.Cli.Api;
using DoaMarket.Host.Cli.Demo;

namespace DoaMarket.Cli.Tests;

public sealed class ScenarioTests
{
    private static readonly Shelf FullShelf = Shelf.Of(
    [
        new("P-1", null, "Mug", 1_000), new("P-2", "red", "Mug", 800), new("P-3", null, "Mug", 600),
        new("P-9", null, "Limited edition", 100), new("P-0", null, "Mug", 0),
    ]);

    [Fact]
    public void The_table_covers_every_behaviour_of_the_sandbox()
    {
        Assert.Equal(100, Scenarios.All.Sum(scenario => scenario.Share));
        Assert.Equal(Scenarios.All.Count, Scenarios.All.Select(scenario => scenario.Name).Distinct().Count());
        Assert.Superset(
            new HashSet<string>
            {
                "bk_ok", "bk_declined", "bk_insufficient", "bk_timeout_then_success", "bk_timeout_forever",
                "bk_refund_fails_twice", "bk_refund_fails",
            },
            Scenarios.All.Select(scenario => scenario.BillingKey).ToHashSet());
        Assert.Superset(
            new HashSet<string> { "00001", "00002" },
            Scenarios.All.Select(scenario => scenario.PostalCode).ToHashSet());
        Assert.Equal(Enum.GetValues<Goods>().ToHashSet(), Scenarios.All.Select(scenario => scenario.Goods).ToHashSet());
        Assert.Equal(
            Enum.GetValues<CancelWhen>().ToHashSet(), Scenarios.All.Select(scenario => scenario.Cancel).ToHashSet());
    }

    [Fact]
    public void Every_scenario_can_fail_its_expectation()
    {
        foreach (var scenario in Scenarios.All)
        {
            foreach (var wrong in new[] { Outcome.Waiting, Outcome.InProgress, Outcome.Refused })
            {
                Assert.False(scenario.Expected.IsMetBy([wrong], FullShelf), $"{scenario.Name} takes {wrong}");
            }

            Assert.NotEmpty(scenario.Expected.Words(5, FullShelf));
        }
    }

    [Fact]
    public void A_hundred_in_stock_sell_four_times_25_no_more_and_no_less()
    {
        var limited = Scenarios.All.Single(scenario => scenario.Goods == Goods.Limited).Expected;

        Assert.Equal("4 completed, 1 cancelled", limited.Words(5, FullShelf));
        Assert.True(limited.IsMetBy(Outcomes(completed: 4, cancelled: 1), FullShelf));
        Assert.False(limited.IsMetBy(Outcomes(completed: 5, cancelled: 0), FullShelf));
        Assert.False(limited.IsMetBy(Outcomes(completed: 3, cancelled: 2), FullShelf));
        var almostSold = FullShelf with { Limited = new("P-9", null, "Limited edition", 24) };
        Assert.True(limited.IsMetBy(Outcomes(completed: 0, cancelled: 5), almostSold));
    }

    [Theory]
    [InlineData(100)]
    [InlineData(16)]
    [InlineData(250)]
    public void Every_scenario_gets_an_order_and_the_number_is_kept(int orders)
    {
        var (plan, problem) = DemoPlan.Of(orders, FullShelf);

        Assert.Null(problem);
        Assert.Equal(orders, plan!.Orders.Count);
        Assert.Empty(plan.LeftOut);
    }

    [Fact]
    public void A_hundred_orders_are_the_shares()
    {
        var (plan, _) = DemoPlan.Of(100, FullShelf);

        Assert.All(
            Scenarios.All,
            scenario => Assert.Equal(scenario.Share, plan!.Orders.Count(order => order.Scenario == scenario)));
    }

    [Fact]
    public void Few_orders_and_missing_products_leave_scenarios_out_by_name()
    {
        var (few, _) = DemoPlan.Of(3, FullShelf);
        var (bare, _) = DemoPlan.Of(100, FullShelf with { SoldOut = null, Limited = null });

        Assert.Equal(Scenarios.All.Count - 3, few!.LeftOut.Count);
        Assert.Equal([Goods.SoldOut, Goods.Limited], bare!.LeftOut.Select(scenario => scenario.Goods));
        Assert.Equal(100, bare.Orders.Count);
    }

    [Fact]
    public void A_plan_never_buys_more_than_the_usual_products_have()
    {
        var shelf = FullShelf with { Usual = [new("P-1", null, "Mug", 20), new("P-2", null, "Mug", 40)] };

        var (plan, problem) = DemoPlan.Of(100, shelf);

        Assert.Null(plan);
        Assert.Contains("--orders", problem);
    }

    [Fact]
    public void A_shop_that_has_sold_its_limited_product_still_knows_it_by_name()
    {
        var shelf = Shelf.Of(
            [new("P-1", null, "Mug", 10), new("P-9", null, "Limited edition", 0), new("P-0", null, "Mug", 0)]);

        Assert.Equal("P-9", shelf.Limited?.ProductId);
        Assert.Equal("P-0", shelf.SoldOut?.ProductId);
    }

    [Fact]
    public void A_completed_order_whose_customer_will_cancel_is_not_over()
    {
        var order = new DemoOrder(
            Scenarios.All.Single(scenario => scenario.Cancel == CancelWhen.WhenPrepared), [], "u-1");
        var completed = Json("""{"status":"completed","currentStep":"send_notifications"}""");

        Assert.True(order.IsTimeToCancel(completed));
        order.CancelAccepted();
        order.See(completed);
        Assert.False(order.IsOver);

        order.See(Json(
            """{"status":"cancelled","createdAt":"2026-01-05T03:00:00Z","updatedAt":"2026-01-05T03:00:02Z"}"""));
        Assert.Equal(Outcome.Cancelled, order.Outcome);
        Assert.Equal(TimeSpan.FromSeconds(2), order.Took);
    }

    [Fact]
    public void A_refused_cancel_leaves_the_order_as_it_is_and_says_why()
    {
        var order = new DemoOrder(
            Scenarios.All.Single(scenario => scenario.Cancel == CancelWhen.WhenPrepared), [], "u-1");

        order.CancelRefused(new ApiFailure(409, "DELIVERED", "Too late."));
        order.See(Json("""{"status":"completed","currentStep":"send_notifications"}"""));

        Assert.Equal(Outcome.Completed, order.Outcome);
        Assert.Equal("cancel refused, DELIVERED: Too late.", order.Remark);
    }

    [Theory]
    [InlineData("WhilePaying", "reserve_inventory", false)]
    [InlineData("WhilePaying", "process_payment", true)]
    [InlineData("WhilePaying", "prepare_shipping", true)]
    [InlineData("WhilePreparing", "process_payment", false)]
    [InlineData("WhilePreparing", "prepare_shipping", true)]
    [InlineData("WhenPrepared", "prepare_shipping", false)]
    [InlineData("Never", "prepare_shipping", false)]
    public void A_customer_cancels_when_the_saga_is_there(string when, string step, bool cancels)
    {
        var scenario = Scenarios.All[0] with { Cancel = Enum.Parse<CancelWhen>(when) };
        var order = new DemoOrder(scenario, [], "u-1");

        Assert.Equal(cancels, order.IsTimeToCancel(Json($$"""{"status":"in_progress","currentStep":"{{step}}"}""")));
    }

    private static Outcome[] Outcomes(int completed, int cancelled) =>
        [.. Enumerable.Repeat(Outcome.Completed, completed), .. Enumerable.Repeat(Outcome.Cancelled, cancelled)];

    private static JsonElement Json(string text) => JsonDocument.Parse(text).RootElement;
}
