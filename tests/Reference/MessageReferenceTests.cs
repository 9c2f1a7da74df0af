using System.Text.Json;
using System.Text.Json.Nodes;
using Json.Schema;

namespace DoaMarket.Reference;

/// <summary>The reference of messages says what the code says, and its schemas take what the code writes.</summary>
public sealed class MessageReferenceTests
{
    private const string AsyncApiFile = "docs/asyncapi.yaml";

    /// <summary>Members that came later than their messages, which may be under way without them.</summary>
    private static readonly string[] CameLater = ["restock"];

    public static TheoryData<string> WireNames => [.. Messages.All.Select(m => m.Name)];

    [Fact]
    public void The_page_of_messages_is_up_to_date() => Pages.AssertGenerated("docs/messages.md", MessagePage.Text());

    [Fact]
    public void The_AsyncAPI_document_is_up_to_date() => Pages.AssertGenerated(AsyncApiFile, Yaml.Write(AsyncApi.Document()));

    [Fact]
    public void Written_as_YAML_nothing_of_the_document_changes() => Assert.True(
        JsonNode.DeepEquals(AsyncApi.Document(), Yaml.Read(Yaml.Write(AsyncApi.Document()))), "YAML says something else than JSON.");

    [Theory]
    [MemberData(nameof(WireNames))]
    public void A_message_says_what_it_means(string wireName)
    {
        var message = Messages.All.Single(m => m.Name == wireName);
        Assert.InRange(message.Meaning.Length, 10, 300);
        Assert.Matches("^[A-Z].*[.:;]", message.Meaning);
    }

    [Theory]
    [MemberData(nameof(WireNames))]
    public void The_approved_example_is_valid_and_a_changed_one_is_not(string wireName)
    {
        var message = Messages.All.Single(m => m.Name == wireName);
        var schema = JsonSchema.FromText(Schemas.Of(message.Type).ToJsonString());
        var options = new EvaluationOptions { OutputFormat = OutputFormat.List, RequireFormatValidation = true };
        var result = schema.Evaluate(Element(JsonNode.Parse(message.Example)!), options);
        Assert.True(result.IsValid, string.Join('\n', (result.Details ?? []).Where(d => d.Errors is not null).Select(d => $"{d.InstanceLocation}: {string.Join("; ", d.Errors!.Values)}")));

        var example = JsonNode.Parse(message.Example)!.AsObject();
        foreach (var member in example.Select(m => m.Key).ToList())
        {
            var without = example.DeepClone().AsObject();
            without.Remove(member);
            Assert.True(
                schema.Evaluate(Element(without), options).IsValid == CameLater.Contains(member, StringComparer.Ordinal),
                $"Without {member} it must {(CameLater.Contains(member, StringComparer.Ordinal) ? "" : "not ")}be valid.");
            var other = example.DeepClone().AsObject();
            other[member] = new JsonObject { ["nonsense"] = true };
            Assert.False(schema.Evaluate(Element(other), options).IsValid, $"With nonsense for {member} it must not be valid.");
        }

        if (message.Type.ClrType.Assembly != typeof(Contracts.ShopMessages).Assembly)
        {
            return; // the kernel's own messages may gain members without a word
        }

        example["more"] = 1;
        Assert.False(schema.Evaluate(Element(example), options).IsValid, "An unknown member must not be valid.");
    }

    private static JsonElement Element(JsonNode node) => JsonSerializer.SerializeToElement(node);

    [Fact]
    public void Every_member_of_every_schema_has_a_type()
    {
        foreach (var (name, schema) in AsyncApi.Document()["components"]!["schemas"]!.AsObject())
        {
            AssertTyped(schema!, name);
        }

        static void AssertTyped(JsonNode schema, string path)
        {
            Assert.True(schema is JsonObject o && (o.ContainsKey("type") || o.ContainsKey("enum")), $"{path} may be anything: {schema.ToJsonString()}");
            foreach (var (name, member) in schema["properties"]?.AsObject() ?? [])
            {
                AssertTyped(member!, $"{path}.{name}");
            }

            if (schema["items"] is { } items)
            {
                AssertTyped(items, $"{path}[]");
            }
        }
    }
}
