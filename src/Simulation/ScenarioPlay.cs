using System.Globalization;

namespace DoaMarket.Simulation;

/// <summary>What came of a scenario that was played once.</summary>
/// <param name="Scenario">Which.</param>
/// <param name="CrashAt">The moment at which the process ended and was started again; 0 for none.</param>
/// <param name="CancelAt">The moment at which the customer cancelled besides; 0 for none.</param>
/// <param name="Moments">The moments at which it could have been disturbed.</param>
/// <param name="IsDisturbed">Whether a disturbance that was asked for has come.</param>
/// <param name="Run">The world's result.</param>
public sealed record ScenarioPlay(
    Scenario Scenario, int CrashAt, int CancelAt, IReadOnlyList<Moment> Moments, bool IsDisturbed, SeedResult Run)
{
    /// <summary>The one command that replays it.</summary>
    public string Replay => string.Create(
        CultureInfo.InvariantCulture,
        $"doa simulate --scenario {Scenario.Name}{At("--crash-at", CrashAt)}{At("--cancel-at", CancelAt)}")
        + $"{(Run.Seed == 1 ? "" : At("--seed", Run.Seed))} --trace";

    /// <summary>Plays a scenario.</summary>
    /// <param name="bench">This thread's bench.</param>
    /// <param name="scenario">Which.</param>
    /// <param name="crashAt">
    /// The moment at which the process ends: a crash point of the kernel, or the end of a worker's step that wrote
    /// something, called outside or was answered. They count from 1; 0 is never.
    /// </param>
    /// <param name="cancelAt">The moment at which the customer cancels.</param>
    /// <param name="seed">Chance left to the world: which worker goes first, how long calls take.</param>
    /// <param name="tells">Whether the story is wanted.</param>
    public static ScenarioPlay Of(
        Bench bench, Scenario scenario, int crashAt = 0, int cancelAt = 0, long seed = 1, bool tells = false)
    {
        ArgumentNullException.ThrowIfNull(bench);
        ArgumentNullException.ThrowIfNull(scenario);
        using var world = new World(bench, seed, scenario, new(crashAt, cancelAt), tells);
        var result = Simulator.Run(world);
        return new(scenario, crashAt, cancelAt, world.Script!.Moments, world.Script.IsDisturbed, result);
    }

    private static string At(string option, long at) =>
        at == 0 ? "" : string.Create(CultureInfo.InvariantCulture, $" {option} {at}");
}
