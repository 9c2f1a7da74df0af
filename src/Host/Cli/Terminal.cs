using System.CommandLine;
using Spectre.Console;

namespace DoaMarket.Host.Cli;

/// <summary>Where a command speaks: tables and sentences, failures, and raw text for other programs.</summary>
/// <param name="Out">For people.</param>
/// <param name="Error">For what went wrong.</param>
/// <param name="Raw">For pipes: never wrapped, never coloured.</param>
internal sealed record Terminal(IAnsiConsole Out, IAnsiConsole Error, TextWriter Raw)
{
    // A pipe has no width; tables of the demo fit into this many columns without being folded.
    private const int WidthWithoutTerminal = 140;

    public static Terminal Of(ParseResult line)
    {
        var output = line.InvocationConfiguration.Output;
        var error = line.InvocationConfiguration.Error;
        return new Terminal(
            ConsoleOn(output, output == Console.Out && !Console.IsOutputRedirected),
            ConsoleOn(error, error == Console.Error && !Console.IsErrorRedirected),
            output);
    }

    /// <summary>One sentence, as it is: text from the shop is never taken for markup.</summary>
    public void Say(string sentence) => Out.WriteLine(sentence);

    /// <summary>One sentence about what went wrong.</summary>
    public void Complain(string sentence) => Error.WriteLine(sentence);

    internal static IAnsiConsole ConsoleOn(TextWriter writer, bool isTerminal)
    {
        var console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Out = new AnsiConsoleOutput(writer),
            Ansi = isTerminal ? AnsiSupport.Detect : AnsiSupport.No,
            Interactive = isTerminal ? InteractionSupport.Detect : InteractionSupport.No,
        });
        if (!isTerminal)
        {
            console.Profile.Width = WidthWithoutTerminal;
        }

        return console;
    }
}
