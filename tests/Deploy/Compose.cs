using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Json.Schema;

namespace DoaMarket.Deploy;

/// <summary>The compose files, as Docker Compose puts them together.</summary>
internal static partial class Compose
{
    public const string Folder = "deploy/compose", Parts = $"{Folder}/parts.yaml";

    /// <summary>
    /// The schema of the Compose Specification (https://github.com/compose-spec/compose-spec, Apache-2.0), as the npm package
    /// dclint 3.1.0 ships it. It names its own draft by an address that nobody else uses.
    /// </summary>
    private static readonly JsonSchema Schema = JsonSchema.FromText(Tree.Read("tests/Deploy/Schemas/compose-spec.json").Replace(
        "https://json-schema.org/draft-07/schema", "http://json-schema.org/draft-07/schema#", StringComparison.Ordinal));

    /// <summary>The files, parts.yaml included.</summary>
    public static IReadOnlyList<string> Files { get; } = Tree.Files(Folder, "*.yaml");

    /// <summary>A service of parts.yaml.</summary>
    public static JsonObject Part(string name) => Tree.Yaml(Parts)["services"]![name]!.AsObject();

    /// <summary>The services of a file with what they take from parts.yaml.</summary>
    public static IReadOnlyDictionary<string, JsonObject> Services(string file) => Tree.Yaml(file)["services"]!.AsObject()
        .ToDictionary(p => p.Key, p => Whole(p.Value!.AsObject()), StringComparer.Ordinal);

    /// <summary>What the schema has against it.</summary>
    public static IReadOnlyList<string> Faults(JsonNode compose)
    {
        var verdict = Schema.Evaluate(
            System.Text.Json.JsonSerializer.SerializeToElement(compose), new EvaluationOptions { OutputFormat = OutputFormat.List });
        return verdict.IsValid
            ? []
            : [.. (verdict.Details ?? []).Where(d => d.Errors is not null)
                .SelectMany(d => d.Errors!.Select(e => $"{d.InstanceLocation}: {e.Value}")).DefaultIfEmpty("not valid")];
    }

    /// <summary>The words of a command or a health check.</summary>
    public static string[] Words(JsonNode? array) => [.. array!.AsArray().Select(word => word!.ToString())];

    /// <summary>"35s" or "1m30s".</summary>
    public static TimeSpan Duration(JsonNode? text) => Length().Matches(text!.GetValue<string>()).Aggregate(
        TimeSpan.Zero,
        (sum, part) => sum + TimeSpan.FromSeconds(
            int.Parse(part.Groups["count"].Value, System.Globalization.CultureInfo.InvariantCulture)
            * (part.Groups["unit"].Value == "m" ? 60 : 1)));

    // Compose merges maps, adds lists up and replaces commands; nothing here needs more of it.
    private static JsonObject Whole(JsonObject service)
    {
        if (service["extends"] is not { } extends)
        {
            return service;
        }

        var whole = Tree.Yaml($"{Folder}/{extends["file"]!.GetValue<string>()}")["services"]![extends["service"]!.GetValue<string>()]!
            .AsObject();
        foreach (var (key, value) in service.Where(p => p.Key != "extends"))
        {
            if (whole[key] is JsonObject map && value is JsonObject further)
            {
                foreach (var (name, one) in further)
                {
                    map[name] = one!.DeepClone();
                }
            }
            else if (whole[key] is JsonArray list && value is JsonArray more && key != "command")
            {
                foreach (var one in more)
                {
                    list.Add(one!.DeepClone());
                }
            }
            else
            {
                whole[key] = value!.DeepClone();
            }
        }

        return whole;
    }

    [GeneratedRegex("(?<count>\\d+)(?<unit>[ms])")]
    private static partial Regex Length();
}
