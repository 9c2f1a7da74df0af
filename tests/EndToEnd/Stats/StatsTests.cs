using System.Globalization;
using System.Text.Json.Nodes;
using DoaMarket.EndToEnd.Harness;

namespace DoaMarket.EndToEnd;

/// <summary>
/// What is sold, as sellers and operators see it, on a shop of its own so that its figures are known; and counted anew from
/// the journal to the same figures. The carrier refuses postal code 00001: such an order is paid, then refunded.
/// </summary>
public sealed class StatsTests
{
    private static readonly TimeSpan TheEnd = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task Sales_refunds_best_sellers_and_sagas_are_told_and_counted_anew_to_the_same_bytes()
    {
        var began = SeoulToday();
        await using var shop = await Shop.Open(Pace.Fast);
        var net = await Trade(shop);
        var boss = await shop.Operator();
        await Until(boss, net);
        await Sales(boss);
        await Sellers(shop, boss);
        await BestSellers(boss);
        await Sagas(boss);
        net += await Reversals(shop, boss);
        await Days(boss, began);

        var before = await Figures(shop, boss);
        (await boss.Post("ops/stats/rebuild", new JsonObject())).Expect(202);
        var rebuilt = await Rebuilt(boss);
        Assert.Equal((2, 0, 0), (rebuilt.Int("generation"), rebuilt.Int("skipped"), rebuilt.Int("different")));
        Assert.True(rebuilt.Int("compared") > 0);
        Assert.Equal(before, await Figures(shop, boss));

        await Until(boss, net + await Trade(shop)); // the new figures go on counting
        await shop.AssertAudited();
    }

    [Fact]
    public async Task A_rebuild_survives_kill_9_and_orders_that_come_meanwhile_count_once()
    {
        await using var shop = await Shop.Open(Pace.Holding.With(("Stats:ReplayPageSize", "1")));
        var customer = await shop.Customer();
        for (var i = 0; i < 12; i++)
        {
            await customer.Place(new OrderForm(), TheEnd);
        }

        var boss = await shop.Operator();
        (await boss.Post("ops/stats/rebuild", new JsonObject())).Expect(202);
        await shop.Kill();
        await shop.Start();
        boss = await Person.SignIn(shop, "op-2", "operator");
        customer = await shop.Customer();
        await customer.Place(new OrderForm(), TheEnd);
        await Rebuilt(boss);

        var total = await Eventually.Is(
            "13 orders", async () => (await boss.Get("stats/sales")).Expect(200).Data["total"]!, t => t.Int("paidOrders") == 13);
        Assert.Equal((13, 13 * 42_000L, 0L), (total.Int("orders"), total.Won("gross"), total.Won("refunded")));
        await shop.AssertAudited();
    }

    // Five orders, three of which are sold; what those cost.
    private static async Task<long> Trade(Shop shop)
    {
        var customer = await shop.Customer();
        await customer.Place(new OrderForm("bk_declined"), TheEnd);
        await customer.Place(new OrderForm { ProductId = "P-1004", PostalCode = "00001" }, TheEnd); // paid, then refunded: 129,000
        var earbuds = await customer.Place(new OrderForm { Quantity = 2 }, TheEnd); // of S-01: 78,000
        var tumblers = await customer.Place(new OrderForm { ProductId = "P-1002", Quantity = 4 }, TheEnd); // of S-02: 51,600
        var shirt = await customer.Place(new OrderForm { ProductId = "P-1003", VariantId = "M" }, TheEnd);
        return earbuds.Total + tumblers.Total + shirt.Total;
    }

