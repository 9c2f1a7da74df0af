using System.CommandLine;
using DoaMarket.Host.Cli.Api;
using DoaMarket.Host.Cli.Views;

namespace DoaMarket.Host.Cli.Commands;

/// <summary><c>doa alerts list|show|acknowledge|resolve|wake</c>: what a person must look at.</summary>
internal static class AlertsCommand
{
    private static readonly string[] Statuses = ["open", "resolved", "all"];
    private static readonly string[] Severities = ["P1", "P2", "P3", "P4"];

    public static Command Create(Surroundings surroundings) =>
        new("alerts", "See what a person must look at, and say that it is settled.")
        {
            List(surroundings), Show(surroundings), Acknowledge(surroundings), Resolve(surroundings),
            Wake(surroundings),
        };

    private static TaughtCommand List(Surroundings surroundings)
    {
        var status = new Option<string>("--status")
        {
            Description = "Which ones.",
            HelpName = string.Join('|', Statuses),
            DefaultValueFactory = _ => Statuses[0],
        };
        status.AcceptOnlyFromAmong(Statuses);
        var severity = new Option<string?>("--severity")
        {
            Description = "Only these: P1 now, P2 within the hour, P3 within the working day, P4 to know.",
            HelpName = string.Join('|', Severities),
        };
        severity.AcceptOnlyFromAmong(Severities);
        var limit = Options.Limit();
        var cursor = Options.Cursor();
        var url = Options.Url();
        var json = Options.Json();
        var command = new TaughtCommand(
            "list",
            "List alerts, the most urgent first.",
            """
            Examples:
              doa alerts list
              doa alerts list --severity P1 --status all
            """) { status, severity, limit, cursor, url, json };
        command.Runs(async (line, terminal, stop) =>
        {
            using var api = new ApiClient(line.GetRequiredValue(url), surroundings);
            var query = $"limit={line.GetValue(limit)}" + Options.Filter("status", line.GetValue(status))
                + Options.Filter("severity", line.GetValue(severity)) + Options.Filter("cursor", line.GetValue(cursor));
            var answer = await api.Get("ops/alerts?" + query, Caller.Operator, stop);
            answer.Show(line.GetValue(json), terminal, AlertView.PrintList);
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
            "Show one alert: what happened and what to do.",
            """
            Example:
              doa alerts show orders~DEAD_LETTER~order-service-dlq
            """) { id, url, json };
        command.Runs(async (line, terminal, stop) =>
        {
            using var api = new ApiClient(line.GetRequiredValue(url), surroundings);
            var answer = await api.Get(PathOf(line.GetRequiredValue(id)), Caller.Operator, stop);
            answer.Show(line.GetValue(json), terminal, AlertView.Print);
            return 0;
        });
        return command;
    }

    private static TaughtCommand Acknowledge(Surroundings surroundings) => Act(
        surroundings, "acknowledge", "Say that you are on it; the alert stays open. Audited.",
        "doa alerts acknowledge orders~DEAD_LETTER~order-service-dlq", "Noted.", reason: null);

    private static TaughtCommand Resolve(Surroundings surroundings) => Act(
        surroundings, "resolve", "Say that an alert is settled. Those that close with their cause say so instead. Audited.",
        """doa alerts resolve "shipping~SECOND_WAYBILL~0199c6b2-5d3e-7cc1-8f3a-6a1f0d9f1c11" --reason "cancelled by phone" """.Trim(),
        "Resolved.", Options.Reason());

    private static TaughtCommand Wake(Surroundings surroundings) => Act(
        surroundings, "wake",
        "Let the document go on that a DOCUMENT_PARKED alert is about, when its cause is mended. Audited.",
        """doa alerts wake "payments~DOCUMENT_PARKED~payments_payments/0199c6b2-5d3e-7cc1-8f3a-6a1f0d9f1c11" --reason "version 0.1.1" """.Trim(),
        "It goes on.", Options.Reason());

    // What a person says of an alert: the command's name is the path's last part.
    private static TaughtCommand Act(
        Surroundings surroundings, string name, string description, string example, string done, Option<string>? reason)
    {
        var id = Id();
        var url = Options.Url();
        var command = new TaughtCommand(name, description, $"Example:\n  {example}") { id };
        if (reason is not null)
        {
            command.Add(reason);
        }

        command.Add(url);
        command.Runs(async (line, terminal, stop) =>
        {
            using var api = new ApiClient(line.GetRequiredValue(url), surroundings);
            object body = reason is null ? new { } : new { reason = line.GetRequiredValue(reason) };
            await api.Post($"{PathOf(line.GetRequiredValue(id))}/{name}", Caller.Operator, body, stop);
            terminal.Say(done);
            return 0;
        });
        return command;
    }

    private static Argument<string> Id() => new("id") { Description = "The alert's id, as 'alerts list' shows it." };

    private static string PathOf(string id) => $"ops/alerts/{Uri.EscapeDataString(id)}";
}
