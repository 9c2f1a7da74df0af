using DoaMarket.Host.Cli;
using DoaMarket.Host.Server.Modes.PerService;
using DoaMarket.Kernel;

namespace DoaMarket.Host.Server.Modes;

/// <summary>The modes by name: what each needs, and what it brings.</summary>
public static class Mode
{
    /// <summary>SQLite, one process.</summary>
    public const string Embedded = "embedded";

    /// <summary>PostgreSQL, any number of processes.</summary>
    public const string Postgres = "postgres";

    /// <summary>A PostgreSQL database per service and RabbitMQ, any number of processes.</summary>
    public const string RabbitMq = "rabbitmq";

    /// <summary>Where the sandbox is, unless it is said: a shop of several processes has real outside systems.</summary>
    public static SandboxPlace SandboxOf(ServeSettings settings) =>
        settings.Sandbox ?? (settings.Mode == Embedded ? SandboxPlace.On : SandboxPlace.Off);

    /// <summary>Whether whoever reaches the API may act as anybody (POST /dev/token): for development only.</summary>
    public static bool IssuesTokens(ServeSettings settings) =>
        settings.Mode == Embedded || SandboxOf(settings) != SandboxPlace.Off;

    /// <summary>Refuses what cannot work, before anything starts.</summary>
    /// <exception cref="WrongConfigurationException">The text says what to write.</exception>
    public static void Check(ServeSettings settings, IConfiguration configuration)
    {
        switch (settings.Mode)
        {
            case Embedded when settings.Services is not null:
                throw new WrongConfigurationException(
                    "In embedded mode all services run in one process, since one process owns the database. "
                    + "Leave --services out.");
            case Embedded:
                return;
            case Postgres or RabbitMq:
                CheckServers(settings.Mode, configuration.Options<ConnectionStrings>("ConnectionStrings"));
                CheckTokens(settings, configuration);
                return;
            default:
                throw new WrongConfigurationException(
                    $"There is no mode '{settings.Mode}' in this version. "
                    + $"Write --mode {Embedded}, {Postgres} or {RabbitMq}.");
        }
    }

    /// <summary>Refuses connection strings that are missing, or that name one database where there must be several.</summary>
    /// <exception cref="WrongConfigurationException">The text says what to write.</exception>
    public static void CheckServers(string mode, ConnectionStrings servers)
    {
        var isPerService = servers.Postgres.Contains(ServiceDatabase.Placeholder, StringComparison.Ordinal);
        var fault = mode switch
        {
            Postgres when servers.Postgres.Length == 0 =>
                "Mode 'postgres' needs a database. Write DOA__ConnectionStrings__Postgres="
                + "'Host=…;Port=5432;Database=…;Username=…;Password=…', the same in every process.",
            Postgres when isPerService =>
                "In mode 'postgres' messages travel in the database, so all services share one: write it without "
                + $"{ServiceDatabase.Placeholder} in DOA__ConnectionStrings__Postgres. A database per service needs a broker "
                + $"between them: --mode {RabbitMq}.",
            RabbitMq when !isPerService =>
                "Mode 'rabbitmq' needs a database per service. Write DOA__ConnectionStrings__Postgres="
                + $"'Host=…;Port=5432;Database=doa_{ServiceDatabase.Placeholder};Username=…;Password=…', "
                + "the same in every process.",
            RabbitMq when servers.RabbitMq.Length == 0 =>
                "Mode 'rabbitmq' needs RabbitMQ. Write DOA__ConnectionStrings__RabbitMq="
                + "amqp://user:password@host:5672/virtual-host, the same in every process.",
            _ => null,
        };
        if (fault is not null)
        {
            throw new WrongConfigurationException(fault);
        }
    }

    private static void CheckTokens(ServeSettings settings, IConfiguration configuration)
    {
        if (SandboxOf(settings) == SandboxPlace.Off
            && configuration.Options<TokenOptions>("Tokens").Key.Length == 0)
        {
            throw new WrongConfigurationException(
                "Every process must sign and check tokens with the same key. "
                + "Write DOA__Tokens__Key=$(openssl rand -base64 32), the same in every process. "
                + "(With --sandbox on or apart, for development, the key in the data folder does.)");
        }
    }

    /// <summary>What the mode brings.</summary>
    /// <exception cref="InvalidOperationException">It cannot be had. The text says what to do.</exception>
    public static async Task<IFoundation> Found(
        string mode, ShopOptions options, IReadOnlyList<ServiceModule> modules, TimeProvider time, ILoggerFactory logs,
        CancellationToken stop) => mode switch
        {
            RabbitMq => await Modes.RabbitMq.Open(options, modules, time, logs, stop),
            Postgres => await Modes.Postgres.Open(
                options.ConnectionStrings.Postgres, options.Postgres, modules, time, logs, stop),
            _ => new Embedded(options.Sqlite, modules, time),
        };
}
