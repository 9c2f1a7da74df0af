using System.Diagnostics;

namespace DoaMarket.Kernel;

/// <summary>Puts drafts into envelopes, writes their payloads, and addresses them by the topology.</summary>
internal sealed class MessageWriter(
    QueueDefinition sender, Topology topology, MessageCatalog catalog, string environment)
{
    /// <summary>A decision's messages.</summary>
    /// <param name="span">The span they are sent from; without one they carry the trail's.</param>
    public List<OutgoingMessage> Write(Decision decision, DateTimeOffset now, string? span)
    {
        var messages = new List<OutgoingMessage>(decision.Messages.Count);
        var cause = decision.Trail.CausationId;
        var trail = span is null || IsOfAnotherTrace(decision.Trail, span)
            ? decision.Trail
            : decision.Trail with { Traceparent = span };
        foreach (var draft in decision.Messages)
        {
            messages.Add(Address(draft.EventId, draft.Message, trail, cause, draft.SentBefore ?? now, draft.Again));
            cause ??= draft.EventId; // what a request sets in motion hangs on its first message
        }

        return messages;
    }

    // A carrier's callback is a request of its own; what it moves goes on in the trace of the order.
    private static bool IsOfAnotherTrace(Trail trail, string span) =>
        ActivityContext.TryParse(trail.Traceparent, null, out var own)
        && ActivityContext.TryParse(span, null, out var here)
        && own.TraceId != here.TraceId;

    /// <summary>The message that tells of an opened or closed alert.</summary>
    public OutgoingMessage Write(AlertTransition transition, DateTimeOffset now)
    {
        var (alert, resolution, trail, version, ordinal) = transition;
        IMessage message = resolution is null
            ? new AlertRaised(alert.Type, alert.Severity, alert.Subject, alert.Text, alert.OrderId)
            : new AlertResolved(alert.Type, alert.Subject, resolution, alert.OrderId);
        var id = DerivedId.From(trail.CorrelationId.Value, $"alert:{alert.Type}/{alert.Subject}:{version}.{ordinal}");
        return Address(new(id), message, trail, trail.CausationId, now, again: false);
    }

    private OutgoingMessage Address(
        EventId id, IMessage message, Trail trail, EventId? cause, DateTimeOffset sentAt, bool again)
    {
        var type = catalog.Of(message);
        // Whole milliseconds, as stores keep them: a message that was stored on its way is the same message.
        var timestamp = DateTimeOffset.FromUnixTimeMilliseconds(sentAt.ToUnixTimeMilliseconds());
        var envelope = new Envelope(
            id, type.WireName, type.Version, timestamp, sender.Source, trail.CorrelationId, cause, trail.SagaId, trail.UserId,
            new MessageMetadata(trail.Traceparent, environment), message);
        var personal = message as IPersonalMessage;
        return new(
            envelope,
            catalog.Write(personal?.Masked() ?? message),
            personal is null ? null : catalog.Write(message),
            topology.Route(type.WireName),
            again);
    }
}
