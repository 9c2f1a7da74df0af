using System.CommandLine;
using DoaMarket.Host.Cli.Api;
using DoaMarket.Host.Cli.Views;

namespace DoaMarket.Host.Cli.Commands;

/// <summary><c>doa saga list|show|retry|resolve|cancel</c>: the operator's view.</summary>
internal static class SagaCommand
{
    private static readonly string[] Statuses =
        ["in_progress", "completed", "compensating", "cancelled", "needs_attention"];

    public static Command Create(Surroundings surroundings) =>
        new("saga", "Look at the sagas behind orders, and help the ones that need a person.")
        {
            List(surroundings), Show(surroundings), Retry(surroundings), Resolve(surroundings), Cancel(surroundings),
        };

    private static TaughtCommand List(Surroundings surroundings)
    {
        var status = new Option<string?>("--status")
        {
            Description = "Only these.",
            HelpName = string.Join('|', Statuses),
        };
        status.AcceptOnlyFromAmong(Statuses);
        var step = new Option<string?>("--step") { Description = "Only those at this step.", HelpName = "name" };
        var limit = Options.Limit();
        var cursor = Options.Cursor();
        var url = Options.Url();
        var json = Options.Json();
        var command = new TaughtCommand(
            "list",
            "List sagas.",
            """
            Example:
              doa saga list --status needs_attention
            """) { status, step, limit, cursor, url, json };
        command.Runs(async (line, terminal, stop) =>
        {
            using var api = new ApiClient(line.GetRequiredValue(url), surroundings);
            var query = $"limit={line.GetValue(limit)}" + Options.Filter("status", line.GetValue(status))
                + Options.Filter("step", line.GetValue(step)) + Options.Filter("cursor", line.GetValue(cursor));
            var answer = await api.Get("ops/sagas?" + query, Caller.Operator, stop);
            answer.Show(line.GetValue(json), terminal, SagaList.Print);
            return 0;
        });
        return command;
    }

    private static TaughtCommand Show(Surroundings surroundings)
    {
        var id = Id();
        var url = Options.Url();
        var json = Options.Json();
        var command = new TaughtCommand(
            "show",
            "Show a saga's steps, and everything that happened in its name: what caused what, and when.",
            """
            Example:
              doa saga show 0199c6b2-5d3e-7cc1-8f3a-6a1f0d9f1c11
            """) { id, url, json };
        command.Runs(async (line, terminal, stop) =>
        {
            using var api = new ApiClient(line.GetRequiredValue(url), surroundings);
            var answer = await api.Get(PathOf(line.GetRequiredValue(id)), Caller.Operator, stop);
            answer.Show(line.GetValue(json), terminal, SagaView.Print);
            if (!line.GetValue(json) && answer.Data.Text("correlationId") is { } correlation)
            {
                StoryTree.Print(terminal.Out, await Story.Of(api, correlation, stop));
            }

            return 0;
        });
        return command;
    }

    private static TaughtCommand Retry(Surroundings surroundings)
    {
        var id = Id();
        var url = Options.Url();
        var command = new TaughtCommand(
            "retry",
            "Try again what a saga that needs attention could not undo.",
            """
            Example:
              doa saga retry 0199c6b2-5d3e-7cc1-8f3a-6a1f0d9f1c11
            """) { id, url };
        command.Runs(async (line, terminal, stop) =>
        {
            using var api = new ApiClient(line.GetRequiredValue(url), surroundings);
            var path = PathOf(line.GetRequiredValue(id));
            await api.Post(path + "/retry", Caller.Operator, new { }, stop);
            terminal.Say($"Asked for. 'doa saga show {line.GetRequiredValue(id)}' tells what comes of it.");
            return 0;
        });
        return command;
    }

    private static TaughtCommand Resolve(Surroundings surroundings)
    {
        var id = Id();
        var step = new Option<string>("--step")
        {
            Description = "The step whose undo was settled by hand.",
            HelpName = "name",
            Required = true,
        };
        var reason = Options.Reason();
        var amount = new Option<long?>("--amount")
        {
            Description = "Of process_payment: how many won were given back. Without it, all that is owed.",
            HelpName = "won",
        };
        var lost = new Option<bool>("--lost")
        {
            Description = "Of prepare_shipping: the goods are lost and do not go back into stock.",
        };
        var url = Options.Url();
        var command = new TaughtCommand(
            "resolve",
            "Say that a step was settled by hand, outside the system: it is closed, and the saga goes on. Audited.",
            """
            Examples:
              doa saga resolve 0199c6b2-5d3e-7cc1-8f3a-6a1f0d9f1c11 --step process_payment --reason "repaid in cash"
              doa saga resolve 0199c6b2-5d3e-7cc1-8f3a-6a1f0d9f1c11 --step prepare_shipping --lost --reason "lost by the carrier"
            """) { id, step, reason, amount, lost, url };
        command.Runs(async (line, terminal, stop) =>
        {
            using var api = new ApiClient(line.GetRequiredValue(url), surroundings);
            var body = new
            {
                step = line.GetRequiredValue(step),
                reason = line.GetRequiredValue(reason),
                amount = line.GetValue(amount),
                restock = line.GetValue(lost) ? false : (bool?)null,
            };
            await api.Post(PathOf(line.GetRequiredValue(id)) + "/resolve", Caller.Operator, body, stop);
            terminal.Say($"Noted. 'doa saga show {line.GetRequiredValue(id)}' tells what comes of it.");
            return 0;
        });
        return command;
    }

    private static TaughtCommand Cancel(Surroundings surroundings)
    {
        var id = Id();
        var reason = Options.Reason();
        var url = Options.Url();
        var command = new TaughtCommand(
            "cancel",
            "Cancel the saga's order: what was done is undone, and after the parcel has left it becomes a return. Audited.",
            """
            Example:
              doa saga cancel 0199c6b2-5d3e-7cc1-8f3a-6a1f0d9f1c11 --reason "the customer called"
            """) { id, reason, url };
        command.Runs(async (line, terminal, stop) =>
        {
            using var api = new ApiClient(line.GetRequiredValue(url), surroundings);
            var body = new { reason = line.GetRequiredValue(reason) };
            await api.Post(PathOf(line.GetRequiredValue(id)) + "/cancel", Caller.Operator, body, stop);
            terminal.Say($"Asked for. 'doa saga show {line.GetRequiredValue(id)}' tells what comes of it.");
            return 0;
        });
        return command;
    }

    private static Argument<string> Id() => new("id") { Description = "The saga's id, as 'saga list' shows it." };

    private static string PathOf(string id) => $"ops/sagas/{Uri.EscapeDataString(id)}";
}
