using System.CommandLine;
using DoaMarket.Host.Cli.Views;

namespace DoaMarket.Host.Cli.Commands;

/// <summary><c>doa audit</c>.</summary>
internal static class AuditCommand
{
    public static Command Create(ShopHost host)
    {
        var data = Options.Data();
        var command = new TaughtCommand(
            "audit",
            "Check every invariant of stock, money, sagas and messages in a data folder.",
            """
            Exit code 1, with the offending rows, when one is broken.

            Example:
              doa audit --data ./.doa
            """) { data };
        command.Runs((line, terminal, stop) => Run(host, line.GetRequiredValue(data), terminal, stop));
        return command;
    }

    /// <summary>Audits and prints the table.</summary>
    /// <returns>The exit code.</returns>
    public static async Task<int> Run(ShopHost host, string dataFolder, Terminal terminal, CancellationToken stop)
    {
        var folder = Path.GetFullPath(dataFolder);
        if (!Directory.Exists(folder))
        {
            terminal.Complain(
                $"There is no data folder {folder}. 'doa serve' makes one; --data names another.");
            return 1;
        }

        var report = await host.Audit(folder, stop);
        if (report.Refusal is { } refusal)
        {
            terminal.Complain($"{folder} cannot be audited: {refusal}");
            return 1;
        }

        if (report.Results.Count == 0)
        {
            // An audit that looked at nothing must never pass for a clean one.
            terminal.Complain($"Nothing in {folder} was checked.");
            return 1;
        }

        AuditTable.Print(terminal.Out, folder, report);
        return report.Violations == 0 ? 0 : 1;
    }
}
