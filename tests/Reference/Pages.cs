namespace DoaMarket.Reference;

/// <summary>Generated pages in docs: compared, or written with DOA_UPDATE_DOCS=1.</summary>
internal static class Pages
{
    private const string UpdateVariable = "DOA_UPDATE_DOCS";

    public static string Root { get; } = FindRoot();

    public static string PathOf(string relative) => Path.Combine(Root, relative);

    public static string Read(string relative) => File.ReadAllText(PathOf(relative)).Replace("\r\n", "\n", StringComparison.Ordinal);

    /// <summary>The page is what is generated now.</summary>
    public static void AssertGenerated(string relative, string text)
    {
        if (Environment.GetEnvironmentVariable(UpdateVariable) == "1")
        {
            File.WriteAllText(PathOf(relative), text);
        }

        Assert.True(
            File.Exists(PathOf(relative)) && Read(relative) == text,
            $"{relative} is old. Run {UpdateVariable}=1 dotnet test tests/Reference, read the difference and commit it.");
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
