using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace DoaMarket.Kernel;

/// <summary>
/// What the kernel tells of itself through .NET's own <see cref="ActivitySource"/> and <see cref="Meter"/>. Without a
/// listener nothing is made. Deciders know nothing of it: the loop measures around them.
/// </summary>
public static class KernelTelemetry
{
    /// <summary>Name of the source of spans and of the meter.</summary>
    public const string Name = "DoaMarket.Kernel";

    internal static readonly ActivitySource Spans = new(Name);
    private static readonly Meter Meter = new(Name);

    private static readonly Counter<long> Handled = Meter.CreateCounter<long>(
        "doa.items.handled", "{item}", "Messages, timers, answers and requests, by service, kind and outcome.");

    private static readonly Histogram<int> BatchItems = Meter.CreateHistogram<int>(
        "doa.batch.items", "{item}", "Items in one batch.");

    private static readonly Histogram<double> CommitSeconds = Meter.CreateHistogram<double>(
        "doa.commit.duration", "s", "One commit, by service and outcome.");

    private static readonly Counter<long> Sent = Meter.CreateCounter<long>(
        "doa.messages.sent", "{message}", "Messages committed, by sender and type.");

    private static readonly Counter<long> Published = Meter.CreateCounter<long>(
        "doa.outbox.published", "{message}", "Messages given to the broker, by whether it has confirmed them.");

    private static readonly Histogram<double> EffectSeconds = Meter.CreateHistogram<double>(
        "doa.effect.duration", "s", "Outside calls, by gateway and result.");

    private static readonly Counter<long> Ends = Meter.CreateCounter<long>(
        "doa.documents.ended", "{document}", "Documents that came to an end, by kind and end: sagas, for example.");

    private static readonly Counter<long> Alerts = Meter.CreateCounter<long>(
        "doa.alerts", "{alert}", "Alerts opened and resolved, by type.");

    /// <summary>Where a measured stretch of time begins.</summary>
    internal static long Now => Stopwatch.GetTimestamp();

    internal static void CountBatch(string service, Batch batch, UnitCommit commit)
    {
        if (BatchItems.Enabled)
        {
            BatchItems.Record(batch.Items.Count, new KeyValuePair<string, object?>("service", service));
        }

        if (Handled.Enabled)
        {
            foreach (var item in batch.Items)
            {
                Handled.Add(1, new("service", service), new("kind", item.Kind), new("outcome", item.Outcome));
            }
        }

        if (Sent.Enabled)
        {
            foreach (var message in commit.Messages)
            {
                Sent.Add(1, new("service", service), new KeyValuePair<string, object?>("type", message.Envelope.EventType));
            }
        }

        if (Alerts.Enabled)
        {
            foreach (var transition in batch.Transitions)
            {
                Alerts.Add(
                    1, new("service", service), new("type", transition.Alert.Type),
                    new("change", transition.Resolution is null ? "raised" : "resolved"));
            }
        }

        if (Ends.Enabled)
        {
            CountEnds(batch);
        }
    }

    internal static void CountCommit(string service, CommitOutcome outcome, long since)
    {
        if (CommitSeconds.Enabled)
        {
            CommitSeconds.Record(
                Stopwatch.GetElapsedTime(since).TotalSeconds, new("service", service),
                new KeyValuePair<string, object?>("outcome", outcome.ToString()));
        }
    }

    internal static void CountPublished(int confirmed, int unconfirmed)
    {
        Published.Add(confirmed, new KeyValuePair<string, object?>("confirmed", true));
        if (unconfirmed > 0)
        {
            Published.Add(unconfirmed, new KeyValuePair<string, object?>("confirmed", false));
        }
    }

    internal static void CountEffect(string gateway, EffectResult result, long since)
    {
        if (EffectSeconds.Enabled)
        {
            EffectSeconds.Record(
                Stopwatch.GetElapsedTime(since).TotalSeconds, new("gateway", gateway),
                new KeyValuePair<string, object?>("result", result.GetType().Name));
        }
    }

    private static void CountEnds(Batch batch)
    {
        foreach (var entry in batch.Documents.Changed)
        {
            var kind = entry.Key.Kind;
            if (entry.State is { } state && kind.EndOf(state) is { } end
                && (entry.Loaded is null || kind.EndOf(entry.Loaded.State) != end))
            {
                Ends.Add(1, new("kind", kind.Table), new KeyValuePair<string, object?>("end", end));
            }
        }
    }
}
