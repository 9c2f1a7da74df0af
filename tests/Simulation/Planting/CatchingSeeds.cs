using System.Globalization;

namespace DoaMarket.Simulation.Tests.Planting;

/// <summary>
/// The seeds that caught the planted bugs last: they are tried first. A change of the product may let a seed meet other
/// faults; then all are searched, and DOA_UPDATE_DOCS=1 writes down what was found.
/// </summary>
internal static class CatchingSeeds
{
    private static readonly string Path = System.IO.Path.Combine(SourceTree.Root, "tests/Simulation/Planting/Seeds.txt");

    /// <summary>The seed that caught a bug; null when none is written down.</summary>
    public static long? Of(string bug) => Read().TryGetValue(bug, out var seed) ? seed : null;

    /// <summary>Writes down the seed that catches a bug.</summary>
    public static void Keep(string bug, long seed)
    {
        var seeds = Read();
        seeds[bug] = seed;
        File.WriteAllLines(
            Path, PlantedBugs.All.Where(b => seeds.ContainsKey(b.Name))
                .Select(b => string.Create(CultureInfo.InvariantCulture, $"{seeds[b.Name],3} {b.Name}")));
    }

    private static Dictionary<string, long> Read() => File.ReadLines(Path).Select(line => line.TrimStart().Split(' ', 2))
        .ToDictionary(parts => parts[1], parts => long.Parse(parts[0], CultureInfo.InvariantCulture), StringComparer.Ordinal);
}
