using DoaMarket.Servers;

namespace DoaMarket.EndToEnd.Harness;

/// <summary>
/// The mode "postgres": several processes on a database of their own, which is a copy of one that a process has prepared;
/// one server for all tests.
/// </summary>
internal sealed class PostgresGround : Ground
{
    private static readonly Lazy<Task<string>> Template = new(Prepare);
    private readonly PostgresServer? _server;
    private readonly string _connectionString;

    /// <summary>A shop on a database.</summary>
    /// <param name="server">Its server, which drops it in the end; null leaves it.</param>
    /// <param name="connectionString">Its name for tests.</param>
    /// <param name="through">Its name for the shop's processes, which may lead through a wire.</param>
    /// <param name="nodes">The processes.</param>
    public PostgresGround(
        PostgresServer? server, string connectionString, string through, IReadOnlyList<NodePlan> nodes)
    {
        (_server, _connectionString, Nodes) = (server, connectionString, nodes);
        Database = new PostgresShopDatabase(connectionString);
        Settings = On(through);
    }

    public override IReadOnlyList<NodePlan> Nodes { get; }

    public override bool NeedsSandboxApart => true;

    public override Settings Settings { get; }

    public override IReadOnlyList<string> ServeArguments => ["--mode", Postgres];

    public override IReadOnlyList<string> AuditArguments => ["--mode", Postgres];

    public override ShopDatabase Database { get; }

    /// <param name="nodes">The shop's processes.</param>
    /// <param name="database">The database that is there already, somebody else's to drop; null makes one.</param>
    public static async Task<PostgresGround> New(IReadOnlyList<NodePlan> nodes, string? database)
    {
        if (database is not null)
        {
            return new(null, database, database, nodes);
        }

        var server = await PostgresServer.Shared;
        var made = await server.CreateDatabase(await Template.Value);
        return new(server, made, made, nodes);
    }

    public override ValueTask DisposeAsync() => _server is null ? default : new(_server.DropDatabase(_connectionString));

    private static Settings On(string connectionString) => new(StringComparer.Ordinal)
    {
        ["ConnectionStrings:Postgres"] = connectionString,
    };

    // Tables, indexes, views and the demo's goods take seconds to make, and a tenth of one to copy.
    private static async Task<string> Prepare()
    {
        var database = await (await PostgresServer.Shared).CreateDatabase();
        var folder = Directory.CreateTempSubdirectory("doa-e2e-template-").FullName;
        await using (var process = DoaProcess.Begin(
            folder, Pace.Fast.With([.. On(database).Select(s => (s.Key, s.Value))]), Launch.Plain,
            "serve", "--mode", Postgres, "--urls", "http://127.0.0.1:0", "--data", folder, "--sandbox", "on"))
        {
            await process.Welcome();
            var ended = await process.Terminate();
            Assert.True(ended.Code == 0, $"Exit code {ended.Code}:\n{ended.Output}\n{ended.Errors}");
        }

        Directory.Delete(folder, recursive: true);
        return database;
    }
}
