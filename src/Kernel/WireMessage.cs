using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace DoaMarket.Kernel;

/// <summary>
/// A message as it travels and rests: its header in fields, its payload in bytes. On the wire it is one JSON object, the
/// envelope of docs/messages.md.
/// </summary>
/// <param name="EventId">Identifies the message for ever.</param>
/// <param name="EventType">Wire name.</param>
/// <param name="EventVersion">Version of the payload's form.</param>
/// <param name="Timestamp">When it was made.</param>
/// <param name="Source">Who made it.</param>
/// <param name="CorrelationId">The customer's request.</param>
/// <param name="CausationId">The message that caused it.</param>
/// <param name="SagaId">The saga.</param>
/// <param name="UserId">The customer.</param>
/// <param name="Subject">What it is about; it is not on the wire, since the payload tells it.</param>
/// <param name="Metadata">Trace context and environment.</param>
/// <param name="Body">The payload, JSON in UTF-8.</param>
public sealed record WireMessage(
    EventId EventId,
    string EventType,
    string EventVersion,
    DateTimeOffset Timestamp,
    string Source,
    CorrelationId CorrelationId,
    EventId? CausationId,
    SagaId? SagaId,
    UserId? UserId,
    string? Subject,
    MessageMetadata Metadata,
    byte[] Body)
{
    private const string Data = "data";

    /// <summary>A message with one of its payload's forms, full or masked.</summary>
    public static WireMessage Of(Envelope envelope, byte[] body)
    {
        ArgumentNullException.ThrowIfNull(envelope);
        return new(
            envelope.EventId, envelope.EventType, envelope.EventVersion, envelope.Timestamp, envelope.Source,
            envelope.CorrelationId, envelope.CausationId, envelope.SagaId, envelope.UserId, envelope.Data.Subject,
            envelope.Metadata, body);
    }

    /// <summary>A message out of the journal with one of its payload's forms.</summary>
    public static WireMessage Of(JournalEntry entry, byte[] body)
    {
        ArgumentNullException.ThrowIfNull(entry);
        return new(
            entry.EventId, entry.EventType, entry.EventVersion, entry.Timestamp, entry.Source, entry.CorrelationId,
            entry.CausationId, entry.SagaId, entry.UserId, entry.Subject, new MessageMetadata(entry.Traceparent), body);
    }

    /// <summary>Bytes that are no message of ours; the same bytes get the same id.</summary>
    public static WireMessage OfUnknown(byte[] bytes, DateTimeOffset at)
    {
        var id = DerivedId.From(Guid.Empty, Convert.ToHexString(SHA256.HashData(bytes)));
        return new(
            new EventId(id), "unknown", "", at, "", new CorrelationId(id), null, null, null, null, new MessageMetadata(), bytes);
    }

    /// <summary>The message for a service to handle.</summary>
    /// <exception cref="JsonException">The payload is not what its type says. The text names the member.</exception>
    public Envelope Open(MessageCatalog catalog)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        return new(
            EventId, EventType, EventVersion, Timestamp, Source, CorrelationId, CausationId, SagaId, UserId, Metadata,
            catalog.Read(EventType, Body));
    }

    /// <summary>The message as the journal keeps it, without a place in it.</summary>
    public JournalEntry ToJournal() => new(
        0, EventId, EventType, EventVersion, Timestamp, Source, CorrelationId, CausationId, SagaId, UserId, Subject,
        Metadata.Traceparent, Encoding.UTF8.GetString(Body));

    /// <summary>The envelope as JSON.</summary>
    public byte[] Write() => ReadableJson.Write(this, static (writer, message) =>
    {
        writer.WriteStartObject();
        message.WriteHeader(writer);
        writer.WritePropertyName(Data);
        writer.WriteRawValue(message.Body);
        writer.WriteEndObject();
    });

    /// <summary>The header alone as JSON, as dead letters keep it.</summary>
    public string WriteHeader() => Encoding.UTF8.GetString(ReadableJson.Write(this, static (writer, message) =>
    {
        writer.WriteStartObject();
        message.WriteHeader(writer);
        writer.WriteEndObject();
    }));

    /// <summary>Reads an envelope; whether its payload can be read, <see cref="Open"/> tells.</summary>
    /// <exception cref="JsonException">It is none.</exception>
    public static WireMessage Read(ReadOnlyMemory<byte> json)
    {
        using var document = JsonDocument.Parse(json);
        return Read(
            document.RootElement,
            document.RootElement.ValueKind == JsonValueKind.Object && document.RootElement.TryGetProperty(Data, out var data)
                ? Encoding.UTF8.GetBytes(data.GetRawText())
                : throw new JsonException("The message has no data."));
    }

    /// <summary>A message from what <see cref="WriteHeader()"/> wrote, and its payload.</summary>
    /// <exception cref="JsonException">It is no header.</exception>
    public static WireMessage Read(string header, byte[] body)
    {
        using var document = JsonDocument.Parse(header);
        return Read(document.RootElement, body);
    }

    private static WireMessage Read(JsonElement header, byte[] body)
    {
        try
        {
            var metadata = header.GetProperty("metadata");
            return new(
                new EventId(header.GetProperty("eventId").GetGuid()),
                header.GetProperty("eventType").GetString() ?? throw new FormatException("eventType is null"),
                header.GetProperty("eventVersion").GetString() ?? throw new FormatException("eventVersion is null"),
                header.GetProperty("timestamp").GetDateTimeOffset(),
                header.GetProperty("source").GetString() ?? throw new FormatException("source is null"),
                new CorrelationId(header.GetProperty("correlationId").GetGuid()),
                Id(header, "causationId") is { } cause ? new EventId(cause) : null,
                Id(header, "sagaId") is { } saga ? new SagaId(saga) : null,
                Text(header, "userId") is { } user ? new UserId(user) : null,
                null,
                new MessageMetadata(Text(metadata, "traceparent"), Text(metadata, "environment")),
                body);
        }
        catch (Exception error) when (error is KeyNotFoundException or FormatException or InvalidOperationException)
        {
            throw new JsonException($"This is no envelope of a message: {error.Message}", error);
        }
    }

    private void WriteHeader(Utf8JsonWriter writer)
    {
        writer.WriteString("eventId", EventId.Value);
        writer.WriteString("eventType", EventType);
        writer.WriteString("eventVersion", EventVersion);
        writer.WriteString("timestamp", Timestamp);
        writer.WriteString("source", Source);
        writer.WriteString("correlationId", CorrelationId.Value);
        Write(writer, "causationId", CausationId?.Value);
        Write(writer, "sagaId", SagaId?.Value);
        writer.WriteString("userId", UserId?.Value);
        writer.WriteStartObject("metadata");
        writer.WriteString("traceparent", Metadata.Traceparent);
        writer.WriteString("environment", Metadata.Environment);
        writer.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter writer, string name, Guid? id)
    {
        if (id is { } value)
        {
            writer.WriteString(name, value);
        }
        else
        {
            writer.WriteNull(name);
        }
    }

    private static string? Text(JsonElement parent, string name) =>
        parent.TryGetProperty(name, out var value) ? value.GetString() : null;

    private static Guid? Id(JsonElement parent, string name) =>
        parent.TryGetProperty(name, out var value) && value.ValueKind != JsonValueKind.Null ? value.GetGuid() : null;
}
