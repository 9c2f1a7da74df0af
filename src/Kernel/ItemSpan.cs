using System.Diagnostics;

namespace DoaMarket.Kernel;

/// <summary>
/// The span of one item of a batch: from its first decision to the end of the commit. Its parent is the span that the
/// message was sent from, so that one trace goes from the HTTP request to the last notification.
/// </summary>
internal static class ItemSpan
{
    /// <summary>A span for the item, or null when nobody listens.</summary>
    public static Activity? Start(BatchItem item, string service, string queue)
    {
        if (!KernelTelemetry.Spans.HasListeners() || item.Trail is not { } trail)
        {
            return null;
        }

        var span = Start(
            $"{item.Kind} {item.Name}", item is DeliveryItem ? ActivityKind.Consumer : ActivityKind.Internal, trail,
            item.Subject);
        if (span is null)
        {
            return null;
        }

        span.SetTag("doa.service", service);
        if (item is DeliveryItem delivery)
        {
            span.SetTag("messaging.system", "doa");
            span.SetTag("messaging.destination.name", queue);
            span.SetTag("messaging.message.id", delivery.Delivery.EventId.ToString());
            span.SetTag("doa.attempt", delivery.Attempt);
        }

        return span;
    }

    /// <summary>A span for an outside call, below the item that wanted it.</summary>
    public static Activity? StartEffect(EffectCause? cause, DocumentKey document, Effect effect)
    {
        if (!KernelTelemetry.Spans.HasListeners() || cause is null)
        {
            return null;
        }

        var span = Start(
            $"call {effect.Gateway} {effect.GetType().Name}", ActivityKind.Client, cause.Trail, cause.Subject);
        span?.SetTag("doa.gateway", effect.Gateway);
        span?.SetTag("doa.document", document.ToString());
        return span;
    }

    /// <summary>Ends an item's span with what became of it.</summary>
    public static void End(BatchItem item)
    {
        if (item.Span is not { } span)
        {
            return;
        }

        if (item.Decision is { } decision)
        {
            Name(span, decision.Trail, item.Subject); // a request may have begun a saga, and says so only now
        }

        span.SetTag("doa.outcome", item.Outcome);
        if (item.Failure is { } failure)
        {
            span.SetStatus(ActivityStatusCode.Error, failure.Message);
        }

        Stop(span);
        item.Span = null;
    }

    /// <summary>Ends a span without touching what is current here: others of the batch are open beside it.</summary>
    public static void Stop(Activity span)
    {
        var current = Activity.Current;
        span.Stop();
        Activity.Current = current;
    }

    private static Activity? Start(string name, ActivityKind kind, Trail trail, string? subject)
    {
        var parent = ActivityContext.TryParse(trail.Traceparent, null, isRemote: true, out var sentFrom)
            ? sentFrom
            : default;
        var current = Activity.Current;
        Activity.Current = null; // what happens to run here is no parent of it
        var span = KernelTelemetry.Spans.StartActivity(name, kind, parent);
        Activity.Current = current;
        Name(span, trail, subject);
        return span;
    }

    private static void Name(Activity? span, Trail trail, string? subject)
    {
        span?.SetTag("correlationId", trail.CorrelationId.ToString());
        span?.SetTag("sagaId", trail.SagaId?.ToString());
        span?.SetTag("orderId", subject);
    }
}

/// <summary>The item of a batch that made a document want an effect.</summary>
/// <param name="Trail">Its request and saga, with the span to hang the call on.</param>
/// <param name="Subject">The order that it is about, if any.</param>
public sealed record EffectCause(Trail Trail, string? Subject);
