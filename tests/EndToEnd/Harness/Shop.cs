using System.Text;

namespace DoaMarket.EndToEnd.Harness;

/// <summary>A shop with a data folder of its own; its process may be killed and started again.</summary>
internal sealed class Shop : IAsyncDisposable
{
    private readonly Settings _settings;
    private readonly Lazy<Task<Person>> _operator;
    private DoaProcess? _process;

    private Shop(Settings settings)
    {
        _settings = settings;
        _operator = new(() => Person.SignIn(this, "op-1", "operator"));
        Data = Path.Combine(Path.GetTempPath(), "doa-e2e", Guid.NewGuid().ToString("N"));
        Sandbox = new Sandbox(this);
    }

    /// <summary>The data folder.</summary>
    public string Data { get; }

    /// <summary>The process that runs now.</summary>
    public DoaProcess Process => _process ?? throw new InvalidOperationException("The shop does not run.");

    /// <summary>The outside world.</summary>
    public Sandbox Sandbox { get; }

    /// <summary>One client for all: addresses are absolute, since a restart moves them.</summary>
    public HttpClient Http { get; } = new(new SocketsHttpHandler
    {
        AllowAutoRedirect = false,
        RequestHeaderEncodingSelector = (_, _) => Encoding.UTF8, // wrong headers are to reach the shop
    })
    { Timeout = TimeSpan.FromSeconds(90) };

    /// <summary>Opens a shop on a new folder.</summary>
    public static async Task<Shop> Open(Settings settings)
    {
        var shop = new Shop(settings);
        try
        {
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
    public async Task Start() => _process = await DoaProcess.Serve(Data, _settings);

    /// <summary>A customer; each test has its own, so that its orders can be counted.</summary>
    public Task<Person> Customer(string? name = null) =>
        Person.SignIn(this, name ?? $"u-{Guid.NewGuid():N}"[..14], "customer");

    /// <summary>The operator.</summary>
    public Task<Person> Operator() => _operator.Value;

    /// <summary>Every invariant, checked by the product's own audit on the data folder.</summary>
    public async Task AssertAudited()
    {
        var audit = await DoaProcess.Run(Data, _settings, "audit", "--data", Data);
        Assert.True(audit.Code == 0, $"The audit ended with {audit.Code}:\n{audit.Output}\n{audit.Errors}");
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        if (_process is not null)
        {
            await _process.DisposeAsync();
        }

        Http.Dispose();
        Directory.Delete(Data, recursive: true);
    }
}
