namespace DoaMarket.Simulation.Tests;

/// <summary>A checker that cannot fail proves nothing: each planted bug must be caught, within these seeds.</summary>
public sealed class PlantedBugTests(ITestOutputHelper output)
{
    private const int MaxSeeds = 200, Sagas = 30, FewestBugs = 25;

    public static TheoryData<string> Bugs => [.. PlantedBugs.All.Keys];

    [Theory]
    [MemberData(nameof(Bugs))]
    public void It_is_caught(string bug)
    {
        using var bench = new Bench();
        for (var seed = 1; seed <= MaxSeeds; seed++)
        {
            var result = Simulator.Run(bench, seed, Sagas, tells: false, PlantedBugs.All[bug]);
            if (result.Violations is [var first, ..])
            {
                output.WriteLine($"{bug}: seed {seed}: {first.Split('\n')[0]}");
                return;
            }
        }

        Assert.Fail($"'{bug}' was not caught by {MaxSeeds} seeds of {Sagas} orders: a fault or a check is missing.");
    }

    [Fact]
    public void There_are_enough_of_them() => Assert.True(PlantedBugs.All.Count >= FewestBugs);

    [Fact]
    public void Nothing_that_is_released_has_one() => Assert.DoesNotContain(
        typeof(Simulator).Assembly.GetTypes(), t => t.Name.Contains("Bug", StringComparison.Ordinal));
}
