using System.Globalization;
using DoaMarket.Contracts;
using DoaMarket.Host.Server.Modes.PerService;
using DoaMarket.Kernel;
using DoaMarket.RabbitMq;

namespace DoaMarket.Host.Server.Modes;

/// <summary>
/// The mode "rabbitmq" on one screen: a PostgreSQL database per service, RabbitMQ between them, and any number of
/// processes that work on them.
/// </summary>
public sealed class RabbitMq : IFoundation
{
    private static readonly TimeSpan DropInterval = TimeSpan.FromHours(1);

    /// <summary>For what the last commits of this process have sent; a process that stops has 30 seconds in all.</summary>
    private static readonly TimeSpan LongestDrain = TimeSpan.FromSeconds(5);

    private readonly Dictionary<string, ServiceDatabase> _databases;
    private readonly RabbitMqBroker _broker;
    private readonly List<OutboxRelay> _relays;
    private readonly JournalLoop _journalLoop;
    private readonly TimeProvider _time;
    private readonly ILogger _log;

    private RabbitMq(
        Dictionary<string, ServiceDatabase> databases, RabbitMqBroker broker, KernelOptions options, TimeProvider time,
        ILoggerFactory logs)
    {
        (_databases, _broker, _time, _log) = (databases, broker, time, logs.CreateLogger<RabbitMq>());
        Store = new StoreOfAll(databases);
        Journal = new JournalOfAll(databases);
        DeadLetters = new DeadLettersOfAll(databases.Values);
        Outboxes = [.. databases.Values.Select(d => d.Outbox)];
        _relays = [.. Outboxes.Select(o => new OutboxRelay(o, broker, options, time, logs.CreateLogger<OutboxRelay>()))];
        _journalLoop = new(
            ShopTopology.Topology, broker, Store, Journal, options, time, logs.CreateLogger<JournalLoop>());
        Work =
        [
            broker.Run, .. databases.Values.Select(d => (Func<CancellationToken, Task>)d.Node.Run),
            .. _relays.Select(r => (Func<CancellationToken, Task>)r.Run), _journalLoop.Run, DropExpired,
        ];
    }

    /// <inheritdoc />
    public IStore Store { get; }

    /// <inheritdoc />
    public ITransport Transport => _broker;

    /// <inheritdoc />
    public IReadOnlyList<IOutbox> Outboxes { get; }

    /// <inheritdoc />
    public IDeadLetters DeadLetters { get; }

    /// <inheritdoc />
    public IJournal Journal { get; }

    /// <inheritdoc />
    public string Place => $"{string.Join(", ", _databases.Values.Select(d => d.Database))}; {_broker}";

    /// <inheritdoc />
    public bool IsShared => true;

    /// <inheritdoc />
    public IReadOnlyList<Func<CancellationToken, Task>> Work { get; }

    /// <summary>Connects to every database and to RabbitMQ, and makes what is missing there.</summary>
    /// <exception cref="InvalidOperationException">One cannot be used. The text says what to do.</exception>
    public static async Task<RabbitMq> Open(
        ShopOptions options, IReadOnlyList<ServiceModule> modules, TimeProvider time, ILoggerFactory logs,
        CancellationToken stop)
    {
        var process = $"{Environment.MachineName}:{Environment.ProcessId}";
        var (databases, topology) = (new Dictionary<string, ServiceDatabase>(StringComparer.Ordinal), ShopTopology.Topology);
        try
        {
            foreach (var service in topology.Queues.Select(q => q.Service))
            {
                var kinds = modules.Where(m => m.Service == service).SelectMany(m => m.Kinds).ToList();
                databases.Add(service, await ServiceDatabase.Open(
                    service, options.ConnectionStrings.Postgres, options, kinds, process, logs, stop));
            }

            var broker = await RabbitMqBroker.Open(
                options.ConnectionStrings.RabbitMq, $"{process}/{Guid.NewGuid():N}", options.RabbitMq, topology,
                ShopMessages.Catalog, time, logs.CreateLogger<RabbitMqBroker>(), stop);
            return new(databases, broker, options.Kernel, time, logs);
        }
        catch
        {
            await Close(databases.Values);
            throw;
        }
    }

    /// <inheritdoc />
    public string? NodeOf(string service) => Number(_databases[service].Node.Id);

    /// <inheritdoc />
    public async ValueTask<IReadOnlySet<string>> Nodes(string service, CancellationToken stop) =>
        (await _databases[service].Node.Present(stop)).Select(Number).ToHashSet(StringComparer.Ordinal);

    /// <inheritdoc />
    public Task Begin(CancellationToken stop) => Task.CompletedTask; // what a lost process held, RabbitMQ hands out again

    /// <inheritdoc />
    public async Task GiveBack()
    {
        await Drain();
        await _broker.DisposeAsync();
        foreach (var database in _databases.Values)
        {
            try
            {
                await database.Node.Leave(CancellationToken.None);
            }
            catch (StoreUnavailableException error)
            {
                _log.LogWarning("{Database} takes this node for alive for ten seconds: {Reason}", database, error.Message);
            }
        }
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        _relays.ForEach(r => r.Dispose());
        _journalLoop.Dispose();
        await _broker.DisposeAsync();
        await Close(_databases.Values);
    }

    // What is left waits in its outbox until its claim has run out.
    private async Task Drain()
    {
        using var limit = new CancellationTokenSource(LongestDrain, _time);
        try
        {
            await Task.WhenAll(_relays.Select(relay => relay.Drain(limit.Token)));
        }
        catch (OperationCanceledException) when (limit.IsCancellationRequested)
        {
            _log.LogWarning(
                "Not every message could be published within {Longest}; the others are found in the outbox.", LongestDrain);
        }
    }

    private static string Number(int node) => node.ToString(CultureInfo.InvariantCulture);

    private static async Task Close(IEnumerable<ServiceDatabase> databases)
    {
        foreach (var database in databases)
        {
            await database.DisposeAsync();
        }
    }

    // Letters that nobody acted upon; messages that are too old RabbitMQ gives up by itself.
    private async Task DropExpired(CancellationToken stop)
    {
        using var timer = new PeriodicTimer(DropInterval, _time);
        while (await timer.WaitForNextTickAsync(stop))
        {
            foreach (var database in _databases.Values)
            {
                try
                {
                    await database.DeadLetters.DropExpired(
                        ShopTopology.Topology.Of(database.Service), _time.GetUtcNow(), stop);
                }
                catch (StoreUnavailableException error)
                {
                    _log.LogWarning("Old dead letters stay for now: {Reason}", error.Message);
                }
            }
        }
    }
}
