using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace DoaMarket.Deploy;

/// <summary>The compose files: valid, hardened, and in agreement with the program and its image.</summary>
public sealed class ComposeTests
{
    private const string WithBroker = $"{Compose.Folder}/compose.rabbitmq.yaml";

    private static readonly string[] Whole = [.. Compose.Files.Where(file => file != Compose.Parts)];

    public static TheoryData<string> Files => [.. Compose.Files];

    public static TheoryData<string> WholeFiles => [.. Whole];

    /// <summary>Every container of the image, by file and service.</summary>
    public static TheoryData<string, string> Apps
    {
        get
        {
            var data = new TheoryData<string, string>();
            foreach (var file in Whole)
            {
                foreach (var (name, service) in Compose.Services(file).Where(s => IsApp(s.Value)))
                {
                    data.Add(file, name);
                }
            }

            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Files))]
    public void A_file_is_what_the_compose_specification_allows(string file) => Assert.Empty(Compose.Faults(Tree.Yaml(file)));

    [Theory]
    [InlineData("read_only", "read_olny", "true")]
    [InlineData("restart", "restart", "[1]")]
    [InlineData("cap_drop", "cap_drop", "\"ALL\"")]
    public void A_slip_of_the_pen_is_found(string member, string written, string value)
    {
        var file = Tree.Yaml(Compose.Parts);
        var app = file["services"]!["app"]!.AsObject();
        app.Remove(member);
        app[written] = JsonNode.Parse(value);

        Assert.NotEmpty(Compose.Faults(file));
    }

    [Fact]
    public void A_key_that_stands_twice_is_found() =>
        Assert.ThrowsAny<YamlDotNet.Core.YamlException>(() => Tree.Parse("a: 1\na: 2\n"));

    [Theory]
    [MemberData(nameof(WholeFiles))]
    public void Two_processes_run_all_services_on_one_database(string file)
    {
        var services = Compose.Services(file);
        var shops = services.Values.Where(s => IsApp(s) && Compose.Words(s["command"])[0] == "serve").ToList();

        Assert.Equal(2, shops.Count);
        Assert.All(shops, shop => Assert.Null(CommandLine.After(Compose.Words(shop["command"]), "--services")));
        Assert.Single(shops.Select(s => s["environment"]!["DOA__ConnectionStrings__Postgres"]!.GetValue<string>()).Distinct());
        Assert.All(shops, shop => Assert.Equal("service_healthy", shop["depends_on"]!["postgres"]!["condition"]!.GetValue<string>()));
        Assert.Contains("Host=postgres;", shops[0]["environment"]!["DOA__ConnectionStrings__Postgres"]!.GetValue<string>(),
            StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(WholeFiles))]
    public void The_database_takes_the_connections_of_all_processes(string file)
    {
        var services = Compose.Services(file);
        var each = services.Values.Where(IsApp).Max(ConnectionsOf);
        var most = int.Parse(
            Regex.Match(string.Join(' ', Compose.Words(services["postgres"]["command"])), "max_connections=(?<n>\\d+)").Groups["n"].Value,
            CultureInfo.InvariantCulture);

        Assert.InRange(services.Values.Count(IsApp) * each, each, most - 10);
    }

    [Theory]
    [MemberData(nameof(Apps))]
    public void A_container_has_no_rights_that_it_does_not_need(string file, string name)
    {
        var app = Compose.Services(file)[name];

        Assert.Equal($"{Tree.User}:{Tree.User}", app["user"]!.GetValue<string>());
        Assert.True(app["read_only"]!.GetValue<bool>());
        Assert.Equal(["ALL"], Compose.Words(app["cap_drop"]));
        Assert.Contains("no-new-privileges:true", Compose.Words(app["security_opt"]));
        Assert.Equal(["/tmp"], Compose.Words(app["tmpfs"]));
        Assert.NotNull(app["mem_limit"]);
    }

    [Theory]
    [MemberData(nameof(Apps))]
    public void A_container_is_given_the_time_that_the_process_takes_to_stop(string file, string name) =>
        Assert.InRange(Compose.Duration(Compose.Services(file)[name]["stop_grace_period"]), Tree.StopWithin, TimeSpan.MaxValue);

    [Theory]
    [MemberData(nameof(Apps))]
    public void A_container_is_told_what_the_program_understands(string file, string name)
    {
        var app = Compose.Services(file)[name];
        var command = Compose.Words(app["command"]);
        Assert.Empty(CommandLine.Faults(command));
        if (app["healthcheck"]!["disable"]?.GetValue<bool>() == true)
        {
            Assert.Equal("sandbox", command[0]); // it has no such page
            return;
        }

        var test = Compose.Words(app["healthcheck"]!["test"]);
        Assert.Equal(["CMD", "/app/doa"], test[..2]);
        Assert.Empty(CommandLine.Faults(test[2..]));
        Assert.Equal(
            new Uri(CommandLine.After(command, "--urls")!).Port, new Uri(CommandLine.After(test, "--url")!).Port);
    }

    [Theory]
    [MemberData(nameof(WholeFiles))]
    public void Every_process_is_reached_from_this_machine_alone_at_a_port_that_it_listens_at(string file)
    {
        var services = Compose.Services(file);
        var shops = services.Where(s => IsApp(s.Value) && Compose.Words(s.Value["command"])[0] == "serve").ToList();
        Assert.All(shops, shop =>
        {
            // In another container's network, that container's ports are meant.
            var host = shop.Value["network_mode"]?.GetValue<string>().Split(':')[1] ?? shop.Key;
            var port = new Uri(CommandLine.After(Compose.Words(shop.Value["command"]), "--urls")!).Port;
            Assert.Contains(Compose.Words(services[host]["ports"]), p => p.EndsWith($":{port}", StringComparison.Ordinal));
        });
        Assert.All(
            services.Values.SelectMany(s => Compose.Words(s["ports"] ?? new JsonArray())),
            published => Assert.StartsWith("127.0.0.1:", published, StringComparison.Ordinal));
    }

    [Theory]
    [MemberData(nameof(WholeFiles))]
    public void What_a_service_names_is_there(string file)
    {
        var (yaml, services) = (Tree.Yaml(file), Compose.Services(file));
        var volumes = services.Values.SelectMany(s => Compose.Words(s["volumes"] ?? new JsonArray())).Select(v => v.Split(':')[0]).ToList();

        Assert.Empty(services.Values.SelectMany(s => (s["depends_on"]?.AsObject() ?? []).Select(d => d.Key))
            .Except(services.Keys, StringComparer.Ordinal));
        Assert.Empty(volumes.Where(v => v[0] != '.').Except(yaml["volumes"]!.AsObject().Select(v => v.Key), StringComparer.Ordinal));
        Assert.DoesNotContain(volumes, v => v[0] == '.' && !Tree.Exists($"{Compose.Folder}/{v}"));
        Assert.NotNull(services["postgres"]["healthcheck"]!["test"]);
        Assert.Contains("database:/var/lib/postgresql/data", Compose.Words(services["postgres"]["volumes"]));
        Assert.All(services.Values.Where(s => s["env_file"] is not null), s => Assert.Equal([".env"], Compose.Words(s["env_file"])));
    }

    [Fact]
    public void The_image_is_built_by_the_dockerfile_from_the_root_of_the_tree()
    {
        var build = Compose.Part("app")["build"]!;
        Assert.Equal(
            Path.GetFullPath(Tree.Root),
            Path.GetFullPath(Path.Combine(Tree.PathOf(Compose.Folder), build["context"]!.GetValue<string>())));
        Assert.True(Tree.Exists(build["dockerfile"]!.GetValue<string>()));
    }

    [Fact]
    public void With_a_broker_every_service_has_a_database_that_is_made_and_the_journal_as_well()
    {
        var services = Compose.Services(WithBroker);
        var wanted = Tree.Services.Append("journal").Select(service =>
            services["app-1"]["environment"]!["DOA__ConnectionStrings__Postgres"]!.GetValue<string>()
                .Replace("{service}", service, StringComparison.Ordinal).Split(';')[1].Split('=')[1]);
        var script = Assert.Single(Compose.Words(services["postgres"]["volumes"]), v => v.EndsWith(".sql:ro", StringComparison.Ordinal));
        var made = Regex.Matches(Tree.Read($"{Compose.Folder}/{script.Split(':')[0]}"), "^CREATE DATABASE (?<name>\\w+) OWNER doa ENCODING 'UTF8'",
            RegexOptions.Multiline).Select(m => m.Groups["name"].Value);

        Assert.Equal(wanted.Order(StringComparer.Ordinal), made.Order(StringComparer.Ordinal));
        Assert.Contains(":/docker-entrypoint-initdb.d/", script, StringComparison.Ordinal);
    }

    [Fact]
    public void With_a_broker_processes_wait_for_it_and_it_keeps_what_it_has()
    {
        var services = Compose.Services(WithBroker);
        var broker = services["rabbitmq"];

        Assert.All(services.Values.Where(IsApp), app =>
        {
            Assert.Equal("rabbitmq", CommandLine.After(Compose.Words(app["command"]), "--mode"));
            Assert.Equal("service_healthy", app["depends_on"]!["rabbitmq"]!["condition"]!.GetValue<string>());
            Assert.Matches("^amqp://doa:.+@rabbitmq:5672$", app["environment"]!["DOA__ConnectionStrings__RabbitMq"]!.GetValue<string>());
        });
        Assert.NotNull(broker["healthcheck"]!["test"]);
        Assert.Equal("rabbitmq", broker["hostname"]!.GetValue<string>()); // names the folder of its data
        Assert.Contains("broker:/var/lib/rabbitmq", Compose.Words(broker["volumes"]));
    }

    private static bool IsApp(JsonObject service) => service["build"] is not null;

    // Of each database two pools, and one that migrates; where the database carries messages, one that listens.
    private static int ConnectionsOf(JsonObject app)
    {
        var environment = app["environment"]!.AsObject();
        var each = Setting("MaxConnections") + Setting("MaxReadConnections");
        return environment["DOA__ConnectionStrings__Postgres"]!.GetValue<string>().Contains("{service}", StringComparison.Ordinal)
            ? ((Tree.Services.Count + 1) * each) + 1
            : each + 2;

        int Setting(string option) => environment[$"DOA__Postgres__{option}"] is { } set
            ? int.Parse(set.ToString(), CultureInfo.InvariantCulture)
            : Default(option);
    }

    private static int Default(string option) => int.Parse(
        Regex.Match(Tree.Read("docs/configuration.md"), $"`DOA__Postgres__{option}` \\| `(?<n>\\d+)`").Groups["n"].Value,
        CultureInfo.InvariantCulture);
}
