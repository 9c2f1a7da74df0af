using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Reflection;
using System.Text.RegularExpressions;

namespace DoaMarket.EndToEnd.Harness;

/// <summary>How a process ended, and what it said.</summary>
internal sealed record Ended(int Code, string Output, string Errors);

/// <summary>One `doa` process: started as a child, read by its output, stopped by its own id.</summary>
internal sealed partial class DoaProcess : IAsyncDisposable
{
    private const int LinesKept = 400;
    private static readonly TimeSpan StartsWithin = TimeSpan.FromSeconds(90), EndsWithin = TimeSpan.FromSeconds(60);

    private readonly Process _process;
    private readonly ConcurrentQueue<string> _output = new(), _errors = new();
    private readonly TaskCompletionSource _welcomed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private DoaProcess(Settings settings, string folder, string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet", [Assembly, .. arguments])
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = folder, // no configuration file of the developer's comes in
        };
        foreach (var (key, value) in settings)
        {
            start.Environment["DOA__" + key.Replace(":", "__", StringComparison.Ordinal)] = value;
        }

        _process = new Process { StartInfo = start };
        _process.OutputDataReceived += (_, line) => Read(line.Data);
        _process.ErrorDataReceived += (_, line) => Keep(_errors, line.Data);
        _process.Start();
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    /// <summary>Where the API listens.</summary>
    public string Url { get; private set; } = "";

    /// <summary>Where the sandbox listens.</summary>
    public string SandboxUrl { get; private set; } = "";

    /// <summary>The program.</summary>
    public static string Assembly { get; } = Path.GetFullPath(
        typeof(DoaProcess).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
            .Single(a => a.Key == "Doa").Value!);

    /// <summary>Starts a shop on a data folder and waits until it has said where it is.</summary>
    public static async Task<DoaProcess> Serve(string dataFolder, Settings settings)
    {
        var process = new DoaProcess(settings, Folder(dataFolder),
            ["serve", "--urls", "http://127.0.0.1:0", "--data", dataFolder]);
        try
        {
            var ended = process._process.WaitForExitAsync();
            if (await Task.WhenAny(process._welcomed.Task, ended).WaitAsync(StartsWithin) == ended)
            {
                throw new InvalidOperationException(
                    $"The shop did not start (exit code {process._process.ExitCode}).\n{process.LogTail()}");
            }
        }
        catch
        {
            await process.DisposeAsync();
            throw;
        }

        return process;
    }

    /// <summary>Runs a command to its end.</summary>
    public static async Task<Ended> Run(string folder, Settings settings,
        params string[] arguments)
    {
        await using var process = new DoaProcess(settings, Folder(folder), arguments);
        await process._process.WaitForExitAsync().WaitAsync(EndsWithin);
        return process.HowItEnded();
    }

    /// <summary>SIGKILL: no handler runs, nothing is flushed.</summary>
    public async Task Kill()
    {
        _process.Kill();
        await _process.WaitForExitAsync().WaitAsync(EndsWithin);
    }

    /// <summary>SIGTERM, as a service manager stops a service.</summary>
    public async Task<Ended> Terminate()
    {
        var id = _process.Id.ToString(CultureInfo.InvariantCulture);
        using (var kill = Process.Start("kill", ["-TERM", id]))
        {
            await kill.WaitForExitAsync();
        }

        await _process.WaitForExitAsync().WaitAsync(EndsWithin);
        return HowItEnded();
    }

    /// <summary>The output so far; the oldest lines are dropped.</summary>
    public IReadOnlyList<string> Lines => [.. _output];

    /// <summary>The last lines of the output and of the errors.</summary>
    public string LogTail() => string.Join('\n', [.. _output.TakeLast(60), "-- stderr --", .. _errors.TakeLast(40)]);

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            await Kill();
        }

        _process.Dispose();
    }

    private static string Folder(string path) => Directory.CreateDirectory(path).FullName;

    private Ended HowItEnded() => new(_process.ExitCode, string.Join('\n', _output), string.Join('\n', _errors));

    private void Read(string? line)
    {
        Keep(_output, line);
        if (line is null || _welcomed.Task.IsCompleted)
        {
            return;
        }

        if (ApiLine().Match(line) is { Success: true } api)
        {
            Url = api.Groups[1].Value;
        }
        else if (SandboxLine().Match(line) is { Success: true } sandbox)
        {
            SandboxUrl = sandbox.Groups[1].Value;
        }
        else if (line.TrimStart().StartsWith("Data ", StringComparison.Ordinal))
        {
            _welcomed.TrySetResult(); // the last of the addresses
        }
    }

    private static void Keep(ConcurrentQueue<string> lines, string? line)
    {
        if (line is null)
        {
            return;
        }

        lines.Enqueue(line);
        if (lines.Count > LinesKept)
        {
            lines.TryDequeue(out _);
        }
    }

    [GeneratedRegex(@"^\s*API\s+(\S+)/api/v1\s*$")]
    private static partial Regex ApiLine();

    [GeneratedRegex(@"^\s*Sandbox\s+(http\S+)")]
    private static partial Regex SandboxLine();
}
