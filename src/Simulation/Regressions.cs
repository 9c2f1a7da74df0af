using System.Globalization;

namespace DoaMarket.Simulation;

/// <summary>Seeds that once found a bug (Seeds.txt): they run first, for ever.</summary>
public static class Regressions
{
    private const char Comment = '#';

    /// <summary>Each with the number of its orders.</summary>
    public static IReadOnlyList<(long Seed, int Sagas)> All { get; } = [.. Read()];

    private static IEnumerable<(long Seed, int Sagas)> Read()
    {
        using var stream = typeof(Regressions).Assembly.GetManifestResourceStream("DoaMarket.Simulation.Seeds.txt")
            ?? throw new InvalidOperationException("Seeds.txt is not in the assembly.");
        using var reader = new StreamReader(stream);
        while (reader.ReadLine() is { } line)
        {
            var words = line.Split(Comment)[0].Split(' ', StringSplitOptions.RemoveEmptyEntries);
            if (words is [var seed, var sagas])
            {
                yield return (
                    long.Parse(seed, CultureInfo.InvariantCulture), int.Parse(sagas, CultureInfo.InvariantCulture));
            }
        }
    }
}
