using System.CommandLine;
using System.CommandLine.Invocation;
using System.Runtime.CompilerServices;
using DoaMarket.Host.Cli.Commands;

[assembly: InternalsVisibleTo("DoaMarket.Cli.Tests")]

namespace DoaMarket.Host.Cli;

/// <summary>The <c>doa</c> command: serves the shop, shows it at work, and asks it from the outside.</summary>
public static class DoaCommand
{
    // Ctrl+C: batches in hand are committed and outside calls answered before the process ends.
    private static readonly TimeSpan StopWithin = TimeSpan.FromSeconds(30);

    /// <summary>Parses and runs one command line.</summary>
    /// <returns>The exit code: 0 when all is well, 1 when something failed, differed or was refused.</returns>
    public static Task<int> Run(string[] args, ShopHost host)
    {
        var configuration = new InvocationConfiguration { ProcessTerminationTimeout = StopWithin };
        return Invoke(Create(host).Parse(args), configuration);
    }

    /// <summary>The whole command tree.</summary>
    public static RootCommand Create(ShopHost host) => Create(host, Surroundings.OfProcess());

    /// <summary>Runs a parsed line. A wrong one is answered with what is wrong, not with a page of help.</summary>
    internal static Task<int> Invoke(ParseResult line, InvocationConfiguration configuration)
    {
        if (line.Action is ParseErrorAction wrong)
        {
            wrong.ShowHelp = false;
            wrong.ShowTypoCorrections = true;
        }

        return line.InvokeAsync(configuration);
    }

    internal static RootCommand Create(ShopHost host, Surroundings surroundings)
    {
        var root = new RootCommand(
            """
            DOA Market's order flow: a shop in one process, its demonstration, and the tools to look inside.

            Without a command it serves, like 'doa serve'.

            Try this first:
              doa demo
            """);
        var serve = new ServeOptions();
        serve.AddTo(root);
        root.Runs((line, _, stop) => host.Serve(serve.Read(line), stop));
        root.Add(ServeCommand.Create(host));
        root.Add(SandboxCommand.Create(host));
        root.Add(MigrateCommand.Create(host));
        root.Add(DemoCommand.Create(host, surroundings));
        root.Add(OrderCommand.Create(surroundings));
        root.Add(SagaCommand.Create(surroundings));
        root.Add(QueuesCommand.Create(surroundings));
        root.Add(DlqCommand.Create(surroundings));
        root.Add(AlertsCommand.Create(surroundings));
        root.Add(BreakersCommand.Create(surroundings));
        root.Add(StatsCommand.Create(surroundings));
        root.Add(HealthCommand.Create());
        root.Add(AuditCommand.Create(host));
        root.Add(SimulateCommand.Create());
        root.Add(ReconcileCommand.Create(surroundings));
        root.Add(TokenCommand.Create(surroundings));
        TaughtCommand.TeachBelow(root);
        return root;
    }
}
