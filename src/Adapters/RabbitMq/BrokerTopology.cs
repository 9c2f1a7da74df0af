using DoaMarket.Kernel;
using RabbitMQ.Client;

namespace DoaMarket.RabbitMq;

/// <summary>
/// Names and arguments of everything that there is in RabbitMQ, made from the one declaration of queues and rules
/// (docs/adr/0034-rabbitmq-topology.md).
/// </summary>
internal sealed class BrokerTopology(Topology topology, RabbitMqOptions options)
{
    // Newer versions give dead letters up by themselves after 20 returns; they must wait for their service.
    private const int DeadLettersAreReturnedAtMost = 1_000_000_000;

    /// <summary>Routes by message type to the queues of the services.</summary>
    public string Events { get; } = options.Prefix + "doa.events";

    /// <summary>What comes here goes to <see cref="Events"/> and to the journal's queue.</summary>
    public string Journaled { get; } = options.Prefix + "doa.journaled";

    /// <summary>Where processes tell each other what they hold.</summary>
    public string Reports { get; } = options.Prefix + "doa.reports";

    /// <summary>The journal's queue.</summary>
    public string JournalQueue { get; } = options.Prefix + topology.Of(topology.JournalService).Queue;

    /// <summary>All queues, as the shop knows them.</summary>
    public IReadOnlyList<QueueDefinition> Queues => topology.Queues;

    /// <summary>Whether any service receives a message of this type.</summary>
    public bool HasReceivers(string eventType) => topology.Route(eventType).Count > 0;

    /// <summary>What a queue is called in RabbitMQ.</summary>
    public string NameOf(string queue) => options.Prefix + queue;

    /// <summary>Where messages wait that are to come again later.</summary>
    public string RetryNameOf(string queue) => options.Prefix + queue + "-retry";

    /// <summary>Where RabbitMQ puts what it gives up by itself.</summary>
    public string DeadNameOf(QueueDefinition queue) => options.Prefix + queue.DeadLetterQueue;

    /// <summary>Declares everything; what is there already, and is the same, stays as it is.</summary>
    /// <exception cref="RabbitMQ.Client.Exceptions.OperationInterruptedException">
    /// A name has other arguments.
    /// </exception>
    public async Task Declare(IChannel channel, CancellationToken stop)
    {
        await channel.ExchangeDeclareAsync(
            Events, ExchangeType.Direct, durable: true, autoDelete: false, cancellationToken: stop);
        await channel.ExchangeDeclareAsync(
            Journaled, ExchangeType.Fanout, durable: true, autoDelete: false, cancellationToken: stop);
        await channel.ExchangeDeclareAsync(
            Reports, ExchangeType.Fanout, durable: false, autoDelete: false, cancellationToken: stop);
        foreach (var queue in topology.Queues)
        {
            await Declare(channel, queue, stop);
        }

        foreach (var rule in topology.Rules)
        {
            foreach (var queue in topology.Route(rule.EventType))
            {
                await channel.QueueBindAsync(
                    NameOf(queue.Queue), Events, rule.EventType, noWait: true, cancellationToken: stop);
            }
        }

        await channel.ExchangeBindAsync(Events, Journaled, "", noWait: true, cancellationToken: stop);
        // Its answer follows all the others'.
        await channel.QueueBindAsync(JournalQueue, Journaled, "", cancellationToken: stop);
    }

    private async Task Declare(IChannel channel, QueueDefinition queue, CancellationToken stop)
    {
        var (name, retry, dead) = (NameOf(queue.Queue), RetryNameOf(queue.Queue), DeadNameOf(queue));
        await Declare(
            channel, dead, new(StringComparer.Ordinal) { ["x-delivery-limit"] = DeadLettersAreReturnedAtMost }, stop);
        await Declare(channel, retry, DeadLettersTo(name), stop);
        var arguments = DeadLettersTo(dead);
        arguments["x-delivery-limit"] = options.DeliveryLimit;
        arguments["x-message-ttl"] = (long)queue.Retention.TotalMilliseconds;
        await Declare(channel, name, arguments, stop);
    }

    // At least once needs "reject-publish": nothing may be dropped in order to make room.
    private static Dictionary<string, object?> DeadLettersTo(string queue) => new(StringComparer.Ordinal)
    {
        ["x-dead-letter-exchange"] = "",
        ["x-dead-letter-routing-key"] = queue,
        ["x-dead-letter-strategy"] = "at-least-once",
    };

    private async Task Declare(
        IChannel channel, string queue, Dictionary<string, object?> arguments, CancellationToken stop)
    {
        arguments["x-queue-type"] = "quorum";
        arguments["x-overflow"] = "reject-publish";
        arguments["x-max-length"] = options.MaxQueueLength;
        await channel.QueueDeclareAsync(
            queue, durable: true, exclusive: false, autoDelete: false, arguments, cancellationToken: stop);
    }
}
