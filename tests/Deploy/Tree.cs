using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using YamlDotNet.Core;
using YamlDotNet.Serialization;

namespace DoaMarket.Deploy;

/// <summary>The files of this tree, and what the code says that the files below deploy must agree with.</summary>
internal static partial class Tree
{
    public static string Root { get; } = FindRoot();

    /// <summary>The services by name, as --services takes them. With a broker the journal is one as well.</summary>
    public static IReadOnlyList<string> Services { get; } =
    [
        .. Module().Matches(Read("src/Host/Server/ShopServices.cs")).Select(m => m.Groups["name"].Value)
            .Where(name => name != "Journal").Distinct(StringComparer.Ordinal).Select(NameOf).Order(StringComparer.Ordinal),
    ];

    /// <summary>The queue of a service.</summary>
    public static string QueueOf(string service) =>
        Queue().Matches(Read("src/Contracts/ShopTopology.cs")).Single(m => NameOf(m.Groups["name"].Value) == service).Groups["queue"].Value;

    /// <summary>How long a process that is told to stop gives itself.</summary>
    public static TimeSpan StopWithin { get; } = TimeSpan.FromSeconds(int.Parse(
        StopSeconds().Match(Read("src/Host/Cli/DoaCommand.cs")).Groups["seconds"].Value,
        System.Globalization.CultureInfo.InvariantCulture));

    /// <summary>The user of the base image (APP_UID), https://github.com/dotnet/dotnet-docker.</summary>
    public const int User = 1654;

    public static string PathOf(string relative) => Path.Combine(Root, relative);

    public static bool Exists(string relative) => File.Exists(PathOf(relative)) || Directory.Exists(PathOf(relative));

    public static string Read(string relative) => File.ReadAllText(PathOf(relative)).Replace("\r\n", "\n", StringComparison.Ordinal);

    /// <summary>Files below a folder, those that begin with a dot as well.</summary>
    public static IReadOnlyList<string> Files(string folder, string pattern) =>
    [
        .. Directory.EnumerateFiles(PathOf(folder), pattern, SearchOption.AllDirectories)
            .Select(file => Path.GetRelativePath(Root, file).Replace('\\', '/'))
            .Where(file => !IsSecret(file)).Order(StringComparer.Ordinal),
    ];

    /// <summary>What a YAML file says: anchors and merges resolved, a key that stands twice refused.</summary>
    public static JsonNode Yaml(string relative) => Parse(Read(relative));

    /// <summary>What YAML says: anchors and merges resolved, a key that stands twice refused.</summary>
    public static JsonNode Parse(string yaml)
    {
        var reader = new DeserializerBuilder().WithDuplicateKeyChecking().WithAttemptingUnquotedStringTypeDeserialization().Build();
        return JsonSerializer.SerializeToNode(reader.Deserialize<object>(new MergingParser(new Parser(new StringReader(yaml)))))!;
    }

    // Filled in by whoever runs the shop, and left out by git.
    private static bool IsSecret(string file) => Path.GetFileName(file) is ".env" or "secret.yaml";

    private static string NameOf(string constant) => Regex.Match(
        Read("src/Contracts/ShopTopology.cs"), $"public const string {constant} = \"(?<name>\\w+)\"").Groups["name"].Value;

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

    [GeneratedRegex(@"(?<name>\w+)Module\.Create\(")]
    private static partial Regex Module();

    [GeneratedRegex(@"new\((?<name>\w+), ""[^""]+"", ""(?<queue>[\w-]+)"", TimeSpan")]
    private static partial Regex Queue();

    [GeneratedRegex(@"StopWithin = TimeSpan\.FromSeconds\((?<seconds>\d+)\)")]
    private static partial Regex StopSeconds();
}
