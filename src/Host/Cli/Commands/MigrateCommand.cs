using System.CommandLine;
using System.Globalization;
using DoaMarket.Host.Server;
using Spectre.Console;

namespace DoaMarket.Host.Cli.Commands;

/// <summary><c>doa migrate</c>.</summary>
internal static class MigrateCommand
{
    public static Command Create(ShopHost host)
    {
        var from = new Option<string>("--from")
        {
            Description = "The data folder of the embedded shop.",
            HelpName = "folder",
            DefaultValueFactory = _ => "./.doa",
        };
        var to = new Option<string>("--to")
        {
            Description = "The PostgreSQL database that it moves into: made already, and empty.",
            HelpName = "connection string",
            Required = true,
        };
        var command = new TaughtCommand(
            "migrate",
            "Move a shop from its data folder into a PostgreSQL database: documents, messages, dead letters, all of it.",
            """
            Stop the shop first. It is audited, moved in one transaction, and audited where it has arrived. Orders under way go
            on there. The folder stays as it was, but a shop no longer starts on it, so that no order is worked on twice.
            Exit code 1 when an invariant is broken on either side, or when nothing was moved.

            Example:
              createdb doa -T template0 -E UTF8
              doa migrate --from ./.doa --to 'Host=127.0.0.1;Database=doa;Username=doa;Password=…'
            """) { from, to };
        command.Runs((line, terminal, stop) => Run(
            host, new(Path.GetFullPath(line.GetRequiredValue(from)), line.GetRequiredValue(to)), terminal, stop));
        return command;
    }

    private static async Task<int> Run(ShopHost host, MoveSettings settings, Terminal terminal, CancellationToken stop)
    {
        var before = AuditSettings.Of(settings.DataFolder);
        if (await AuditCommand.Run(host, before, terminal, stop) != 0)
        {
            terminal.Complain("Nothing was moved.");
            return 1;
        }

        IReadOnlyDictionary<string, long> rows;
        try
        {
            rows = await Move(host, settings, terminal, stop);
        }
        catch (WrongConfigurationException refusal)
        {
            terminal.Complain(refusal.Message);
            return 1;
        }

        foreach (var (table, count) in rows.Where(r => r.Value > 0))
        {
            terminal.Say(string.Create(CultureInfo.InvariantCulture, $"  {count,12:N0}  {table}"));
        }

        var after = before with { Mode = "postgres", Database = settings.Database };
        if (await AuditCommand.Run(host, after, terminal, stop) != 0)
        {
            terminal.Complain("The shop has arrived, and an invariant is broken there. Do not start it; report this.");
            return 1;
        }

        terminal.Say(
            $"""
            Moved. Start it where it is now, with the same key for its tokens:
              export DOA__ConnectionStrings__Postgres='…'
              export DOA__Tokens__Key="$(cat {Path.Combine(settings.DataFolder, "keys", "token.key")})"
              doa serve --mode postgres
            """);
        return 0;
    }

    private static async Task<IReadOnlyDictionary<string, long>> Move(
        ShopHost host, MoveSettings settings, Terminal terminal, CancellationToken stop)
    {
        var rows = new SortedDictionary<string, long>(StringComparer.Ordinal);
        if (!terminal.Error.Profile.Capabilities.Interactive)
        {
            await host.Move(settings, (table, count) => rows[table] = count, stop);
            return rows;
        }

        await terminal.Error.Status().StartAsync("Opening both…", status => host.Move(
            settings,
            (table, count) =>
            {
                rows[table] = count;
                status.Status(string.Create(CultureInfo.InvariantCulture, $"{table}: {count:N0} rows").EscapeMarkup());
            },
            stop));
        return rows;
    }
}
