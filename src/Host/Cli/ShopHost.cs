using DoaMarket.Audit;

namespace DoaMarket.Host.Cli;

/// <summary>What the command line needs of the program around it: its doors, handed over by Program.cs.</summary>
/// <param name="Serve">Serves until the token is cancelled; gives the process's exit code.</param>
/// <param name="Start">Starts a shop inside this process and returns once it answers requests.</param>
/// <param name="Audit">Checks every invariant in a data folder, which may belong to a running shop.</param>
/// <param name="Move">Moves a data folder's shop into a PostgreSQL database, telling each table's rows so far.</param>
/// <param name="Sandbox">Runs the sandbox alone until the token is cancelled; gives the process's exit code.</param>
public sealed record ShopHost(
    Func<ServeSettings, CancellationToken, Task<int>> Serve,
    Func<ServeSettings, CancellationToken, Task<RunningShop>> Start,
    Func<AuditSettings, CancellationToken, Task<AuditReport>> Audit,
    Func<MoveSettings, Action<string, long>, CancellationToken, Task> Move,
    Func<SandboxAlone, CancellationToken, Task<int>> Sandbox);

/// <summary>Where a shop finds the sandbox of outside systems.</summary>
public enum SandboxPlace
{
    /// <summary>Nowhere: real outside systems are configured.</summary>
    Off,

    /// <summary>In the shop's own process.</summary>
    On,

    /// <summary>In a process of its own, which outlives the shop's: see <c>doa sandbox</c>.</summary>
    Apart,
}

/// <summary>What to serve, as said on the command line.</summary>
/// <param name="Mode">Store and transport: "embedded", "postgres" or "rabbitmq".</param>
/// <param name="Services">Service names, comma-separated; null runs all of them.</param>
/// <param name="Urls">Where to listen, semicolon-separated.</param>
/// <param name="DataFolder">Full path of the folder of database and keys.</param>
/// <param name="Sandbox">Where the sandbox of outside systems runs; null leaves it to the mode.</param>
/// <param name="Configuration">Further values by their full name, such as "Shipping:HoldBeforeDispatch".</param>
public sealed record ServeSettings(
    string Mode, string? Services, string Urls, string DataFolder, SandboxPlace? Sandbox,
    IReadOnlyDictionary<string, string?> Configuration);

/// <summary>A sandbox that runs without a shop.</summary>
/// <param name="DataFolder">Full path of the folder of its books and keys: the shop's, so that it knows the keys.</param>
/// <param name="ShopUrl">Where callbacks go: the shop's address.</param>
/// <param name="Configuration">Further values by their full name, such as "Sandbox:MoveEvery".</param>
public sealed record SandboxAlone(
    string DataFolder, string ShopUrl, IReadOnlyDictionary<string, string?> Configuration);

/// <summary>A shop that is to move.</summary>
/// <param name="DataFolder">Full path of the folder that it leaves.</param>
/// <param name="Database">Names the empty PostgreSQL database that it moves into.</param>
public sealed record MoveSettings(string DataFolder, string Database);

/// <summary>What to audit.</summary>
/// <param name="DataFolder">Full path of the folder of the database, or of the sandbox's books alone.</param>
/// <param name="IsAtRest">Whether nothing moves any more, so that every order must have come to its end.</param>
/// <param name="Promised">Orders that clients were answered 2xx for; null when nobody kept a list.</param>
/// <param name="Mode">
/// Where the data lies: "embedded" in the folder, "postgres" in the configured database, "rabbitmq" in one per service.
/// </param>
/// <param name="Database">Names the database; null takes the configured one.</param>
public sealed record AuditSettings(
    string DataFolder, bool IsAtRest, IReadOnlyCollection<Guid>? Promised, string Mode = "embedded",
    string? Database = null)
{
    /// <summary>A shop at work, whose clients kept no list.</summary>
    public static AuditSettings Of(string folder) => new(Path.GetFullPath(folder), IsAtRest: false, Promised: null);
}

/// <summary>A shop running inside this process until it is disposed of.</summary>
/// <param name="Url">Where its API answers.</param>
/// <param name="SandboxUrl">Where its sandbox shows its page; null without a sandbox.</param>
/// <param name="Stop">Stops it in good order and returns when the data folder is free.</param>
public sealed record RunningShop(string Url, string? SandboxUrl, Func<ValueTask> Stop) : IAsyncDisposable
{
    /// <inheritdoc />
    public ValueTask DisposeAsync() => Stop();
}
