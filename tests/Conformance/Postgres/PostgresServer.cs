using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using DoaMarket.Servers;
using Npgsql;

[assembly: AssemblyFixture(typeof(PostgresServerEnds))]

namespace DoaMarket.Servers;

/// <summary>
/// One PostgreSQL server for all tests of this process: the one that DOA_TEST_POSTGRES names (a connection string whose
/// user may create databases), or one of its own in a temporary folder, on a free port of the loopback. Tests that crash a
/// server start one for themselves.
/// </summary>
/// <remarks>A test process that is killed leaves its server running: the next one that starts a server ends it.</remarks>
public sealed class PostgresServer : IAsyncDisposable
{
    private const string Superuser = "postgres", Named = "DOA_TEST_POSTGRES", Prefix = "doa-postgres-", Owner = "owner";
    private static readonly Lazy<Task<PostgresServer>> Started = new(Start);
    private readonly string? _folder;
    private readonly int _port;

    private PostgresServer(string connectionString, string? folder, int port) =>
        (ConnectionString, _folder, _port) = (connectionString, folder, port);

    /// <summary>The server; it is started when it is asked for first.</summary>
    public static Task<PostgresServer> Shared => Started.Value;

    /// <summary>Names the server and the user who may do everything.</summary>
    public string ConnectionString { get; }

    /// <summary>A new database; its connection string.</summary>
    /// <param name="template">Connection string of one that it is a copy of, and nobody uses; null makes it empty.</param>
    /// <param name="called">Its name; null makes one.</param>
    public async Task<string> CreateDatabase(string? template = null, string? called = null)
    {
        var name = called ?? "doa_" + Guid.NewGuid().ToString("N");
        await Run(template is null
            ? $"CREATE DATABASE {name} TEMPLATE template0 ENCODING 'UTF8' LC_COLLATE 'C.UTF-8' LC_CTYPE 'C.UTF-8'"
            : $"CREATE DATABASE {name} TEMPLATE {new NpgsqlConnectionStringBuilder(template).Database}");
        return new NpgsqlConnectionStringBuilder(ConnectionString) { Database = name }.ConnectionString;
    }

    /// <summary>Drops a database, whoever is connected to it; those of our own server go with it.</summary>
    public Task DropDatabase(string connectionString) => _folder is not null ? Task.CompletedTask : Run(
        $"DROP DATABASE IF EXISTS {new NpgsqlConnectionStringBuilder(connectionString).Database} WITH (FORCE)");

    /// <summary>A server of one's own, in a temporary folder; whoever asks for it disposes of it.</summary>
    public static async Task<PostgresServer> Own()
    {
        await EndLeftBehind();
        var binaries = Binaries();
        var folder = Directory.CreateTempSubdirectory(Prefix).FullName;
        await File.WriteAllTextAsync(Path.Combine(folder, Owner), Text(Environment.ProcessId));
        if (Environment.IsPrivilegedProcess)
        {
            await Sh("chown", "-R", Superuser, folder); // the server refuses to run as root
        }

        var port = FreePort();
        await AsPostgres(
            Path.Combine(binaries, "initdb"), "-D", Path.Combine(folder, "data"), "-U", Superuser, "--auth=trust", "-E", "UTF8",
            "--locale=C.UTF-8");
        var server = new PostgresServer(
            $"Host=127.0.0.1;Port={Text(port)};Username={Superuser};Database=postgres", folder, port);
        await server.StartAgain();
        return server;
    }

    /// <summary>Ends the server as a crash does: nothing is written that is not on the disk.</summary>
    public Task Crash() => Control("stop", "-m", "immediate");

    /// <summary>Starts a server that was stopped: what it has on the disk is recovered.</summary>
    public Task StartAgain() => Control(
        "-l", Path.Combine(_folder!, "log"), "-w", "-t", "120", "-o",
        $"-p {Text(_port)} -c listen_addresses=127.0.0.1 -c unix_socket_directories={_folder} -c max_connections=400", "start");

    /// <summary>Ends every session of every database but the one that says so.</summary>
    public Task EndSessions() => Run(
        "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity "
        + "WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()");

