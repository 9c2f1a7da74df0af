using DoaMarket.Audit;
using DoaMarket.Host.Cli;

namespace DoaMarket.Cli.Tests;

public sealed class MigrateCommandTests : IDisposable
{
    private const string Database = "Host=db;Database=doa";
    private readonly string _folder = Directory.CreateTempSubdirectory("doa-migrate-test-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task It_audits_the_folder_moves_it_audits_the_database_and_says_how_to_start_there()
    {
        var doa = new Doa();

        Assert.Equal(0, await doa.Run("migrate", "--from", _folder, "--to", Database));

        Assert.Equal(new MoveSettings(_folder, Database), Assert.Single(doa.Moved));
        var before = AuditSettings.Of(_folder);
        Assert.Equal([before, before with { Mode = "postgres", Database = Database }], doa.Audited);
        Assert.Contains(doa.Lines, line => line.Contains("1,261") && line.Contains("messages"));
        Assert.Contains("doa serve --mode postgres", doa.Output);
    }

    [Fact]
    public async Task A_shop_whose_invariants_are_broken_is_not_moved()
    {
        var doa = new Doa { Report = new AuditReport([new AuditResult("S1", "0 ≤ reserved ≤ onHand", 12, ["P-1: 3 of 2"])]) };

        Assert.Equal(1, await doa.Run("migrate", "--from", _folder, "--to", Database));

        Assert.Empty(doa.Moved);
        Assert.Contains("Nothing was moved.", doa.Error);
    }

    [Fact]
    public async Task It_asks_where_to()
    {
        var doa = new Doa();

        Assert.NotEqual(0, await doa.Run("migrate", "--from", _folder));

        Assert.Contains("--to", doa.Error);
        Assert.Empty(doa.Moved);
    }
}
