using System.Runtime.CompilerServices;
using DoaMarket.Contracts;
using DoaMarket.Sagas;

namespace DoaMarket.Orders.Tests;

/// <summary>docs/order-flow.md shows the flow as the code defines it, or this fails.</summary>
public sealed class DocumentationTests
{
    private const string UpdateVariable = "DOA_UPDATE_DOCS";

    [Fact]
    public async Task The_documented_flow_is_the_defined_flow()
    {
        var path = Path.GetFullPath(Path.Combine(Here(), "..", "..", "docs", "order-flow.md"));
        var written = await File.ReadAllTextAsync(path, TestContext.Current.CancellationToken);
        var flow = OrderFlow.Definition(new(), OrderStory.Participants);
        var generated = Between(
            written, "diagram", $"```mermaid\n{SagaDiagram.Mermaid(flow, ShopMessages.Catalog)}```\n");
        generated = Between(generated, "steps", SagaDiagram.Table(flow, ShopMessages.Catalog));
        if (Environment.GetEnvironmentVariable(UpdateVariable) == "1")
        {
            await File.WriteAllTextAsync(path, generated, TestContext.Current.CancellationToken);
            return;
        }

        Assert.True(
            generated == written,
            "docs/order-flow.md does not show the flow any more. " +
            $"Run: {UpdateVariable}=1 dotnet test tests/Orders.Tests");
    }

    private static string Between(string text, string marker, string generated)
    {
        var (begin, end) = ($"<!-- {marker}: generated from OrderFlow.cs -->\n", $"<!-- {marker}: end -->");
        var from = text.IndexOf(begin, StringComparison.Ordinal) + begin.Length;
        var to = text.IndexOf(end, StringComparison.Ordinal);
        Assert.True(from > begin.Length && to >= from, $"docs/order-flow.md lacks the markers of '{marker}'.");
        return text[..from] + generated + text[to..];
    }

    private static string Here([CallerFilePath] string file = "") => Path.GetDirectoryName(file)!;
}
