using System.Globalization;
using System.Text.Json;
using DoaMarket.Host.Cli.Api;
using Spectre.Console;

namespace DoaMarket.Host.Cli.Views;

/// <summary>Shows a journal as a tree: every entry hangs below the message that caused it.</summary>
internal static class JournalTree
{
    public static void Print(IAnsiConsole console, IReadOnlyList<JsonElement> entries)
    {
        if (entries.Count == 0)
        {
            console.WriteLine("The journal has nothing yet.");
            return;
        }

        var start = entries.Min(entry => entry.Instant("timestamp"));
        var tree = new Tree($"Journal, {entries.Count} entries").Style("grey");
        var nodes = new Dictionary<string, TreeNode>(StringComparer.Ordinal);
        foreach (var entry in InCausalOrder(entries))
        {
            // The root's cause is an API call, a webhook or a timer: not in the journal.
            var parent = entry.Text("causationId") is { } cause ? nodes.GetValueOrDefault(cause) : null;
            var node = parent?.AddNode(Words(entry, start)) ?? tree.AddNode(Words(entry, start));
            if (entry.Text("eventId") is { } id)
            {
                nodes.TryAdd(id, node);
            }
        }

        console.Write(tree);
    }

    /// <summary>By time, yet never an effect before its cause: services' clocks may differ by a little.</summary>
    internal static IReadOnlyList<JsonElement> InCausalOrder(IReadOnlyList<JsonElement> entries)
    {
        var waiting = entries.OrderBy(entry => entry.Instant("timestamp") ?? DateTimeOffset.MaxValue).ToList();
        var known = waiting.Select(entry => entry.Text("eventId")).OfType<string>().ToHashSet(StringComparer.Ordinal);
        var shown = new HashSet<string>(StringComparer.Ordinal);
        var ordered = new List<JsonElement>(waiting.Count);
        while (waiting.Count > 0)
        {
            var ready = waiting.FindIndex(entry =>
                entry.Text("causationId") is not { } cause || !known.Contains(cause) || shown.Contains(cause));
            // A circle of causes would be a bug of the journal; it is shown rather than hidden.
            var next = waiting[Math.Max(ready, 0)];
            waiting.RemoveAt(Math.Max(ready, 0));
            ordered.Add(next);
            shown.Add(next.Text("eventId") ?? "");
        }

        return ordered;
    }

    private static string Words(JsonElement entry, DateTimeOffset? start)
    {
        var since = entry.Instant("timestamp") is { } at && start is { } first
            ? string.Create(CultureInfo.InvariantCulture, $"+{(at - first).TotalSeconds:0.000} s")
            : "";
        var type = entry.Text("eventType") ?? entry.Text("kind") ?? "note";
        var remark = entry.Text("note") ?? entry.Part("data")?.Text("reason");
        return $"[grey]{since}[/] [bold]{Markup.Escape(type)}[/] [grey]{Markup.Escape(entry.Text("source") ?? "")}[/]"
            + (remark is null ? "" : $" {Markup.Escape(remark)}");
    }
}
