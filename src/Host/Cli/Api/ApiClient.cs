using System.Collections.Concurrent;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;

namespace DoaMarket.Host.Cli.Api;

/// <summary>Speaks to a shop over HTTP, each request in somebody's name.</summary>
internal sealed class ApiClient : IDisposable
{
    private const int TriesWhenBusyMax = 5;
    private static readonly TimeSpan BusyWaitMax = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan AnswerWithin = TimeSpan.FromSeconds(30);

    private readonly HttpClient _http;
    private readonly Uri _shop;
    private readonly Surroundings _surroundings;
    private readonly ConcurrentDictionary<Caller, string> _tokens = new();

    /// <param name="url">The shop's address, without <c>/api/v1</c>.</param>
    /// <param name="surroundings">Token and language.</param>
    /// <param name="extraWait">How much longer than usual an answer may take, for <c>Prefer: wait</c>.</param>
    public ApiClient(string url, Surroundings surroundings, TimeSpan extraWait = default)
    {
        _shop = new Uri(url.TrimEnd('/') + "/");
        _surroundings = surroundings;
        _http = new HttpClient { Timeout = AnswerWithin + extraWait };
    }

    /// <summary>GET <paramref name="path"/> under <c>/api/v1/</c>; a null caller is nobody in particular.</summary>
    public Task<ApiAnswer> Get(string path, Caller? caller, CancellationToken stop) =>
        Ask(() => new HttpRequestMessage(HttpMethod.Get, Address(path)), caller, stop);

    /// <summary>POST <paramref name="body"/> to <paramref name="path"/> under <c>/api/v1/</c>.</summary>
    /// <exception cref="ApiFailure">The shop refuses.</exception>
    /// <exception cref="ShopUnreachable">Nobody answers.</exception>
    public Task<ApiAnswer> Post(
        string path, Caller caller, object body, CancellationToken stop, params (string Name, string Value)[] headers)
    {
        return Ask(Request, caller, stop);

        HttpRequestMessage Request()
        {
            var request = new HttpRequestMessage(HttpMethod.Post, Address(path)) { Content = JsonContent.Create(body) };
            foreach (var (name, value) in headers)
            {
                request.Headers.Add(name, value);
            }

            return request;
        }
    }

    /// <summary>A token for this caller: the environment's, or one that an embedded shop issues to anybody.</summary>
    public async Task<string> Token(Caller caller, CancellationToken stop) =>
        _surroundings.Token ?? (_tokens.TryGetValue(caller, out var known)
            ? known
            : _tokens[caller] = (await Issue(caller, stop)).Required("token"));

    public void Dispose() => _http.Dispose();

    private Uri Address(string path) => new(_shop, "api/v1/" + path);

    private async Task<ApiAnswer> Issue(Caller caller, CancellationToken stop)
    {
        try
        {
            return await Ask(
                () => new HttpRequestMessage(HttpMethod.Post, new Uri(_shop, "dev/token"))
                {
                    Content = JsonContent.Create(new { userId = caller.UserId, role = caller.Role }),
                },
                caller: null, stop);
        }
        catch (ApiFailure failure) when (failure.Status == (int)HttpStatusCode.NotFound)
        {
            throw new ApiFailure(
                failure.Status, "NO_TOKEN",
                $"This shop does not hand out tokens (only the embedded mode does). Set {Surroundings.TokenVariable} "
                + $"to a token with the role '{caller.Role}'.")
            { TraceId = failure.TraceId };
        }
    }

    // A busy shop (429, 503) that says when to come back has not taken the request in: it is made again.
    private async Task<ApiAnswer> Ask(Func<HttpRequestMessage> make, Caller? caller, CancellationToken stop)
    {
        var token = caller is null ? null : await Token(caller, stop);
        for (var attempt = 1; ; attempt++)
        {
            using var request = make();
            request.Headers.Add("Accept-Language", _surroundings.AcceptLanguage);
            if (token is not null)
            {
                request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
            }

            using var response = await Send(request, stop);
            if (attempt >= TriesWhenBusyMax || BusyFor(response) is not { } wait)
            {
                return await Read(response, stop);
            }

            await Task.Delay(wait, stop);
        }
    }

    private async Task<HttpResponseMessage> Send(HttpRequestMessage request, CancellationToken stop)
    {
        try
        {
            return await _http.SendAsync(request, stop);
        }
        catch (HttpRequestException exception)
        {
            throw new ShopUnreachable(_shop, exception.Message, exception);
        }
        catch (TaskCanceledException exception) when (!stop.IsCancellationRequested)
        {
            throw new ShopUnreachable(_shop, $"no answer within {_http.Timeout.TotalSeconds:0} s", exception);
        }
    }

    private static TimeSpan? BusyFor(HttpResponseMessage response)
    {
        var isBusy = response.StatusCode is HttpStatusCode.TooManyRequests or HttpStatusCode.ServiceUnavailable;
        if (!isBusy || response.Headers.RetryAfter is not { } after)
        {
            return null;
        }

        var wait = after.Delta ?? BusyWaitMax;
        return wait < BusyWaitMax ? wait : BusyWaitMax;
    }

    private async Task<ApiAnswer> Read(HttpResponseMessage response, CancellationToken stop)
    {
        var status = (int)response.StatusCode;
        if (await Parse(response, stop) is not { } body || body.Part("success") is null)
        {
            throw new ApiFailure(
                status, $"HTTP_{status}", $"{_shop} answered {status} with something that DOA Market does not say.");
        }

        if (response.IsSuccessStatusCode && body.Part("data") is not null)
        {
            return new ApiAnswer(body);
        }

        var error = body.Part("error") ?? body;
        throw new ApiFailure(
            status, error.Text("code") ?? $"HTTP_{status}", error.Text("message") ?? $"The shop answered {status}.")
        {
            Details = error.Text("details"),
            TraceId = error.Text("traceId"),
        };
    }

    private static async Task<JsonElement?> Parse(HttpResponseMessage response, CancellationToken stop)
    {
        var bytes = await response.Content.ReadAsByteArrayAsync(stop);
        try
        {
            using var document = JsonDocument.Parse(bytes);
            return document.RootElement.Clone();
        }
        catch (JsonException)
        {
            return null; // not JSON: the caller says so, with the status
        }
    }
}
