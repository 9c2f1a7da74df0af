using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using DoaMarket.Host.Cli.Views;
using DoaMarket.Simulation;
using Spectre.Console;

namespace DoaMarket.Host.Cli.Commands;

/// <summary><c>doa simulate</c>.</summary>
internal sealed class SimulateCommand
{
    private const int SeedsMax = 10_000_000, SagasMax = 10_000;
    private const string ListOfScenarios = "list";

    private readonly Option<int> _first = new("--first-seed")
    {
        Description = "The first seed.",
        HelpName = "seed",
        DefaultValueFactory = _ => 1,
    };

    private readonly Option<int> _seeds = new("--seeds")
    {
        Description = $"How many seeds, 1 to {SeedsMax}.",
        HelpName = "number",
        DefaultValueFactory = _ => 2_000,
    };

    private readonly Option<int> _sagas = new("--sagas")
    {
        Description = $"Orders per seed, 1 to {SagasMax}.",
        HelpName = "number",
        DefaultValueFactory = _ => 50,
    };

    private readonly Option<int> _threads = new("--threads")
    {
        Description = "Worlds that live at once. Without it, one per processor.",
        HelpName = "number",
        DefaultValueFactory = _ => Environment.ProcessorCount,
    };

    private readonly Option<int?> _seed = new("--seed")
    {
        Description = "Run this one seed alone. With --scenario: what the scenario leaves to chance.",
        HelpName = "seed",
    };

    private readonly Option<string?> _scenario = new("--scenario")
    {
        Description = "Play one order's story instead; 'list' names them all.",
        HelpName = "name",
    };

    private readonly Option<int> _crashAt = new("--crash-at")
    {
        Description = "With --scenario: end the process at this moment, and start it again.",
        HelpName = "moment",
    };

    private readonly Option<int> _cancelAt = new("--cancel-at")
    {
        Description = "With --scenario: have the customer cancel at this moment.",
        HelpName = "moment",
    };

    private readonly Option<bool> _trace = new("--trace")
    {
        Description = "With --seed or --scenario: tell what happens, order by order or moment by moment.",
    };

    private readonly Option<bool> _hash = new("--trace-hash")
    {
        Description = "With --seed: print only the hash of everything that happens.",
    };

    public static Command Create()
    {
        var simulate = new SimulateCommand();
        simulate._seeds.Between(1, SeedsMax);
        simulate._sagas.Between(1, SagasMax);
        simulate._threads.Between(1, 1_000);
        simulate._crashAt.Between(1, int.MaxValue);
        simulate._cancelAt.Between(1, int.MaxValue);
        simulate._scenario.Validators.Add(RefuseUnknown);
        var command = new TaughtCommand(
            "simulate",
            "Run the whole shop under every fault we could think of, in virtual time, from seeds that replay.",
            """
            Each seed is a world of its own: the real services and the real store, with customers, operators, a PG and
            carriers that break as the seed says. Half the seeds are healed and must then come to rest with every won
            and every item accounted for. Exit code 1 when an invariant is broken; the one command that replays it is
            printed.

            A scenario is one order whose story is fixed: what its customer and operators do, and what goes wrong
            outside. Its moments are numbered: wherever something was written, called or answered, the process can end
            (--crash-at) and the customer can cancel (--cancel-at). --trace shows the numbers.

            Examples:
              doa simulate
              doa simulate --first-seed 100000 --seeds 50000
              doa simulate --seed 12 --trace
              doa simulate --scenario list
              doa simulate --scenario cancel-prepared --crash-at 56 --trace
            """)
        {
            simulate._first, simulate._seeds, simulate._sagas, simulate._threads, simulate._seed, simulate._scenario,
            simulate._crashAt, simulate._cancelAt, simulate._trace, simulate._hash,
        };
        command.Runs(simulate.Run);
        return command;
    }

    private static void RefuseUnknown(OptionResult result)
    {
        if (result.GetValueOrDefault<string>() is { } name && name != ListOfScenarios && Scenarios.Find(name) is null)
        {
            result.AddError($"There is no scenario '{name}'; 'doa simulate --scenario {ListOfScenarios}' names them all.");
        }
    }

    private Task<int> Run(ParseResult line, Terminal terminal, CancellationToken stop) =>
        Task.FromResult((line.GetValue(_scenario), line.GetValue(_seed)) switch
        {
            (ListOfScenarios, _) => ScenarioView.PrintAll(terminal),
            ({ } name, var seed) => Scenario(line, Scenarios.Find(name)!, seed ?? 1, terminal),
            (null, { } seed) => One(line, seed, terminal),
            _ => Many(line, terminal, stop),
        });

    private int Scenario(ParseResult line, Scenario scenario, long seed, Terminal terminal)
    {
        using var bench = new Bench();
        return ScenarioView.Print(terminal, ScenarioPlay.Of(
            bench, scenario, line.GetValue(_crashAt), line.GetValue(_cancelAt), seed, line.GetValue(_trace)));
    }

    private int One(ParseResult line, int seed, Terminal terminal)
    {
        using var bench = new Bench();
        var result = Simulator.Run(bench, seed, line.GetRequiredValue(_sagas), line.GetValue(_trace));
        if (line.GetValue(_hash))
        {
            terminal.Raw.WriteLine(result.Hash);
            return result.Violations.Count == 0 ? 0 : 1;
        }

        if (result.Story is { } story)
        {
            terminal.Raw.WriteLine(story);
        }

        terminal.Say($"Seed {seed}: {result.Plan}");
        terminal.Say(string.Create(
            CultureInfo.InvariantCulture,
            $"{result.Sagas} orders, {result.Steps} steps, {result.Lived.TotalDays:0.0} days, trace hash {result.Hash}."));
        foreach (var violation in result.Violations)
        {
            terminal.Complain(violation);
        }

        terminal.Say(result.Violations.Count == 0 ? "Every invariant holds." : "Invariants are broken.");
        return result.Violations.Count == 0 ? 0 : 1;
    }

    private int Many(ParseResult line, Terminal terminal, CancellationToken stop)
    {
        var run = new SeedRun(
            line.GetRequiredValue(_first), line.GetRequiredValue(_seeds), line.GetRequiredValue(_sagas),
            line.GetRequiredValue(_threads));
        var watch = System.Diagnostics.Stopwatch.StartNew();
        if (terminal.Out.Profile.Capabilities.Interactive)
        {
            terminal.Out.Progress().Start(progress =>
            {
                var bar = progress.AddTask("Seeds", maxValue: run.Seeds);
                run.Go(() => bar.Value = run.Done, stop);
            });
        }
        else
        {
            run.Go(static () => { }, stop);
        }

        CoverageTable.Print(terminal.Out, run.Coverage);
        var seconds = watch.Elapsed.TotalSeconds;
        terminal.Say(string.Create(
            CultureInfo.InvariantCulture,
            $"{run.Done} of {run.Seeds} seeds, {run.SagasDone} orders in {seconds:0.0} s "
            + $"({run.SagasDone / seconds:0} orders/s)."));
        foreach (var broken in run.Broken)
        {
            terminal.Complain(broken.Replay);
            terminal.Complain($"  {string.Join("\n  ", broken.Violations.Take(5))}");
        }

        terminal.Say(run.Broken.Count == 0 ? "Every invariant holds." : $"{run.Broken.Count} seeds break an invariant.");
        return run.Broken.Count == 0 && run.Done == run.Seeds ? 0 : 1;
    }
}
