using System.Text.RegularExpressions;

namespace DoaMarket.Deploy;

/// <summary>The image is made of what is there, runs as nobody in particular, and has no shell.</summary>
public sealed partial class DockerfileTests
{
    private const string Dockerfile = "deploy/docker/Dockerfile";
    private static readonly string Text = Tree.Read(Dockerfile);

    /// <summary>The port that the image serves at.</summary>
    public static int Port { get; } = int.Parse(Line("EXPOSE")[0], System.Globalization.CultureInfo.InvariantCulture);

    [Fact]
    public void What_it_builds_is_there()
    {
        var paths = SourcePath().Matches(Text).Select(m => m.Value).Distinct(StringComparer.Ordinal).ToList();
        Assert.Contains("src/Host", paths);
        Assert.DoesNotContain(paths, path => !Tree.Exists(path));
    }

    [Fact]
    public void What_a_build_needs_is_not_left_out_of_its_context()
    {
        string[] needed = ["src", "eng", "Directory.Build.props", "Directory.Packages.props", "nuget.config", "global.json"];
        Assert.DoesNotContain(needed, path => !Tree.Exists(path));
        Assert.Empty(needed.Intersect(Tree.Read(".dockerignore").Split('\n'), StringComparer.Ordinal));
    }

    [Fact]
    public void The_sdk_is_the_one_that_the_tree_asks_for()
    {
        var wanted = Regex.Match(Tree.Read("global.json"), "\"version\": \"(?<v>\\d+\\.\\d+)").Groups["v"].Value;
        Assert.Matches($"FROM mcr\\.microsoft\\.com/dotnet/sdk:{Regex.Escape(wanted)} AS build", Text);
        Assert.Matches($"FROM mcr\\.microsoft\\.com/dotnet/aspnet:{Regex.Escape(wanted)}-\\w+-chiseled-extra\\n", Text);
    }

    [Fact]
    public void The_program_that_it_starts_is_the_one_that_the_host_builds()
    {
        Assert.Contains("<AssemblyName>doa</AssemblyName>", Tree.Read("src/Host/Host.csproj"), StringComparison.Ordinal);
        Assert.Equal(["/app/doa"], Line("ENTRYPOINT"));
        Assert.Contains("--output /app", Text, StringComparison.Ordinal);
        Assert.Contains("COPY --from=build /app /app", Text, StringComparison.Ordinal);
    }

    [Fact]
    public void Its_commands_are_ones_that_the_program_understands()
    {
        Assert.Empty(CommandLine.Faults(Line("CMD")));
        var health = Json(Regex.Match(Text, @"^HEALTHCHECK .*CMD (?<json>\[.*\])$", RegexOptions.Multiline).Groups["json"].Value);
        Assert.Equal("/app/doa", health[0]);
        Assert.Empty(CommandLine.Faults(health[1..]));
        Assert.Equal($"http://127.0.0.1:{Port}", CommandLine.After(health, "--url"));
        Assert.Equal($"http://0.0.0.0:{Port}", CommandLine.After(Line("CMD"), "--urls"));
    }

    [Fact]
    public void It_runs_as_the_base_images_user_who_owns_the_data_folder_and_is_told_to_stop_in_time()
    {
        Assert.Equal(["$APP_UID"], Line("USER"));
        Assert.Contains("COPY --from=build --chown=$APP_UID:$APP_UID /data /data", Text, StringComparison.Ordinal);
        Assert.Equal(["/data"], Line("VOLUME"));
        Assert.Equal(["SIGTERM"], Line("STOPSIGNAL"));
        Assert.True(
            Text.LastIndexOf("\nUSER ", StringComparison.Ordinal) > Text.LastIndexOf("\nFROM ", StringComparison.Ordinal),
            "USER must stand in the last stage.");
    }

    private static string[] Line(string instruction)
    {
        var rest = Regex.Match(Text, $"^{instruction} (?<rest>.+)$", RegexOptions.Multiline).Groups["rest"].Value;
        return rest.StartsWith('[') ? Json(rest) : [rest];
    }

    private static string[] Json(string array) => System.Text.Json.JsonSerializer.Deserialize<string[]>(array)!;

    [GeneratedRegex(@"\bsrc/[\w./-]+")]
    private static partial Regex SourcePath();
}
