using System.Text;

namespace DoaMarket.Simulation.Tests.Planting;

/// <summary>The page that lists the planted bugs; written anew with DOA_UPDATE_DOCS=1.</summary>
public sealed class PlantedBugPageTests
{
    private const string Page = "docs/planted-bugs.md", UpdateVariable = "DOA_UPDATE_DOCS";

    [Fact]
    public void The_page_lists_the_bugs_that_there_are()
    {
        var path = Path.Combine(SourceTree.Root, Page);
        if (Environment.GetEnvironmentVariable(UpdateVariable) == "1")
        {
            File.WriteAllText(path, Text());
        }

        Assert.True(
            File.Exists(path) && File.ReadAllText(path).ReplaceLineEndings("\n") == Text(),
            $"{Page} is old. Run {UpdateVariable}=1 dotnet test tests/Simulation --filter {nameof(PlantedBugPageTests)}.");
    }

    private static string Text()
    {
        var text = new StringBuilder(
            """
            # Planted bugs

            <!-- Written by tests/Simulation (DOA_UPDATE_DOCS=1); do not edit. -->

            Each is a line of the product, as a careless version would have it, in a copy that only the tests compile
            ([why](adr/0050-bugs-are-planted-in-a-copy.md)). `dotnet test tests/Simulation --filter PlantedBugTests` switches on
            one after the other and runs seeds of the simulation until one of the invariants beside it breaks: the seed that did it
            last, and if that does not do it any more, all up to 100. It tells the seed and what it broke
            (`--logger "console;verbosity=detailed"`).

            | the careless version … | in src/ | breaks | with seed |
            |---|---|---|---|

            """.ReplaceLineEndings("\n"));
        foreach (var bug in PlantedBugs.All)
        {
            text.Append($"| {bug.Name} | {bug.File} | {string.Join(", ", bug.Breaks)} | {CatchingSeeds.Of(bug.Name)} |\n");
        }

        return text.ToString();
    }
}
