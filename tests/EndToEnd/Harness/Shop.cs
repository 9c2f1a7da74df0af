using System.Text;

namespace DoaMarket.EndToEnd.Harness;

/// <summary>A shop with a data folder of its own; its processes may be killed and started again.</summary>
internal sealed class Shop : IAsyncDisposable
{
    private readonly Plan _plan;
    private readonly Lazy<Task<Person>> _operator;
    private DoaProcess? _sandbox;

    private Shop(Plan plan)
    {
        _plan = plan;
        _operator = new(() => Person.SignIn(this, "op-1", "operator"));
        Sandbox = new Sandbox(this);
        var handler = new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            RequestHeaderEncodingSelector = (_, _) => Encoding.UTF8, // wrong headers are to reach the shop
        };
        Http = new(handler) { Timeout = plan.ClientPatience };
    }

    /// <summary>The data folder.</summary>
    public string Data => _plan.Data;

    /// <summary>Where its processes run; embedded there is one.</summary>
    public IReadOnlyList<Node> Nodes { get; private set; } = [];

    /// <summary>The process that runs now, where there is one node.</summary>
    public DoaProcess Process => Nodes[0].Process;

    /// <summary>Where the API listens.</summary>
    public string Url => Nodes[0].Url;

    /// <summary>Where the sandbox listens.</summary>
    public string SandboxUrl => (_sandbox ?? Process).SandboxUrl;

    /// <summary>The outside world.</summary>
    public Sandbox Sandbox { get; }

    /// <summary>One client for all: addresses are absolute, since a restart moves them.</summary>
    public HttpClient Http { get; }

    /// <summary>Opens a shop on a new folder.</summary>
    public static Task<Shop> Open(Settings settings) => Open(new Plan(settings));

    /// <summary>Opens a shop on a new folder.</summary>
    public static async Task<Shop> Open(Plan plan)
    {
        var shop = new Shop(plan);
        try
        {
            shop.Nodes = [plan.IsSandboxApart ? await shop.BesideSandbox() : new Node(shop.Serve("http://127.0.0.1:0"))];
            await shop.Start();
            return shop;
        }
        catch
        {
            await shop.DisposeAsync();
            throw;
        }
    }

    /// <summary>Starts the process, again on the same folder.</summary>
    public Task Start() => Nodes[0].Start();

    /// <summary>A customer; each test has its own, so that its orders can be counted.</summary>
    public Task<Person> Customer(string? name = null) =>
        Person.SignIn(this, name ?? $"u-{Guid.NewGuid():N}"[..14], "customer");

    /// <summary>The operator.</summary>
    public Task<Person> Operator() => _operator.Value;

    /// <summary>Every invariant, checked by the product's own audit on the data folder.</summary>
    public async Task AssertAudited(params string[] further)
    {
        var audit = await DoaProcess.Run(
            Data, _plan.Settings, _plan.Launch with { Environment = Launch.Plain.Environment },
            ["audit", "--data", Data, .. further]);
        Assert.True(audit.Code == 0, $"The audit ended with {audit.Code}:\n{audit.Output}\n{audit.Errors}");
    }

    /// <summary>Ends the processes and leaves the folder.</summary>
    public async Task Close()
    {
        foreach (var node in Nodes)
        {
            await node.DisposeAsync();
        }

        if (_sandbox is not null)
        {
            await _sandbox.DisposeAsync();
        }

        Http.Dispose();
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        await Close();
        Directory.Delete(Data, recursive: true);
    }

    // The sandbox knows where the shop will be before the shop knows where the sandbox is.
    private async Task<Node> BesideSandbox()
    {
        var (url, folder) = (Plan.FreeUrl(), _plan.SandboxData ?? Data);
        _sandbox = DoaProcess.Begin(
            folder, _plan.Settings, new Launch([], _plan.SandboxEnvironment, _plan.Launch.LogFolder),
            "sandbox", "--data", folder, "--shop", url);
        await _sandbox.Welcome();
        var begin = Serve(
            url, "--sandbox", "apart", "--set", $"Sandbox:Url={_sandbox.SandboxUrl}",
            "--set", $"Sandbox:SmtpPort={_sandbox.SmtpPort}");
        return new Node(begin, url);
    }

    private Func<DoaProcess> Serve(string url, params string[] further) => () => DoaProcess.Begin(
        Data, _plan.Settings, _plan.Launch, ["serve", "--urls", url, "--data", Data, .. further]);
}
