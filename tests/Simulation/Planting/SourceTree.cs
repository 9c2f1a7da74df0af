namespace DoaMarket.Simulation.Tests.Planting;

/// <summary>The tree that the tests were built from.</summary>
internal static class SourceTree
{
    /// <summary>Its root folder.</summary>
    public static string Root { get; } = FindRoot();

    /// <summary>Where a project's build keeps the sources that it makes, for the configuration of these tests.</summary>
    public static string BuiltSourcesOf(string project)
    {
        var output = new DirectoryInfo(AppContext.BaseDirectory); // …/bin/Release/net10.0
        return Path.Combine(Root, "src", project, "obj", output.Parent!.Name, output.Name);
    }

    private static string FindRoot()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "DoaMarket.slnx")))
            {
                return folder.FullName;
            }
        }

        throw new DirectoryNotFoundException("DoaMarket.slnx is nowhere above the built test.");
    }
}
