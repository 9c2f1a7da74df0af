using DoaMarket.Host.Cli.Api;
using Spectre.Console;

namespace DoaMarket.Host.Cli.Views;

/// <summary>Shows dead letters.</summary>
internal static class DeadLetterView
{
    public static void PrintList(IAnsiConsole console, ApiAnswer answer) => AnswerView.PrintTable(
        console, answer, ["Dead letter", "Queue", "Message", "Dead at", "Reason"],
        letter =>
        [
            AnswerView.Plain(letter, "deadLetterId"), AnswerView.Plain(letter, "queue"),
            AnswerView.Plain(letter, "eventType"), AnswerView.Day(letter, "deadAt"),
            AnswerView.Plain(letter, "reason"),
        ]);

    public static void PrintGroups(IAnsiConsole console, ApiAnswer answer) => AnswerView.PrintTable(
        console, answer, ["Count", "Queue", "Message", "Last", "Reason", "Example"],
        group =>
        [
            AnswerView.Plain(group, "count"), AnswerView.Plain(group, "queue"), AnswerView.Plain(group, "eventType"),
            AnswerView.Day(group, "lastDeadAt"), AnswerView.Plain(group, "reason"), AnswerView.Plain(group, "example"),
        ]);

    public static void Print(IAnsiConsole console, ApiAnswer answer)
    {
        var letter = answer.Data;
        console.MarkupLine(
            $"[bold]{AnswerView.Plain(letter, "eventType")}[/]  {AnswerView.Coloured(letter.Text("status"))}"
            + $"  in {AnswerView.Plain(letter, "queue")} since {AnswerView.Day(letter, "deadAt")}");
        console.MarkupLine(
            $"[grey]event[/] {AnswerView.Plain(letter, "eventId")}"
            + $"  [grey]correlation[/] {AnswerView.Plain(letter, "correlationId")}"
            + $"  [grey]attempts[/] {AnswerView.Plain(letter, "attempts")}");
        if (letter.Text("settledBecause") is { } because)
        {
            console.WriteLine($"Discarded: {because}");
        }

        console.MarkupLine("[grey]headers[/]");
        console.WriteLine(letter.Text("headers") ?? "–");
        console.MarkupLine(
            letter.Text("hasPersonalData") == "true" ? "[grey]body (has personal data)[/]" : "[grey]body[/]");
        console.WriteLine(letter.Text("body") ?? "–");
        console.MarkupLine("[grey]error[/]");
        console.WriteLine(letter.Text("error") ?? "–");
    }

    public static void PrintTrial(IAnsiConsole console, ApiAnswer answer)
    {
        var trial = answer.Data;
        console.MarkupLine($"[bold]{AnswerView.Plain(trial, "verdict")}[/]  {AnswerView.Plain(trial, "explanation")}");
        foreach (var change in trial.Entries("changes"))
        {
            var members = string.Join(", ", change.Entries("members").Select(m => m.GetString()));
            console.WriteLine(
                $"  {(change.Text("isNew") == "true" ? "makes" : "changes")} {change.Text("document")}: {members}");
        }

        foreach (var message in trial.Entries("messages"))
        {
            var queues = string.Join(", ", message.Entries("queues").Select(q => q.GetString()));
            console.WriteLine($"  sends {message.Text("eventType")} to {queues}");
        }

        foreach (var (list, word) in new[] { ("effects", "calls"), ("alerts", "alert"), ("remarks", "notes") })
        {
            foreach (var entry in trial.Entries(list))
            {
                console.WriteLine($"  {word} {entry.GetString()}");
            }
        }
    }
}

/// <summary>Shows alerts.</summary>
internal static class AlertView
{
    public static void PrintList(IAnsiConsole console, ApiAnswer answer) => AnswerView.PrintTable(
        console, answer, ["", "Alert", "Status", "Raised", "Times", "What"],
        alert =>
        [
            Severity(alert.Text("severity")), AnswerView.Plain(alert, "alertId"), AnswerView.Plain(alert, "status"),
            AnswerView.Day(alert, "raisedAt"), AnswerView.Plain(alert, "occurrences"), AnswerView.Plain(alert, "text"),
        ]);

    public static void Print(IAnsiConsole console, ApiAnswer answer)
    {
        var alert = answer.Data;
        console.MarkupLine(
            $"{Severity(alert.Text("severity"))} [bold]{AnswerView.Plain(alert, "type")}[/]"
            + $"  {AnswerView.Plain(alert, "status")}  since {AnswerView.Day(alert, "raisedAt")}"
            + $"  [grey]times[/] {AnswerView.Plain(alert, "occurrences")}");
        console.MarkupLine(
            $"[grey]about[/] {AnswerView.Plain(alert, "subject")}  [grey]order[/] {AnswerView.Plain(alert, "orderId")}"
            + $"  [grey]correlation[/] {AnswerView.Plain(alert, "correlationId")}");
        console.WriteLine(alert.Text("text") ?? "–");
        if (alert.Text("acknowledgedBy") is { } who)
        {
            console.MarkupLine($"{Markup.Escape(who)} is on it since {AnswerView.Day(alert, "acknowledgedAt")}.");
        }

        if (alert.Text("resolution") is { } resolution)
        {
            console.WriteLine($"Resolved: {resolution}");
        }
    }

    private static string Severity(string? severity) => severity switch
    {
        "P1" => "[red]P1[/]",
        "P2" => "[yellow]P2[/]",
        _ => Markup.Escape(severity ?? "–"),
    };
}

/// <summary>Shows queues.</summary>
internal static class QueueView
{
    public static void Print(IAnsiConsole console, ApiAnswer answer) => AnswerView.PrintTable(
        console, answer, ["Queue", "Waiting", "In flight", "Retrying", "Oldest", "In/s", "Out/s", "Dead letters"],
        queue =>
        [
            AnswerView.Plain(queue, "queue"), AnswerView.Plain(queue, "waiting"), AnswerView.Plain(queue, "inFlight"),
            AnswerView.Plain(queue, "retrying"), $"{AnswerView.Plain(queue, "oldestAgeSeconds")} s",
            AnswerView.Plain(queue, "inPerSecond"), AnswerView.Plain(queue, "outPerSecond"),
            queue.Whole("deadLetters") is > 0 and var dead ? $"[red]{dead}[/]" : "0",
        ]);
}

/// <summary>Shows circuit breakers.</summary>
internal static class BreakerView
{
    public static void Print(IAnsiConsole console, ApiAnswer answer) => AnswerView.PrintTable(
        console, answer, ["System", "Circuit", "Since", "Failures in a row", "Next try", "Last failure"],
        breaker =>
        [
            AnswerView.Plain(breaker, "gateway"),
            breaker.Text("state") == "closed" ? "[green]closed[/]" : $"[red]{AnswerView.Plain(breaker, "state")}[/]",
            AnswerView.Day(breaker, "since"), AnswerView.Plain(breaker, "failuresInARow"),
            AnswerView.Clock(breaker, "openUntil"), AnswerView.Plain(breaker, "lastFailure"),
        ]);
}
