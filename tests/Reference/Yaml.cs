using System.Text.Json;
using System.Text.Json.Nodes;
using YamlDotNet.Core;
using YamlDotNet.Serialization;

namespace DoaMarket.Reference;

/// <summary>Writes JSON as YAML, and reads it back.</summary>
internal static class Yaml
{
    private static readonly ISerializer Writer = new SerializerBuilder()
        .WithQuotingNecessaryStrings(quoteYaml1_1Strings: true).WithIndentedSequences().WithNewLine("\n").Build();

    public static string Write(JsonNode json) => Writer.Serialize(Plain(json)!);

    /// <summary>The JSON that the text says.</summary>
    public static JsonNode Read(string text)
    {
        var value = new DeserializerBuilder().WithAttemptingUnquotedStringTypeDeserialization().Build().Deserialize<object>(new StringReader(text));
        return JsonSerializer.SerializeToNode(value)!;
    }

    private static object? Plain(JsonNode? node) => node switch
    {
        null => null,
        JsonObject o => o.ToDictionary(p => p.Key, p => Plain(p.Value), StringComparer.Ordinal),
        JsonArray a => a.Select(Plain).ToList(),
        JsonValue v => v.GetValueKind() switch
        {
            JsonValueKind.String => v.GetValue<string>(),
            JsonValueKind.True => true,
            JsonValueKind.False => false,
            _ => long.Parse(v.ToJsonString(), System.Globalization.CultureInfo.InvariantCulture),
        },
        _ => throw new YamlException("Not JSON."),
    };
}
