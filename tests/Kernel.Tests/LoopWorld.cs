using DoaMarket.Sqlite;
using Microsoft.Extensions.Logging.Abstractions;

namespace DoaMarket.Kernel.Tests;

/// <summary>One loop on a database in memory, under a clock that is set by hand, driven step by step.</summary>
public sealed class LoopWorld : IAsyncDisposable
{
    private readonly SqliteDatabase _database;
    private readonly EffectRunner _effects;
    private int _sent;

    public LoopWorld(
        KernelOptions? options = null, Func<Effect, Task<EffectResult>>? gateway = null,
        Func<ITransport, ITransport>? carrier = null)
    {
        var module = Piggybank.Module();
        Traffic = new QueueTraffic(Clock);
        Options = options ?? new KernelOptions();
        _database = SqliteDatabase.Open(new SqliteOptions(), module.Kinds);
        Transport = new SqliteTransport(_database, Piggybank.Topology, Piggybank.Catalog, Clock, "run-1");
        Store = new SqliteStore(_database, Transport);
        Journal = new SqliteJournal(_database);
        DeadLetters = new SqliteDeadLetters(_database);
        Module = module;
        _effects = new EffectRunner(
            [new("counter", 4, 4, (effect, _) => gateway?.Invoke(effect) ?? Task.FromResult<EffectResult>(new CountedTo(0)))],
            Options,
            NullLogger<EffectRunner>.Instance);
        Disk = new Disk(Store);
        Loop = new ServiceLoop(
            module, Piggybank.Topology, Piggybank.Catalog, Disk, carrier?.Invoke(Transport) ?? Transport, _effects, new ChangeFeed(), Options, Clock,
            NullLogger<ServiceLoop>.Instance, Traffic);
    }

    public HandClock Clock { get; } = new();

    public KernelOptions Options { get; }

    public ServiceModule Module { get; }

    public QueueTraffic Traffic { get; }

    public SqliteTransport Transport { get; }

    public SqliteStore Store { get; }

    /// <summary>What the loop writes to.</summary>
    internal Disk Disk { get; }

    public SqliteJournal Journal { get; }

    public SqliteDeadLetters DeadLetters { get; }

    public ServiceLoop Loop { get; }

    public static Guid MessageId(int n) => DerivedId.From(new Guid("019a0000-0000-7000-8000-000000000000"), n);

    /// <summary>Commits a message as another service would.</summary>
    public async Task Send(IMessage message, int? id = null, byte[]? body = null, string? traceparent = null)
    {
        var type = Piggybank.Catalog.Of(message);
        var envelope = new Envelope(
            new(MessageId(id ?? ++_sent)), type.WireName, "v1", Clock.GetUtcNow(), "test", new(MessageId(0)), null, null, null, new(traceparent), message);
        await using var work = await Store.Begin("test", [], default);
        var outgoing = new OutgoingMessage(envelope, body ?? Piggybank.Catalog.Write(message), null, Piggybank.Topology.Route(type.WireName), Again: false);
        await work.Commit(new("test", Clock.GetUtcNow(), [], [outgoing], [], []), default);
    }

    /// <summary>Drives the five steps until there is nothing to do at this moment.</summary>
    public async Task Drain()
    {
        while (await Loop.Take(default) is { } batch)
        {
            await Loop.Begin(batch, default);
            ServiceLoop.Decide(batch);
            Assert.Equal(CommitOutcome.Committed, await Loop.Commit(batch, default));
            await Loop.Settle(batch, default);
        }
    }

    /// <summary>Asks as the operator "op" does, and lets the loop decide.</summary>
    public async Task<T> Ask<T>(Request<T> request)
    {
        var id = MessageId(10_000 + ++_sent);
        var answer = Loop.Ask(request, id, new Trail(new(id), UserId: new("op")), default);
        await Drain();
        return await answer;
    }

    /// <summary>What waits in the dead-letter queue.</summary>
    public async Task<IReadOnlyList<DeadLetter>> Dead() => (await DeadLetters.Page(new(100), default)).Letters;

    /// <summary>Buries messages: each is handled three times and fails.</summary>
    public async Task<IReadOnlyList<DeadLetter>> Bury(params int[] won)
    {
        foreach (var coin in won)
        {
            await Send(new CoinDropped("pig", coin));
        }

        for (var i = 0; i < 4; i++)
        {
            await Pass(TimeSpan.FromSeconds(5));
        }

        return await Dead();
    }

    /// <summary>Lets time pass and drains.</summary>
    public async Task Pass(TimeSpan time)
    {
        Clock.Advance(time);
        await Drain();
    }

    public async Task<StoredDocument?> Bank(string name) => await Store.Find(Piggybank.Banks.Key(name), default);

    public async Task<int> TotalOf(string name) => ((Bank?)(await Bank(name))?.State)?.Total ?? 0;

    public ValueTask DisposeAsync()
    {
        Loop.Dispose();
        _effects.Dispose();
        _database.Dispose();
        return default;
    }
}

/// <summary>A clock that moves only when told.</summary>
public sealed class HandClock : TimeProvider
{
    private DateTimeOffset _now = new(2026, 11, 22, 3, 0, 0, TimeSpan.Zero);

    public override DateTimeOffset GetUtcNow() => _now;

    public void Advance(TimeSpan by) => _now += by;
}
