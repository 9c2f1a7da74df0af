using DoaMarket.EndToEnd.Harness;
using DoaMarket.Servers;
using Npgsql;

namespace DoaMarket.EndToEnd;

/// <summary>A process that cannot work with others ends at its start, with a sentence that says what to write.</summary>
public sealed class StartTests
{
    private const int WrongConfiguration = 2;
    private const string Nobody = "Host=127.0.0.1;Port=1;Database=doa;Username=doa";

    [Theory]
    [InlineData("", "DOA__ConnectionStrings__Postgres=")]
    [InlineData("Host=127.0.0.1", "Host=…;Database=…")]
    [InlineData("Hots=127.0.0.1", "Host=…;Database=…")]
    [InlineData(Nobody, "(DOA__ConnectionStrings__Postgres) name it?")]
    public async Task A_database_that_cannot_be_used_is_said_with_what_names_it(string connectionString, string said) =>
        await Refused(said, new() { ["ConnectionStrings:Postgres"] = connectionString }, "--sandbox", "on");

    [Fact]
    public async Task A_database_that_does_not_exist_is_said_with_how_to_make_it()
    {
        var server = await PostgresServer.Shared;
        var missing = new NpgsqlConnectionStringBuilder(server.ConnectionString) { Database = "doa_missing" };
        await Refused("CREATE DATABASE", new() { ["ConnectionStrings:Postgres"] = missing.ConnectionString }, "--sandbox", "on");
    }

    [Theory]
    [InlineData("Tokens:Key", "", "DOA__Tokens__Key=$(openssl rand -base64 32)")]
    [InlineData("Tokens:Key", "c2hvcnQ=", "32 bytes or more")]
    [InlineData("Services:Payments:Url", "payments:5080", "DOA__Services__Payments__Url=http://payments:5080")]
    [InlineData("Services:Payments:Url", "http://payments:5080/api", "without a path")]
    [InlineData("Services:Billing:Url", "http://billing:5080", "Payments")]
    public async Task Wrong_settings_of_several_processes_are_named(string key, string value, string said) => await Refused(
        said,
        new()
        {
            ["ConnectionStrings:Postgres"] = Nobody,
            ["Tokens:Key"] = Convert.ToBase64String(new byte[32]),
            ["CarrierAccount:ApiKey"] = "k",
            ["CarrierAccount:WebhookSecrets:0"] = "whsec_c2VjcmV0",
            ["Toss:SecretKey"] = "test_sk_0",
            [key] = value,
        },
        "--sandbox", value.Length == 0 ? "off" : "on");

    [Fact]
    public async Task A_service_that_there_is_not_is_named_with_those_that_there_are() => await Refused(
        "orders,inventory,payments,shipping,notifications,stats", new() { ["ConnectionStrings:Postgres"] = Nobody },
        "--sandbox", "on", "--services", "orders,billing");

    // Refused before anybody is asked: there are no such servers.
    [Theory]
    [InlineData(Ground.Postgres, "doa_{service}", "", "write it without {service} in DOA__ConnectionStrings__Postgres")]
    [InlineData(Ground.RabbitMq, "doa", "amqp://nobody@127.0.0.1:1", "Database=doa_{service};")]
    [InlineData(Ground.RabbitMq, "doa_{service}", "", "DOA__ConnectionStrings__RabbitMq=amqp://user:password@host:5672/virtual-host")]
    public async Task Databases_and_brokers_that_the_mode_cannot_work_with_are_said_with_what_it_needs(
        string mode, string database, string broker, string said) =>
        await RefusedIn(mode, said, Servers(database, broker), "--sandbox", "on");

    [Theory]
    [InlineData(Ground.Postgres, " , ", "Write --services with some of orders,inventory")]
    [InlineData(Ground.RabbitMq, "Orders", "There is no service 'Orders'. Write --services with some of orders,inventory")]
    [InlineData(Ground.Embedded, "orders", "Leave --services out.")]
    public async Task Services_that_a_process_cannot_run_are_said_with_what_to_write(
        string mode, string services, string said) => await RefusedIn(
            mode, said, Servers(mode == Ground.RabbitMq ? "doa_{service}" : "doa", "amqp://nobody@127.0.0.1:1"),
            "--sandbox", "on", "--services", services);

    private static Settings Servers(string database, string broker) => new()
    {
        ["ConnectionStrings:Postgres"] = $"Host=127.0.0.1;Port=1;Database={database};Username=doa",
        ["ConnectionStrings:RabbitMq"] = broker,
    };

    private static Task Refused(string said, Settings settings, params string[] arguments) =>
        RefusedIn(Ground.Postgres, said, settings, arguments);

    private static async Task RefusedIn(
        string mode, string said, Settings settings, params string[] arguments)
    {
        var folder = Directory.CreateTempSubdirectory("doa-e2e-").FullName;
        try
        {
            var ended = await DoaProcess.Run(
                folder, Pace.Fast.With([.. settings.Select(s => (s.Key, s.Value))]),
                ["serve", "--mode", mode, "--urls", "http://127.0.0.1:0", "--data", folder, .. arguments]);
            Assert.True(ended.Code == WrongConfiguration, $"Exit code {ended.Code}:\n{ended.Output}\n{ended.Errors}");
            Assert.Contains(said, ended.Errors, StringComparison.Ordinal);
            Assert.DoesNotContain("   at ", ended.Errors, StringComparison.Ordinal); // a sentence, no stack trace
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
