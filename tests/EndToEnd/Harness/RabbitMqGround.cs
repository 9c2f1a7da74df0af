using System.Data.Common;
using System.Text;
using System.Text.Json.Nodes;
using DoaMarket.Servers;
using Npgsql;
using RabbitMQ.Client;

namespace DoaMarket.EndToEnd.Harness;

/// <summary>
/// The mode "rabbitmq": several processes, a database per service, each a copy of one that a process has prepared, and queues
/// of their own in one broker for all tests.
/// </summary>
internal sealed class RabbitMqGround : Ground
{
    private static readonly string[] Services =
        ["orders", "inventory", "payments", "shipping", "notifications", "stats", "journal"];

    private static readonly Lazy<Task<string>> Template = new(Prepare);
    private readonly PostgresServer? _server;
    private readonly string _shop;

    private RabbitMqGround(
        PostgresServer? server, string shop, string databases, IReadOnlyList<NodePlan> nodes, RabbitMqServer broker)
    {
        (_server, _shop, Nodes) = (server, shop, nodes);
        Settings = On(databases, broker, shop);
        Database = new RabbitMqShopDatabase(databases, broker, shop + "-");
    }

    public override IReadOnlyList<NodePlan> Nodes { get; }

    public override bool NeedsSandboxApart => true;

    public override Settings Settings { get; }

    public override IReadOnlyList<string> ServeArguments => ["--mode", RabbitMq];

    public override IReadOnlyList<string> AuditArguments => ["--mode", RabbitMq];

    public override bool IsAuditedAtWork => false;

    public override ShopDatabase Database { get; }

    public static async Task<RabbitMqGround> New(IReadOnlyList<NodePlan> nodes)
    {
        var (server, shop) = (await PostgresServer.Shared, "doa_" + Guid.NewGuid().ToString("N"));
        return new(server, shop, await Create(server, shop, await Template.Value), nodes, await RabbitMqServer.Shared);
    }

    /// <summary>On servers of the test's own.</summary>
    /// <param name="server">Holds the databases, which go with it.</param>
    /// <param name="broker">Holds the queues.</param>
    /// <param name="nodes">The processes, by the name of the databases.</param>
    public static async Task<RabbitMqGround> On(
        PostgresServer server, RabbitMqServer broker, Func<string, IReadOnlyList<NodePlan>> nodes)
    {
        var databases = await Create(server, "doa", template: null);
        return new(null, "doa", databases, nodes(databases), broker);
    }

    public override async ValueTask DisposeAsync()
    {
        foreach (var service in _server is null ? [] : Services)
        {
            await _server!.DropDatabase(Named(_server, $"{_shop}_{service}"));
        }
    }

    private static Settings On(string databases, RabbitMqServer broker, string shop) => new(StringComparer.Ordinal)
    {
        ["ConnectionStrings:Postgres"] = databases,
        ["ConnectionStrings:RabbitMq"] = broker.Url,
        ["RabbitMq:Prefix"] = shop + "-",
        // Three processes and seven databases beside other tests.
        ["Postgres:MaxConnections"] = "3",
        ["Postgres:MaxReadConnections"] = "3",
    };

    // Empty ones, or copies of those of a shop.
    private static async Task<string> Create(PostgresServer server, string shop, string? template)
    {
        foreach (var service in Services)
        {
            await server.CreateDatabase(
                template is null ? null : Named(server, $"{template}_{service}"), $"{shop}_{service}");
        }

        return Named(server, shop + "_{service}");
    }

    private static string Named(PostgresServer server, string database) =>
        new NpgsqlConnectionStringBuilder(server.ConnectionString) { Database = database }.ConnectionString;

    private static async Task<string> Prepare()
    {
        var shop = "doa_" + Guid.NewGuid().ToString("N");
        var settings = On(
            await Create(await PostgresServer.Shared, shop, null), await RabbitMqServer.Shared, shop);
        var folder = Directory.CreateTempSubdirectory("doa-e2e-template-").FullName;
        await using (var process = DoaProcess.Begin(
            folder, Pace.Fast.With([.. settings.Select(s => (s.Key, s.Value))]), Launch.Plain,
            "serve", "--mode", RabbitMq, "--urls", "http://127.0.0.1:0", "--data", folder, "--sandbox", "on"))
        {
            await process.Welcome();
            var ended = await process.Terminate();
            Assert.True(ended.Code == 0, $"Exit code {ended.Code}:\n{ended.Output}\n{ended.Errors}");
        }

        Directory.Delete(folder, recursive: true);
        return shop;
    }
}

/// <summary>The databases of the mode "rabbitmq", and its queues.</summary>
internal sealed class RabbitMqShopDatabase(string databases, RabbitMqServer broker, string prefix) : ShopDatabase
{
    public override bool IsJournaled => false;

    // Of what is no JSON the header cannot be read either; the conformance suite has that.
    public override bool HoldsJsonOnly => true;

    public override Guid Put(
        string queue, string type, string body, string? personal, string? traceparent, Placed? order = null)
    {
        // What it is about is not on the wire: the payload tells it.
        var id = Guid.CreateVersion7();
        var header = new JsonObject
        {
            ["eventId"] = id,
            ["eventType"] = type,
            ["eventVersion"] = "v1",
            ["timestamp"] = DateTimeOffset.UtcNow,
            ["source"] = "test",
            ["correlationId"] = CorrelationOf(order, id),
            ["causationId"] = null,
            ["sagaId"] = null,
            ["userId"] = null,
            ["metadata"] = new JsonObject { ["traceparent"] = traceparent, ["environment"] = "test" },
        }.ToJsonString();
        Publish(queue, Encoding.UTF8.GetBytes($"{header[..^1]},\"data\":{personal ?? body}}}")).GetAwaiter().GetResult();
        return id;
    }

    public override void Mend(Guid message, string body)
    {
        foreach (var service in new[] { "orders", "inventory", "payments", "shipping", "notifications", "stats" })
        {
            using var connection = OpenOf(service);
            Execute(
                connection, "UPDATE messaging.dead_letters SET body = @body, masked_body = @body WHERE event_id = @id",
                ("body", body), ("id", message));
        }
    }

    public override IDisposable HoldWriting()
    {
        var connection = OpenOf("orders");
        Execute(connection, "BEGIN; LOCK TABLE orders.orders_docs IN EXCLUSIVE MODE");
        return connection;
    }

    protected override DbConnection OpenOf(string service)
    {
        var connection = new NpgsqlConnection(
            databases.Replace("{service}", service, StringComparison.Ordinal) + ";Pooling=false");
        connection.Open();
        return connection;
    }

    protected override string Table(string service, string kind) => $"{service}.{kind}_docs";

    protected override string Json(string parameter) => parameter + "::json";

    protected override object? Stored(object? value) => value is DateTimeOffset at ? at.UtcDateTime : value;

    private async Task Publish(string queue, byte[] message)
    {
        await using var connection = await new ConnectionFactory { Uri = new(broker.Url) }.CreateConnectionAsync();
        await using var channel = await connection.CreateChannelAsync(new CreateChannelOptions(true, true));
        await channel.BasicPublishAsync(
            "", prefix + queue, mandatory: true, new BasicProperties { Persistent = true }, message);
    }
}
