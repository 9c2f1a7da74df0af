using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Reflection;
using System.Text.RegularExpressions;

namespace DoaMarket.EndToEnd.Harness;

/// <summary>How a process ended, and what it said.</summary>
internal sealed record Ended(int Code, string Output, string Errors);

/// <summary>How a process is started.</summary>
/// <param name="Before">A command that runs the program, such as `nsenter … --`; empty runs it as it is.</param>
/// <param name="Environment">Variables that it gets besides its settings.</param>
/// <param name="LogFolder">Keeps its whole output there, beyond the lines that are remembered; null keeps it nowhere.</param>
internal sealed record Launch(IReadOnlyList<string> Before, Settings Environment, string? LogFolder = null)
{
    public static Launch Plain { get; } = new([], new(StringComparer.Ordinal));
}

/// <summary>One `doa` process: started as a child, read by its output, stopped by its own id.</summary>
internal sealed partial class DoaProcess : IAsyncDisposable
{
    private const int LinesKept = 400;

    // Far beyond what any process needs: they only end waits that would never end, on however busy a machine.
    private static readonly TimeSpan StartsWithin = TimeSpan.FromMinutes(5), EndsWithin = TimeSpan.FromMinutes(5);

    private readonly Process _process;
    private readonly ConcurrentQueue<string> _output = new(), _errors = new();
    private readonly TextWriter _log = TextWriter.Null;
    private readonly TaskCompletionSource _welcomed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private bool _isDisposed;

    private DoaProcess(Settings settings, string folder, Launch launch, string[] arguments)
    {
        string[] line = [.. launch.Before, "dotnet", Assembly, .. arguments];
        var start = new ProcessStartInfo(line[0], line[1..])
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

        foreach (var (key, value) in launch.Environment)
        {
            start.Environment[key] = value;
        }

        if (launch.LogFolder is { } logs)
        {
            var file = Path.Combine(Folder(logs), $"{DateTime.UtcNow:HHmmss.fff}-{arguments[0]}.log");
            _log = TextWriter.Synchronized(new StreamWriter(file));
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

    /// <summary>Port of the sandbox's mail server; known of a sandbox alone.</summary>
    public string SmtpPort { get; private set; } = "";

    /// <summary>Whether it has ended.</summary>
    public bool HasEnded => _process.HasExited;

    /// <summary>The program.</summary>
    public static string Assembly { get; } = Path.GetFullPath(
        typeof(DoaProcess).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
            .Single(a => a.Key == "Doa").Value!);

    /// <summary>Starts a process that serves; <see cref="Welcome"/> waits until it does.</summary>
    public static DoaProcess Begin(string folder, Settings settings, Launch launch, params string[] arguments) =>
        new(settings, Folder(folder), launch, arguments);

    /// <summary>Waits until the process has said where it is.</summary>
    /// <exception cref="InvalidOperationException">It ended instead; the text has what it said.</exception>
    public async Task Welcome()
    {
        try
        {
            var ended = _process.WaitForExitAsync();
            if (await Task.WhenAny(_welcomed.Task, ended).WaitAsync(StartsWithin) == ended)
            {
                throw new InvalidOperationException(
                    $"The process did not start (exit code {_process.ExitCode}).\n{LogTail()}");
            }
        }
        catch
        {
            await DisposeAsync();
            throw;
        }
    }

    /// <summary>Runs a command to its end.</summary>
    public static Task<Ended> Run(string folder, Settings settings, params string[] arguments) =>
        Run(folder, settings, Launch.Plain, arguments);

    /// <summary>Runs a command to its end.</summary>
    public static async Task<Ended> Run(string folder, Settings settings, Launch launch, params string[] arguments)
    {
        await using var process = new DoaProcess(settings, Folder(folder), launch, arguments);
        return await process.End();
    }

    /// <summary>Waits until it has ended.</summary>
    public async Task<Ended> End()
    {
        await _process.WaitForExitAsync().WaitAsync(EndsWithin);
        return HowItEnded();
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
        await Signal("TERM");
        return await End();
    }

    /// <summary>SIGSTOP: it stands still in the middle of what it does.</summary>
    public Task Freeze() => Signal("STOP");

    /// <summary>SIGCONT: it goes on, and does not know that it stood still.</summary>
    public Task Thaw() => Signal("CONT");

    /// <summary>The output so far; the oldest lines are dropped.</summary>
    public IReadOnlyList<string> Lines => [.. _output];

    /// <summary>The last lines of the output and of the errors.</summary>
    public string LogTail() => string.Join('\n', [.. _output.TakeLast(60), "-- stderr --", .. _errors.TakeLast(40)]);

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _isDisposed, true))
        {
            return; // by Welcome, which failed
        }

        if (!_process.HasExited)
        {
            _process.Kill();
        }

        await _process.WaitForExitAsync().WaitAsync(EndsWithin); // its output is read to the end
        _process.Dispose();
        await _log.DisposeAsync();
    }

    private async Task Signal(string name)
    {
        var id = _process.Id.ToString(CultureInfo.InvariantCulture);
        using var kill = Process.Start("kill", [$"-{name}", id]);
        await kill.WaitForExitAsync();
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
        else if (SmtpLine().Match(line) is { Success: true } smtp)
        {
            SmtpPort = smtp.Groups[1].Value;
        }
        else if (line.TrimStart().StartsWith("Data ", StringComparison.Ordinal))
        {
            _welcomed.TrySetResult(); // the last of the addresses
        }
    }

    private void Keep(ConcurrentQueue<string> lines, string? line)
    {
        if (line is null)
        {
            return;
        }

        _log.WriteLine(line);

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

    [GeneratedRegex(@"^\s*SMTP port\s+(\d+)")]
    private static partial Regex SmtpLine();
}
