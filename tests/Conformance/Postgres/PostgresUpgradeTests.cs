using DoaMarket.Kernel;
using DoaMarket.Postgres;
using DoaMarket.Servers;
using Microsoft.Extensions.Logging.Abstractions;

namespace DoaMarket.Conformance;

/// <summary>A column that a kind has gained is filled, whatever happens while it is.</summary>
public sealed class PostgresUpgradeTests
{
    [Fact(Timeout = PostgresRig.LongestTestMs)]
    public async Task A_gained_column_is_filled_at_once_or_at_the_next_start()
    {
        var server = await PostgresServer.Shared;
        var connection = await server.CreateDatabase();
        try
        {
            await With(connection, GainedColumn.Before, GainedColumn.Write);
            var broken = GainedColumn.After(box =>
            {
                if (box.Items == GainedColumn.Rows / 2)
                {
                    throw new TimeoutException("crash");
                }
            });
            await Assert.ThrowsAsync<TimeoutException>(() => Open(connection, broken));

            var kind = GainedColumn.After();
            await With(connection, kind, store => GainedColumn.AssertFilled(store, kind));
        }
        finally
        {
            await server.DropDatabase(connection);
        }
    }

    private static async Task With(string connection, DocumentKind kind, Func<IStore, Task> act)
    {
        await using var database = await Open(connection, kind);
        var node = await PostgresNode.Join(database, "test", NullLogger<PostgresNode>.Instance, CancellationToken.None);
        await act(new PostgresStore(database, node, new PostgresTransport(
            database, node, Shelf.Topology, Shelf.Catalog, new HandClock(), NullLogger<PostgresTransport>.Instance)));
        await node.Leave(CancellationToken.None);
    }

    private static Task<PostgresDatabase> Open(string connection, DocumentKind kind) =>
        PostgresDatabase.Open(connection, new(), [kind], CancellationToken.None);
}
