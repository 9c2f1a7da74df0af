namespace DoaMarket.Sagas.Tests;

public sealed class InterleavingTests
{
    private const int SeedsPerCase = 500;

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Whatever_happens_in_whatever_order_the_saga_keeps_its_promises_and_ends(int part)
    {
        for (var seed = part * SeedsPerCase; seed < (part + 1) * SeedsPerCase; seed++)
        {
            var world = new RandomWorld(seed);
            var failure = Record.Exception(world.Run);
            Assert.True(failure is null, $"seed {seed}: {failure?.Message}\n{string.Join('\n', world.Trace)}");
        }
    }

    [Fact]
    public void The_seeds_reach_every_kind_of_end_and_trouble()
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        for (var seed = 0; seed < SeedsPerCase; seed++)
        {
            var world = new RandomWorld(seed);
            world.Run();
            seen.UnionWith(world.Seen);
        }

        Assert.Superset(
            new HashSet<string>(StringComparer.Ordinal)
            {
                "Ask", "Undo", "Settle", "StepDone", "Completed",
                "CancellingBegan", "Cancelled", "Returned", "NeedsAttention", "AttentionOver",
            },
            seen);
    }

    [Fact]
    public void The_same_seed_tells_the_same_story()
    {
        var (one, other) = (new RandomWorld(42), new RandomWorld(42));
        one.Run();
        other.Run();
        Assert.Equal(one.Trace, other.Trace);
    }

    [Fact]
    public void With_a_pivot_it_ends_too_undoes_nothing_after_it_and_does_each_thing_once()
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        for (var seed = 0; seed < SeedsPerCase; seed++)
        {
            var world = new ExchangeWorld(seed);
            var failure = Record.Exception(world.Run);
            Assert.True(failure is null, $"seed {seed}: {failure?.Message}\n{string.Join('\n', world.Trace)}");
            seen.UnionWith(world.Seen);
        }

        Assert.Superset(
            new HashSet<string>(StringComparer.Ordinal)
            {
                "AskUntilDone", "Undo", "Settle", "Completed", "Cancelled", "EndedEarly", "NeedsAttention", "AttentionOver",
            },
            seen);
    }
}
