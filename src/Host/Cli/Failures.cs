using System.CommandLine;
using DoaMarket.Host.Cli.Api;
using Spectre.Console;

namespace DoaMarket.Host.Cli;

/// <summary>Runs commands so that what goes wrong outside is told in words, with exit code 1.</summary>
internal static class Failures
{
    /// <summary>Binds the command's action; the terminal belongs to this invocation.</summary>
    public static void Runs(this Command command, Func<ParseResult, Terminal, CancellationToken, Task<int>> action) =>
        command.SetAction(async (line, stop) =>
        {
            var terminal = Terminal.Of(line);
            try
            {
                return await action(line, terminal, stop);
            }
            catch (ApiFailure failure)
            {
                Tell(terminal.Error, failure);
            }
            catch (ShopUnreachable unreachable)
            {
                Tell(terminal.Error, unreachable);
            }
            catch (OperationCanceledException) when (stop.IsCancellationRequested)
            {
                terminal.Complain("Stopped.");
            }

            return 1;
        });

    /// <summary>Code, message, details, trace id: each on its own line.</summary>
    public static void Tell(IAnsiConsole console, ApiFailure failure)
    {
        console.MarkupLine(
            $"[red]{Markup.Escape(failure.Code)}[/] (HTTP {failure.Status}): {Markup.Escape(failure.Message)}");
        if (failure.Details is { } details)
        {
            console.WriteLine($"  details: {details}");
        }

        if (failure.TraceId is { } traceId)
        {
            console.WriteLine($"  traceId: {traceId}");
        }
    }

    private static void Tell(IAnsiConsole console, ShopUnreachable unreachable)
    {
        console.MarkupLine(
            $"[red]No shop answers at {unreachable.Shop}[/] ({Markup.Escape(unreachable.Message)}).");
        console.WriteLine("Start one with 'doa serve' (or see it all at work with 'doa demo'), or name it with --url.");
    }
}
