using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Net.ServerSentEvents;
using System.Text.Json.Nodes;

namespace DoaMarket.EndToEnd.Harness;

/// <summary>One event of an order's stream.</summary>
internal sealed record Seen(int Id, string Status, JsonNode Data);

/// <summary>An open event stream of an order, read as a browser reads it.</summary>
internal sealed class EventStream : IAsyncDisposable
{
    private readonly HttpResponseMessage _response;
    private readonly Stream? _body;
    private readonly IAsyncEnumerator<SseItem<string>>? _events;

    private EventStream(HttpResponseMessage response, Stream? body)
    {
        (_response, _body) = (response, body);
        _events = body is null ? null : SseParser.Create(body).EnumerateAsync().GetAsyncEnumerator();
    }

    public int Status => (int)_response.StatusCode;

    /// <summary>Opens the stream; refused or not, the status tells.</summary>
    public static async Task<EventStream> Open(
        Shop shop, Person person, Placed order, string? lastEventId = null, Node? at = null)
    {
        var response = await Ask(shop, person, order, lastEventId, at);
        return new(
            response, response.StatusCode == HttpStatusCode.OK ? await response.Content.ReadAsStreamAsync() : null);
    }

    /// <summary>The raw lines of a stream, for what no parser shows: its comments.</summary>
    public static async Task<IReadOnlyList<string>> Lines(Shop shop, Person person, Placed order, int count)
    {
        using var response = await Ask(shop, person, order, null, null);
        using var reader = new StreamReader(await response.Content.ReadAsStreamAsync());
        List<string> lines = [];
        while (lines.Count < count && await reader.ReadLineAsync().WaitAsync(Eventually.Patience) is { } line)
        {
            lines.Add(line);
        }

        return lines;
    }

    /// <summary>The next event; null when the stream has ended.</summary>
    public async Task<Seen?> Next()
    {
        if (!await _events!.MoveNextAsync().AsTask().WaitAsync(Eventually.Patience))
        {
            return null;
        }

        var item = _events.Current;
        Assert.Equal("order", item.EventType);
        var data = JsonNode.Parse(item.Data)!;
        var id = int.Parse(item.EventId!, CultureInfo.InvariantCulture);
        Assert.Equal(id, data.Int("version"));
        return new(id, data.Text("status"), data);
    }

    /// <summary>Events up to one with this status, that one included.</summary>
    public async Task<IReadOnlyList<Seen>> Until(string status)
    {
        List<Seen> seen = [];
        do
        {
            seen.Add(await Next() ?? throw new InvalidOperationException($"The stream ended before {status}."));
        }
        while (seen[^1].Status != status);
        return seen;
    }

    /// <summary>All events to the end of the stream.</summary>
    public async Task<IReadOnlyList<Seen>> ToTheEnd()
    {
        List<Seen> seen = [];
        while (await Next() is { } next)
        {
            seen.Add(next);
        }

        return seen;
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        _response.Dispose();
        if (_body is not null)
        {
            await _body.DisposeAsync();
        }
    }

    private static async Task<HttpResponseMessage> Ask(
        Shop shop, Person person, Placed order, string? lastEventId, Node? at)
    {
        using var request = new HttpRequestMessage(
            HttpMethod.Get, $"{at?.Url ?? shop.Url}/api/v1/orders/{order.OrderId}/events");
        if (person.Token is { } token)
        {
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        }

        if (lastEventId is not null)
        {
            request.Headers.Add("Last-Event-ID", lastEventId);
        }

        return await shop.Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
    }
}
