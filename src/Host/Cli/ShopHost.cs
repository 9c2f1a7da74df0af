using DoaMarket.Audit;

namespace DoaMarket.Host.Cli;

/// <summary>What the command line needs of the program around it: three doors, handed over by Program.cs.</summary>
/// <param name="Serve">Serves until the token is cancelled; gives the process's exit code.</param>
/// <param name="Start">Starts a shop inside this process and returns once it answers requests.</param>
/// <param name="Audit">Checks every invariant in the data folder, which may belong to a running shop.</param>
public sealed record ShopHost(
    Func<ServeSettings, CancellationToken, Task<int>> Serve,
    Func<ServeSettings, CancellationToken, Task<RunningShop>> Start,
    Func<string, CancellationToken, Task<AuditReport>> Audit);

/// <summary>What to serve, as said on the command line.</summary>
/// <param name="Mode">Store and transport; only "embedded" gets this far today.</param>
/// <param name="Services">Service names, comma-separated; null runs all of them.</param>
/// <param name="Urls">Where to listen, semicolon-separated.</param>
/// <param name="DataFolder">Full path of the folder of database and keys.</param>
/// <param name="Sandbox">Whether the sandbox of outside systems runs too; null leaves it to the mode.</param>
/// <param name="Configuration">Further values by their full name, such as "Shipping:HoldBeforeDispatch".</param>
public sealed record ServeSettings(
    string Mode, string? Services, string Urls, string DataFolder, bool? Sandbox,
    IReadOnlyDictionary<string, string?> Configuration);

/// <summary>A shop running inside this process until it is disposed of.</summary>
/// <param name="Url">Where its API answers.</param>
/// <param name="SandboxUrl">Where its sandbox shows its page; null without a sandbox.</param>
/// <param name="Stop">Stops it in good order and returns when the data folder is free.</param>
public sealed record RunningShop(string Url, string? SandboxUrl, Func<ValueTask> Stop) : IAsyncDisposable
{
    /// <inheritdoc />
    public ValueTask DisposeAsync() => Stop();
}
