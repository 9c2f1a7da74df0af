using System.Collections.Concurrent;
using System.Text.Json;
using System.Text.Json.Serialization;
using RabbitMQ.Client;
using RabbitMQ.Client.Events;

namespace DoaMarket.RabbitMq;

/// <summary>What one process tells the others.</summary>
/// <param name="Process">Which one.</param>
/// <param name="Queues">What it holds, by queue; only those that it receives from.</param>
internal sealed record QueueReport(string Process, IReadOnlyDictionary<string, Holding> Queues);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(QueueReport))]
internal sealed partial class ReportJson : JsonSerializerContext;

/// <summary>
/// What other processes hold of the queues. RabbitMQ does not tell how old the first message of a queue is, and taking
/// it out in order to look at it would count as a return; whoever holds it knows, and says so every half second
/// (docs/adr/0039-the-age-of-a-queue-is-told-by-its-receivers.md).
/// </summary>
internal sealed class QueueReports(string process, BrokerTopology topology, RabbitMqOptions options, TimeProvider time)
{
    // Reports are worth nothing when they are old, and there is one of each process in each interval.
    private const int MaxWaiting = 100;

    private readonly ConcurrentDictionary<string, (QueueReport Report, DateTimeOffset At)> _byProcess =
        new(StringComparer.Ordinal);

    private IChannel? _channel;

    /// <summary>Begins to hear and to tell.</summary>
    public async Task Begin(IConnection connection, CancellationToken stop)
    {
        _channel = await connection.CreateChannelAsync(cancellationToken: stop);
        var queue = await _channel.QueueDeclareAsync(
            "", durable: false, exclusive: true, autoDelete: true,
            new Dictionary<string, object?>(StringComparer.Ordinal)
            {
                ["x-max-length"] = MaxWaiting,
                ["x-overflow"] = "drop-head",
            },
            cancellationToken: stop);
        await _channel.QueueBindAsync(queue.QueueName, topology.Reports, "", cancellationToken: stop);
        var consumer = new AsyncEventingBasicConsumer(_channel);
        consumer.ReceivedAsync += (_, args) =>
        {
            Hear(args.Body.Span);
            return Task.CompletedTask;
        };
        await _channel.BasicConsumeAsync(queue.QueueName, autoAck: true, consumer, stop);
    }

    /// <summary>Tells the others.</summary>
    public async Task Tell(IReadOnlyDictionary<string, Holding> queues, CancellationToken stop) =>
        await _channel!.BasicPublishAsync(
            topology.Reports, "",
            JsonSerializer.SerializeToUtf8Bytes(new(process, queues), ReportJson.Default.QueueReport), stop);

    /// <summary>What others have told of a queue, if they have told anything lately.</summary>
    public List<Holding> Of(string queue)
    {
        var since = time.GetUtcNow() - options.ReportLasts;
        var holdings = new List<Holding>();
        foreach (var (name, (report, at)) in _byProcess)
        {
            if (at < since)
            {
                _byProcess.TryRemove(name, out _);
            }
            else if (report.Queues.TryGetValue(queue, out var holding))
            {
                holdings.Add(holding);
            }
        }

        return holdings;
    }

    private void Hear(ReadOnlySpan<byte> body)
    {
        QueueReport? report;
        try
        {
            report = JsonSerializer.Deserialize(body, ReportJson.Default.QueueReport);
        }
        catch (JsonException)
        {
            return; // another program's, or another version's: as if it had said nothing
        }

        if (report is { Process: { } name, Queues: not null } && name != process)
        {
            _byProcess[name] = (report, time.GetUtcNow());
        }
    }
}
