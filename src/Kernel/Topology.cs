namespace DoaMarket.Kernel;

/// <summary>One service's queue and its limits.</summary>
/// <param name="Service">Short name of the service, e.g. "orders".</param>
/// <param name="Source">The name under which the service sends, e.g. "order-service".</param>
/// <param name="Queue">Name of its queue.</param>
/// <param name="VisibilityTimeout">The longest time one handling may take before the message is
/// given to another.</param>
public sealed record QueueDefinition(string Service, string Source, string Queue, TimeSpan VisibilityTimeout)
{
    /// <summary>How long an unhandled message is kept.</summary>
    public TimeSpan Retention { get; init; } = TimeSpan.FromDays(14);

    /// <summary>How many handlings may fail before the message is dead-lettered.</summary>
    public int MaxReceives { get; init; } = 3;

    /// <summary>Where messages go that failed for good.</summary>
    public string DeadLetterQueue => Source + "-dlq";

    /// <summary>How long a dead letter is kept.</summary>
    public TimeSpan DeadLetterRetention { get; init; } = TimeSpan.FromDays(14);
}

/// <summary>Messages of one type go to these queues.</summary>
/// <param name="EventType">Wire name.</param>
/// <param name="Source">Who sends it.</param>
/// <param name="Services">Short names of the services that receive it.</param>
public sealed record RoutingRule(string EventType, string Source, IReadOnlyList<string> Services);

/// <summary>
/// Queues and rules, declared once: every transport and the infrastructure code are built from this declaration.
/// </summary>
public sealed class Topology
{
    private readonly Dictionary<string, QueueDefinition> _byService;
    private readonly Dictionary<string, QueueDefinition[]> _routes;

    /// <summary>A topology; a rule that names an unknown service, or a wire name with two rules, is refused.</summary>
    public Topology(IReadOnlyList<QueueDefinition> queues, IReadOnlyList<RoutingRule> rules, string journalService)
    {
        Queues = queues;
        Rules = rules;
        JournalService = journalService;
        _byService = queues.ToDictionary(q => q.Service, StringComparer.Ordinal);
        _routes = rules.ToDictionary(
            r => r.EventType,
            r => r.Services.Select(s => _byService[s]).ToArray(),
            StringComparer.Ordinal);
    }

    /// <summary>All queues.</summary>
    public IReadOnlyList<QueueDefinition> Queues { get; }

    /// <summary>All rules. The journal receives everything and is not listed in them.</summary>
    public IReadOnlyList<RoutingRule> Rules { get; }

    /// <summary>The service that receives every message.</summary>
    public string JournalService { get; }

    /// <summary>The queue of a service.</summary>
    public QueueDefinition Of(string service) => _byService[service];

    /// <summary>
    /// The queues that a message of this type goes to, the journal's left out; empty when nobody listens.
    /// </summary>
    public IReadOnlyList<QueueDefinition> Route(string eventType) =>
        _routes.TryGetValue(eventType, out var queues) ? queues : [];
}
