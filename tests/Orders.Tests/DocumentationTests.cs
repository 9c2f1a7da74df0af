using System.Runtime.CompilerServices;
using DoaMarket.Contracts;
using DoaMarket.Sagas;

namespace DoaMarket.Orders.Tests;

/// <summary>The pages in docs show the flows as the code defines them, or this fails.</summary>
public sealed class DocumentationTests
{
    private const string UpdateVariable = "DOA_UPDATE_DOCS";

    [Fact]
    public Task The_documented_flow_is_the_defined_flow() =>
        Documented("order-flow.md", "OrderFlow.cs", OrderFlow.Definition(new(), OrderStory.Participants));

    [Fact]
    public Task The_documented_partial_cancel_is_the_defined_one() =>
        Documented("amend-flow.md", "AmendFlow.cs", AmendFlow.Definition(new(), OrderStory.Participants));

    private static async Task Documented<T>(string page, string source, SagaDefinition<T> flow)
    {
        var path = Path.GetFullPath(Path.Combine(Here(), "..", "..", "docs", page));
        var written = await File.ReadAllTextAsync(path, TestContext.Current.CancellationToken);
        var diagram = $"```mermaid\n{SagaDiagram.Mermaid(flow, ShopMessages.Catalog)}```\n";
        var generated = Between(written, page, "diagram", source, diagram);
        generated = Between(generated, page, "steps", source, SagaDiagram.Table(flow, ShopMessages.Catalog));
        if (Environment.GetEnvironmentVariable(UpdateVariable) == "1")
        {
            await File.WriteAllTextAsync(path, generated, TestContext.Current.CancellationToken);
            return;
        }

        Assert.True(
            generated == written,
            $"docs/{page} does not show the flow any more. Run: {UpdateVariable}=1 dotnet test tests/Orders.Tests");
    }

    private static string Between(string text, string page, string marker, string source, string generated)
    {
        var (begin, end) = ($"<!-- {marker}: generated from {source} -->\n", $"<!-- {marker}: end -->");
        var from = text.IndexOf(begin, StringComparison.Ordinal) + begin.Length;
        var to = text.IndexOf(end, StringComparison.Ordinal);
        Assert.True(from >= begin.Length && to >= from, $"docs/{page} lacks the markers of '{marker}'.");
        return text[..from] + generated + text[to..];
    }

    private static string Here([CallerFilePath] string file = "") => Path.GetDirectoryName(file)!;
}
