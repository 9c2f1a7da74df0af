using System.Text;

namespace DoaMarket.EndToEnd.Harness;

/// <summary>A shop with a data folder of its own; its processes may be killed and started again.</summary>
internal sealed class Shop : IAsyncDisposable
{
    private readonly Plan _plan;
    private readonly Ground _ground;
    private readonly Lazy<Task<Person>> _operator;
    private DoaProcess? _sandbox;

    private Shop(Plan plan, Ground ground)
    {
        (_plan, _ground) = (plan, ground);
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

    /// <summary>Its data, seen and changed beside its processes.</summary>
    public ShopDatabase Database => _ground.Database;

    /// <summary>Where its processes run; embedded there is one.</summary>
    public IReadOnlyList<Node> Nodes { get; private set; } = [];

    /// <summary>Where the API listens.</summary>
    public string Url => Nodes[0].Url;

    /// <summary>Where the sandbox listens.</summary>
    public string SandboxUrl => (_sandbox ?? Nodes[0].Process).SandboxUrl;

    /// <summary>The outside world.</summary>
    public Sandbox Sandbox { get; }

    /// <summary>One client for all: addresses are absolute, since a restart moves them.</summary>
    public HttpClient Http { get; }

    /// <summary>Opens a shop on a new folder.</summary>
    public static Task<Shop> Open(Settings settings) => Open(new Plan(settings));

    /// <summary>Opens a shop on a new folder.</summary>
    public static async Task<Shop> Open(Plan plan)
    {
        var shop = new Shop(plan, await (plan.Ground?.Invoke() ?? Ground.For(plan)));
        try
        {
            var further = plan.IsSandboxApart || shop._ground.NeedsSandboxApart ? await shop.BesideSandbox() : null;
            shop.Nodes = further is var (urls, arguments)
                ? [.. shop._ground.Nodes.Select((node, i) => shop.NodeAt(urls[i], node, urls, arguments))]
                : [new Node(shop.Serve("http://127.0.0.1:0", []))];
            await shop.Start();
            return shop;
        }
        catch
        {
            await shop.DisposeAsync();
            throw;
        }
    }

    /// <summary>Starts every process that does not run, again on the same data.</summary>
    public Task Start() => Task.WhenAll(Nodes.Where(n => !n.Runs).Select(n => n.Start()));

    /// <summary>SIGKILL to every process of the shop at once.</summary>
    public Task Kill() => Task.WhenAll(Nodes.Select(n => n.Process.Kill()));

    /// <summary>Stops every process in good order, all at once.</summary>
    public async Task Stop()
    {
        foreach (var ended in await Task.WhenAll(Nodes.Select(n => n.Process.Terminate())))
        {
            Assert.True(ended.Code == 0, $"Exit code {ended.Code}:\n{ended.Output}\n{ended.Errors}");
        }
    }

    /// <summary>What its processes have said.</summary>
    public IEnumerable<string> Lines => Nodes.SelectMany(n => n.Process.Lines);

    /// <summary>What each process has said last.</summary>
    public string LogTail() =>
        string.Join('\n', Nodes.Select((n, i) => $"---- process {i + 1} of {Nodes.Count}\n{n.Process.LogTail()}"));

    /// <summary>A customer; each test has its own, so that its orders can be counted.</summary>
    public Task<Person> Customer(string? name = null) =>
        Person.SignIn(this, name ?? $"u-{Guid.NewGuid():N}"[..14], "customer");

    /// <summary>The operator.</summary>
    public Task<Person> Operator() => _operator.Value;

    /// <summary>Every invariant, checked by the product's own audit; where that takes a shop that is stopped, it is.</summary>
    public async Task AssertAudited(params string[] further)
    {
        var mustStop = !_ground.IsAuditedAtWork && Nodes.Any(n => n.Runs);
        if (mustStop)
        {
            await Stop();
        }

        var audit = await DoaProcess.Run(
            Data, Settings, _plan.Launch with { Environment = Launch.Plain.Environment },
            ["audit", .. _ground.AuditArguments, "--data", Data, .. further]);
        Assert.True(audit.Code == 0, $"The audit ended with {audit.Code}:\n{audit.Output}\n{audit.Errors}");
        if (mustStop)
        {
            await Start();
        }
    }

    /// <summary>Ends the processes and leaves the data.</summary>
    public async Task Close()
    {
        await Task.WhenAll(Nodes.Select(n => n.DisposeAsync().AsTask()));
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
        await _ground.DisposeAsync();
        Directory.Delete(Data, recursive: true);
    }

    private Settings Settings => _plan.Settings.With([.. _ground.Settings.Select(s => (s.Key, s.Value))]);

    // The sandbox knows where the shop will be before the shop knows where the sandbox is.
    private async Task<(IReadOnlyList<string> Urls, string[] Arguments)?> BesideSandbox()
    {
        var urls = _ground.Nodes.Select(_ => Plan.FreeUrl()).ToList();
        var folder = _plan.SandboxData ?? Data;
        _sandbox = DoaProcess.Begin(
            folder, _plan.Settings, new Launch([], _plan.SandboxEnvironment, _plan.Launch.LogFolder),
            "sandbox", "--data", folder, "--shop", urls[0]);
        await _sandbox.Welcome();
        return (urls,
        [
            "--sandbox", "apart", "--set", $"Sandbox:Url={_sandbox.SandboxUrl}",
            "--set", $"Sandbox:SmtpPort={_sandbox.SmtpPort}",
        ]);
    }

    // Every process may have the same list of who is where.
    private Node NodeAt(string url, NodePlan node, IReadOnlyList<string> urls, string[] arguments)
    {
        string[] services = node.Services is { } some ? ["--services", some] : [];
        var places = _ground.Nodes
            .SelectMany((other, i) => (other.Services?.Split(',') ?? []).Select(service => (Service: service, Url: urls[i])))
            .DistinctBy(place => place.Service)
            .SelectMany(place => new[] { "--set", $"Services:{place.Service}:Url={place.Url}" });
        var own = (node.Own ?? []).SelectMany(set => new[] { "--set", $"{set.Key}={set.Value}" });
        return new(Serve(url, [.. services, .. places, .. own, .. arguments]), url);
    }

    private Func<DoaProcess> Serve(string url, string[] further) => () => DoaProcess.Begin(
        Data, Settings, _plan.Launch, ["serve", .. _ground.ServeArguments, "--urls", url, "--data", Data, .. further]);
}
