using DoaMarket.Kernel;
using DoaMarket.Sqlite;

namespace DoaMarket.Conformance;

/// <summary>A column that a kind has gained is filled, whatever happens while it is.</summary>
public sealed class SqliteUpgradeTests : IDisposable
{
    private readonly string _folder = Path.Combine(Path.GetTempPath(), "doa-conformance-" + Guid.NewGuid().ToString("N"));

    [Fact]
    public async Task A_gained_column_is_filled_wholly_or_at_the_next_start()
    {
        using (var old = Open(GainedColumn.Before))
        {
            await GainedColumn.Write(Store(old));
        }

        var broken = GainedColumn.After(box =>
        {
            if (box.Items == GainedColumn.Rows / 2)
            {
                throw new InvalidOperationException("crash");
            }
        });
        Assert.Equal("crash", Assert.Throws<InvalidOperationException>(() => Open(broken)).Message);

        var kind = GainedColumn.After();
        using var database = Open(kind);
        await GainedColumn.AssertFilled(Store(database), kind);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private static SqliteStore Store(SqliteDatabase database) =>
        new(database, new SqliteTransport(database, Shelf.Topology, Shelf.Catalog, new HandClock(), "run"));

    private SqliteDatabase Open(DocumentKind kind) => SqliteDatabase.Open(new SqliteOptions { Folder = _folder }, [kind]);
}
