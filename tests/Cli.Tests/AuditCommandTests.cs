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

        Assert.Equal(AuditSettings.Of(_folder), Assert.Single(doa.Audited));
        Assert.Contains(doa.Lines, line =>
            line.Contains("S1") && line.Contains("0 ≤ reserved ≤ onHand") && line.Contains("12"));
        Assert.Contains("Clean: 1 invariants hold.", doa.Output);
    }

    [Fact]
    public async Task Orders_that_clients_were_promised_are_read_from_their_list()
    {
        var (doa, list) = (new Doa(), Path.Combine(_folder, "orders.txt"));
        var orders = new[] { Guid.NewGuid(), Guid.NewGuid() };
        await File.WriteAllLinesAsync(
            list, [$"{orders[0]} placed 39000", $"{orders[1]}", $"{orders[0]} cancel"], TestContext.Current.CancellationToken);

        Assert.Equal(0, await doa.Run("audit", "--data", _folder, "--at-rest", "--promised", list));

        var audited = Assert.Single(doa.Audited);
        Assert.True(audited.IsAtRest);
        Assert.Equal(orders.Order(), audited.Promised!.Order());
    }

    [Theory]
    [InlineData("3f2504e0-4f89-11d3-9a0c-0305e82c3301\nORD-1", "line 2")]
    [InlineData("", "names no order")]
    [InlineData(null, "There is no list")]
    public async Task A_list_that_cannot_be_read_is_no_clean_audit(string? text, string complaint)
    {
        var (doa, list) = (new Doa(), Path.Combine(_folder, "orders.txt"));
        if (text is not null)
        {
            await File.WriteAllTextAsync(list, text, TestContext.Current.CancellationToken);
        }

        Assert.Equal(1, await doa.Run("audit", "--data", _folder, "--promised", list));

        Assert.Contains(complaint, doa.Error);
        Assert.Empty(doa.Audited);
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
