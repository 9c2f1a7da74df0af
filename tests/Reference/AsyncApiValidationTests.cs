using System.ComponentModel;
using System.Diagnostics;

namespace DoaMarket.Reference;

/// <summary>
/// AsyncAPI's own parser (npm @asyncapi/parser, pinned by a lock file) takes the document without a warning. It installs what it
/// needs. CI has Node and fails without it; elsewhere a missing Node skips this with the reason.
/// </summary>
public sealed class AsyncApiValidationTests
{
    private static readonly TimeSpan InstallWithin = TimeSpan.FromMinutes(5), CheckWithin = TimeSpan.FromMinutes(1);

    private static string Folder => Pages.PathOf("tests/Reference/asyncapi");

    [Fact]
    public async Task The_document_is_valid_AsyncAPI()
    {
        await Install();
        var (code, output) = await Run("node", CheckWithin, "check.mjs", Pages.PathOf("docs/asyncapi.yaml"));
        Assert.True(code == 0, output);
        Assert.Contains($"{Messages.All.Count} messages", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_document_with_a_fault_is_refused()
    {
        await Install();
        var document = AsyncApi.Document();
        document["channels"]!["order-service-queue"]!["messages"]!["order.nonsense"] =
            new System.Text.Json.Nodes.JsonObject { ["$ref"] = "#/components/messages/order.nonsense" };
        var file = Path.Combine(Path.GetTempPath(), $"doa-asyncapi-{Guid.NewGuid():N}.yaml");
        try
        {
            await File.WriteAllTextAsync(file, Yaml.Write(document), TestContext.Current.CancellationToken);
            var (code, output) = await Run("node", CheckWithin, "check.mjs", file);
            Assert.Equal(1, code);
            Assert.Contains("order.nonsense", output, StringComparison.Ordinal);
        }
        finally
        {
            File.Delete(file);
        }
    }

    private static readonly SemaphoreSlim Installing = new(1, 1);

    private static async Task Install()
    {
        await Installing.WaitAsync(TestContext.Current.CancellationToken);
        try
        {
            var done = Path.Combine(Folder, "node_modules", ".package-lock.json");
            if (File.Exists(done) && File.GetLastWriteTimeUtc(done) >= File.GetLastWriteTimeUtc(Path.Combine(Folder, "package-lock.json")))
            {
                return;
            }

            var (code, output) = await Run("npm", InstallWithin, "ci", "--ignore-scripts", "--no-audit", "--no-fund");
            Assert.True(code == 0, $"npm ci in tests/Reference/asyncapi ended with {code}:\n{output}");
        }
        finally
        {
            Installing.Release();
        }
    }

    private static async Task<(int Code, string Output)> Run(string program, TimeSpan within, params string[] arguments)
    {
        using var process = new Process
        {
            StartInfo = new ProcessStartInfo(program, arguments)
            {
                WorkingDirectory = Folder,
                UseShellExecute = false,
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            },
        };
        try
        {
            process.Start();
        }
        catch (Win32Exception missing) when (Environment.GetEnvironmentVariable("CI") != "true")
        {
            Assert.Skip($"{program} is not there ({missing.Message}); docs/asyncapi.yaml is not checked by AsyncAPI's own parser here.");
        }

        var output = process.StandardOutput.ReadToEndAsync();
        var errors = process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync().WaitAsync(within);
        return (process.ExitCode, await output + await errors);
    }
}
