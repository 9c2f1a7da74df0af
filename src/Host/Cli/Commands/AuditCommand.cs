using System.CommandLine;
using DoaMarket.Host.Cli.Views;

namespace DoaMarket.Host.Cli.Commands;

/// <summary><c>doa audit</c>.</summary>
internal static class AuditCommand
{
    private const string Embedded = "embedded";

    public static Command Create(ShopHost host)
    {
        var data = Options.Data();
        var atRest = new Option<bool>("--at-rest")
        {
            Description = "Nothing moves any more: every order must have come to its end.",
        };
        var promised = new Option<FileInfo?>("--promised")
        {
            Description = "A client's own list of the orders that it was answered for: an order id begins each line.",
            HelpName = "file",
        };
        var mode = new Option<string>("--mode")
        {
            Description = "Where the data lies: in the data folder (embedded), or in the database that "
                + "DOA__ConnectionStrings__Postgres names (postgres), or in those of each service (rabbitmq).",
            HelpName = "embedded|postgres|rabbitmq",
            DefaultValueFactory = _ => Embedded,
        };
        mode.AcceptOnlyFromAmong(Embedded, "postgres", "rabbitmq");
        var command = new TaughtCommand(
            "audit",
            "Check every invariant of stock, money, sagas and messages, in one consistent view.",
            """
            Exit code 1, with the offending rows, when one is broken.

            Examples:
              doa audit --data ./.doa
              doa audit --data ./.doa --at-rest --promised orders.txt
              DOA__ConnectionStrings__Postgres='Host=…;Database=…;…' doa audit --mode postgres
            """) { mode, data, atRest, promised };
        command.Runs(async (line, terminal, stop) =>
        {
            var list = line.GetValue(promised);
            var (orders, fault) = list is null ? (null, null) : await Read(list, stop);
            if (fault is not null)
            {
                terminal.Complain(fault);
                return 1;
            }

            var folder = Path.GetFullPath(line.GetRequiredValue(data));
            var settings = new AuditSettings(folder, line.GetValue(atRest), orders, line.GetRequiredValue(mode));
            return await Run(host, settings, terminal, stop);
        });
        return command;
    }

    /// <summary>Audits and prints the table.</summary>
    /// <returns>The exit code.</returns>
    public static async Task<int> Run(
        ShopHost host, AuditSettings settings, Terminal terminal, CancellationToken stop)
    {
        var folder = settings.DataFolder;
        var what = settings.Mode == Embedded ? folder : "the database";
        if (settings.Mode == Embedded && !Directory.Exists(folder))
        {
            terminal.Complain(
                $"There is no data folder {folder}. 'doa serve' makes one; --data names another.");
            return 1;
        }

        var report = await host.Audit(settings, stop);
        if (report.Refusal is { } refusal)
        {
            terminal.Complain($"{what} cannot be audited: {refusal}");
            return 1;
        }

        if (report.Results.Count == 0)
        {
            // An audit that looked at nothing must never pass for a clean one.
            terminal.Complain($"Nothing in {what} was checked.");
            return 1;
        }

        AuditTable.Print(terminal.Out, what, report);
        return report.Violations == 0 ? 0 : 1;
    }

    private static async Task<(IReadOnlyCollection<Guid>? Orders, string? Fault)> Read(
        FileInfo list, CancellationToken stop)
    {
        if (!list.Exists)
        {
            return (null, $"There is no list {list.FullName}.");
        }

        var orders = new HashSet<Guid>();
        var number = 0;
        await foreach (var line in File.ReadLinesAsync(list.FullName, stop))
        {
            number++;
            if (!Guid.TryParse(line.Split([' ', '\t', ','], 2)[0], out var order))
            {
                return (null, $"{list.FullName}, line {number}: it begins with no order id.");
            }

            orders.Add(order);
        }

        return orders.Count > 0 ? (orders, null) : (null, $"{list.FullName} names no order.");
    }
}
