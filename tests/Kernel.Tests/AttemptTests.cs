namespace DoaMarket.Kernel.Tests;

/// <summary>What counts as an attempt: a handling that was begun alone and did not come to its end.</summary>
public sealed class AttemptTests
{
    private static readonly TimeSpan Visibility = TimeSpan.FromSeconds(61);

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_message_that_ends_the_process_three_times_is_not_decided_a_fourth_time()
    {
        await using var world = new LoopWorld();
        await world.Send(new CoinDropped("pig", 10));
        for (var i = 0; i < 4; i++) // the first handling is in a batch, where it may not be the guilty one
        {
            var batch = (await world.Loop.Take(Stop))!;
            await world.Loop.Begin(batch, Stop); // and here the process ends
            world.Clock.Advance(Visibility);
        }

        Assert.Equal(3, await Begun(world));
        await world.Drain();
        var dead = Assert.Single(await world.Dead());
        Assert.Contains("may end the process", dead.Reason, StringComparison.Ordinal);
        Assert.Equal(3, dead.Attempts);
        Assert.Equal(0, await world.TotalOf("pig"));
        Assert.Equal(0, await Begun(world));
    }

    [Fact]
    public async Task Messages_that_are_received_often_and_never_begun_are_innocent()
    {
        await using var world = new LoopWorld();
        for (var i = 0; i < 20; i++)
        {
            await world.Send(new CoinDropped($"pig {i}", 10));
        }

        for (var i = 0; i < 5; i++) // the connection is lost five times
        {
            await world.Transport.Receive(Piggybank.Topology.Of(Piggybank.Service), 100, Stop);
            world.Clock.Advance(Visibility);
        }

        await world.Drain();
        Assert.Empty(await world.Dead());
        Assert.Equal(10, await world.TotalOf("pig 19"));
    }

    [Fact]
    public async Task The_record_goes_with_the_message()
    {
        await using var world = new LoopWorld();
        await world.Send(new CoinDropped("pig", 10));
        Assert.NotNull(await world.Loop.Take(Stop));
        world.Clock.Advance(Visibility);
        var batch = (await world.Loop.Take(Stop))!;
        await world.Loop.Begin(batch, Stop);
        Assert.Equal(1, await Begun(world));
        world.Clock.Advance(Visibility);
        await world.Drain();
        Assert.Equal(10, await world.TotalOf("pig"));
        Assert.Equal(0, await Begun(world));
    }

    [Fact]
    public async Task A_record_that_nobody_comes_back_for_goes_with_the_retention()
    {
        await using var world = new LoopWorld();
        await world.Send(new CoinDropped("pig", 10));
        Assert.NotNull(await world.Loop.Take(Stop));
        world.Clock.Advance(Visibility);
        await world.Loop.Begin((await world.Loop.Take(Stop))!, Stop);
        world.Clock.Advance(Piggybank.Topology.Of(Piggybank.Service).Retention + TimeSpan.FromMinutes(1));
        await world.Transport.DropExpired(Stop);
        await world.Drain();
        Assert.Equal(0, await Begun(world));
    }

    [Fact]
    public async Task What_the_broker_has_given_up_does_not_wait_in_line_for_its_end()
    {
        await using var world = new LoopWorld(carrier: transport => new WornOut(transport));
        for (var i = 0; i < 20; i++)
        {
            await world.Send(new CoinDropped("pig", 10));
        }

        Assert.NotNull(await world.Loop.Take(Stop)); // taken, and then the process is paused
        world.Clock.Advance(Visibility);
        Assert.Equal(20, (await world.Loop.Take(Stop))!.Items.Count);
        world.Clock.Advance(Visibility);
        await world.Drain();

        Assert.All(await world.Dead(), letter => Assert.Equal("It was given back too often.", letter.Reason));
        Assert.Equal(20, (await world.Dead()).Count);
        Assert.Equal(0, await world.TotalOf("pig"));
    }

    /// <summary>A broker that gives a message up when it comes again.</summary>
    private sealed class WornOut(ITransport transport) : ITransport
    {
        public async ValueTask<IReadOnlyList<Delivery>> Receive(QueueDefinition queue, int max, CancellationToken stop) =>
        [
            .. (await transport.Receive(queue, max, stop))
                .Select(d => d.IsRedelivery ? d with { GivenUp = "It was given back too often." } : d),
        ];

        public void OnArrival(QueueDefinition queue, Action wake) => transport.OnArrival(queue, wake);

        public ValueTask Settle(IReadOnlyList<Settlement> settlements, CancellationToken stop) =>
            transport.Settle(settlements, stop);

        public ValueTask<DateTimeOffset?> OldestSentAt(QueueDefinition queue, CancellationToken stop) =>
            transport.OldestSentAt(queue, stop);

        public ValueTask<IReadOnlyList<QueueStatus>> Status(CancellationToken stop) => transport.Status(stop);

        public ValueTask DropExpired(CancellationToken stop) => transport.DropExpired(stop);
    }

    private static async Task<int> Begun(LoopWorld world)
    {
        var key = world.Module.Attempts.Key(new EventId(LoopWorld.MessageId(1)));
        return ((HandlingsBegun?)(await world.Store.Find(key, Stop))?.State)?.Count ?? 0;
    }
}
