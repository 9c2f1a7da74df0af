using System.Globalization;
using DoaMarket.Simulation;
using Spectre.Console;

namespace DoaMarket.Host.Cli.Views;

/// <summary>Shows the scenarios of the simulation, and what came of one.</summary>
internal static class ScenarioView
{
    /// <summary>All of them; returns the exit code.</summary>
    public static int PrintAll(Terminal terminal)
    {
        var table = new Table().Border(TableBorder.None).HideHeaders().AddColumns("name", "story");
        table.Columns[0].NoWrap();
        foreach (var scenario in Scenarios.All)
        {
            table.AddRow(new Text(scenario.Name), new Text($"{scenario.English}\n{scenario.Korean}"));
        }

        terminal.Out.Write(table);
        return 0;
    }

    /// <summary>One that was played; returns the exit code.</summary>
    public static int Print(Terminal terminal, ScenarioPlay play)
    {
        var run = play.Run;
        if (run.Story is { } story)
        {
            terminal.Raw.WriteLine(story);
        }

        terminal.Say($"{play.Scenario.Name}: {play.Scenario.English}");
        terminal.Say(string.Create(
            CultureInfo.InvariantCulture,
            $"{play.Moments.Count} moments, of which {play.Moments.Count(m => m.IsNew)} differ on disk or outside; "
            + $"{run.Lived.TotalDays:0.0} days, trace hash {run.Hash}."));
        if (!play.IsDisturbed && (play.CrashAt > 0 || play.CancelAt > 0))
        {
            terminal.Complain("The disturbance never came: there is no such moment, or no order yet to cancel.");
            return 1;
        }

        foreach (var violation in run.Violations)
        {
            terminal.Complain(violation);
        }

        terminal.Say(run.Violations.Count == 0 ? "Every invariant holds." : "Invariants are broken.");
        return run.Violations.Count == 0 ? 0 : 1;
    }
}
