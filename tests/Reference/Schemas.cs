using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Schema;
using DoaMarket.Contracts;
using DoaMarket.Kernel;

namespace DoaMarket.Reference;

/// <summary>JSON schemas of payloads, from the very type information that reads and writes them.</summary>
internal static class Schemas
{
    private static readonly JsonSchemaExporterOptions Options = new()
    {
        TreatNullObliviousAsNonNullable = true,
        TransformSchemaNode = Describe,
    };

    public static JsonNode Of(MessageType type) => type.Json.GetJsonSchemaAsNode(Options);

    /// <summary>The envelope's schema, its data left open: each message says what its own is.</summary>
    public static JsonObject Envelope()
    {
        var properties = new JsonObject();
        var required = new JsonArray();
        foreach (var member in Messages.Members(typeof(Envelope)))
        {
            var schema = member.Name switch
            {
                nameof(Kernel.Envelope.Data) => new JsonObject { ["type"] = "object", ["description"] = "The payload." },
                nameof(Kernel.Envelope.Metadata) => Record(typeof(MessageMetadata)),
                _ => Value(member.PropertyType, Messages.MayBeNull(member)),
            };
            Explain(schema, XmlDocs.OfMember(member));
            properties[Messages.JsonName(member)] = schema;
            required.Add(Messages.JsonName(member));
        }

        return new() { ["type"] = "object", ["description"] = XmlDocs.Of(typeof(Envelope)), ["properties"] = properties, ["required"] = required };
    }

    private static JsonObject Record(Type record)
    {
        var properties = new JsonObject();
        foreach (var member in Messages.Members(record))
        {
            var schema = Value(member.PropertyType, Messages.MayBeNull(member));
            Explain(schema, XmlDocs.OfMember(member));
            properties[Messages.JsonName(member)] = schema;
        }

        return new() { ["type"] = "object", ["properties"] = properties };
    }

    private static JsonObject Value(Type type, bool mayBeNull)
    {
        var plain = Nullable.GetUnderlyingType(type) ?? type;
        var schema = plain switch
        {
            _ when TypeNames.IsId(plain) => new JsonObject { ["type"] = "string", ["format"] = "uuid" },
            _ when plain == typeof(DateTimeOffset) => new JsonObject { ["type"] = "string", ["format"] = "date-time" },
            _ when plain == typeof(Money) => new JsonObject { ["type"] = "integer", ["format"] = "int64" },
            _ when TypeNames.IsName(plain) || plain == typeof(string) => new JsonObject { ["type"] = "string" },
            _ => throw new InvalidOperationException($"{plain} has no schema here."),
        };
        if (mayBeNull)
        {
            schema["type"] = new JsonArray(schema["type"]!.GetValue<string>(), "null");
        }

        return schema;
    }

    // The exporter knows nothing of our converters: ids, names and money are given their form here.
    private static JsonObject Describe(JsonSchemaExporterContext context, JsonNode schema)
    {
        var type = context.TypeInfo.Type;
        var plain = Nullable.GetUnderlyingType(type) ?? type;
        var node = TypeNames.IsId(plain) || TypeNames.IsName(plain) || plain == typeof(Money)
            ? Value(plain, plain != type)
            : schema as JsonObject ?? throw new InvalidOperationException($"{type} has no schema: {schema.ToJsonString()}");
        if (plain == typeof(DateTimeOffset) && node["format"] is null)
        {
            node["format"] = "date-time";
        }

        if (context.PropertyInfo is { AttributeProvider: System.Reflection.PropertyInfo property })
        {
            Explain(node, XmlDocs.OfMember(property));
        }

        return node;
    }

    private static void Explain(JsonObject schema, string text)
    {
        if (text.Length > 0)
        {
            schema["description"] = text;
        }
    }
}
