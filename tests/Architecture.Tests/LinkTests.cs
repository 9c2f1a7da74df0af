using System.Text.RegularExpressions;

namespace DoaMarket.Architecture.Tests;

/// <summary>What the pages point to is there.</summary>
public sealed partial class LinkTests
{
    /// <summary>Every page that people read.</summary>
    public static TheoryData<string> Pages =>
    [
        .. Directory.EnumerateFiles(SourceTree.Root, "*.md").Concat(
                Directory.EnumerateFiles(SourceTree.PathOf("docs"), "*.md", SearchOption.AllDirectories))
            .Select(page => Path.GetRelativePath(SourceTree.Root, page).Replace('\\', '/')).Order(StringComparer.Ordinal),
    ];

    [Theory]
    [MemberData(nameof(Pages))]
    public void A_page_links_only_to_what_exists(string page)
    {
        var folder = Path.GetDirectoryName(SourceTree.PathOf(page))!;
        var targets = Link().Matches(SourceTree.Read(page)).Select(m => m.Groups["target"].Value)
            .Where(target => !target.Contains("://", StringComparison.Ordinal)).ToList();

        Assert.All(targets, target =>
        {
            var file = Path.Combine(folder, target.Split('#')[0]);
            Assert.True(File.Exists(file) || Directory.Exists(file), $"{page} links to {target}, which is not there.");
        });
    }

    [GeneratedRegex(@"\]\((?<target>[^)#\s][^)\s]*)\)")]
    private static partial Regex Link();
}
