using System.Text.Json;
using System.Text.Json.Serialization;
using DoaMarket.Journal;
using DoaMarket.Kernel;
using EventId = DoaMarket.Kernel.EventId;

namespace DoaMarket.Host.Ops;

/// <summary>What kind of thing happened to an order.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<TimelineKind>))]
public enum TimelineKind
{
    /// <summary>A service was asked to do something.</summary>
    [JsonStringEnumMemberName("command")]
    Command,

    /// <summary>A service told that something happened.</summary>
    [JsonStringEnumMemberName("fact")]
    Fact,

    /// <summary>A message that had been taken in before was dropped, or a request was answered as before.</summary>
    [JsonStringEnumMemberName("duplicate")]
    Duplicate,

    /// <summary>Something was tried again, or is going to be: a handling, a command, a call.</summary>
    [JsonStringEnumMemberName("retry")]
    Retry,

    /// <summary>A timer acted: a deadline passed.</summary>
    [JsonStringEnumMemberName("timer")]
    Timer,

    /// <summary>Something outside was called, or told something.</summary>
    [JsonStringEnumMemberName("outside")]
    Outside,

    /// <summary>The customer was told, or was not.</summary>
    [JsonStringEnumMemberName("notification")]
    Notification,

    /// <summary>A person did something.</summary>
    [JsonStringEnumMemberName("operator")]
    Operator,

    /// <summary>A person was called, or need not act any more.</summary>
    [JsonStringEnumMemberName("alert")]
    Alert,

    /// <summary>A message failed for good.</summary>
    [JsonStringEnumMemberName("dead_letter")]
    DeadLetter,

    /// <summary>Anything else worth telling: what was ignored, and why.</summary>
    [JsonStringEnumMemberName("remark")]
    Remark,
}

/// <summary>One line of an order's timeline.</summary>
/// <param name="At">When.</param>
/// <param name="Kind">What kind of thing.</param>
/// <param name="Service">Whose it is: the sender of a message, who made the remark.</param>
/// <param name="Name">A message's wire name, a remark's kind, an action; stable, for programs.</param>
/// <param name="Text">What happened, for people; null where the name says it all.</param>
/// <param name="EventId">The message concerned, if any; its raw form can be asked for.</param>
/// <param name="CausationId">The message that caused it.</param>
/// <param name="Step">The saga's step that it belongs to, if any.</param>
/// <param name="To">Services that receive a message.</param>
/// <param name="Actor">Who did it, if a person did.</param>
/// <param name="Severity">Of an alert.</param>
/// <param name="Traceparent">W3C trace context of a message.</param>
/// <param name="Link">What it leads to, e.g. a dead letter's id.</param>
public sealed record TimelineEntry(
    DateTimeOffset At, TimelineKind Kind, string Service, string Name, string? Text = null, EventId? EventId = null,
    EventId? CausationId = null, string? Step = null, IReadOnlyList<string>? To = null, UserId? Actor = null,
    AlertSeverity? Severity = null, string? Traceparent = null, string? Link = null);

/// <summary>A timer that is set.</summary>
/// <param name="At">When it is due.</param>
/// <param name="Service">Whose it is.</param>
/// <param name="Name">What is due: saga_deadline, hold_expires, payment_looked_at, parcel_looked_at.</param>
public sealed record TimelineTimer(DateTimeOffset At, string Service, string Name);

/// <summary>Everything that happened to an order, oldest first, causes before effects; and the timers that are set.</summary>
public sealed record TimelineView(IReadOnlyList<TimelineEntry> Entries, IReadOnlyList<TimelineTimer> Timers);

/// <summary>Turns messages and remarks into lines of a timeline.</summary>
internal static class TimelineLines
{
    private const string CommandEnding = "requested";

    private static readonly HashSet<string> Duplicates = new(StringComparer.Ordinal)
    {
        "duplicate_dropped", "repeated_request",
    };

    private static readonly HashSet<string> Retries = new(StringComparer.Ordinal)
    {
        "handling_failed", "undo_resent", "asked_again", "refund_attempt_failed", "charge_repeated",
    };

    private static readonly HashSet<string> Timers = new(StringComparer.Ordinal)
    {
        "step_timed_out", "account_ended",
    };

    private static readonly HashSet<string> Outside = new(StringComparer.Ordinal)
    {
        "outcome_unknown", "carrier_outcome_unknown", "not_attempted", "carrier_not_attempted", "late_capture",
        "late_waybill", "hint_checked", "hint_refused", "adopted", "deposit_reversed", "deposited_again",
        "account_closed",
    };

    public static TimelineEntry Of(
        JournalEntry m, Topology topology, IReadOnlyDictionary<string, string> steps)
    {
        var kind = m.EventType switch
        {
            "alert.raised" or "alert.resolved" => TimelineKind.Alert,
            "notification.sent" or "notification.failed" => TimelineKind.Notification,
            _ when m.EventType.EndsWith(CommandEnding, StringComparison.Ordinal) => TimelineKind.Command,
            _ => TimelineKind.Fact,
        };
        using var body = JsonDocument.Parse(m.Body);
        var service = topology.Queues.FirstOrDefault(q => q.Source == m.Source)?.Service ?? m.Source;
        return new(
            m.Timestamp, kind, service, m.EventType, TextOf(kind, body.RootElement), m.EventId, m.CausationId,
            steps.GetValueOrDefault(m.EventType), [.. topology.Route(m.EventType).Select(q => q.Service)],
            Severity: kind == TimelineKind.Alert && Text(body.RootElement, "severity") is { } severity
                ? Enum.Parse<AlertSeverity>(severity)
                : null,
            Traceparent: m.Traceparent);
    }

    public static TimelineEntry Of(NoteRow remark)
    {
        var kind = remark.Kind switch
        {
            _ when Duplicates.Contains(remark.Kind) => TimelineKind.Duplicate,
            _ when Retries.Contains(remark.Kind) => TimelineKind.Retry,
            _ when Timers.Contains(remark.Kind) => TimelineKind.Timer,
            _ when Outside.Contains(remark.Kind) => TimelineKind.Outside,
            _ => TimelineKind.Remark,
        };
        return new(remark.At, kind, remark.Service, remark.Kind, remark.Text, remark.EventId);
    }

    // Messages keep their causal order; everything else goes behind what happened before it. Messages know whole
    // milliseconds: in the same one, what a person did stands before what came of it, and what happened outside before
    // what its service told of it.
    public static void Merge(List<TimelineEntry> lines, IEnumerable<TimelineEntry> more)
    {
        foreach (var entry in more.OrderBy(e => e.At))
        {
            var at = DateTimeOffset.FromUnixTimeMilliseconds(entry.At.ToUnixTimeMilliseconds());
            var earlier = lines.FindLastIndex(l => l.At < at) + 1;
            var place = entry.Kind switch
            {
                TimelineKind.Operator => earlier,
                TimelineKind.Outside when lines.FindIndex(earlier, l => l.At == at && l.Service == entry.Service)
                    is var told and >= 0 => told,
                _ => lines.FindLastIndex(l => l.At <= at) + 1,
            };
            lines.Insert(place, entry with { At = at });
        }
    }

    private static string? TextOf(TimelineKind kind, JsonElement body) => kind switch
    {
        TimelineKind.Alert => Text(body, "text") ?? Text(body, "resolution"),
        TimelineKind.Notification => $"{Text(body, "type")} · {Text(body, "channel")}",
        _ => Text(body, "reason"),
    };

    private static string? Text(JsonElement body, string name) =>
        body.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
}
