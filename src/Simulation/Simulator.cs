namespace DoaMarket.Simulation;

/// <summary>What came of one seed.</summary>
/// <param name="Seed">The seed.</param>
/// <param name="Sagas">How many orders its customers wanted.</param>
/// <param name="Hash">Of everything that happened; the same in every process.</param>
/// <param name="Violations">What was not as it must be; empty when all is well.</param>
/// <param name="Coverage">Which fault hit which step how often.</param>
/// <param name="Plan">The faults that it drew.</param>
/// <param name="Steps">Steps that the world made.</param>
/// <param name="Lived">Virtual time that has passed.</param>
public sealed record SeedResult(
    long Seed, int Sagas, string Hash, IReadOnlyList<string> Violations, Coverage Coverage, string Plan, long Steps,
    TimeSpan Lived)
{
    /// <summary>What happened, order by order; null unless it was asked for.</summary>
    public string? Story { get; init; }

    /// <summary>The one command that replays it.</summary>
    public string Replay =>
        string.Create(System.Globalization.CultureInfo.InvariantCulture, $"doa simulate --seed {Seed} --sagas {Sagas} --trace");
}

/// <summary>Runs seeds.</summary>
public static class Simulator
{
    /// <summary>Runs one seed.</summary>
    /// <param name="bench">This thread's bench.</param>
    /// <param name="seed">Everything follows from it.</param>
    /// <param name="sagas">How many customers come.</param>
    /// <param name="tells">Whether the story is wanted.</param>
    public static SeedResult Run(Bench bench, long seed, int sagas, bool tells = false)
    {
        ArgumentNullException.ThrowIfNull(bench);
        using var world = new World(bench, seed, sagas, keepsLines: tells);
        return Run(world);
    }

    /// <summary>Lets a world live. An exception of the code under test is a violation, too.</summary>
    internal static SeedResult Run(World world)
    {
        try
        {
            return world.Live();
        }
        catch (Exception error) when (error is not OutOfMemoryException)
        {
            world.Violates("CRASH", error.ToString());
            return world.Result;
        }
    }
}
