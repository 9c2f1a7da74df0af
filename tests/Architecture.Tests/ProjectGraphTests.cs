using System.Text;

namespace DoaMarket.Architecture.Tests;

/// <summary>The picture of the projects in docs/architecture.md is drawn from the csproj files; the solution lists them all.</summary>
public sealed class ProjectGraphTests
{
    private const string Page = "docs/architecture.md";
    private const string Begin = "<!-- project graph: generated from the csproj files -->\n";
    private const string End = "<!-- project graph: end -->";
    private const string Solution = "DoaMarket.slnx";

    [Fact]
    public void The_project_graph_in_the_architecture_page_is_the_one_of_the_csproj_files()
    {
        var page = SourceTree.Read(Page);
        var begin = page.IndexOf(Begin, StringComparison.Ordinal);
        var end = page.IndexOf(End, StringComparison.Ordinal);
        Assert.True(begin >= 0 && end > begin, $"{Page} has lost the marks between which the graph stands.");

        Same(Page, page, $"{page[..begin]}{Begin}{Graph()}{page[end..]}");
    }

    [Fact]
    public void The_solution_lists_every_project_in_its_folder() => Same(Solution, SourceTree.Read(Solution), SolutionOfAll());

    private static void Same(string file, string present, string wanted)
    {
        if (SourceTree.IsUpdate)
        {
            File.WriteAllText(SourceTree.PathOf(file), wanted);
        }
        else if (present != wanted)
        {
            Assert.Fail($"{file} differs from the csproj files. {SourceTree.HowToUpdate}");
        }
    }

    // An arrow to what is reached by another arrow as well would only hide the picture.
    private static string Graph()
    {
        var product = SourceTree.Projects.Where(p => p.IsProduct).ToDictionary(p => p.Path, StringComparer.Ordinal);
        var text = new StringBuilder("```mermaid\nflowchart TD\n");
        foreach (var group in product.Values.GroupBy(GroupOf).OrderBy(g => g.Key, StringComparer.Ordinal))
        {
            if (group.Key.Length > 0)
            {
                text.Append("  subgraph ").Append(group.Key).Append('\n');
            }

            foreach (var project in group)
            {
                text.Append(group.Key.Length > 0 ? "    " : "  ").Append(project.Name).Append('\n');
            }

            if (group.Key.Length > 0)
            {
                text.Append("  end\n");
            }
        }

        foreach (var project in product.Values)
        {
            var direct = project.References.Where(r => !project.References.Any(other => other != r && Reaches(other, r)));
            foreach (var reference in direct)
            {
                text.Append("  ").Append(project.Name).Append(" --> ").Append(product[reference].Name).Append('\n');
            }
        }

        return text.Append("```\n").ToString();

        bool Reaches(string from, string to) => product[from].References.Any(r => r == to || Reaches(r, to));
    }

    private static string GroupOf(Project project) => project switch
    {
        { IsService: true } => "Services",
        { IsAdapter: true } => "Adapters",
        _ => "",
    };

    private static string SolutionOfAll()
    {
        var text = new StringBuilder("<Solution>\n");
        var folders = SourceTree.Projects.GroupBy(p => p.Path[..p.Path[..p.Path.LastIndexOf('/')].LastIndexOf('/')]);
        foreach (var folder in folders.OrderBy(f => f.Key, StringComparer.Ordinal))
        {
            text.Append("  <Folder Name=\"/").Append(folder.Key).Append("/\">\n");
            foreach (var project in folder)
            {
                text.Append("    <Project Path=\"").Append(project.Path).Append("\" />\n");
            }

            text.Append("  </Folder>\n");
        }

        return text.Append("</Solution>\n").ToString();
    }
}
