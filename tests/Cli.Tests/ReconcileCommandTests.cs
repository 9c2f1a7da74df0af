using Microsoft.AspNetCore.Http;

namespace DoaMarket.Cli.Tests;

public sealed class ReconcileCommandTests
{
    [Fact]
    public async Task A_run_is_begun_looked_at_until_it_ends_and_a_clean_one_is_exit_code_0()
    {
        await using var shop = await PretendShop.Open();
        var looks = 0;
        shop.Instead = http => Answer(http, () => looks++ == 0 ? Run("reading_pg") : Run("completed"));
        var doa = new Doa();

        Assert.Equal(0, await doa.Run(
            "reconcile", "--from", "2026-01-04T00:00:00Z", "--to", "2026-01-05T00:00:00Z", "--url", shop.Url));

        Assert.Equal(2, looks);
        Assert.Equal("Bearer token-operator-doa-cli", shop.Headers[1].Authorization);
        Assert.Contains("No differences", doa.Output);
        Assert.Contains("3 transactions of the PG, 2 rows", doa.Output);
    }

    [Fact]
    public async Task Differences_are_shown_with_their_remedies_and_are_exit_code_1()
    {
        await using var shop = await PretendShop.Open();
        shop.Instead = http => Answer(http, () => Run("completed", new
        {
            type = "RECONCILIATION_MISSING_AT_PG",
            subject = "tx_1",
            orderId = "o-1",
            atPg = 0,
            inLedger = -12_900,
            text = "Remedy: ask [the PG].",
        }));
        var doa = new Doa();

        Assert.Equal(1, await doa.Run("reconcile", "--url", shop.Url));

        Assert.Contains("RECONCILIATION_MISSING_AT_PG", doa.Output);
        Assert.Contains("-12,900 KRW", doa.Output);
        Assert.Contains("Remedy: ask [the PG].", doa.Output);
    }

    [Fact]
    public async Task A_run_that_could_not_read_the_PG_and_one_that_is_refused_are_exit_code_1()
    {
        await using var shop = await PretendShop.Open();
        shop.Instead = http => Answer(http, () => Run("failed"));
        var doa = new Doa();
        Assert.Equal(1, await doa.Run("reconcile", "--url", shop.Url));
        Assert.Contains("The PG could not be read: HTTP 503", doa.Output);

        shop.Instead = http => http.Request.Path.Value!.EndsWith("/reconciliations", StringComparison.Ordinal)
            ? PretendShop.Error(409, "RECONCILIATION_RUNNING", "Another one is running.")
            : null;
        Assert.Equal(1, await doa.Run("reconcile", "--url", shop.Url));
        Assert.Contains("RECONCILIATION_RUNNING", doa.Error);
        Assert.NotEqual(0, await doa.Run("reconcile", "--from", "yesterday-ish", "--url", shop.Url));
    }

    private static IResult? Answer(HttpContext http, Func<object> run) => http.Request switch
    {
        { Method: "POST", Path.Value: "/api/v1/ops/reconciliations" } => PretendShop.Data(Run("reading_pg"), 202),
        { Method: "GET", Path.Value: "/api/v1/ops/reconciliations/r-1" } => PretendShop.Data(run()),
        _ => null,
    };

    private static object Run(string status, params object[] differences) => new
    {
        reconciliationId = "r-1",
        status,
        from = "2026-01-04T00:00:00Z",
        to = "2026-01-05T00:00:00Z",
        transactions = 3,
        rows = 2,
        unsettled = 0,
        settled = 1,
        differences,
        error = status == "failed" ? "HTTP 503" : null,
    };
}
