using System.Xml.Linq;

namespace DoaMarket.Architecture.Tests;

/// <summary>A project: its name, its folder in the tree, and the projects that it refers to.</summary>
internal sealed record Project(string Name, string Path, IReadOnlyList<string> References)
{
    /// <summary>Whether it belongs to the product and not to its tests.</summary>
    public bool IsProduct => Path.StartsWith("src/", StringComparison.Ordinal);

    /// <summary>Whether it is one of the services.</summary>
    public bool IsService => Path.StartsWith("src/Services/", StringComparison.Ordinal);

    /// <summary>Whether it is a store or a transport.</summary>
    public bool IsAdapter => Path.StartsWith("src/Adapters/", StringComparison.Ordinal);
}

/// <summary>The tree as it lies on disk, whatever of it is built.</summary>
internal static class SourceTree
{
    /// <summary>Its root folder.</summary>
    public static string Root { get; } = FindRoot();

    /// <summary>Every project, by path.</summary>
    public static IReadOnlyList<Project> Projects { get; } =
    [
        .. Files("*.csproj", "src", "tests").Select(ReadProject).OrderBy(p => p.Path, StringComparer.Ordinal),
    ];

    /// <summary>Every C# file that people wrote.</summary>
    public static IReadOnlyList<string> Code { get; } = [.. Files("*.cs", "src", "tests", "bench").Order(StringComparer.Ordinal)];

    /// <summary>True when drifted files are to be written instead of refused.</summary>
    public static bool IsUpdate => Environment.GetEnvironmentVariable("DOA_UPDATE_DOCS") == "1";

    /// <summary>What a failing test tells its reader.</summary>
    public const string HowToUpdate = "Run DOA_UPDATE_DOCS=1 dotnet test tests/Architecture.Tests and commit what it writes.";

    /// <summary>A file's full path.</summary>
    public static string PathOf(string relative) => Path.Combine(Root, relative);

    /// <summary>A file's text with the line ends of this tree.</summary>
    public static string Read(string relative) => File.ReadAllText(PathOf(relative)).Replace("\r\n", "\n", StringComparison.Ordinal);

    private static Project ReadProject(string path)
    {
        var folder = Path.GetDirectoryName(PathOf(path))!;
        var references = XDocument.Load(PathOf(path)).Descendants("ProjectReference")
            .Select(r => Path.GetFullPath(Path.Combine(folder, r.Attribute("Include")!.Value.Replace('\\', '/'))))
            .Select(Relative).Order(StringComparer.Ordinal);
        return new(Path.GetFileNameWithoutExtension(path), path, [.. references]);
    }

    private static IEnumerable<string> Files(string pattern, params string[] folders) => folders
        .Select(PathOf).Where(Directory.Exists)
        .SelectMany(folder => Directory.EnumerateFiles(folder, pattern, SearchOption.AllDirectories)).Select(Relative)
        .Where(path => !path.Split('/').Any(part => part is "bin" or "obj" or "node_modules"));

    private static string Relative(string path) => Path.GetRelativePath(Root, path).Replace('\\', '/');

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
