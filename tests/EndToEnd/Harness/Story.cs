using System.Text.Json.Nodes;

namespace DoaMarket.EndToEnd.Harness;

/// <summary>A message of the journal.</summary>
/// <param name="Type">Its wire name.</param>
/// <param name="Cause">Wire name of the message that caused it; "the customer" when a request did.</param>
internal sealed record Told(string Id, string Type, string Cause, string? CauseId, string CorrelationId, JsonNode Data)
{
    /// <inheritdoc />
    public override string ToString() => $"{Cause} → {Type}{(Data["type"] is { } type ? $" ({type})" : "")}";
}

/// <summary>What one request set in motion, in the journal's order.</summary>
/// <param name="IsInOneOrder">Whether that is the order in which it was sent; several processes may write a journal apart from the
/// queues, and then what one message has caused has none.</param>
internal sealed record Story(IReadOnlyList<Told> Messages, IReadOnlyList<string> Remarks, bool IsInOneOrder)
{
    /// <summary>Wire names in the journal's order.</summary>
    public IEnumerable<string> Types => Messages.Select(m => m.Type);

    /// <summary>Reads an order's story by its correlation id.</summary>
    public static async Task<Story> Of(Shop shop, Placed order)
    {
        var answer = await (await shop.Operator()).Get($"ops/journal?correlationId={order.CorrelationId}");
        var story = answer.Expect(200).Data;
        var types = story.List("messages").ToDictionary(m => m.Text("eventId"), m => m.Text("eventType"));
        return new(
            [.. story.List("messages").Select(m =>
            {
                var cause = m!["causationId"]?.GetValue<string>();
                return new Told(
                    m.Text("eventId"), m.Text("eventType"),
                    cause is null ? "the customer" : types.GetValueOrDefault(cause, "something untold"),
                    cause, m.Text("correlationId"), m["data"]!);
            })],
            [.. story.List("remarks").Select(r => $"{r!["service"]}: {r["kind"]}: {r["text"]}")],
            shop.Database.IsJournaled);
    }

    /// <summary>Waits until an order's story has so many messages of a type.</summary>
    public static Task<Story> With(Shop shop, Placed order, string type, int count = 1) =>
        Eventually.Is($"{count} × {type}", () => Of(shop, order), s => s.Types.Count(t => t == type) >= count);

    /// <summary>Every cause stands before its effect, and all belong to one request.</summary>
    public void AssertCausal(Placed order)
    {
        var told = new HashSet<string>(StringComparer.Ordinal);
        foreach (var message in Messages)
        {
            Assert.True(message.CauseId is null || told.Contains(message.CauseId),
                $"{message} stands before its cause in:\n{this}");
            Assert.Equal(order.CorrelationId, message.CorrelationId);
            Assert.True(told.Add(message.Id), $"{message} is told twice in:\n{this}");
        }
    }

    /// <summary>These messages are told in this order, as far as they have one, whatever stands between them.</summary>
    public void AssertInOrder(params string[] types)
    {
        var (last, cause) = (-1, (string?)null);
        var taken = new HashSet<int>();
        foreach (var type in types)
        {
            var at = Enumerable.Range(0, Messages.Count).FirstOrDefault(
                i => Messages[i].Type == type && !taken.Contains(i)
                    && (i > last || (!IsInOneOrder && cause is not null && Messages[i].CauseId == cause)),
                -1);
            Assert.True(at >= 0, $"{type} is missing or out of order in:\n{this}");
            taken.Add(at);
            (last, cause) = (Math.Max(last, at), Messages[at].CauseId);
        }
    }

    /// <inheritdoc />
    public override string ToString() =>
        string.Join('\n', [.. Messages.Select(m => $"  {m}"), .. Remarks.Select(r => $"  # {r}")]);
}
