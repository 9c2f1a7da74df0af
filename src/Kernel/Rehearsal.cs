using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace DoaMarket.Kernel;

/// <summary>What redriving a dead letter, or a request, would do now. Nothing of it has happened.</summary>
/// <param name="Verdict">"changes": it does what is listed; "nothing": it would be taken in without effect;
/// "duplicate": its document has it already; "fails": it cannot be decided; "refused": its service says no.</param>
/// <param name="Explanation">The verdict in a sentence.</param>
/// <param name="Changes">Documents that it would write.</param>
/// <param name="Messages">Messages that it would send.</param>
/// <param name="Effects">Outside systems that would be called afterwards.</param>
/// <param name="Remarks">What it would put into the timeline.</param>
/// <param name="Alerts">Alerts that it would raise or resolve.</param>
/// <param name="Error">The error with its stack, when it fails.</param>
public sealed record Rehearsal(
    string Verdict,
    string Explanation,
    IReadOnlyList<RehearsedChange> Changes,
    IReadOnlyList<RehearsedMessage> Messages,
    IReadOnlyList<string> Effects,
    IReadOnlyList<string> Remarks,
    IReadOnlyList<string> Alerts,
    string? Error);

/// <summary>A document that would be written. Names of members only: their values may be personal.</summary>
public sealed record RehearsedChange(string Document, bool IsNew, IReadOnlyList<string> Members);

/// <summary>A message that would be sent.</summary>
/// <param name="Again">True when it was sent before under the same id: receivers drop it.</param>
public sealed record RehearsedMessage(string EventType, EventId EventId, IReadOnlyList<string> Queues, bool Again);

/// <summary>A request that was rehearsed.</summary>
/// <param name="Told">What it would do.</param>
/// <param name="Reply">What would be answered; null when it fails.</param>
/// <param name="States">The documents that it would write, as they would be.</param>
public sealed record Rehearsed<TReply>(
    Rehearsal Told, TReply? Reply, IReadOnlyDictionary<DocumentKey, object> States);

/// <summary>Decides one dead letter, or one request, on a unit of work that is abandoned.</summary>
internal sealed class Rehearsing(ServiceModule module, BatchFrame frame, IStore store, MessageCatalog catalog)
{
    public ValueTask<Rehearsal> Of(DeadLetter letter, DateTimeOffset now, CancellationToken stop) =>
        Of(new DeliveryItem(module, Delivery(letter)), now, stop);

    public async ValueTask<Rehearsed<TReply>> Of<TReply>(
        Request<TReply> request, Guid id, Trail trail, DateTimeOffset now, CancellationToken stop)
    {
        var item = new RequestItem(module, id, trail, request, new TaskCompletionSource<object>());
        var told = await Of(item, now, stop);
        var decision = item.Failure is null ? item.Decision : null;
        return new(
            told, (TReply?)decision?.Reply,
            decision?.Changes.ToDictionary(c => c.Key, c => c.State) ?? []);
    }

    private async ValueTask<Rehearsal> Of(BatchItem item, DateTimeOffset now, CancellationToken stop)
    {
        var batch = new Batch(frame, [item]);
        await batch.Begin(store, now, stop);
        await using (batch.Work!)
        {
            batch.Decide();
            ItemSpan.End(item);
        }

        return item switch
        {
            { Failure: { } failure } => Empty("fails", failure.Message) with { Error = failure.ToString() },
            { IsDuplicate: true } => Empty("duplicate", $"{item.Own} has taken this message in before."),
            { Decision: null } => Empty("fails", "Its documents changed while it was tried; try again."),
            _ => Told(batch, item, item.Decision),
        };
    }

    private static Rehearsal Empty(string verdict, string explanation) =>
        new(verdict, explanation, [], [], [], [], [], null);

    private static Rehearsal Told(Batch batch, BatchItem item, Decision decision)
    {
        var changes = decision.Changes.Select(c => Change(batch, c)).Where(c => c.IsNew || c.Members.Count > 0).ToList();
        var effects = decision.Changes.Select(c => (c.Key, Wanted: c.Key.Kind.Wanted(c.State)))
            .Where(c => c.Wanted is not null && c.Wanted != Before(batch, c.Key))
            .Select(c => $"{c.Wanted!.Gateway}: {c.Wanted.GetType().Name}");
        var messages = item.Messages.Select(m => new RehearsedMessage(
            m.Envelope.EventType, m.Envelope.EventId, [.. m.Queues.Select(q => q.Queue)], m.Again)).ToList();
        var alerts = decision.Alerts.Select(
            a => $"{(a.Resolution is null ? "raises" : "resolves")} {a.Alert.Type}/{a.Alert.Subject}").ToList();
        var isExpected = changes.Count + messages.Count + alerts.Count > 0;
        return new(
            isExpected ? "changes" : "nothing",
            isExpected
                ? "It does what is listed here."
                : "It is not expected any more: it changes nothing.",
            changes, messages, [.. effects], [.. decision.Notes.Select(n => $"{n.Kind}: {n.Text}")], alerts, null);
    }

    private static Effect? Before(Batch batch, DocumentKey key) =>
        batch.Documents.Of(key).Loaded is { } loaded ? key.Kind.Wanted(loaded.State) : null;

    private static RehearsedChange Change(Batch batch, DocumentChange change)
    {
        var kind = change.Key.Kind;
        var loaded = batch.Documents.Of(change.Key).Loaded;
        var after = JsonNode.Parse(kind.Write(change.State))!.AsObject();
        var before = loaded is null ? [] : JsonNode.Parse(kind.Write(loaded.State))!.AsObject();
        var names = after.Select(m => m.Key).Union(before.Select(m => m.Key), StringComparer.Ordinal);
        return new(
            change.Key.ToString(), loaded is null,
            [.. names.Where(name => !JsonNode.DeepEquals(after[name], before[name]))]);
    }

    private Delivery Delivery(DeadLetter letter)
    {
        Envelope? envelope = null;
        string? unreadable = null;
        try
        {
            envelope = WireMessage.Read(letter.Headers, Encoding.UTF8.GetBytes(letter.Body)).Open(catalog);
        }
        catch (JsonException error)
        {
            unreadable = error.Message;
        }

        return new(
            letter.SourceQueue, letter.EventId, envelope, unreadable, letter.SentAt, 0, IsRedelivery: false, letter.Id);
    }
}
