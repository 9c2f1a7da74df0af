using System.Text.RegularExpressions;

namespace DoaMarket.Architecture.Tests;

/// <summary>An alert that wakes somebody at night must be on the page that says what to do.</summary>
public sealed partial class AlertDocsTests
{
    private const string Page = "docs/operations.md";

    [Fact]
    public void Every_alert_that_the_code_raises_has_its_row_in_operations_md_and_the_other_way_round()
    {
        var inCode = Raised();
        var onThePage = Row().Matches(SourceTree.Read(Page)).Select(m => m.Groups["type"].Value).ToHashSet(StringComparer.Ordinal);

        Assert.True(inCode.Count > 10, "The search finds hardly any alert: has the way of raising them changed?");
        Assert.Empty(inCode.Keys.Except(onThePage, StringComparer.Ordinal).Select(type => $"{type} ({inCode[type]}) is missing in {Page}"));
        Assert.Empty(onThePage.Except(inCode.Keys, StringComparer.Ordinal).Select(type => $"{type} is in {Page}, and nothing raises it"));
    }

    // The first argument beside a severity is an alert's type: a literal, or a constant whose value stands somewhere.
    private static Dictionary<string, string> Raised()
    {
        var product = SourceTree.Code.Where(f => f.StartsWith("src/", StringComparison.Ordinal))
            .Select(f => (File: f, Text: SourceTree.Read(f))).ToList();
        var constants = product.SelectMany(f => Constant().Matches(f.Text).Select(m => (f.File, Name: m.Groups["name"].Value, Value: m.Groups["value"].Value)))
            .ToList();
        var found = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (file, text) in product)
        {
            foreach (Match raise in Raise().Matches(text))
            {
                var literal = raise.Groups["literal"].Value;
                var name = raise.Groups["name"].Value.Split('.')[^1];
                var values = literal.Length > 0
                    ? [literal]
                    : constants.Where(c => c.Name == name && (c.File == file || raise.Groups["name"].Value.Contains('.', StringComparison.Ordinal)))
                        .Concat(constants.Where(c => c.Name == name && SameFolder(c.File, file))).Select(c => c.Value).Distinct(StringComparer.Ordinal).ToList();
                Assert.True(
                    values.Count > 0 || IsPassedOn(raise.Groups["name"].Value), $"{file}: which alert is {raise.Groups["name"].Value}?");
                values.ForEach(value => found.TryAdd(value, file));
            }
        }

        return found;
    }

    // The kernel closes alerts by a type that it was given.
    private static bool IsPassedOn(string name) => name is "type";

    private static bool SameFolder(string a, string b) => Path.GetDirectoryName(a) == Path.GetDirectoryName(b);

    [GeneratedRegex(@"\(\s*(?:""(?<literal>[A-Z][A-Z_]+)""|(?<name>[A-Za-z][\w.]*)),\s*(?:[\w.]+\s*\?\s*)?AlertSeverity\.P\d")]
    private static partial Regex Raise();

    [GeneratedRegex(@"const string (?:\w+ = ""[^""]*"", )*(?<name>\w+) = ""(?<value>[A-Z][A-Z_]+)""")]
    private static partial Regex Constant();

    [GeneratedRegex(@"^\| `(?<type>[A-Z][A-Z_]+)` P\d", RegexOptions.Multiline)]
    private static partial Regex Row();
}
