using System.CommandLine;
using System.Globalization;
using DoaMarket.Host.Cli.Views;
using DoaMarket.Simulation;
using Spectre.Console;

namespace DoaMarket.Host.Cli.Commands;

/// <summary><c>doa simulate</c>.</summary>
internal sealed class SimulateCommand
{
    private const int SeedsMax = 10_000_000, SagasMax = 10_000;

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
        Description = "Run this one seed alone.",
        HelpName = "seed",
    };

    private readonly Option<bool> _trace = new("--trace") { Description = "With --seed: tell what happens, order by order." };

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
        var command = new TaughtCommand(
            "simulate",
            "Run the whole shop under every fault we could think of, in virtual time, from seeds that replay.",
            """
            Each seed is a world of its own: the real services and the real store, with customers, operators, a PG and
            carriers that break as the seed says. Half the seeds are healed and must then come to rest with every won
            and every item accounted for. Exit code 1 when an invariant is broken; the one command that replays it is
            printed.

            Examples:
              doa simulate
              doa simulate --first-seed 100000 --seeds 50000
              doa simulate --seed 12 --trace
            """)
        {
            simulate._first, simulate._seeds, simulate._sagas, simulate._threads, simulate._seed, simulate._trace,
            simulate._hash,
        };
        command.Runs(simulate.Run);
        return command;
    }

    private Task<int> Run(ParseResult line, Terminal terminal, CancellationToken stop) =>
        Task.FromResult(line.GetValue(_seed) is { } seed
            ? One(line, seed, terminal)
            : Many(line, terminal, stop));

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