    /// <summary>Stops the server of all tests if it is one of ours and was started at all.</summary>
    public static async Task Stop()
    {
        if (Started.IsValueCreated)
        {
            await (await Started.Value).DisposeAsync();
        }
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        if (_folder is not null)
        {
            NpgsqlConnection.ClearAllPools();
            await End(_folder);
        }
    }

    private async Task Run(string sql)
    {
        await using var connection = new NpgsqlConnection(
            new NpgsqlConnectionStringBuilder(ConnectionString) { Pooling = false, CommandTimeout = 120 }.ConnectionString);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }

    private static async Task<PostgresServer> Start() =>
        Environment.GetEnvironmentVariable(Named) is { Length: > 0 } given ? new(given, null, 0) : await Own();

    private Task<string> Control(params string[] arguments) =>
        AsPostgres([Path.Combine(Binaries(), "pg_ctl"), "-D", Path.Combine(_folder!, "data"), .. arguments]);

    // Servers whose test process is gone. One that two processes end at once is gone afterwards, too.
    private static async Task EndLeftBehind()
    {
        foreach (var folder in Directory.GetDirectories(Path.GetTempPath(), Prefix + "*"))
        {
            var owner = Path.Combine(folder, Owner);
            if (File.Exists(owner)
                && int.TryParse(await File.ReadAllTextAsync(owner), CultureInfo.InvariantCulture, out var id) && !IsThere(id))
            {
                await End(folder);
            }
        }
    }

    private static async Task End(string folder)
    {
        var file = Path.Combine(folder, "data", "postmaster.pid");
        if (File.Exists(file) && int.TryParse((await File.ReadAllLinesAsync(file)).FirstOrDefault(), CultureInfo.InvariantCulture, out var id) && IsThere(id))
        {
            await Sh("kill", "-INT", Text(id)); // fast shutdown
            for (var i = 0; i < 100 && File.Exists(file); i++)
            {
                await Task.Delay(100);
            }
        }

        try
        {
            Directory.Delete(folder, recursive: true);
        }
        catch (DirectoryNotFoundException)
        {
            // somebody else was quicker
        }
    }

    private static bool IsThere(int processId)
    {
        try
        {
            using var process = Process.GetProcessById(processId);
            return !process.HasExited;
        }
        catch (ArgumentException)
        {
            return false;
        }
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);

    // Debian keeps its versions side by side; elsewhere they are on the path.
    private static string Binaries()
    {
        var debian = Directory.Exists("/usr/lib/postgresql") ? Directory.GetDirectories("/usr/lib/postgresql") : [];
        var path = Environment.GetEnvironmentVariable("PATH") ?? "";
        return debian.Order(StringComparer.Ordinal).Select(d => Path.Combine(d, "bin"))
            .Concat(path.Split(Path.PathSeparator))
            .FirstOrDefault(d => File.Exists(Path.Combine(d, "initdb"))) ?? throw Missing();
    }

    private static InvalidOperationException Missing() => new(
        $"No PostgreSQL server is installed. Run 'apt-get install postgresql-15', or name a running one: "
        + $"{Named}='Host=127.0.0.1;Username=postgres;Password=…;Database=postgres'.");

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private static Task<string> AsPostgres(params string[] command) => Environment.IsPrivilegedProcess
        ? Sh("runuser", ["-u", Superuser, "--", .. command])
        : Sh(command[0], command[1..]);

    private static async Task<string> Sh(string program, params string[] arguments)
    {
        // The server keeps what it inherits: it must not hold our pipes open. Its own log is in its folder.
        var isServer = arguments.Contains("start", StringComparer.Ordinal);
        using var process = Process.Start(new ProcessStartInfo(program, arguments)
        {
            RedirectStandardOutput = !isServer,
            RedirectStandardError = !isServer,
            WorkingDirectory = Path.GetTempPath(),
        })!;
        var output = isServer ? "" : await process.StandardOutput.ReadToEndAsync();
        var error = isServer ? "" : await process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        return process.ExitCode == 0
            ? output
            : throw new InvalidOperationException($"{program} {string.Join(' ', arguments)}: {error}");
    }
}

/// <summary>Ends the server after the last test.</summary>
public sealed class PostgresServerEnds : IAsyncDisposable
{
    public async ValueTask DisposeAsync() => await PostgresServer.Stop();
}
