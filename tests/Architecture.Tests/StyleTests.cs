using System.Text.RegularExpressions;

namespace DoaMarket.Architecture.Tests;

/// <summary>What the compiler and the analyzers do not look at: sizes, names, and who is exempt from the ban on clock and chance.</summary>
public sealed partial class StyleTests
{
    private const int MaxLinesPerFile = 400;
    private static readonly string[] SaysNothing = ["Manager", "Helper", "Util", "Common", "Base", "Impl", "Dto"];

    [Fact]
    public void No_file_is_longer_than_400_lines() => Assert.All(
        SourceTree.Code,
        file => Assert.True(
            SourceTree.Read(file).Count(c => c == '\n') <= MaxLinesPerFile, $"{file} has more than {MaxLinesPerFile} lines: split it by concept."));

    [Fact]
    public void No_type_has_a_name_that_says_nothing()
    {
        var found =
            from file in SourceTree.Code
            from Match type in DeclaredType().Matches(SourceTree.Read(file))
            let name = type.Groups["name"].Value
            from word in Words().Matches(name).Select(m => m.Value)
            where SaysNothing.Contains(word.TrimEnd('s'), StringComparer.OrdinalIgnoreCase)
            select $"{name} in {file}";

        Assert.Empty(found);
    }

    [Theory]
    [InlineData("public sealed class OrderManager(int x)", true)]
    [InlineData("internal static class StringUtils", true)]
    [InlineData("public record OrderDto(", true)]
    [InlineData("public sealed record Database(string Path)", false)]
    [InlineData("internal sealed class Baseline", false)]
    public void A_name_is_judged_by_its_words(string declaration, bool isRefused)
    {
        var name = DeclaredType().Match(declaration).Groups["name"].Value;

        Assert.Equal(
            isRefused, Words().Matches(name).Any(w => SaysNothing.Contains(w.Value.TrimEnd('s'), StringComparer.OrdinalIgnoreCase)));
    }

    [Fact]
    public void Clock_ids_and_chance_are_banned_from_every_project_but_the_edges()
    {
        var settings = SourceTree.Read("eng/build.props");
        var ban = settings.Split('\n').Single(line => line.Contains("<ItemGroup Condition=\"'$(IsUnderTests)' != 'true'", StringComparison.Ordinal));
        string[] exempt = [.. ExemptProject().Matches(ban).Select(m => m.Groups["name"].Value)];

        Assert.Contains("BannedSymbols.txt", settings, StringComparison.Ordinal);
        Assert.Equal(["Host", "Sandbox"], exempt);
    }

    // No attribute or comment in this tree puts these words before a name at the beginning of a line.
    [GeneratedRegex(@"^[ \t]*(?:[a-z]+ )*(?:class|struct|interface|enum|record(?: struct| class)?) (?<name>[A-Z]\w*)", RegexOptions.Multiline)]
    private static partial Regex DeclaredType();

    [GeneratedRegex("[A-Z][a-z]*")]
    private static partial Regex Words();

    [GeneratedRegex(@"'\$\(MSBuildProjectName\)' != '(?<name>\w+)'")]
    private static partial Regex ExemptProject();
}
