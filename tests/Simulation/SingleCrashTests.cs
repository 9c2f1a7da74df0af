namespace DoaMarket.Simulation.Tests;

/// <summary>
/// One order, one crash: at every crash point that it passes, in turn; and one customer who cancels before every step. Each
/// time everything must come to its end as if nothing had happened.
/// </summary>
public sealed class SingleCrashTests
{
    /// <summary>Seeds whose one order goes well, finds no stock, is paid by deposit, or has two lines.</summary>
    private const int Stories = 4, MostPoints = 500;

    [Fact]
    public void After_a_crash_at_any_point_every_invariant_holds()
    {
        using var bench = new Bench();
        var crashes = 0;
        for (var seed = 1; seed <= Stories; seed++)
        {
            for (var at = 1; at <= MostPoints && CrashesAt(bench, seed, at); at++)
            {
                crashes++;
            }
        }

        Assert.True(crashes > Stories * 10, $"There were only {crashes} crashes.");
    }

    [Fact]
    public void A_cancel_before_any_step_comes_to_a_good_end()
    {
        using var bench = new Bench();
        for (var seed = 1; seed <= Stories; seed++)
        {
            var isOver = false;
            for (var at = 1; at <= MostPoints && !isOver; at++)
            {
                using var world = new World(bench, seed, sagas: 1, FaultPlan.None()) { CancelsBeforeStep = at };
                var result = world.Live();
                Assert.True(result.Violations.Count == 0, $"Seed {seed}, cancel before step {at}: {Told(result)}");
                isOver = !world.HasCancelled;
            }
        }
    }

    // False when the order passes fewer points than that.
    private static bool CrashesAt(Bench bench, long seed, int at)
    {
        var passed = 0;
        var hasCrashed = false;
        using var world = new World(bench, seed, sagas: 1, FaultPlan.None())
        {
            EndsWhen = _ =>
            {
                hasCrashed |= ++passed == at;
                return passed == at;
            },
        };
        var result = world.Live();
        Assert.True(result.Violations.Count == 0, $"Seed {seed}, crash at point {at}: {Told(result)}");
        return hasCrashed;
    }

    private static string Told(SeedResult result) => string.Join("; ", result.Violations.Take(3));
}
