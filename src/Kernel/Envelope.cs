namespace DoaMarket.Kernel;

/// <summary>
/// The payload of a message: an immutable record with a stable wire name in the <see cref="MessageCatalog"/>.
/// </summary>
public interface IMessage
{
    /// <summary>
    /// What the message is about (an order's id), by which the journal can be asked; null when about nothing.
    /// </summary>
    string? Subject => null;
}

/// <summary>
/// A payload with personal data. The full form goes to its one receiver, the masked form into the journal.
/// </summary>
public interface IPersonalMessage : IMessage
{
    /// <summary>The same message with names, phones and addresses masked.</summary>
    IMessage Masked();
}

/// <summary>What travels with a message besides its business content.</summary>
/// <param name="Traceparent">W3C trace context of the request that caused the message.</param>
/// <param name="Environment">Where it was made, e.g. "embedded".</param>
public sealed record MessageMetadata(string? Traceparent = null, string? Environment = null);

/// <summary>A message as it travels. Ids live here, never inside the payload.</summary>
/// <param name="EventId">Identifies the message for ever.</param>
/// <param name="EventType">Wire name, e.g. "inventory.reserve_requested".</param>
/// <param name="EventVersion">Version of the payload's form, "v1".</param>
/// <param name="Timestamp">When it was made, UTC.</param>
/// <param name="Source">Who made it, e.g. "order-service".</param>
/// <param name="CorrelationId">The customer's request that it belongs to.</param>
/// <param name="CausationId">The message that caused it; null when a request or a timer did.</param>
/// <param name="SagaId">The saga that it belongs to, if any.</param>
/// <param name="UserId">The customer whom it concerns, if any.</param>
/// <param name="Metadata">Trace context and environment.</param>
/// <param name="Data">The payload.</param>
public sealed record Envelope(
    EventId EventId,
    string EventType,
    string EventVersion,
    DateTimeOffset Timestamp,
    string Source,
    CorrelationId CorrelationId,
    EventId? CausationId,
    SagaId? SagaId,
    UserId? UserId,
    MessageMetadata Metadata,
    IMessage Data);

/// <summary>
/// The thread that ties a document to the request which began it, so that messages born of a timer or of an outside
/// answer carry the same ids as those born of a message.
/// </summary>
/// <param name="CorrelationId">The customer's request.</param>
/// <param name="SagaId">The saga.</param>
/// <param name="UserId">The customer.</param>
/// <param name="CausationId">The last message that moved the document.</param>
/// <param name="Traceparent">W3C trace context.</param>
public sealed record Trail(
    CorrelationId CorrelationId,
    SagaId? SagaId = null,
    UserId? UserId = null,
    EventId? CausationId = null,
    string? Traceparent = null)
{
    /// <summary>The trail that a message leaves on what it moves.</summary>
    public static Trail Of(Envelope envelope)
    {
        ArgumentNullException.ThrowIfNull(envelope);
        return new(
            envelope.CorrelationId, envelope.SagaId, envelope.UserId, envelope.EventId, envelope.Metadata.Traceparent);
    }
}
