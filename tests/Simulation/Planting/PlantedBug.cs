namespace DoaMarket.Simulation.Tests.Planting;

/// <summary>
/// A bug that people really make: a line of the product, and what it is in a careless version of it. The product is
/// not touched: only a copy that the tests compile has the line.
/// </summary>
/// <param name="Name">What the careless version does.</param>
/// <param name="File">The source file, below src/.</param>
/// <param name="Line">The text to find: exactly once in the file, within a method or an expression-bodied property.</param>
/// <param name="Instead">What stands there instead.</param>
/// <param name="Breaks">The invariants of which one must be seen to break, by their codes.</param>
internal sealed record PlantedBug(string Name, string File, string Line, string Instead, params string[] Breaks)
{
    /// <summary>The project that the file belongs to: its folder below src/.</summary>
    public string Project => PlantedBugs.Projects.Single(p => File.StartsWith(p + "/", StringComparison.Ordinal));

    /// <summary>The file's path on this machine.</summary>
    public string Path => System.IO.Path.Combine(SourceTree.Root, "src", File);
}

/// <summary>A planted bug, and the number that switches it on; 0 is none.</summary>
internal sealed record NumberedBug(int Number, PlantedBug Bug);
