using DoaMarket.Kernel;
using DoaMarket.RabbitMq;
using DoaMarket.Servers;
using DoaMarket.Sqlite;
using Microsoft.Extensions.Logging.Abstractions;
using RabbitMQ.Client;

namespace DoaMarket.Conformance;

/// <summary>RabbitMQ between outboxes in SQLite; a rig is one process, and there may be others on the same queues.</summary>
public sealed class RabbitMqRig : IRig
{
    private readonly string _folder = Path.Combine(Path.GetTempPath(), "doa-conformance-" + Guid.NewGuid().ToString("N"));
    private readonly string _process = Guid.NewGuid().ToString("N");
    private readonly string _url;
    private readonly RabbitMqOptions _options;
    private readonly bool _isFirst;
    private readonly Action<RabbitMqBroker> _listen;
    private IConnection? _beside;
    private CancellationTokenSource _stop = new();
    private SqliteDatabase _database = null!;
    private OutboxRelay _relay = null!;
    private JournalLoop _journal = null!;
    private Task _running = Task.CompletedTask;
    private bool _hasLeft;

    private RabbitMqRig(
        string url, RabbitMqOptions options, HandClock clock, bool isFirst, Action<RabbitMqBroker>? listen = null) =>
        (_url, _options, Clock, _isFirst, _listen) = (url, options, clock, isFirst, listen ?? ListenToAll);

    public HandClock Clock { get; }

    public IStore Store { get; private set; } = null!;

    public ITransport Transport => Broker;

    public RabbitMqBroker Broker { get; private set; } = null!;

    public IOutbox Outbox { get; private set; } = null!;

    public IJournal Journal { get; private set; } = null!;

    public IDeadLetters DeadLetters { get; private set; } = null!;

    public bool TakesItsTime => true;

    /// <summary>What the names of its queues begin with.</summary>
    public string Prefix => _options.Prefix;

    public static async Task<IRig> Start() => await First((await RabbitMqServer.Shared).Url);

    /// <summary>The first process on new queues.</summary>
    public static async Task<RabbitMqRig> First(string url, RabbitMqOptions? options = null) => await new RabbitMqRig(
        url, (options ?? new()) with { Prefix = $"t{Guid.NewGuid():N}-" }, new(), isFirst: true).Open();

    /// <summary>The first process on new queues, which listens to none.</summary>
    public static async Task<RabbitMqRig> ThatOnlySends(string url) => await new RabbitMqRig(
        url, new() { Prefix = $"t{Guid.NewGuid():N}-" }, new(), isFirst: true, _ => { }).Open();

    /// <summary>A further process on the same queues, with a store of its own; it listens to the queues that are named.</summary>
    public async Task<RabbitMqRig> Neighbour(params QueueDefinition[] queues) => await new RabbitMqRig(
        _url, _options, Clock, isFirst: false, broker => Array.ForEach(queues, q => broker.OnArrival(q, () => { }))).Open();

    public async Task Crash()
    {
        await Close();
        await Open();
    }

    public async Task Wait(TimeSpan by)
    {
        Clock.Advance(by);
        await Task.Delay(by); // RabbitMQ has a clock of its own
    }

    /// <summary>
    /// Until everything that was committed is with RabbitMQ, the journal is written, and RabbitMQ hands out nothing more.
    /// </summary>
    public async Task Quiet()
    {
        long[] before = [], now = [-1];
        while (!now.SequenceEqual(before) || Broker.IsAway || (await Outbox.Status(1, CancellationToken.None)).Rows > 0
            || (await JournalStatus()).Waiting > 0)
        {
            await Task.Delay(40);
            before = now;
            now = await Ready();
        }
    }

    /// <summary>Commits messages about boxes.</summary>
    public async Task Send(IEnumerable<int> boxes)
    {
        await using var work = await Store.Begin(Shelf.Service, [], CancellationToken.None);
        var messages = boxes.Select(i => Shelf.Message(i, Clock.GetUtcNow())).ToList();
        Assert.Equal(
            CommitOutcome.Committed,
            await work.Commit(Shelf.Unit(Clock.GetUtcNow(), messages: messages), CancellationToken.None));
    }

    /// <summary>Receives what comes, waiting for as many as are named.</summary>
    public async Task<IReadOnlyList<Delivery>> Receive(QueueDefinition queue, int atLeast = 1)
    {
        var received = new List<Delivery>();
        await Until(async () =>
        {
            received.AddRange(await Broker.Receive(queue, 100, CancellationToken.None));
            return received.Count >= atLeast;
        });
        return received;
    }

