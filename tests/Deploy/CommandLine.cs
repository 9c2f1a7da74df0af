using System.Text.RegularExpressions;

namespace DoaMarket.Deploy;

/// <summary>Whether the program understands a command line, as far as its source tells.</summary>
internal static partial class CommandLine
{
    private static readonly HashSet<string> Commands =
        [.. Command().Matches(Tree.Read("src/Host/Cli/DoaCommand.cs")).Select(m => m.Groups["name"].Value.ToLowerInvariant())];

    private static readonly string Options = string.Concat(Tree.Files("src/Host/Cli/Commands", "*.cs").Select(Tree.Read));

    private static readonly HashSet<string> Modes =
        [.. Constant().Matches(Tree.Read("src/Host/Server/Modes/Mode.cs")).Select(m => m.Groups["value"].Value)];

    /// <summary>What is wrong with it; empty when nothing is.</summary>
    public static IReadOnlyList<string> Faults(IReadOnlyList<string> arguments)
    {
        var faults = new List<string>();
        if (!Commands.Contains(arguments[0]))
        {
            faults.Add($"There is no command '{arguments[0]}'.");
        }

        faults.AddRange(arguments.Where(a => a.StartsWith("--", StringComparison.Ordinal)
            && !Options.Contains($"\"{a}\"", StringComparison.Ordinal)).Select(a => $"There is no option {a}."));
        if (After(arguments, "--mode") is { } mode && !Modes.Contains(mode))
        {
            faults.Add($"There is no mode '{mode}'.");
        }

        if (After(arguments, "--services") is { } services)
        {
            faults.AddRange(services.Split(',').Except(Tree.Services, StringComparer.Ordinal).Select(s => $"There is no service '{s}'."));
        }

        return faults;
    }

    /// <summary>The value of an option; null without it.</summary>
    public static string? After(IReadOnlyList<string> arguments, string option) =>
        arguments.SkipWhile(a => a != option).Skip(1).FirstOrDefault();

    [GeneratedRegex(@"root\.Add\((?<name>\w+)Command\.Create")]
    private static partial Regex Command();

    [GeneratedRegex(@"public const string \w+ = ""(?<value>\w+)""")]
    private static partial Regex Constant();
}
