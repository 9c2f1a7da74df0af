namespace DoaMarket.Kernel.Tests;

/// <summary>The store cannot write: messages wait for it, people do not.</summary>
public sealed class StoreAwayTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_request_is_refused_after_a_few_failures_and_the_messages_of_its_batch_are_kept()
    {
        await using var world = new LoopWorld();
        await world.Send(new CoinDropped("pig", 10));
        var (first, second) = (Withdraw(world, 1), Withdraw(world, 2));
        var handling = world.Loop.Handle((await world.Loop.Take(Stop))!);
        world.Disk.IsFull = true;
        var late = Withdraw(world, 3);

        await Fail(handling, world.Options.MaxStoreFailuresPerRequest - 1);
        Assert.Equal(3, handling.InHand!.Items.Count);
        await Fail(handling, times: 1);

        Assert.Single(handling.InHand.Items);
        foreach (var refused in new[] { first, second, late })
        {
            Assert.Contains("full", (await Assert.ThrowsAsync<StoreUnavailableException>(() => refused)).Message, StringComparison.Ordinal);
        }

        world.Disk.IsFull = false;
        await Finish(handling);
        await world.Drain();
        Assert.Equal(10, await world.TotalOf("pig")); // the coin is in, and nobody has withdrawn
    }

    [Fact]
    public async Task A_batch_of_requests_alone_is_over_when_they_are_refused()
    {
        await using var world = new LoopWorld();
        var asked = Withdraw(world, 1);
        var handling = world.Loop.Handle((await world.Loop.Take(Stop))!);
        world.Disk.IsFull = true;

        await Fail(handling, world.Options.MaxStoreFailuresPerRequest);

        Assert.True(handling.IsDone);
        await Assert.ThrowsAsync<StoreUnavailableException>(() => asked);
        world.Disk.IsFull = false;
        Assert.Equal(-2, await world.Ask(new Withdraw("pig", 2)));
    }

    [Fact]
    public async Task A_request_whose_commit_may_have_been_made_waits_for_the_truth()
    {
        await using var world = new LoopWorld();
        var asked = Withdraw(world, 1);
        var handling = world.Loop.Handle((await world.Loop.Take(Stop))!);
        world.Disk.LosesAnswer = true;

        await Fail(handling, 3 * world.Options.MaxStoreFailuresPerRequest);

        Assert.Single(handling.InHand!.Items);
        Assert.False(asked.IsCompleted);
        Assert.Equal(-1, await world.TotalOf("pig"));
    }

    private static Task<int> Withdraw(LoopWorld world, int won) =>
        world.Loop.Ask(new Withdraw("pig", won), LoopWorld.MessageId(500 + won), new Trail(new(LoopWorld.MessageId(500))), Stop);

    private static async Task Fail(BatchHandling handling, int times)
    {
        while (times > 0)
        {
            times -= await handling.Step(Stop) > TimeSpan.Zero ? 1 : 0;
        }
    }

    private static async Task Finish(BatchHandling handling)
    {
        while (!handling.IsDone)
        {
            await handling.Step(Stop);
        }
    }
}
