using System.Text.Json.Nodes;
using DoaMarket.Contracts;
using DoaMarket.Kernel;

namespace DoaMarket.Totality;

/// <summary>Something that can happen to a document.</summary>
/// <param name="Group">Of what kind it is: messages, timer, answers, requests.</param>
/// <param name="Name">As the page calls it.</param>
/// <param name="Happen">Lets it happen; null where it cannot (no timer is set, nothing is awaited).</param>
internal sealed record Happening(string Group, string Name, Func<Desk, Decision?> Happen);

/// <summary>What follows when something happens in a state.</summary>
/// <param name="Becomes">The state afterwards; empty when it is the same.</param>
/// <param name="Sends">Messages sent and calls wanted.</param>
/// <param name="Why">Remarks, alerts, and what a person is answered.</param>
internal sealed record Outcome(string Becomes, string Sends, string Why)
{
    /// <summary>Whether nothing at all was decided.</summary>
    public bool IsUndecided => Becomes.Length + Sends.Length + Why.Length == 0;
}

/// <summary>One aggregate: its states, and everything that can happen to it.</summary>
/// <param name="Title">Of its part of the page.</param>
/// <param name="About">A sentence or two.</param>
/// <param name="Key">The document.</param>
/// <param name="StateOf">Its state in a few words.</param>
/// <param name="States">How each state is reached; the first one is that of no document.</param>
/// <param name="Happenings">Everything that can happen.</param>
internal sealed record Table(
    string Title, string About, DocumentKey Key, Func<Desk, string> StateOf, IReadOnlyList<Func<Desk>> States,
    IReadOnlyList<Happening> Happenings)
{
    private const string TimerName = "its timer";

    /// <summary>What follows in which states, in the order of the states.</summary>
    public IEnumerable<(Outcome Outcome, List<string> States)> OutcomesOf(Happening happening)
    {
        var outcomes = new List<(Outcome Outcome, List<string> States)>();
        foreach (var reach in States)
        {
            var desk = reach();
            var state = StateOf(desk);
            if (Try(desk, happening) is not { } outcome)
            {
                continue;
            }

            var same = outcomes.FirstOrDefault(o => o.Outcome == outcome);
            if (same.States is null)
            {
                outcomes.Add((outcome, [state]));
            }
            else
            {
                same.States.Add(state);
            }
        }

        return outcomes;
    }

    /// <summary>Lets something happen in a state; null where it cannot.</summary>
    private Outcome? Try(Desk desk, Happening happening)
    {
        var (before, wanted) = (StateOf(desk), desk.Wanted(Key));
        var members = MembersOf(desk);
        Decision? decision;
        try
        {
            decision = happening.Happen(desk);
        }
        catch (Exception bug)
        {
            throw new InvalidOperationException($"{Title}, {before}: {happening.Name} is not decided. {bug.Message}", bug);
        }

        if (decision is null)
        {
            return null;
        }

        var after = StateOf(desk);
        string[] learnt = after == before ? Differences(members, MembersOf(desk)) : [];
        return new(
            Change(before, after),
            string.Join(", ", SentBy(decision).Concat(Calls(wanted, desk.Wanted(Key)))),
            IsIgnored(decision, desk) ? "ignored, as declared" : string.Join("; ", Reasons(decision, learnt, isSame: after == before)));
    }

    // What is only added to the state is told alone, so that the same thing in many states is one row.
    private static string Change(string before, string after) =>
        after == before ? ""
        : after.StartsWith(before + ", ", StringComparison.Ordinal) ? $"… {after[(before.Length + 2)..]}"
        : after;

    private static IEnumerable<string> SentBy(Decision decision) => decision.Messages.Select(
        m => $"`{ShopMessages.Catalog.NameOf(m.Message.GetType())}`{(m.Again ? " again" : "")}");

    private static IEnumerable<string> Calls(Effect? before, Effect? after) =>
        after is null || after.Key == before?.Key ? [] : [$"calls {after.GetType().Name}"];

    private static IEnumerable<string> Reasons(Decision decision, string[] learnt, bool isSame)
    {
        foreach (var alert in decision.Alerts)
        {
            yield return alert.Resolution is null ? $"raises {alert.Alert.Type}" : $"resolves {alert.Alert.Type}";
        }

        foreach (var note in decision.Notes.Select(n => n.Kind).Distinct(StringComparer.Ordinal))
        {
            yield return note;
        }

        if (decision.Reply is { } reply)
        {
            yield return $"answered: {AnswerIn.Words(reply)}";
        }

        if (learnt.Length > 0 && decision is { Notes.Count: 0, Messages.Count: 0 })
        {
            yield return $"keeps {string.Join(", ", learnt)}";
        }

        if (isSame && learnt.Length == 0 && decision is { Notes.Count: 0, Messages.Count: 0, Alerts.Count: 0, Reply: null, Changes.Count: > 0 })
        {
            yield return "known already";
        }
    }

    private JsonObject MembersOf(Desk desk) => desk.Find<object>(Key) is { } state
        ? JsonNode.Parse(Key.Kind.Write(state))!.AsObject()
        : [];

    private static string[] Differences(JsonObject before, JsonObject after) =>
        [.. after.Select(m => m.Key).Where(name => !JsonNode.DeepEquals(before[name], after[name]) && name != "trail")];

    /// <summary>Whether the service has declared that it does nothing upon a message.</summary>
    private static bool IsIgnored(Decision decision, Desk desk) =>
        decision.Occasion is { } occasion && occasion.GetType().GetGenericTypeDefinition() == typeof(Incoming<>)
        && desk.Module.HandlerOf((IMessage)occasion.GetType().GetProperty("Message")!.GetValue(occasion)!).Own is null;

    /// <summary>Messages of a service, each with the samples that are given for it.</summary>
    public static IEnumerable<Happening> Messages(params (IMessage Sample, string Variant)[] samples) => samples.Select(
        s => new Happening(
            "Messages", $"`{ShopMessages.Catalog.NameOf(s.Sample.GetType())}`{(s.Variant.Length > 0 ? $", {s.Variant}" : "")}",
            desk => desk.Hear(s.Sample)));

    /// <summary>The document's timer.</summary>
    public static Happening Timer(DocumentKey key) => new(
        "Timer", TimerName, desk => desk.Find<object>(key) is null ? null : desk.Fire(key));

    /// <summary>Answers to the call that is awaited, and to one of before.</summary>
    public static IEnumerable<Happening> Answers(
        DocumentKey key, Effect old, params (EffectResult Result, string Name)[] results) =>
    [
        .. results.Select(r => new Happening(
            "Answers that are awaited", r.Name,
            desk => desk.Wanted(key) is { } wanted ? desk.Answer(key, wanted, r.Result) : null)),
        .. results.Select(r => new Happening(
            "Answers to a call of before", r.Name,
            desk => desk.Find<object>(key) is null ? null : desk.Answer(key, old, r.Result))),
    ];

    /// <summary>What people and the outside ask.</summary>
    public static IEnumerable<Happening> Requests(string group, params (string Name, Func<Desk, object> Wish)[] wishes) =>
        wishes.Select(w => new Happening(group, w.Name, desk => desk.Ask(w.Wish(desk))));
}

/// <summary>How a reply is told on the page: its name, and its code where it has one.</summary>
internal static class AnswerIn
{
    private static readonly string[] Told = ["Code", "Outcome", "Status"];

    public static string Words(object reply)
    {
        var codes = Told.Select(name => reply.GetType().GetProperty(name)?.GetValue(reply)).OfType<object>()
            .Select(value => $"{value}").Where(text => text.Length > 0);
        return string.Join(' ', codes.Prepend(reply.GetType().Name).Distinct(StringComparer.Ordinal));
    }
}
