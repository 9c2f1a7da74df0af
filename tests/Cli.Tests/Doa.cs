using DoaMarket.Audit;
using System.CommandLine;
using DoaMarket.Host.Cli;

namespace DoaMarket.Cli.Tests;

/// <summary>Runs the doa command inside the test and keeps what it printed and was handed.</summary>
internal sealed class Doa
{
    private readonly StringWriter _output = new();
    private readonly StringWriter _error = new();

    public List<ServeSettings> Served { get; } = [];

    public List<ServeSettings> Started { get; } = [];

    public List<AuditSettings> Audited { get; } = [];

    public List<MoveSettings> Moved { get; } = [];

    public List<SandboxAlone> Sandboxes { get; } = [];

    public AuditReport Report { get; set; } = new([new AuditResult("S1", "0 ≤ reserved ≤ onHand", 12, [])]);

    public Surroundings Surroundings { get; set; } = new(Token: null, AcceptLanguage: "en");

    /// <summary>What `demo` gets when it starts a shop of its own.</summary>
    public Func<ServeSettings, Task<RunningShop>> Start { get; set; } =
        _ => throw new InvalidOperationException("This test starts no shop.");

    public string Output => _output.ToString();

    public string Error => _error.ToString();

    public string[] Lines => Output.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    public Task<int> Run(params string[] args)
    {
        var host = new ShopHost(Serve, StartShop, Audit, Move, RunSandbox);
        var line = DoaCommand.Create(host, Surroundings).Parse(args);
        return DoaCommand.Invoke(line, new InvocationConfiguration { Output = _output, Error = _error });
    }

    private Task<int> Serve(ServeSettings settings, CancellationToken stop)
    {
        Served.Add(settings);
        return Task.FromResult(0);
    }

    private Task<RunningShop> StartShop(ServeSettings settings, CancellationToken stop)
    {
        Started.Add(settings);
        return Start(settings);
    }

    private Task<AuditReport> Audit(AuditSettings settings, CancellationToken stop)
    {
        Audited.Add(settings);
        return Task.FromResult(Report);
    }

    private Task Move(MoveSettings settings, Action<string, long> written, CancellationToken stop)
    {
        Moved.Add(settings);
        written("messages", 1_261);
        return Task.CompletedTask;
    }

    private Task<int> RunSandbox(SandboxAlone settings, CancellationToken stop)
    {
        Sandboxes.Add(settings);
        return Task.FromResult(0);
    }
}
