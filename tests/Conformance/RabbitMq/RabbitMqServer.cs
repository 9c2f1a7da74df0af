using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using DoaMarket.Servers;
using RabbitMQ.Client;
using RabbitMQ.Client.Exceptions;

[assembly: AssemblyFixture(typeof(RabbitMqServerEnds))]

namespace DoaMarket.Servers;

/// <summary>
/// One RabbitMQ server for all tests of this process: the one that DOA_TEST_RABBITMQ names
/// (amqp://user:password@host:port/virtual-host), or one of its own in a temporary folder, on free ports of the loopback.
/// Those that kill it have another, by <see cref="StartOwn"/>.
/// </summary>
public sealed class RabbitMqServer : IAsyncDisposable
{
    private const string Named = "DOA_TEST_RABBITMQ";
    private static readonly TimeSpan LongestStart = TimeSpan.FromSeconds(120);
    private static readonly Lazy<Task<RabbitMqServer>> Started = new(Begin);
    private readonly string _folder = "";
    private readonly Process? _names;
    private readonly Dictionary<string, string> _settings = [];

    private RabbitMqServer(string url) => Url = url;

    private RabbitMqServer()
    {
        _folder = Directory.CreateTempSubdirectory("doa-rabbitmq-").FullName;
        var (port, between, names) = (FreePort(), FreePort(), FreePort());
        Url = string.Create(CultureInfo.InvariantCulture, $"amqp://guest:guest@127.0.0.1:{port}");
        File.WriteAllText(
            InFolder("rabbitmq.conf"),
            string.Create(
                CultureInfo.InvariantCulture,
                $"""
                listeners.tcp.1 = 127.0.0.1:{port}
                log.file.level = warning
                disk_free_limit.absolute = 50MB
                raft.wal_max_size_bytes = 67108864

                """));
        File.WriteAllText(InFolder("plugins"), "[].\n");
        _settings = new()
        {
            ["HOME"] = _folder, // the cookie
            ["RABBITMQ_NODENAME"] = "doa@localhost",
            ["RABBITMQ_DIST_PORT"] = between.ToString(CultureInfo.InvariantCulture),
            ["ERL_EPMD_PORT"] = names.ToString(CultureInfo.InvariantCulture),
            ["ERL_EPMD_ADDRESS"] = "127.0.0.1",
            ["RABBITMQ_CONF_ENV_FILE"] = "/dev/null",
            ["RABBITMQ_MNESIA_BASE"] = InFolder("data"),
            ["RABBITMQ_LOG_BASE"] = InFolder("log"),
            ["RABBITMQ_PID_FILE"] = InFolder("pid"),
            ["RABBITMQ_CONFIG_FILE"] = InFolder("rabbitmq.conf"),
            ["RABBITMQ_ENABLED_PLUGINS_FILE"] = InFolder("plugins"),
            // A machine that runs other tests beside has no processor to spare for waiting.
            ["RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS"] =
                "+sbwt none +sbwtdcpu none +sbwtdio none -kernel inet_dist_use_interface {127,0,0,1}",
        };
        _names = Run(Program("epmd"), "-port", _settings["ERL_EPMD_PORT"], "-address", "127.0.0.1");
    }

    /// <summary>The server; it is started when it is asked for first.</summary>
    public static Task<RabbitMqServer> Shared => Started.Value;

    /// <summary>How to reach it, as a user who may do everything.</summary>
    public string Url { get; }

    /// <summary>A server that the caller may kill, and disposes of.</summary>
    public static async Task<RabbitMqServer> StartOwn()
    {
        var server = new RabbitMqServer();
        await server.Start();
        return server;
    }

    /// <summary>Stops the shared server if it is one of ours and was started at all.</summary>
    public static async Task Stop()
    {
        if (Started.IsValueCreated)
        {
            await (await Started.Value).DisposeAsync();
        }
    }

    /// <summary>Ends it without a word: SIGKILL.</summary>
    public async Task Kill()
    {
        using var server = Process.GetProcessById(ProcessId());
        server.Kill();
        await server.WaitForExitAsync();
    }

    /// <summary>Starts it on what is on its disk.</summary>
    public async Task Start()
    {
        File.Delete(InFolder("pid"));
        using (var starting = Run("/usr/lib/rabbitmq/bin/rabbitmq-server", "-detached"))
        {
            await starting.WaitForExitAsync();
        }

        var since = Stopwatch.StartNew();
        while (!await Answers())
        {
            if (since.Elapsed > LongestStart)
            {
                throw new InvalidOperationException($"RabbitMQ has not started. See {InFolder("log")}.");
            }

            await Task.Delay(100);
        }
    }

    /// <summary>Stops it, and removes its folder.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_names is null)
        {
            return; // somebody else's
        }

        if (IsRunning())
        {
            await Kill();
        }

        _names.Kill();
        await _names.WaitForExitAsync();
        _names.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private static Task<RabbitMqServer> Begin() => Environment.GetEnvironmentVariable(Named) is { Length: > 0 } given
        ? Task.FromResult(new RabbitMqServer(given))
        : StartOwn();

    private async Task<bool> Answers()
    {
        try
        {
            await using var connection = await new ConnectionFactory { Uri = new(Url) }.CreateConnectionAsync();
            return true;
        }
        catch (BrokerUnreachableException)
        {
            return false;
        }
    }

    private bool IsRunning() => File.Exists(InFolder("pid")) && Directory.Exists($"/proc/{ProcessId()}");

    private int ProcessId() => int.Parse(File.ReadAllText(InFolder("pid")), CultureInfo.InvariantCulture);

    private string InFolder(string name) => Path.Combine(_folder, name);

    private static string Program(string name) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)
            .Select(folder => Path.Combine(folder, name))
            .FirstOrDefault(File.Exists) ?? throw Missing();

    private static InvalidOperationException Missing() => new(
        "No RabbitMQ server is installed. Run 'apt-get install rabbitmq-server', or name a running one: "
        + $"{Named}=amqp://guest:guest@127.0.0.1:5672");

    // The server keeps what it inherits: it must not hold our pipes open. Its own log is in its folder.
    private Process Run(string program, params string[] arguments)
    {
        if (!File.Exists(program))
        {
            throw Missing();
        }

        var start = new ProcessStartInfo("/bin/sh") { WorkingDirectory = _folder };
        string[] all = ["-c", "exec \"$@\" >/dev/null 2>&1 </dev/null", "sh", program, .. arguments];
        foreach (var argument in all)
        {
            start.ArgumentList.Add(argument);
        }

        foreach (var (name, value) in _settings)
        {
            start.Environment[name] = value;
        }

        return Process.Start(start)!;
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}

/// <summary>Ends the server after the last test.</summary>
public sealed class RabbitMqServerEnds : IAsyncDisposable
{
    public async ValueTask DisposeAsync() => await RabbitMqServer.Stop();
}