    // One order comes back after dispatch, of another an operator gives a part back; what remains of the two.
    private static async Task<long> Reversals(Shop shop, Person boss)
    {
        const long part = 5_000;
        var customer = await shop.Customer();
        var before = (await boss.Get("stats/sales")).Expect(200).Data["total"]!;
        Placed returned, reduced;
        await using (await shop.Sandbox.ParcelsStandStill())
        {
            returned = await customer.Place(new OrderForm { ProductId = "P-1005" }, TheEnd);
            reduced = await customer.Place(new OrderForm { ProductId = "P-1005" }, TheEnd);
            await customer.Until(returned, "shipped");
            (await customer.Cancel(returned)).Expect(202);
            await customer.Until(returned, "returning");
        }

        await customer.Until(returned, "returned");
        var payment = (await customer.Get("payments")).Expect(200).List
            .Single(p => p.Text("orderId") == reduced.OrderId).Text("paymentId");
        (await boss.Post(
            $"payments/{payment}/refund", new JsonObject { ["amount"] = part, ["reason"] = "파손" },
            ("Idempotency-Key", "part"))).Expect(202);

        var after = await Eventually.Is(
            "both to be counted", async () => (await boss.Get("stats/sales")).Expect(200).Data["total"]!,
            t => t.Won("net") == before.Won("net") + reduced.Total - part && t.Int("returnedOrders") == 1);
        Assert.Equal(before.Won("gross") + returned.Total + reduced.Total, after.Won("gross"));
        Assert.Equal(before.Won("refunded") + returned.Total + part, after.Won("refunded"));
        Assert.Equal(before.Int("cancelledOrders"), after.Int("cancelledOrders"));
        var tangerines = await Eventually.Is(
            "the units to be counted",
            async () => (await boss.Get("stats/products/top?sellerId=S-04")).Expect(200).Data.List("products").Single()!,
            p => p.Int("reversedUnits") == 1);
        Assert.Equal((2, 1), (tangerines.Int("soldUnits"), tangerines.Int("units")));
        return reduced.Total - part;
    }

    // Today, or today and yesterday when midnight in Seoul passed meanwhile; the day before has nothing.
    private static async Task Days(Person boss, DateOnly began)
    {
        var total = (await boss.Get("stats/sales")).Expect(200).Data["total"]!;
        var days = (await boss.Get($"stats/sales?startDate={began:yyyy-MM-dd}&endDate={SeoulToday():yyyy-MM-dd}")).Expect(200).Data;
        Assert.InRange(days.List("buckets").Count, 1, 2);
        Assert.Equal($"{began:yyyy-MM-dd}", days.List("buckets")[0].Text("startDate"));
        foreach (var figure in new[] { "orders", "paidOrders", "gross", "refunded", "net", "returnedOrders" })
        {
            Assert.Equal(total.Won(figure), days.List("buckets").Sum(b => b.Won(figure)));
            Assert.Equal(total.Won(figure), days["total"].Won(figure));
        }

        var eve = $"{began.AddDays(-1):yyyy-MM-dd}";
        var nothing = (await boss.Get($"stats/sales?startDate={eve}&endDate={eve}")).Expect(200).Data;
        Assert.Equal((0, 0), (Assert.Single(nothing.List("buckets")).Won("gross"), nothing["total"].Won("orders")));
    }

    private static DateOnly SeoulToday() =>
        DateOnly.FromDateTime(DateTimeOffset.UtcNow.ToOffset(TimeSpan.FromHours(9)).DateTime);

    private static Task Until(Person boss, long net) => Eventually.IsTrue(
        "all to be counted",
        async () =>
        {
            var sales = (await boss.Get("stats/sales")).Expect(200).Data["total"]!;
            var sagas = (await boss.Get("stats/sagas")).Expect(200).Data["total"]!;
            return sales.Won("net") == net
                && sagas.Int("succeeded") + sagas.Int("failed") == sales.Int("orders");
        });

    private static async Task Sales(Person boss)
    {
        var sales = (await boss.Get("stats/sales?period=month")).Expect(200).Data;
        var total = sales["total"]!;
        Assert.Equal((5, 4, 2), (total.Int("orders"), total.Int("paidOrders"), total.Int("cancelledOrders")));
        Assert.Equal(129_000, total.Won("refunded"));
        Assert.Equal(total.Won("gross") - 129_000, total.Won("net"));
        Assert.Equal(Math.Round(total.Won("gross") / 4m, MidpointRounding.AwayFromZero), total.Won("averageOrderValue"));
        Assert.Equal(total.Won("net"), sales["buckets"]!.AsArray().Sum(b => b!.Won("net")));
        var days = (await boss.Get("stats/sales")).Expect(200).Data;
        Assert.Equal(30, days["buckets"]!.AsArray().Count);
        Assert.Equal(days["total"]!.ToJsonString(), total.ToJsonString());
    }

