using System.Globalization;
using System.Text;
using DoaMarket.Kernel;
using RabbitMQ.Client;

namespace DoaMarket.RabbitMq;

/// <summary>A message to publish.</summary>
/// <param name="Exchange">Where; empty for the queue that <paramref name="RoutingKey"/> names.</param>
/// <param name="RoutingKey">Its type, or a queue.</param>
/// <param name="Properties">What RabbitMQ shows of it.</param>
/// <param name="Body">The envelope as JSON.</param>
internal sealed record Post(string Exchange, string RoutingKey, BasicProperties Properties, ReadOnlyMemory<byte> Body);

/// <summary>How messages look in RabbitMQ.</summary>
internal static class BrokerMessage
{
    private const string Attempts = "doa-attempts", SentAt = "doa-sent-at", Traceparent = "traceparent";

    private const long LastMillisecond = 253_402_300_799_999; // of the year 9999

    /// <summary>What RabbitMQ itself adds, and what would make a copy pass for one that was returned.</summary>
    private const string Deaths = "x-death", DeathsBegin = "x-first-death", DeathsEnd = "x-last-death",
        Deliveries = "x-delivery-count", Sequence = "x-dotnet-pub-seq-no";

    /// <summary>A row of an outbox for its receivers and for the journal.</summary>
    public static IEnumerable<Post> Of(OutboxRow row, BrokerTopology topology, DateTimeOffset now)
    {
        if (row.To is { } queue)
        {
            yield return Of("", topology.NameOf(queue), row.ForReceivers, now);
        }
        else if (row.PersonalBody is null)
        {
            yield return Of(topology.Journaled, row.Message.EventType, row.Message, now);
        }
        else
        {
            if (topology.HasReceivers(row.Message.EventType))
            {
                yield return Of(topology.Events, row.Message.EventType, row.ForReceivers, now);
            }

            yield return Of("", topology.JournalQueue, row.Message, now);
        }
    }

    /// <summary>The same message once more, for a queue by itself, as it came.</summary>
    /// <param name="arrival">How it came.</param>
    /// <param name="queue">Where it goes.</param>
    /// <param name="attempts">How many handlings have failed by now.</param>
    /// <param name="delay">After what time it leaves that queue; null for no time of its own.</param>
    public static Post Again(Arrival arrival, string queue, int attempts, TimeSpan? delay)
    {
        var headers = new Dictionary<string, object?>(StringComparer.Ordinal);
        foreach (var (name, value) in arrival.Properties.Headers ?? headers)
        {
            if (name is not (Deaths or Deliveries or Sequence)
                && !name.StartsWith(DeathsBegin, StringComparison.Ordinal)
                && !name.StartsWith(DeathsEnd, StringComparison.Ordinal))
            {
                headers.Add(name, value);
            }
        }

        headers[Attempts] = attempts;
        return new(
            "", queue,
            new BasicProperties(arrival.Properties)
            {
                Headers = headers,
                Persistent = true,
                Expiration = delay is { } wait
                    ? ((long)Math.Ceiling(wait.TotalMilliseconds)).ToString(CultureInfo.InvariantCulture)
                    : null,
            },
            arrival.Body);
    }

    /// <summary>How many handlings have failed, as the message says.</summary>
    public static int AttemptsOf(IReadOnlyBasicProperties properties) =>
        Header(properties, Attempts) is int attempts and > 0 ? attempts : 0;

    /// <summary>When it was given to RabbitMQ; null for what somebody else has sent.</summary>
    public static DateTimeOffset? SentAtOf(IReadOnlyBasicProperties properties) =>
        Header(properties, SentAt) is long milliseconds && milliseconds >= 0 && milliseconds <= LastMillisecond
            ? DateTimeOffset.FromUnixTimeMilliseconds(milliseconds)
            : null;

    /// <summary>Whether it was handed out before, and not settled.</summary>
    public static bool IsReturned(bool redelivered, IReadOnlyBasicProperties properties) =>
        redelivered || Header(properties, Deliveries) is > 0L or > 0;

    /// <summary>Why RabbitMQ has given it up, for people.</summary>
    public static string ReasonOf(IReadOnlyBasicProperties properties, QueueDefinition queue) =>
        Header(properties, Deaths) is IList<object?> and [IDictionary<string, object?> last, ..]
        && last.TryGetValue("reason", out var reason) && reason is byte[] text
            ? Encoding.UTF8.GetString(text) switch
            {
                "delivery_limit" => "RabbitMQ handed it out too often, and nobody settled it.",
                "expired" => $"Not handled within {queue.Retention.TotalDays:0} days.",
                var other => $"RabbitMQ gave it up: {other}.",
            }
            : "Somebody put it among the dead letters.";

    private static Post Of(string exchange, string key, WireMessage message, DateTimeOffset now) => new(
        exchange, key,
        new BasicProperties
        {
            ContentType = "application/json",
            Persistent = true,
            MessageId = message.EventId.Value.ToString(),
            CorrelationId = message.CorrelationId.Value.ToString(),
            Type = message.EventType,
            AppId = message.Source,
            Timestamp = new(message.Timestamp.ToUnixTimeSeconds()),
            Headers = new Dictionary<string, object?>(StringComparer.Ordinal)
            {
                [SentAt] = now.ToUnixTimeMilliseconds(),
                [Traceparent] = message.Metadata.Traceparent,
            },
        },
        message.Write());

    private static object? Header(IReadOnlyBasicProperties properties, string name) =>
        properties.Headers is { } headers && headers.TryGetValue(name, out var value) ? value : null;
}
