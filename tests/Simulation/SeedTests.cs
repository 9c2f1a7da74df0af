using System.Diagnostics;
using System.Globalization;

namespace DoaMarket.Simulation.Tests;

/// <summary>
/// Whole shops under drawn faults. DOA_SIMULATION_SEEDS sets the length of a run; `doa simulate` runs as many as one likes.
/// </summary>
public sealed class SeedTests(ITestOutputHelper output)
{
    /// <summary>The size of a run of the usual suite, and of one that surely meets every fault at every step.</summary>
    private const int FirstSeed = 1, Sagas = 50, UsualSeeds = 200, SeedsForEveryCell = 400;

    private static int Seeds =>
        int.TryParse(
            Environment.GetEnvironmentVariable("DOA_SIMULATION_SEEDS"), CultureInfo.InvariantCulture, out var seeds)
            ? seeds
            : UsualSeeds;

    [Fact]
    public void No_seed_breaks_an_invariant_and_in_a_long_run_every_fault_hits_every_step()
    {
        var run = new SeedRun(FirstSeed, Seeds, Sagas, Environment.ProcessorCount);
        var watch = Stopwatch.StartNew();
        run.Go(static () => { }, TestContext.Current.CancellationToken);

        var rarest = Enum.GetValues<Fault>().SelectMany(f => FaultCells.Of(f).Select(s => (Fault: f, Step: s)))
            .MinBy(cell => run.Coverage[cell.Fault, cell.Step]);
        output.WriteLine(
            $"{run.Done} seeds, {run.SagasDone} orders in {watch.Elapsed.TotalSeconds:0} s. The fault and step that met least often: {rarest.Fault} at "
            + $"{rarest.Step}, {run.Coverage[rarest.Fault, rarest.Step]} times.");
        foreach (var broken in run.Broken)
        {
            output.WriteLine($"{broken.Replay}\n  {string.Join("\n  ", broken.Violations.Take(5))}");
        }

        Assert.Empty(run.Broken.Select(b => b.Replay));
        Assert.Equal(run.Seeds, run.Done);
        if (Seeds >= SeedsForEveryCell)
        {
            Assert.Empty(run.Coverage.Missing);
        }
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