    private static async Task Sellers(Shop shop, Person boss)
    {
        var seller = await Person.SignIn(shop, "S-01", "seller");
        var own = (await seller.Get("stats/sales")).Expect(200);
        Assert.Equal("S-01", own.Data.Text("sellerId"));
        Assert.Equal((207_000L, 129_000L), (own.Data["total"]!.Won("gross"), own.Data["total"]!.Won("refunded")));
        Assert.Equal(own.Data.ToJsonString(), (await boss.Get("stats/sales?sellerId=S-01")).Expect(200).Data.ToJsonString());
        (await seller.Get("stats/sales?sellerId=S-02")).Expect(404);
        Assert.Equal(
            ["P-1001", "P-1004"],
            (await seller.Get("stats/products/top")).Expect(200).Data["products"]!.AsArray().Select(p => p!.Text("productId")));
        (await (await shop.Customer()).Get("stats/sales")).Expect(403);
        (await seller.Get("ops/stats/rebuild")).Expect(403);
    }

    private static async Task BestSellers(Person boss)
    {
        var today = DateTimeOffset.UtcNow.ToOffset(TimeSpan.FromHours(9)).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
        foreach (var span in new[] { "", $"&startDate={today}&endDate={today}" })
        {
            var top = (await boss.Get($"stats/products/top?by=revenue&limit=3{span}")).Expect(200).Data["products"]!.AsArray();
            Assert.Equal(["P-1001", "P-1002", "P-1003"], top.Select(p => p!.Text("productId")));
            Assert.Equal(78_000, top[0]!.Won("revenue"));
            var most = (await boss.Get($"stats/products/top?by=quantity{span}")).Expect(200).Data["products"]!.AsArray();
            Assert.Equal(["P-1002", "P-1001", "P-1003", "P-1004"], most.Select(p => p!.Text("productId")));
            Assert.Equal((1, 1, 0), (most[3]!.Int("soldUnits"), most[3]!.Int("reversedUnits"), most[3]!.Int("units")));
        }
    }

    private static async Task Sagas(Person boss)
    {
        var total = (await boss.Get("stats/sagas")).Expect(200).Data["total"]!;
        Assert.Equal((5, 3, 2), (total.Int("started"), total.Int("succeeded"), total.Int("failed")));
        Assert.Equal(60m, total["successRatePercent"]!.GetValue<decimal>());
        Assert.Equal(3, total["successTook"]!.Int("count"));
        Assert.True(total["successTook"]!.Won("p99Ms") >= total["successTook"]!.Won("p50Ms"));
    }

    private static Task<JsonNode> Rebuilt(Person boss) => Eventually.Is(
        "the rebuild to end", async () => (await boss.Get("ops/stats/rebuild")).Expect(200).Data, r => r.Text("status") == "done");

    // The bytes of every answer, without the time of answering.
    private static async Task<string> Figures(Shop shop, Person boss)
    {
        var seller = await Person.SignIn(shop, "S-01", "seller");
        var answers = new[]
        {
            await boss.Get("stats/sales"), await boss.Get("stats/sales?period=week&sellerId=S-02"),
            await boss.Get("stats/products/top"), await boss.Get("stats/products/top?by=quantity&limit=100"),
            await boss.Get("stats/sagas?period=month"), await seller.Get("stats/sales"), await seller.Get("stats/products/top"),
        };
        return string.Join('\n', answers.Select(a => a.Expect(200).Data.ToJsonString()));
    }
}

/// <summary>Questions that cannot be answered.</summary>
[Collection(typeof(OnTheFastShop))]
public sealed class StatsQuestionTests(FastShop fixture)
{
    [Theory]
    [InlineData("stats/sales?period=year", "period")]
    [InlineData("stats/sales?startDate=01-04-2026", "startDate")]
    [InlineData("stats/sales?endDate=2026-02-30", "endDate")]
    [InlineData("stats/sales?startDate=2026-04-02&endDate=2026-04-01", "startDate")]
    [InlineData("stats/sales?startDate=2025-01-01&endDate=2026-01-02", "startDate")]
    [InlineData("stats/products/top?by=beauty", "by")]
    [InlineData("stats/products/top?limit=0", "limit")]
    [InlineData("stats/products/top?limit=101", "limit")]
    [InlineData("stats/sagas?startDate=9999-12-31&endDate=9999-12-31", "endDate")]
    public async Task A_question_that_cannot_be_answered_names_its_fault(string path, string field)
    {
        var answer = (await (await fixture.Shop.Operator()).Get(path)).Expect(400);
        Assert.Equal(("INVALID_FIELD", field), (answer.Code, answer.Field));
    }
}
