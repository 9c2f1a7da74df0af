namespace DoaMarket.Simulation.Tests;

/// <summary>Whole shops under drawn faults. The figures of a full run are constants here; `doa simulate` runs more.</summary>
public sealed class SeedTests(ITestOutputHelper output)
{
    private const int FirstSeed = 1, Seeds = 40, Sagas = 50;

    [Fact]
    public void No_seed_breaks_an_invariant()
    {
        using var bench = new Bench();
        var broken = new List<string>();
        for (var seed = FirstSeed; seed < FirstSeed + Seeds; seed++)
        {
            var result = Simulator.Run(bench, seed, Sagas);
            if (result.Violations.Count > 0)
            {
                broken.Add($"{result.Replay}\n  {string.Join("\n  ", result.Violations.Take(5))}");
            }
        }

        broken.ForEach(output.WriteLine);
        Assert.Empty(broken);
    }

    [Theory]
    [InlineData(3)]
    [InlineData(7)]
    [InlineData(11)]
    public void The_same_seed_does_the_same_on_another_bench(long seed)
    {
        using Bench first = new(), second = new();
        Simulator.Run(second, seed + 100, 5); // what ran before leaves nothing behind

        Assert.Equal(Simulator.Run(first, seed, 20).Hash, Simulator.Run(second, seed, 20).Hash);
    }
}
