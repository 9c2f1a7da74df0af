using System.Diagnostics;
using System.Text.RegularExpressions;
using DoaMarket.EndToEnd.Harness;

namespace DoaMarket.EndToEnd;

/// <summary>
/// The tutorial works as it is written: its commands are taken out of the page and run, one after the other in one shell, in the
/// folder of a shop that runs; what the page says will be seen must be seen. Only addresses are others: a test's ports are free ones.
/// </summary>
public sealed partial class TutorialTests
{
    private const string Mark = "@@@ ";
    private const string Start = "doa serve";
    private static readonly TimeSpan ReadsWithin = TimeSpan.FromMinutes(4);

    [Fact]
    public async Task Every_command_of_the_tutorial_works_and_shows_what_the_page_says()
    {
        Ground.OnlyEmbedded("the tutorial is about `doa serve` without anything installed.");
        var text = await Page("docs/tutorial.md");
        Assert.Equal(Start, StartBlock().Match(text).Groups["commands"].Value.Trim());
        var blocks = Block().Matches(text).Select(m => (
            Commands: m.Groups["commands"].Value, Expected: m.Groups["expected"].Captures.Select(c => c.Value).ToList())).ToList();
        Assert.True(blocks.Count > 8, "The page has lost its commands.");

        // A reader needs seconds between two commands: parcels travel as slowly as they do without a word in the settings.
        await using var shop = await Shop.Open(Pace.Fast.With(("Sandbox:MoveEvery", "00:00:03")));
        var output = await Run(shop, blocks.Select(b => b.Commands));

        Assert.Equal(blocks.Count, output.Count);
        Assert.All(blocks.Index(), block => Assert.All(
            block.Item.Expected, expected => Assert.Contains(expected, output[block.Index], StringComparison.Ordinal)));
    }

    [Fact]
    public async Task The_Korean_page_has_the_same_commands()
    {
        var (english, korean) = (await Page("docs/tutorial.md"), await Page("docs/tutorial.ko.md"));
        Assert.Equal(Block().Matches(english).Select(m => m.Value), Block().Matches(korean).Select(m => m.Value));
        Assert.Equal(StartBlock().Match(english).Value, StartBlock().Match(korean).Value);
    }

    private static Task<string> Page(string path) =>
        File.ReadAllTextAsync(Path.Combine(Root(), path), TestContext.Current.CancellationToken);

    private static async Task<List<string>> Run(Shop shop, IEnumerable<string> blocks)
    {
        var folder = Directory.CreateDirectory(Path.Combine(shop.Data, "reader")).FullName;
        Directory.CreateSymbolicLink(Path.Combine(folder, ".doa"), shop.Data);
        var script = string.Join('\n', blocks.Select((commands, i) => $"echo '{Mark}{i}'\n{commands}"))
            .Replace("http://127.0.0.1:5081", shop.SandboxUrl, StringComparison.Ordinal);
        await File.WriteAllTextAsync(Path.Combine(folder, "tutorial.sh"), $$"""
            set -eu -o pipefail
            doa() {
              if [ "$1" = audit ]; then dotnet '{{DoaProcess.Assembly}}' "$@"; else dotnet '{{DoaProcess.Assembly}}' "$@" --url '{{shop.Url}}'; fi
            }
            {{script}}
            """);
        using var bash = Process.Start(new ProcessStartInfo("bash", ["tutorial.sh"])
        {
            WorkingDirectory = folder,
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        var output = bash.StandardOutput.ReadToEndAsync();
        var errors = bash.StandardError.ReadToEndAsync();
        try
        {
            await bash.WaitForExitAsync().WaitAsync(ReadsWithin);
        }
        catch (TimeoutException)
        {
            bash.Kill(entireProcessTree: true);
            Assert.Fail($"The tutorial did not come to its end within {ReadsWithin}:\n{await output}\n{await errors}");
        }

        var said = await output;
        Assert.True(bash.ExitCode == 0, $"A command of the tutorial failed:\n{said}\n{await errors}");
        return [.. MarkLine().Split(said).Skip(1)];
    }

    private static string Root()
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

    [GeneratedRegex(@"^```sh\n(?<commands>.*?)^```\n(?:<!-- expect: (?<expected>[^\n]*) -->\n)*", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Block();

    [GeneratedRegex(@"^```sh start\n(?<commands>.*?)^```\n", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex StartBlock();

    [GeneratedRegex(@"^@@@ \d+\n", RegexOptions.Multiline)]
    private static partial Regex MarkLine();
}
