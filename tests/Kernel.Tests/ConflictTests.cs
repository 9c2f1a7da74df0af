namespace DoaMarket.Kernel.Tests;

/// <summary>Somebody else was quicker: that is nobody's fault, and ends no loop.</summary>
public sealed class ConflictTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_item_alone_gives_way_longer_each_time_and_is_then_taken_in()
    {
        await using var world = new LoopWorld();
        await world.Send(new CoinDropped("pig", 10));
        world.Disk.Conflicts = world.Options.MaxConflictsPerItem - 1;

        var waits = await Finish(world);

        Assert.Equal(10, await world.TotalOf("pig"));
        Assert.Equal([40, 80, 160, 320, 640, 1280, 2000, 2000], waits.Select(w => w.TotalMilliseconds));
    }

    [Fact]
    public async Task One_that_conflicts_for_ever_fails_and_its_failure_is_written_however_often_that_takes()
    {
        await using var world = new LoopWorld();
        await world.Send(new CoinDropped("pig", 10));
        world.Disk.Conflicts = 3 * world.Options.MaxConflictsPerItem;

        var waits = await Finish(world);

        Assert.All(waits, w => Assert.True(w <= world.Options.MaxStoreRetryWait));
        Assert.Equal(0, world.Disk.Conflicts);
        Assert.Equal(0, await world.TotalOf("pig"));
        await world.Pass(TimeSpan.FromSeconds(1)); // it comes again, and nobody is in its way
        Assert.Equal(10, await world.TotalOf("pig"));
    }

    [Fact]
    public async Task A_batch_is_halved_without_waiting()
    {
        await using var world = new LoopWorld();
        await world.Send(new CoinDropped("pig", 10));
        await world.Send(new CoinDropped("cow", 20));
        world.Disk.Conflicts = world.Options.MaxConflictsPerBatch;

        Assert.Empty(await Finish(world));
        Assert.Equal((10, 20), (await world.TotalOf("pig"), await world.TotalOf("cow")));
    }

    private static async Task<List<TimeSpan>> Finish(LoopWorld world)
    {
        var (waits, handling) = (new List<TimeSpan>(), world.Loop.Handle((await world.Loop.Take(Stop))!));
        while (!handling.IsDone)
        {
            if (await handling.Step(Stop) is { Ticks: > 0 } wait)
            {
                waits.Add(wait);
            }
        }

        return waits;
    }
}
