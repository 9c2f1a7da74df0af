using DoaMarket.Host.Cli;

namespace DoaMarket.Cli.Tests;

public sealed class AuditCommandTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("doa-audit-test-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task A_clean_audit_shows_every_invariant_and_exits_with_0()
    {
        var doa = new Doa();

        Assert.Equal(0, await doa.Run("audit", "--data", _folder));

        Assert.Equal(_folder, Assert.Single(doa.Audited));
        Assert.Contains(doa.Lines, line =>
            line.Contains("S1") && line.Contains("0 ≤ reserved ≤ onHand") && line.Contains("12"));
        Assert.Contains("Clean: 1 invariants hold.", doa.Output);
    }

    [Fact]
    public async Task A_violation_is_shown_row_by_row_and_exits_with_1()
    {
        var doa = new Doa
        {
            Report = new([
                new("S1", "0 ≤ reserved ≤ onHand", 12, []),
                new("M1", "refunded ≤ captured", 3, ["payment p-1 [refunded] 2000 of 1000", "payment p-2"]),
            ]),
        };

        Assert.Equal(1, await doa.Run("audit", "--data", _folder));

        Assert.Contains("payment p-1 [refunded] 2000 of 1000", doa.Output);
        Assert.Contains("payment p-2", doa.Output);
        Assert.Contains("2 violations.", doa.Output);
    }

    [Fact]
    public async Task A_folder_that_is_not_there_is_not_audited()
    {
        var doa = new Doa();

        Assert.Equal(1, await doa.Run("audit", "--data", Path.Combine(_folder, "nowhere")));

        Assert.Contains("There is no data folder", doa.Error);
        Assert.Empty(doa.Audited);
    }

    [Fact]
    public async Task An_audit_that_checked_nothing_is_not_clean()
    {
        var doa = new Doa { Report = new([]) };

        Assert.Equal(1, await doa.Run("audit", "--data", _folder));

        Assert.Contains("was checked", doa.Error);
        Assert.DoesNotContain("Clean", doa.Output);
    }

    [Fact]
    public async Task A_folder_without_a_shop_is_refused_in_words()
    {
        var doa = new Doa { Report = new([], Refusal: "it holds no database") };

        Assert.Equal(1, await doa.Run("audit", "--data", _folder));

        Assert.Contains("it holds no database", doa.Error);
        Assert.DoesNotContain("Clean", doa.Output);
    }
}
