using System.CommandLine;
using DoaMarket.Host.Cli.Api;
using DoaMarket.Host.Cli.Views;

namespace DoaMarket.Host.Cli.Commands;

/// <summary><c>doa dlq list|show|dry-run|redrive|discard</c>: messages that failed for good.</summary>
internal static class DlqCommand
{
    private const string Path = "ops/dead-letters";
    private const int MaxRate = 1_000, UsualRate = 50;

    public static Command Create(Surroundings surroundings) =>
        new("dlq", "Look at messages that failed for good (dead letters), try them, send them again, give them up.")
        {
            List(surroundings), Show(surroundings), DryRun(surroundings), Redrive(surroundings), Discard(surroundings),
        };

    private static TaughtCommand List(Surroundings surroundings)
    {
        var queue = Queue("Only of this queue.");
        var type = new Option<string?>("--type") { Description = "Only messages of this type.", HelpName = "name" };
        var byReason = new Option<bool>("--by-reason")
        {
            Description = "Count them by queue, type and reason: which faults are behind them.",
        };
        var limit = Options.Limit();
        var cursor = Options.Cursor();
        var url = Options.Url();
        var json = Options.Json();
        var command = new TaughtCommand(
            "list",
            "List dead letters, the newest first.",
            """
            Examples:
              doa dlq list --by-reason
              doa dlq list --queue order-service-dlq --type payment.completed
            """) { queue, type, byReason, limit, cursor, url, json };
        command.Runs(async (line, terminal, stop) =>
        {
            using var api = new ApiClient(line.GetRequiredValue(url), surroundings);
            var isGrouped = line.GetValue(byReason);
            var query = $"limit={line.GetValue(limit)}" + Options.Filter("queue", line.GetValue(queue))
                + Options.Filter("type", line.GetValue(type)) + Options.Filter("cursor", line.GetValue(cursor));
            var answer = await api.Get($"{Path}{(isGrouped ? "/groups" : "")}?{query}", Caller.Operator, stop);
            answer.Show(line.GetValue(json), terminal, isGrouped ? DeadLetterView.PrintGroups : DeadLetterView.PrintList);
            return 0;
        });
        return command;
    }

    private static TaughtCommand Show(Surroundings surroundings)
    {
        var id = Id();
        var reveal = new Option<string?>("--reveal")
        {
            Description = "Show personal data in clear, for this reason. It is kept.",
            HelpName = "reason",
        };
        var url = Options.Url();
        var json = Options.Json();
        var command = new TaughtCommand(
            "show",
            "Show one: body (personal data masked), headers, error and stack.",
            """
            Examples:
              doa dlq show 0199c6b2-5d3e-8cc1-8f3a-6a1f0d9f1c11
              doa dlq show 0199c6b2-5d3e-8cc1-8f3a-6a1f0d9f1c11 --reveal "the customer called about it"
            """) { id, reveal, url, json };
        command.Runs(async (line, terminal, stop) =>
        {
            using var api = new ApiClient(line.GetRequiredValue(url), surroundings);
            var path = PathOf(line.GetRequiredValue(id));
            var answer = line.GetValue(reveal) is { } reason
                ? await api.Post($"{path}/reveal", Caller.Operator, new { reason }, stop)
                : await api.Get(path, Caller.Operator, stop);
            answer.Show(line.GetValue(json), terminal, DeadLetterView.Print);
            return 0;
        });
        return command;
    }

    private static TaughtCommand DryRun(Surroundings surroundings)
    {
        var id = Id();
        var url = Options.Url();
        var json = Options.Json();
        var command = new TaughtCommand(
            "dry-run",
            "Is it still expected? Decide it upon the present documents, change nothing, and tell what would happen.",
            """
            Example:
              doa dlq dry-run 0199c6b2-5d3e-8cc1-8f3a-6a1f0d9f1c11

            Exit code 1 when it would fail again.
            """) { id, url, json };
        command.Runs(async (line, terminal, stop) =>
        {
            using var api = new ApiClient(line.GetRequiredValue(url), surroundings);
            var answer = await api.Post(
                $"{PathOf(line.GetRequiredValue(id))}/dry-run", Caller.Operator, new { }, stop);
            answer.Show(line.GetValue(json), terminal, DeadLetterView.PrintTrial);
            return answer.Data.Text("verdict") == "fails" ? 1 : 0;
        });
        return command;
    }