    /// <summary>Settles what was taken in.</summary>
    public async Task Settle(IEnumerable<Delivery> done) =>
        await Broker.Settle([.. done.Select(d => new Settlement.Done(d))], CancellationToken.None);

    /// <summary>Waits until something is so; the test's own limit ends it.</summary>
    public async Task Until(Func<Task<bool>> isSo)
    {
        while (!await isSo())
        {
            await Task.Delay(20, TestContext.Current.CancellationToken);
        }
    }

    /// <summary>How many messages wait in a queue of RabbitMQ.</summary>
    public async Task<uint> Ready(string queue)
    {
        await using var channel = await Channel();
        return await channel.MessageCountAsync(queue);
    }

    /// <summary>The process ends in good order.</summary>
    /// <param name="last">What its loops still commit when nothing publishes any more.</param>
    public async Task Leave(Func<Task>? last = null)
    {
        await Rest();
        await (last?.Invoke() ?? Task.CompletedTask);
        await _relay.Drain(CancellationToken.None);
        await Close();
        _hasLeft = true;
    }

    /// <summary>A channel beside the adapter.</summary>
    public async Task<IChannel> Channel()
    {
        if (_beside is not { IsOpen: true })
        {
            _beside = await new ConnectionFactory { Uri = new(_url) }.CreateConnectionAsync();
        }

        return await _beside.CreateChannelAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (!_hasLeft)
        {
            await Close();
        }

        _stop.Dispose();
        if (_isFirst)
        {
            await using var beside = await new ConnectionFactory { Uri = new(_url) }.CreateConnectionAsync();
            await using var channel = await beside.CreateChannelAsync();
            foreach (var queue in Shelf.Topology.Queues)
            {
                await channel.QueueDeleteAsync(Prefix + queue.Queue);
                await channel.QueueDeleteAsync(Prefix + queue.Queue + "-retry");
                await channel.QueueDeleteAsync(Prefix + queue.DeadLetterQueue);
            }

            foreach (var exchange in new[] { "doa.events", "doa.journaled", "doa.reports" })
            {
                await channel.ExchangeDeleteAsync(Prefix + exchange);
            }
        }

        Directory.Delete(_folder, recursive: true);
    }

    private static void ListenToAll(RabbitMqBroker broker)
    {
        broker.OnArrival(Shelf.Queue, () => { });
        broker.OnArrival(Shelf.Second, () => { });
    }

    private async Task<RabbitMqRig> Open()
    {
        _stop.Dispose();
        _stop = new();
        var options = new KernelOptions();
        Broker = await RabbitMqBroker.Open(
            _url, _process, _options, Shelf.Topology, Shelf.Catalog, Clock,
            NullLogger<RabbitMqBroker>.Instance, CancellationToken.None);
        _database = SqliteDatabase.Open(new SqliteOptions { Folder = _folder }, [Shelf.Boxes, Shelf.Labels]);
        var outbox = new SqliteOutbox(_database, Shelf.Topology, Shelf.Catalog, options);
        (Outbox, Store) = (outbox, new SqliteStore(_database, outbox));
        (Journal, DeadLetters) = (new SqliteJournal(_database), new SqliteDeadLetters(_database));
        _relay = new(outbox, Broker, options, Clock, NullLogger<OutboxRelay>.Instance);
        _listen(Broker);
        if (_isFirst)
        {
            _journal = new(
                Shelf.Topology, Broker, Store, Journal, options, Clock, NullLogger<JournalLoop>.Instance);
        }

        _running = Task.WhenAll(
            Run(Broker.Run), Run(_relay.Run), _isFirst ? Run(_journal.Run) : Task.CompletedTask);
        await Until(() => Task.FromResult(!Broker.IsAway));
        return this;
    }

    private async Task Run(Func<CancellationToken, Task> work)
    {
        try
        {
            await work(_stop.Token);
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            // the ordinary end
        }
    }

    private async Task Rest()
    {
        await _stop.CancelAsync();
        await _running;
    }

    private async Task Close()
    {
        await Rest();
        await Broker.DisposeAsync();
        if (_beside is not null)
        {
            await _beside.DisposeAsync();
        }

        _relay.Dispose();
        if (_isFirst)
        {
            _journal.Dispose();
        }

        _database.Dispose();
    }

    private async Task<long[]> Ready()
    {
        await using var channel = await Channel();
        var ready = new List<long>();
        foreach (var queue in Shelf.Topology.Queues)
        {
            ready.Add(await channel.MessageCountAsync(Prefix + queue.Queue));
        }

        return [.. ready];
    }

    private async Task<QueueStatus> JournalStatus() =>
        (await Broker.Status(CancellationToken.None)).Single(s => s.Service == Shelf.Topology.JournalService);
}
