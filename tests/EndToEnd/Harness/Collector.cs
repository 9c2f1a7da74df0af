using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace DoaMarket.EndToEnd.Harness;

/// <summary>A span as it was sent by OTLP.</summary>
internal sealed record SpanSeen(
    string TraceId, string SpanId, string ParentId, string Name, IReadOnlyDictionary<string, string> Attributes);

/// <summary>A receiver of OTLP over HTTP: keeps the spans, and what metrics are called.</summary>
internal sealed class Collector : IAsyncDisposable
{
    private readonly HttpListener _listener = new();
    private readonly ConcurrentQueue<SpanSeen> _spans = new();
    private readonly ConcurrentQueue<string> _metrics = new();
    private readonly Task _receiving;

    private Collector(int port)
    {
        Url = $"http://127.0.0.1:{port}";
        _listener.Prefixes.Add(Url + "/");
        _listener.Start();
        _receiving = Receive();
    }

    public string Url { get; }

    public IReadOnlyList<SpanSeen> Spans => [.. _spans];

    /// <summary>Whether a metric of this name has been sent.</summary>
    public bool HasMetric(string name) => _metrics.Any(m => m.Contains(name, StringComparison.Ordinal));

    public static Collector Open()
    {
        using var probe = new TcpListener(IPAddress.Loopback, 0);
        probe.Start();
        var port = ((IPEndPoint)probe.LocalEndpoint).Port;
        probe.Stop();
        return new(port);
    }

    public async ValueTask DisposeAsync()
    {
        _listener.Close();
        await _receiving;
    }

    private async Task Receive()
    {
        while (true)
        {
            HttpListenerContext http;
            try
            {
                http = await _listener.GetContextAsync();
            }
            catch (Exception closed) when (closed is HttpListenerException or ObjectDisposedException)
            {
                return;
            }

            using var body = new MemoryStream();
            try
            {
                await http.Request.InputStream.CopyToAsync(body);
            }
            catch (Exception cut) when (cut is HttpListenerException or IOException)
            {
                continue; // a process that ended in the middle of telling
            }

            if (http.Request.Url!.AbsolutePath == "/v1/traces")
            {
                Take(body.ToArray());
            }
            else
            {
                _metrics.Enqueue(Encoding.Latin1.GetString(body.ToArray()));
            }

            http.Response.ContentType = "application/x-protobuf";
            http.Response.Close();
        }
    }

    // opentelemetry-proto: resource_spans = 1 { scope_spans = 2 { spans = 2 } }.
    private void Take(byte[] request)
    {
        foreach (var resource in Protobuf.Fields(request, 1))
        {
            foreach (var scope in Protobuf.Fields(resource, 2))
            {
                foreach (var span in Protobuf.Fields(scope, 2))
                {
                    _spans.Enqueue(new(
                        Hex(span, 1), Hex(span, 2), Hex(span, 4), Text(span, 5),
                        Protobuf.Fields(span, 9).ToDictionary(
                            a => Text(a, 1), a => Text(Protobuf.Fields(a, 2).First(), 1), StringComparer.Ordinal)));
                }
            }
        }
    }

    private static string Hex(byte[] message, int field) =>
        Convert.ToHexStringLower(Protobuf.Fields(message, field).FirstOrDefault() ?? []);

    private static string Text(byte[] message, int field) =>
        Encoding.UTF8.GetString(Protobuf.Fields(message, field).FirstOrDefault() ?? []);
}

/// <summary>As much of protobuf as it takes to find length-delimited fields.</summary>
internal static class Protobuf
{
    /// <summary>Every value of a length-delimited field.</summary>
    public static IEnumerable<byte[]> Fields(byte[] message, int field)
    {
        for (var at = 0; at < message.Length;)
        {
            var tag = Varint(message, ref at);
            switch (tag & 7)
            {
                case 0:
                    Varint(message, ref at);
                    break;
                case 1:
                    at += 8;
                    break;
                case 2:
                    var length = (int)Varint(message, ref at);
                    if ((int)(tag >> 3) == field)
                    {
                        yield return message[at..(at + length)];
                    }

                    at += length;
                    break;
                case 5:
                    at += 4;
                    break;
                default:
                    throw new FormatException($"Wire type {tag & 7} at {at}.");
            }
        }
    }

    private static ulong Varint(byte[] message, ref int at)
    {
        var value = 0UL;
        for (var shift = 0; ; shift += 7)
        {
            var next = message[at++];
            value |= (ulong)(next & 0x7F) << shift;
            if (next < 0x80)
            {
                return value;
            }
        }
    }
}