    private static TaughtCommand Redrive(Surroundings surroundings)
    {
        var id = new Argument<string?>("id")
        {
            Description = "The dead letter's id; leave it out with --queue.",
            Arity = ArgumentArity.ZeroOrOne,
        };
        var queue = Queue("All dead letters of this queue.");
        var type = new Option<string?>("--type") { Description = "With --queue: only this type.", HelpName = "name" };
        var rate = new Option<int>("--rate")
        {
            Description = $"With --queue: how many a second, 1 to {MaxRate}.",
            HelpName = "messages",
            DefaultValueFactory = _ => UsualRate,
        };
        rate.Between(1, MaxRate);
        var reason = new Option<string?>("--reason") { Description = "Why, in your words. It is kept.", HelpName = "text" };
        var url = Options.Url();
        var command = new TaughtCommand(
            "redrive",
            "Send one again, or all of a queue at a rate. Twice equals once. Audited.",
            """
            Examples:
              doa dlq redrive 0199c6b2-5d3e-8cc1-8f3a-6a1f0d9f1c11 --reason "mended in 1.4.2"
              doa dlq redrive --queue order-service-dlq --rate 20
            """) { id, queue, type, rate, reason, url };
        command.Validators.Add(line =>
        {
            if (line.GetValue(id) is null == line.GetValue(queue) is null)
            {
                line.AddError("Name a dead letter, or all of a queue with --queue; not both.");
            }
        });
        command.Runs(async (line, terminal, stop) =>
        {
            using var api = new ApiClient(line.GetRequiredValue(url), surroundings);
            if (line.GetValue(id) is { } one)
            {
                await api.Post($"{PathOf(one)}/redrive", Caller.Operator, Body(("reason", line.GetValue(reason))), stop);
                terminal.Say("Sent to its queue again. 'doa dlq list' shows it once more if it fails again.");
                return 0;
            }

            await api.Post($"{Path}/redrive", Caller.Operator, Body(
                ("queue", line.GetValue(queue)), ("type", line.GetValue(type)),
                ("ratePerSecond", line.GetValue(rate)), ("reason", line.GetValue(reason))), stop);
            terminal.Say($"Begun, {line.GetValue(rate)} a second. 'doa queues --watch' shows how far it is.");
            return 0;
        });
        return command;
    }

    private static TaughtCommand Discard(Surroundings surroundings)
    {
        var id = Id();
        var reason = Options.Reason();
        var url = Options.Url();
        var command = new TaughtCommand(
            "discard",
            "Give one up: it is never handled. Audited.",
            """
            Example:
              doa dlq discard 0199c6b2-5d3e-8cc1-8f3a-6a1f0d9f1c11 --reason "a test message"
            """) { id, reason, url };
        command.Runs(async (line, terminal, stop) =>
        {
            using var api = new ApiClient(line.GetRequiredValue(url), surroundings);
            await api.Post(
                $"{PathOf(line.GetRequiredValue(id))}/discard", Caller.Operator,
                new { reason = line.GetRequiredValue(reason) }, stop);
            terminal.Say("Given up; it stays readable for 14 days.");
            return 0;
        });
        return command;
    }

    // The shop reads strictly: a member of null is not the same as none.
    private static Dictionary<string, object> Body(params (string Name, object? Value)[] members) => members
        .Where(m => m.Value is not null).ToDictionary(m => m.Name, m => m.Value!, StringComparer.Ordinal);

    private static Argument<string> Id() => new("id") { Description = "The dead letter's id, as 'dlq list' shows it." };

    private static Option<string?> Queue(string description) =>
        new("--queue") { Description = description, HelpName = "name" };

    private static string PathOf(string id) => $"{Path}/{Uri.EscapeDataString(id)}";
}
