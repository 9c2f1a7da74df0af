using System.Globalization;
using System.Text.Json;
using DoaMarket.Host.Cli.Api;
using Spectre.Console;

namespace DoaMarket.Host.Cli.Views;

/// <summary>Shows a story as a tree: every message below the one that caused it, remarks below their message.</summary>
internal static class StoryTree
{
    public static void Print(IAnsiConsole console, Story story)
    {
        if (story.Messages.Count == 0)
        {
            console.WriteLine("The journal has nothing yet.");
            return;
        }

        var start = story.Messages.Min(message => message.Instant("timestamp"));
        var tree = new Tree($"Journal: {story.Messages.Count} messages, {story.Remarks.Count} remarks").Style("grey");
        var nodes = new Dictionary<string, TreeNode>(StringComparer.Ordinal);
        foreach (var message in InCausalOrder(story.Messages))
        {
            // The first one's cause is an API call, a webhook or a timer: not in the journal.
            var node = Below(tree, nodes, message.Text("causationId")).AddNode(Words(message, start));
            if (message.Text("eventId") is { } id)
            {
                nodes.TryAdd(id, node);
            }
        }

        foreach (var remark in story.Remarks)
        {
            Below(tree, nodes, remark.Text("eventId")).AddNode(RemarkWords(remark, start));
        }

        console.Write(tree);
    }

    /// <summary>By time, yet never an effect before its cause: services' clocks may differ by a little.</summary>
    internal static IReadOnlyList<JsonElement> InCausalOrder(IReadOnlyList<JsonElement> messages)
    {
        var waiting = messages.OrderBy(message => message.Instant("timestamp") ?? DateTimeOffset.MaxValue).ToList();
        var known = waiting.Select(message => message.Text("eventId")).OfType<string>()
            .ToHashSet(StringComparer.Ordinal);
        var shown = new HashSet<string>(StringComparer.Ordinal);
        var ordered = new List<JsonElement>(waiting.Count);
        while (waiting.Count > 0)
        {
            var ready = waiting.FindIndex(message =>
                message.Text("causationId") is not { } cause || !known.Contains(cause) || shown.Contains(cause));
            // A circle of causes would be a bug of the journal; it is shown rather than hidden.
            var next = waiting[Math.Max(ready, 0)];
            waiting.RemoveAt(Math.Max(ready, 0));
            ordered.Add(next);
            shown.Add(next.Text("eventId") ?? "");
        }

        return ordered;
    }

    private static IHasTreeNodes Below(Tree tree, Dictionary<string, TreeNode> nodes, string? eventId) =>
        eventId is not null && nodes.TryGetValue(eventId, out var node) ? node : tree;

    private static string Words(JsonElement message, DateTimeOffset? start)
    {
        var reason = message.Part("data")?.Text("reason");
        return $"[grey]{Since(message, "timestamp", start)}[/] [bold]{AnswerView.Plain(message, "eventType")}[/]"
            + $" [grey]{AnswerView.Plain(message, "source")}[/]"
            + (reason is null ? "" : $" {Markup.Escape(reason)}");
    }

    private static string RemarkWords(JsonElement remark, DateTimeOffset? start) =>
        $"[grey]{Since(remark, "at", start)}[/] [yellow]{AnswerView.Plain(remark, "kind")}[/]"
        + $" [grey]{AnswerView.Plain(remark, "service")}[/] {AnswerView.Plain(remark, "text")}";

    private static string Since(JsonElement entry, string name, DateTimeOffset? start) =>
        entry.Instant(name) is { } at && start is { } first
            ? string.Create(CultureInfo.InvariantCulture, $"+{(at - first).TotalSeconds:0.000} s")
            : "";
}
