using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;

namespace DoaMarket.Host.Cli;

/// <summary>A command whose own help goes on with a lesson; lists of commands show the summary only.</summary>
/// <param name="name">As typed.</param>
/// <param name="summary">What it does, on a line.</param>
/// <param name="lesson">More to know, and examples.</param>
internal sealed class TaughtCommand(string name, string summary, string lesson) : Command(name, summary)
{
    public string Lesson { get; } = lesson;

    /// <summary>Makes the root's <c>--help</c>, which all commands share, print lessons too.</summary>
    public static void TeachBelow(RootCommand root)
    {
        var help = root.Options.OfType<HelpOption>().Single();
        help.Action = new HelpWithLesson((SynchronousCommandLineAction)help.Action!);
    }

    private sealed class HelpWithLesson(SynchronousCommandLineAction help) : SynchronousCommandLineAction
    {
        public override bool ClearsParseErrors => true;

        public override int Invoke(ParseResult parseResult)
        {
            var exitCode = help.Invoke(parseResult);
            if (parseResult.CommandResult.Command is TaughtCommand taught)
            {
                parseResult.InvocationConfiguration.Output.WriteLine(taught.Lesson);
            }

            return exitCode;
        }
    }
}
