using System.Text.Json.Nodes;

namespace DoaMarket.Deploy;

/// <summary>The collector's file: what a pipeline names is declared, and what is declared is used.</summary>
public sealed class CollectorTests
{
    private const string Config = "deploy/otel/collector.yaml";
    private static readonly string[] Kinds = ["receivers", "processors", "exporters"];

    [Fact]
    public void The_pipelines_name_what_is_declared() => Assert.Empty(Faults(Tree.Yaml(Config)));

    [Fact]
    public void A_name_that_is_not_declared_and_one_that_nobody_uses_are_found()
    {
        var config = Tree.Yaml(Config);
        config["service"]!["pipelines"]!["traces"]!["exporters"] = new JsonArray("jaeger");

        Assert.Equal(["exporters 'jaeger' of traces is not declared", "exporters 'debug' is not used"], Faults(config));
    }

    [Fact]
    public void It_listens_where_the_compose_files_send_to()
    {
        var sent = new Uri(Compose.Part("app")["environment"]!["DOA__Telemetry__OtlpEndpoint"]!.GetValue<string>());
        Assert.Equal("collector", sent.Host);
        Assert.EndsWith($":{sent.Port}", Tree.Yaml(Config)["receivers"]!["otlp"]!["protocols"]!["http"]!["endpoint"]!.GetValue<string>(),
            StringComparison.Ordinal);
    }

    private static List<string> Faults(JsonNode config)
    {
        var pipelines = config["service"]!["pipelines"]!.AsObject();
        var faults = new List<string>();
        foreach (var kind in Kinds)
        {
            var declared = config[kind]!.AsObject().Select(p => p.Key).ToHashSet(StringComparer.Ordinal);
            var used = pipelines.SelectMany(p => p.Value![kind]!.AsArray(), (p, name) => (p.Key, Name: name!.GetValue<string>())).ToList();
            faults.AddRange(used.Where(u => !declared.Contains(u.Name)).Select(u => $"{kind} '{u.Name}' of {u.Key} is not declared"));
            faults.AddRange(declared.Except(used.Select(u => u.Name), StringComparer.Ordinal).Select(name => $"{kind} '{name}' is not used"));
        }

        return faults;
    }
}
