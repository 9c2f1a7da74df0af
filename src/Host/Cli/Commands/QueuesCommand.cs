using System.CommandLine;
using DoaMarket.Host.Cli.Api;
using DoaMarket.Host.Cli.Views;

namespace DoaMarket.Host.Cli.Commands;

/// <summary><c>doa queues</c>: how full they are and how fast they flow.</summary>
internal static class QueuesCommand
{
    private const int LongestInterval = 3_600;

    public static TaughtCommand Create(Surroundings surroundings)
    {
        var watch = new Option<bool>("--watch") { Description = "Go on showing until Ctrl+C." };
        var every = new Option<int>("--every")
        {
            Description = $"With --watch: seconds between two looks, 1 to {LongestInterval}.",
            HelpName = "seconds",
            DefaultValueFactory = _ => 2,
        };
        every.Between(1, LongestInterval);
        var url = Options.Url();
        var json = Options.Json();
        var command = new TaughtCommand(
            "queues",
            "Show each queue: what waits, what is in hand, its age, messages a second, dead letters.",
            """
            Examples:
              doa queues
              doa queues --watch --every 5
            """) { watch, every, url, json };
        command.Runs(async (line, terminal, stop) =>
        {
            using var api = new ApiClient(line.GetRequiredValue(url), surroundings);
            do
            {
                (await api.Get("ops/queues", Caller.Operator, stop)).Show(
                    line.GetValue(json), terminal, QueueView.Print);
            }
            while (line.GetValue(watch) && await Pause(TimeSpan.FromSeconds(line.GetValue(every)), stop));
            return 0;
        });
        return command;
    }

    /// <summary>True when it is time to look again; false when the person has had enough.</summary>
    private static async Task<bool> Pause(TimeSpan wait, CancellationToken stop)
    {
        await Task.WhenAny(Task.Delay(wait, stop));
        return !stop.IsCancellationRequested;
    }
}

/// <summary><c>doa breakers</c>: the circuits to the outside systems.</summary>
internal static class BreakersCommand
{
    public static TaughtCommand Create(Surroundings surroundings)
    {
        var url = Options.Url();
        var json = Options.Json();
        var command = new TaughtCommand(
            "breakers",
            "Show the circuit to each outside system: closed, open (calls are held back) or half open (one tries).",
            """
            Example:
              doa breakers
            """) { url, json };
        command.Runs(async (line, terminal, stop) =>
        {
            using var api = new ApiClient(line.GetRequiredValue(url), surroundings);
            (await api.Get("ops/breakers", Caller.Operator, stop)).Show(
                line.GetValue(json), terminal, BreakerView.Print);
            return 0;
        });
        return command;
    }
}
