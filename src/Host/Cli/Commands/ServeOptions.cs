using System.CommandLine;
using System.CommandLine.Parsing;

namespace DoaMarket.Host.Cli.Commands;

/// <summary>What <c>serve</c> can be told; the bare <c>doa</c> takes the same.</summary>
internal sealed class ServeOptions
{
    private const string Embedded = "embedded", Postgres = "postgres", RabbitMq = "rabbitmq", Planned = "aws";

    private readonly Option<string> _mode = new("--mode")
    {
        Description = "Where data and messages live: embedded (one SQLite file; nothing to install), postgres "
            + "(one PostgreSQL database and any number of processes; DOA__ConnectionStrings__Postgres names it), or "
            + "rabbitmq (a PostgreSQL database per service, and RabbitMQ between them, which "
            + "DOA__ConnectionStrings__RabbitMq names). aws is named but not part of this version.",
        HelpName = "embedded|postgres|rabbitmq|aws",
        DefaultValueFactory = _ => Embedded,
    };

    private readonly Option<string?> _services = new("--services")
    {
        Description = "Run only these services in this process, for example orders,payments (embedded runs all).",
        HelpName = "names",
    };

    private readonly Option<string> _urls = new("--urls")
    {
        Description = "Where to listen; several are separated by semicolons.",
        HelpName = "urls",
        DefaultValueFactory = _ => Options.DefaultUrl,
    };

    private readonly Option<string> _data = Options.Data();

    private readonly Option<string?> _sandbox = new("--sandbox")
    {
        Description = "Whether the sandbox of payment gateway, carriers and mail runs too: in this process (on, the "
            + "default when embedded), not at all (off, the default otherwise), or in a process of its own, started by "
            + "'doa sandbox' (apart).",
        HelpName = "on|off|apart",
    };

    private readonly Option<string[]> _set = Options.Set("Shipping:HoldBeforeDispatch=00:01:00");

    public ServeOptions()
    {
        _mode.Validators.Add(RefuseMissingModes);
        _urls.Validators.Add(RefuseOtherThanHttp);
        _sandbox.AcceptOnlyFromAmong("on", "off", "apart");
    }

    public void AddTo(Command command)
    {
        foreach (var option in new Option[] { _mode, _services, _urls, _data, _sandbox, _set })
        {
            command.Add(option);
        }
    }

    public ServeSettings Read(ParseResult line) => new(
        line.GetRequiredValue(_mode),
        line.GetValue(_services),
        line.GetRequiredValue(_urls),
        Path.GetFullPath(line.GetRequiredValue(_data)),
        line.GetValue(_sandbox) is { } sandbox ? Enum.Parse<SandboxPlace>(sandbox, ignoreCase: true) : null,
        Options.Pairs(line.GetRequiredValue(_set)));

    private static void RefuseMissingModes(OptionResult result)
    {
        var mode = result.GetValueOrDefault<string>();
        if (mode is not (Embedded or Postgres or RabbitMq))
        {
            var known = $"Write '{Embedded}', '{Postgres}' or '{RabbitMq}'.";
            result.AddError(mode == Planned
                ? $"The mode '{mode}' does not exist in this version yet. {known}"
                : $"There is no mode '{mode}'. {known}");
        }
    }

    private static void RefuseOtherThanHttp(OptionResult result)
    {
        foreach (var url in result.GetValueOrDefault<string>().Split(';'))
        {
            // Not parsed further: http://*:5080 is a fine place to listen, and no URI.
            if (!url.StartsWith("http://", StringComparison.OrdinalIgnoreCase)
                && !url.StartsWith("https://", StringComparison.OrdinalIgnoreCase))
            {
                result.AddError($"'{url}' is no place to listen; write http://127.0.0.1:5080, for example.");
            }
        }
    }
}
