using System.Collections;
using System.Diagnostics;
using Microsoft.Extensions.Logging;

namespace DoaMarket.Kernel;

/// <summary>
/// What every log line that concerns a message carries: correlationId, sagaId, orderId, eventId, traceId. A formatter
/// for JSON writes them as members; one for people writes a line.
/// </summary>
internal sealed class MessageScope : IReadOnlyList<KeyValuePair<string, object?>>
{
    private readonly List<KeyValuePair<string, object?>> _values = [];

    private MessageScope(Trail? trail, string? subject, EventId? eventId)
    {
        Add("correlationId", trail?.CorrelationId.ToString());
        Add("sagaId", trail?.SagaId?.ToString());
        Add("orderId", subject);
        Add("eventId", eventId?.ToString());
        Add("traceId", ActivityContext.TryParse(trail?.Traceparent, null, out var context)
            ? context.TraceId.ToString()
            : null);
    }

    /// <inheritdoc />
    public int Count => _values.Count;

    /// <inheritdoc />
    public KeyValuePair<string, object?> this[int index] => _values[index];

    /// <summary>Opens the scope of an item; null when it belongs to nothing.</summary>
    public static IDisposable? Of(ILogger log, BatchItem item)
    {
        var eventId = (item as DeliveryItem)?.Delivery.EventId;
        return item.Trail is not null || eventId is not null
            ? log.BeginScope(new MessageScope(item.Trail, item.Subject, eventId))
            : null;
    }

    /// <summary>Opens the scope of an outside call.</summary>
    public static IDisposable? Of(ILogger log, EffectCause? cause) =>
        cause is null ? null : log.BeginScope(new MessageScope(cause.Trail, cause.Subject, null));

    /// <inheritdoc />
    public IEnumerator<KeyValuePair<string, object?>> GetEnumerator() => _values.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <inheritdoc />
    public override string ToString() => string.Join(", ", _values.Select(v => $"{v.Key}: {v.Value}"));

    private void Add(string name, object? value)
    {
        if (value is not null)
        {
            _values.Add(new(name, value));
        }
    }
}
