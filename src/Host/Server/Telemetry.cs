using System.ComponentModel.DataAnnotations;
using System.Diagnostics.Metrics;
using DoaMarket.Kernel;
using OpenTelemetry;
using OpenTelemetry.Exporter;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace DoaMarket.Host.Server;

/// <summary>Where spans and metrics go. Without an endpoint nothing is measured and nothing is sent.</summary>
public sealed record TelemetryOptions
{
    /// <summary>
    /// Address of an OTLP receiver, e.g. "http://127.0.0.1:4318"; OTEL_EXPORTER_OTLP_ENDPOINT stands in for it.
    /// </summary>
    public string? OtlpEndpoint { get; init; }

    /// <summary>"http/protobuf" or "grpc".</summary>
    [RegularExpression("http/protobuf|grpc", ErrorMessage = "Protocol must be http/protobuf or grpc.")]
    public string Protocol { get; init; } = "http/protobuf";

    /// <summary>Name under which this process is known; OTEL_SERVICE_NAME stands in for it.</summary>
    public string ServiceName { get; init; } = "doa-market-orders";

    /// <summary>Share of requests whose trace is kept; a caller that decided already is followed.</summary>
    [Range(0.0, 1.0)]
    public double SampleRatio { get; init; } = 1.0;

    /// <summary>How often metrics are sent.</summary>
    public TimeSpan MetricsEvery { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>How often spans are sent.</summary>
    public TimeSpan SpansEvery { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>Spans that may wait to be sent; more are dropped, since telemetry must not hold the shop up.</summary>
    [Range(1, 1_000_000)]
    public int MaxSpansWaiting { get; init; } = 20_000;
}

/// <summary>Sends the process's spans and metrics out by OTLP, when somebody named a receiver.</summary>
public sealed class Telemetry : IDisposable
{
    private const string AspNetCore = "Microsoft.AspNetCore", HttpClients = "System.Net.Http";
    private readonly TracerProvider _spans;
    private readonly MeterProvider _metrics;
    private readonly Meter _shopMeter;

    private Telemetry(TelemetryOptions options, Uri endpoint, Shop shop)
    {
        var resource = ResourceBuilder.CreateEmpty()
            .AddService(options.ServiceName, serviceInstanceId: Environment.MachineName + ":" + Environment.ProcessId)
            .AddEnvironmentVariableDetector();
        _shopMeter = ShopMeter(shop);
        _spans = Sdk.CreateTracerProviderBuilder()
            .SetResourceBuilder(resource)
            .SetSampler(new ParentBasedSampler(new TraceIdRatioBasedSampler(options.SampleRatio)))
            .AddSource(KernelTelemetry.Name, AspNetCore, HttpClients)
            .AddOtlpExporter(exporter =>
            {
                To(exporter, options, endpoint, "v1/traces");
                exporter.BatchExportProcessorOptions = new()
                {
                    MaxQueueSize = options.MaxSpansWaiting,
                    ScheduledDelayMilliseconds = (int)options.SpansEvery.TotalMilliseconds,
                    MaxExportBatchSize = Math.Min(512, options.MaxSpansWaiting),
                };
            })
            .Build();
        _metrics = Sdk.CreateMeterProviderBuilder()
            .SetResourceBuilder(resource)
            .AddMeter(KernelTelemetry.Name, _shopMeter.Name, AspNetCore + ".Hosting", HttpClients, "System.Runtime")
            .AddOtlpExporter((exporter, reader) =>
            {
                To(exporter, options, endpoint, "v1/metrics");
                reader.PeriodicExportingMetricReaderOptions.ExportIntervalMilliseconds =
                    (int)options.MetricsEvery.TotalMilliseconds;
            })
            .Build();
    }

    /// <summary>Begins to send; null when nobody is to receive.</summary>
    /// <exception cref="WrongConfigurationException">The endpoint is no address.</exception>
    public static Telemetry? Start(TelemetryOptions options, Shop shop)
    {
        var text = options.OtlpEndpoint is { Length: > 0 } named
            ? named
            : Environment.GetEnvironmentVariable("OTEL_EXPORTER_OTLP_ENDPOINT");
        if (string.IsNullOrWhiteSpace(text))
        {
            return null;
        }

        return Uri.TryCreate(text, UriKind.Absolute, out var endpoint) && endpoint.Scheme is "http" or "https"
            ? new Telemetry(options, endpoint, shop)
            : throw new WrongConfigurationException(
                $"Telemetry:OtlpEndpoint '{text}' is no address. "
                + "Write DOA__Telemetry__OtlpEndpoint=http://127.0.0.1:4318, or leave it out.");
    }

    /// <summary>Sends what waits, for a few seconds at most, and ends.</summary>
    public void Dispose()
    {
        _spans.Dispose();
        _metrics.Dispose();
        _shopMeter.Dispose();
    }

    private static void To(OtlpExporterOptions exporter, TelemetryOptions options, Uri endpoint, string path)
    {
        var isGrpc = options.Protocol == "grpc";
        exporter.Protocol = isGrpc ? OtlpExportProtocol.Grpc : OtlpExportProtocol.HttpProtobuf;
        exporter.Endpoint = isGrpc ? endpoint : new Uri(endpoint.ToString().TrimEnd('/') + "/" + path);
    }

    // Gauges of what the shop knows anyway; read when metrics are sent, never in between.
    private static Meter ShopMeter(Shop shop)
    {
        var meter = new Meter("DoaMarket.Shop");
        meter.CreateObservableGauge(
            "doa.queue.depth", () => shop.QueueWatch.Latest.Select(q => Of(q.Waiting, q.Queue)), "{message}",
            "Messages not settled yet.");
        meter.CreateObservableGauge(
            "doa.queue.in_flight", () => shop.QueueWatch.Latest.Select(q => Of(q.InFlight, q.Queue)), "{message}",
            "Messages that a receiver has.");
        meter.CreateObservableGauge(
            "doa.queue.dead_letters", () => shop.QueueWatch.Latest.Select(q => Of(
                shop.QueueWatch.DeadLetters.GetValueOrDefault(shop.Topology.Of(q.Service).DeadLetterQueue), q.Queue)),
            "{message}", "Dead letters waiting for a person.");
        meter.CreateObservableGauge(
            "doa.queue.oldest_age",
            () => shop.QueueWatch.Latest.Select(q => Of(
                q.OldestSentAt is { } sent ? (TimeProvider.System.GetUtcNow() - sent).TotalSeconds : 0, q.Queue)),
            "s", "Age of the oldest message not settled yet.");
        meter.CreateObservableGauge(
            "doa.breaker.open",
            () => shop.Breakers.All.Select(b => new Measurement<int>(
                b.State switch { "closed" => 0, "half_open" => 1, _ => 2 },
                new KeyValuePair<string, object?>("gateway", b.Gateway))),
            "{state}", "Circuit breakers: 0 closed, 1 half open, 2 open.");
        meter.CreateObservableGauge(
            "doa.effects.outstanding", () => shop.Effects.Outstanding, "{effect}", "Outside calls under way.");
        return meter;
    }

    private static Measurement<T> Of<T>(T value, string queue) where T : struct =>
        new(value, new KeyValuePair<string, object?>("queue", queue));
}
