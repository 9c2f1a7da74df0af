using System.Text.RegularExpressions;

namespace DoaMarket.Deploy;

/// <summary>What the files below deploy set is what docs/configuration.md knows, and what a shop cannot do without is set.</summary>
public sealed partial class SettingsTests
{
    // The program fills these in by itself when nobody says them: OutsideWorld.cs.
    private static readonly string[] KnownAddresses = ["DOA__Pg__BaseUrl", "DOA__Tracker__BaseUrl", "DOA__Push__BaseUrl"];

    private static readonly string Page = Tree.Read("docs/configuration.md");

    public static TheoryData<string> FilesThatSet =>
        [.. Tree.Files("deploy", "*").Where(file => Variables(file).Any())];

    public static TheoryData<string> PagesThatTell => ["README.md", "README.ko.md", "docs/operations.md", .. Tree.Files("docs/operations", "*.md")];

    [Theory]
    [MemberData(nameof(FilesThatSet))]
    public void Every_variable_is_one_that_the_program_reads(string file) =>
        Assert.DoesNotContain(Variables(file), name => !Page.Contains($"`{name}`", StringComparison.Ordinal));

    [Theory]
    [MemberData(nameof(PagesThatTell))]
    public void Every_setting_that_a_page_tells_of_is_one_that_the_program_reads(string page)
    {
        Assert.DoesNotContain(Variables(page), name => !Page.Contains($"`{name}`", StringComparison.Ordinal)
            && name != "DOA__Section__Key" // the pattern itself
            && !name.StartsWith("DOA__Logging__", StringComparison.Ordinal)); // .NET's own
        Assert.DoesNotContain(Keys(page), key => !Page.Contains($"`{key}", StringComparison.Ordinal));
    }

    [Fact]
    public void The_pages_tell_of_settings() =>
        Assert.True(PagesThatTell.Sum(row => Keys(row.Data).Count()) > 10, "Hardly any setting is found on the pages.");

    [Fact]
    public void The_files_that_set_anything_are_found() => Assert.Superset(
        new HashSet<string> { "deploy/compose/.env.example", "deploy/compose/parts.yaml", "deploy/kubernetes/settings.yaml" },
        FilesThatSet.Select(row => row.Data).ToHashSet());

    [Fact]
    public void The_page_tells_what_must_be_set() =>
        Assert.Superset(new HashSet<string> { "DOA__Toss__SecretKey", "DOA__Smtp__Host", "DOA__CarrierAccount__WebhookSecrets__0" }, Required());

    [Theory]
    [InlineData("deploy/compose/.env.example")]
    [InlineData("deploy/kubernetes/settings.yaml", "deploy/kubernetes/secret.example.yaml")]
    public void What_must_be_set_is_there_to_be_filled_in(params string[] files) =>
        Assert.Empty(Required().Append("DOA__Tokens__Key").Except(files.SelectMany(Variables), StringComparer.Ordinal));

    [Fact]
    public void No_example_has_a_secret_in_it()
    {
        var filled = Tree.Read("deploy/compose/.env.example").Split('\n')
            .Where(line => SecretLine().Match(line) is { Success: true } m && m.Groups["value"].Value.Trim('"').Length > 0);
        Assert.Empty(filled);
        Assert.Matches(SecretLine(), "DOA__Toss__SecretKey=live_sk_1");
    }

    [Fact]
    public void What_is_filled_in_stays_out_of_git_and_of_the_image()
    {
        var ignored = Tree.Read(".gitignore").Split('\n');
        Assert.Contains("deploy/compose/.env", ignored);
        Assert.Contains("deploy/kubernetes/secret.yaml", ignored);
        Assert.Contains("deploy", Tree.Read(".dockerignore").Split('\n'));
    }

    private static IEnumerable<string> Variables(string file) =>
        Variable().Matches(Tree.Read(file)).Select(m => m.Value).Distinct(StringComparer.Ordinal);

    private static IEnumerable<string> Keys(string file) =>
        Key().Matches(Tree.Read(file)).Select(m => m.Groups["key"].Value).Distinct(StringComparer.Ordinal);

    // Of the page's rows: | key | variable | default | allowed | meaning |
    private static HashSet<string> Required() =>
    [
        .. Row().Matches(Page).Where(m => m.Groups["allowed"].Value.Contains("required", StringComparison.Ordinal)
                || m.Groups["allowed"].Value.Contains("1 at least", StringComparison.Ordinal))
            .Select(m => m.Groups["name"].Value).Except(KnownAddresses, StringComparer.Ordinal),
    ];

    [GeneratedRegex("DOA__[A-Za-z0-9]+(?:__[A-Za-z0-9]+)+")]
    private static partial Regex Variable();

    [GeneratedRegex("`(?<key>[A-Z][A-Za-z]+(?::[A-Z][A-Za-z]+)+)")]
    private static partial Regex Key();

    [GeneratedRegex(@"^\| `[^`]+` \| `(?<name>DOA__\w+)` \|  \| (?<allowed>[^|]*) \|", RegexOptions.Multiline)]
    private static partial Regex Row();

    [GeneratedRegex("^(?:(?:POSTGRES|RABBITMQ)_PASSWORD|DOA__[A-Za-z_]*(?:Key|Password|Secrets__0))=(?<value>.*)$", RegexOptions.Multiline)]
    private static partial Regex SecretLine();
}
