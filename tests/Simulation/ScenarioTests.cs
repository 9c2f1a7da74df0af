namespace DoaMarket.Simulation.Tests;

/// <summary>One order of each scenario, undisturbed: it ends as it is told.</summary>
public sealed class ScenarioTests(Bench bench, ITestOutputHelper output) : IClassFixture<Bench>
{
    private const int FewestScenarios = 40;

    [Fact]
    public void Each_scenario_ends_as_it_is_told_and_has_moments_to_disturb_it()
    {
        var plays = Scenarios.All.Select(s => ScenarioPlay.Of(bench, s)).ToList();
        foreach (var play in plays)
        {
            output.WriteLine(
                $"{play.Scenario,-28} {play.Moments.Count,4} moments, {play.Moments.Count(m => m.IsNew),4} of them distinct");
        }

        output.WriteLine(
            $"{plays.Count} scenarios × {plays.Sum(p => p.Moments.Count)} moments, "
            + $"{plays.Sum(p => p.Moments.Count(m => m.IsNew))} of them distinct");
        Assert.Empty(plays.SelectMany(Told));
        Assert.True(plays.Count >= FewestScenarios);
        Assert.All(plays, p => Assert.True(p.Moments.Count(m => m.IsNew) > 15, $"{p.Scenario} has too few moments."));
    }

    [Fact]
    public void No_two_scenarios_have_one_name() =>
        Assert.Equal(Scenarios.All.Count, Scenarios.All.Select(s => s.Name).Distinct(StringComparer.Ordinal).Count());

    [Fact]
    public void The_same_disturbance_does_the_same_again()
    {
        var scenario = Scenarios.Find("cancel-prepared")!;

        Assert.Equal(
            ScenarioPlay.Of(bench, scenario, crashAt: 30, cancelAt: 20).Run.Hash,
            ScenarioPlay.Of(bench, scenario, crashAt: 30, cancelAt: 20, tells: true).Run.Hash);
    }

    /// <summary>What is wrong with a play, with the command that shows it.</summary>
    internal static IEnumerable<string> Told(ScenarioPlay play) => play.Run.Violations.Count == 0
        ? []
        : [$"{play.Replay}\n  {string.Join("\n  ", play.Run.Violations.Take(3))}"];
}

/// <summary>The process ends at each moment of each scenario in turn, and is started again a second later.</summary>
[Trait("Run", "long")]
public sealed class ScenarioCrashTests(Bench bench, ITestOutputHelper output) : IClassFixture<Bench>
{
    public static TheoryData<string> Names => [.. Scenarios.All.Select(s => s.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void It_ends_as_if_nothing_had_happened(string name)
    {
        var scenario = Scenarios.Find(name)!;
        var moments = Moments.Of(bench, scenario);
        var plays = moments.Select(m => ScenarioPlay.Of(bench, scenario, crashAt: m.Number)).ToList();

        output.WriteLine($"{name}: {plays.Count} crashes");
        Assert.All(plays, p => Assert.True(p.IsDisturbed));
        Assert.Empty(plays.SelectMany(ScenarioTests.Told));
    }
}

/// <summary>The customer cancels at each moment of each scenario in turn.</summary>
[Trait("Run", "long")]
public sealed class ScenarioCancelTests(Bench bench, ITestOutputHelper output) : IClassFixture<Bench>
{
    public static TheoryData<string> Names => ScenarioCrashTests.Names;

    [Theory]
    [MemberData(nameof(Names))]
    public void What_is_promised_to_be_cancelled_is_cancelled_or_returned(string name)
    {
        var scenario = Scenarios.Find(name)!;
        var moments = Moments.Of(bench, scenario);
        var plays = moments.Select(m => ScenarioPlay.Of(bench, scenario, cancelAt: m.Number)).ToList();

        output.WriteLine($"{name}: {plays.Count(p => p.IsDisturbed)} cancels");
        Assert.Empty(plays.SelectMany(ScenarioTests.Told));
    }

    [Theory]
    [InlineData("card")]
    [InlineData("deposit")]
    [InlineData("some-lines")]
    public void So_it_is_when_the_process_ends_while_it_is_being_undone(string name)
    {
        const int spread = 23;
        var scenario = Scenarios.Find(name)!;
        var plays = Moments.Of(bench, scenario)
            .Select(m => ScenarioPlay.Of(
                bench, scenario, crashAt: m.Number + 1 + (m.Number * 7 % spread), cancelAt: m.Number))
            .ToList();

        output.WriteLine($"{name}: {plays.Count(p => p.IsDisturbed)} cancels with a crash");
        Assert.Empty(plays.SelectMany(ScenarioTests.Told));
    }
}

/// <summary>Which moments of a scenario are tried.</summary>
internal static class Moments
{
    /// <summary>
    /// Every one, where DOA_SIMULATION_EVERY_MOMENT is 1. Otherwise those at which the disk or the outside are other than
    /// at the moment before: of the rest a process that ends leaves the same behind.
    /// </summary>
    public static IReadOnlyList<Moment> Of(Bench bench, Scenario scenario)
    {
        var all = ScenarioPlay.Of(bench, scenario).Moments;
        return Environment.GetEnvironmentVariable("DOA_SIMULATION_EVERY_MOMENT") == "1"
            ? all
            : [.. all.Where(m => m.IsNew)];
    }
}
