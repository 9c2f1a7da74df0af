using DoaMarket.Servers;

namespace DoaMarket.EndToEnd.Harness;

/// <summary>
/// The mode "postgres": several processes on a database of their own, which is a copy of one that a process has prepared;
/// one server for all tests.
/// </summary>
internal sealed class PostgresGround : Ground
{
    private static readonly Lazy<Task<string>> Template = new(Prepare);
    private readonly string _connectionString;

    private readonly bool _isOurs;

    private PostgresGround(string connectionString, bool isOurs, IReadOnlyList<NodePlan> nodes)
    {
        (_connectionString, _isOurs, Nodes) = (connectionString, isOurs, nodes);
        Database = new PostgresShopDatabase(connectionString);
        Settings = On(connectionString);
    }

    public override IReadOnlyList<NodePlan> Nodes { get; }

    public override bool NeedsSandboxApart => true;

    public override Settings Settings { get; }

    public override IReadOnlyList<string> ServeArguments => ["--mode", Postgres];

    public override IReadOnlyList<string> AuditArguments => ["--mode", Postgres];

    public override ShopDatabase Database { get; }

    /// <param name="nodes">The shop's processes.</param>
    /// <param name="database">The database that is there already; null makes one.</param>
    public static async Task<PostgresGround> New(IReadOnlyList<NodePlan> nodes, string? database) => new(
        database ?? await (await PostgresServer.Shared).CreateDatabase(await Template.Value), database is null, nodes);

    public override async ValueTask DisposeAsync()
    {
        if (_isOurs)
        {
            await (await PostgresServer.Shared).DropDatabase(_connectionString);
        }
    }

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
