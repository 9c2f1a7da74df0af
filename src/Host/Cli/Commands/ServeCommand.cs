using System.CommandLine;

namespace DoaMarket.Host.Cli.Commands;

/// <summary><c>doa serve</c>.</summary>
internal static class ServeCommand
{
    public static Command Create(ShopHost host)
    {
        var options = new ServeOptions();
        var command = new TaughtCommand(
            "serve",
            "Serve the shop until Ctrl+C.",
            """
            Examples:
              doa serve
              doa serve --urls http://127.0.0.1:8080 --data /var/lib/doa --sandbox off
            """);
        options.AddTo(command);
        command.Runs((line, _, stop) => host.Serve(options.Read(line), stop));
        return command;
    }
}
