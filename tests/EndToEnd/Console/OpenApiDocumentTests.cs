using System.Reflection;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using DoaMarket.EndToEnd.Harness;

namespace DoaMarket.EndToEnd;

/// <summary>docs/openapi.json is the document that the shop gives out; the console's types are made from it.</summary>
[Collection(typeof(OnTheHoldingShop))]
public sealed class OpenApiDocumentTests(HoldingShop fixture)
{
    private static readonly JsonSerializerOptions Readable = new()
    {
        WriteIndented = true,
        NewLine = "\n",
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    private static readonly string Page = Path.GetFullPath(
        typeof(OpenApiDocumentTests).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
            .Single(a => a.Key == "OpenApi").Value!);

    [Fact]
    public async Task The_openapi_document_in_docs_is_the_one_that_is_served()
    {
        var served = (await Person.Anonymous(fixture.Shop).Get("/openapi/v1.json")).Expect(200).Json!;
        served.AsObject().Remove("servers"); // where this shop happens to listen
        var wanted = served.ToJsonString(Readable) + "\n";
        if (Environment.GetEnvironmentVariable("DOA_UPDATE_DOCS") == "1")
        {
            await File.WriteAllTextAsync(Page, wanted, TestContext.Current.CancellationToken);
        }

        Assert.True(
            await File.ReadAllTextAsync(Page, TestContext.Current.CancellationToken) == wanted,
            "docs/openapi.json is old: DOA_UPDATE_DOCS=1 dotnet test tests/EndToEnd --filter OpenApiDocument, then build the "
            + "console (src/OpsConsole/web/README.md).");
    }
}
