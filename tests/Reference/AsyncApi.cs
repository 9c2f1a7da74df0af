using System.Text.Json.Nodes;
using DoaMarket.Contracts;
using DoaMarket.Kernel;

namespace DoaMarket.Reference;

/// <summary>docs/asyncapi.yaml: a channel per queue, what is received from it and who sends to it, every message with its schema.</summary>
internal static class AsyncApi
{
    private static readonly Topology Topology = ShopTopology.Topology;

    public static JsonObject Document() => new()
    {
        ["asyncapi"] = "3.0.0",
        ["info"] = new JsonObject
        {
            ["title"] = "DOA Market Order Flow",
            ["version"] = "1",
            ["description"] = "The messages between the services of the shop. Generated: DOA_UPDATE_DOCS=1 dotnet test tests/Reference.",
            ["license"] = new JsonObject { ["name"] = "Apache-2.0" },
        },
        ["defaultContentType"] = "application/json",
        ["channels"] = Object(Topology.Queues, q => q.Queue, Channel),
        ["operations"] = Operations(),
        ["components"] = new JsonObject
        {
            ["messages"] = Object(Messages.All, m => m.Name, Message),
            ["schemas"] = SchemasByName(),
        },
    };

    private static IEnumerable<MessageEntry> To(QueueDefinition queue) =>
        Messages.All.Where(m => queue.Service == Topology.JournalService || m.Receivers.Contains(queue));

    private static JsonObject Channel(QueueDefinition queue) => new()
    {
        ["address"] = queue.Queue,
        ["title"] = $"Queue of {queue.Source}",
        ["description"] =
            $"What {queue.Source} hears. At least once, in no promised order. A message that fails {queue.MaxReceives} times goes to {queue.DeadLetterQueue}.",
        ["messages"] = Object(To(queue), m => m.Name, m => Ref($"#/components/messages/{m.Name}")),
        ["x-visibility-timeout-seconds"] = (int)queue.VisibilityTimeout.TotalSeconds,
        ["x-retention-days"] = (int)queue.Retention.TotalDays,
        ["x-max-receives"] = queue.MaxReceives,
        ["x-dead-letter-queue"] = queue.DeadLetterQueue,
    };

    private static JsonObject Operations()
    {
        var operations = new JsonObject();
        foreach (var queue in Topology.Queues)
        {
            operations[$"{queue.Source}.receive"] = Operation(
                "receive", queue, $"{queue.Source} takes a message in, once for ever by its eventId.", To(queue));
            foreach (var sender in Topology.Queues)
            {
                var sent = To(queue).Where(m => m.Senders.Contains(sender.Source)).ToList();
                if (sent.Count > 0)
                {
                    operations[$"{sender.Source}.send.{queue.Queue}"] =
                        Operation("send", queue, $"{sender.Source} tells {queue.Source}.", sent);
                }
            }
        }

        return operations;
    }

    private static JsonObject Operation(string action, QueueDefinition queue, string summary, IEnumerable<MessageEntry> messages) => new()
    {
        ["action"] = action,
        ["channel"] = Ref($"#/channels/{queue.Queue}"),
        ["summary"] = summary,
        ["messages"] = new JsonArray([.. messages.Select(m => (JsonNode)Ref($"#/channels/{queue.Queue}/messages/{m.Name}"))]),
    };

    private static JsonObject Message(MessageEntry message) => new()
    {
        ["name"] = message.Name,
        ["title"] = message.Schema,
        ["summary"] = message.Meaning,
        ["contentType"] = "application/json",
        ["correlationId"] = new JsonObject { ["location"] = "$message.payload#/correlationId" },
        ["tags"] = new JsonArray(new JsonObject { ["name"] = message.IsCommand ? "command" : "fact" }),
        ["payload"] = new JsonObject
        {
            ["allOf"] = new JsonArray(
                Ref("#/components/schemas/Envelope"),
                new JsonObject
                {
                    ["type"] = "object",
                    ["properties"] = new JsonObject
                    {
                        ["eventType"] = new JsonObject { ["const"] = message.Name },
                        ["eventVersion"] = new JsonObject { ["const"] = message.Type.Version },
                        ["data"] = Ref($"#/components/schemas/{message.Schema}"),
                    },
                }),
        },
        ["examples"] = new JsonArray(new JsonObject { ["name"] = "approved", ["payload"] = Example(message) }),
    };

    /// <summary>A whole message: the approved payload in an envelope.</summary>
    public static JsonObject Example(MessageEntry message) => new()
    {
        ["eventId"] = "0199c6b2-5d40-8a21-9b57-3f0c1d2e4a01",
        ["eventType"] = message.Name,
        ["eventVersion"] = message.Type.Version,
        ["timestamp"] = "2026-11-22T03:00:00+00:00",
        ["source"] = message.Senders[0],
        ["correlationId"] = "0199c6b2-5d3e-8f00-a1b2-6a1f0d9f1c00",
        ["causationId"] = "0199c6b2-5d3f-8c10-8d4e-5b6a7c8d9e0f",
        ["sagaId"] = "0199c6b2-5d3e-8b11-9c22-6a1f0d9f1c12",
        ["userId"] = "u-1024",
        ["metadata"] = new JsonObject
        {
            ["traceparent"] = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
            ["environment"] = "embedded",
        },
        ["data"] = JsonNode.Parse(message.Example),
    };

    private static JsonObject SchemasByName()
    {
        var schemas = new JsonObject { ["Envelope"] = Schemas.Envelope() };
        foreach (var message in Messages.All)
        {
            var schema = Schemas.Of(message.Type).AsObject();
            schema["description"] = message.Meaning;
            schemas[message.Schema] = schema;
        }

        return schemas;
    }

    private static JsonObject Ref(string pointer) => new() { ["$ref"] = pointer };

    private static JsonObject Object<T>(IEnumerable<T> items, Func<T, string> name, Func<T, JsonNode> value) =>
        new(items.Select(i => KeyValuePair.Create<string, JsonNode?>(name(i), value(i))));
}
