using System.Diagnostics;
using System.Net;
using System.Net.Mime;
using DoaMarket.Api;
using DoaMarket.Kernel;
using Microsoft.AspNetCore.Http.Metadata;
using Yarp.ReverseProxy.Forwarder;

namespace DoaMarket.Host.Server.Peers;

/// <summary>Whose endpoint it is.</summary>
/// <param name="Service">The service: the endpoint answers in processes that run it.</param>
public sealed record ServedBy(string Service);

/// <summary>
/// Answers here what belongs to services that run elsewhere: the request goes on to a process that runs the service, as
/// its address is configured. Endpoints say whose they are; those that only learn it on the way (an alert's owner) say so
/// by <see cref="ServiceElsewhereException"/>, before anything was done.
/// </summary>
public sealed class Forwarding(
    ServiceLoops loops, ServicePlaces places, ForwardedMark mark, IHttpForwarder forwarder,
    IHostApplicationLifetime lifetime, ILogger<Forwarding> log)
    : IDisposable
{
    /// <summary>Longer than any endpoint is silent: Prefer: wait holds an answer for 60 s, streams tell every 15 s.</summary>
    private static readonly ForwarderRequestConfig Patience = new() { ActivityTimeout = TimeSpan.FromSeconds(100) };

    private static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(2), ConnectWithin = TimeSpan.FromSeconds(2);

    private static readonly ApiError Away = new(
        503, "SERVICE_UNAVAILABLE", "'{0}' 서비스에 연결할 수 없습니다. 잠시 후 다시 시도해 주세요.",
        "The service '{0}' cannot be reached right now; please try again shortly.");

    // Not 503, which says that nothing was done.
    private static readonly ApiError BrokeOff = new(
        502, "OUTCOME_UNKNOWN", "'{0}' 서비스의 응답을 받지 못했습니다. 같은 Idempotency-Key로 다시 요청해 확인해 주세요.",
        "The service '{0}' broke off; whether it was done is unknown. Ask again, under the same Idempotency-Key.");

    private static readonly ApiError Nowhere = new(
        503, "SERVICE_ELSEWHERE", "'{0}' 서비스는 이 프로세스에서 실행되지 않습니다: {1}",
        "The service '{0}' does not run in this process: {1}");

    private readonly HttpMessageInvoker _client = new(new SocketsHttpHandler
    {
        UseProxy = false,
        AllowAutoRedirect = false,
        UseCookies = false,
        AutomaticDecompression = DecompressionMethods.None,
        ConnectTimeout = ConnectWithin,
        PooledConnectionLifetime = TimeSpan.FromMinutes(2), // a name may come to mean other processes
        ActivityHeadersPropagator = new ReverseProxyPropagator(DistributedContextPropagator.Current),
    });

    private readonly HttpTransformer _transformer = new Marked(mark);

    /// <summary>Adds it; last of all middleware, when the caller is known.</summary>
    public void Use(WebApplication app) => app.Use(async (http, next) =>
    {
        if (http.GetEndpoint()?.Metadata.GetMetadata<ServedBy>() is { } owner && !loops.Has(owner.Service))
        {
            await Forward(http, owner.Service);
            return;
        }

        if (!HttpMethods.IsGet(http.Request.Method) && http.GetEndpoint() is not null)
        {
            http.Request.EnableBuffering(ApiBody.MaxBytes + 1); // it may have to be sent on after it was read
        }

        try
        {
            await next(http);
        }
        catch (ServiceElsewhereException elsewhere) when (!http.Response.HasStarted)
        {
            if (http.Request.Body.CanSeek)
            {
                http.Request.Body.Position = 0;
            }

            await Forward(http, elsewhere.Service);
        }
    });

    /// <inheritdoc />
    public void Dispose() => _client.Dispose();

    private async Task Forward(HttpContext http, string service)
    {
        if (places.Of(service) is not { } url)
        {
            await Refuse(
                http, Nowhere, service, $"write {ServicePlaces.KeyOf(service)}=http://…, where a process runs it.");
            return;
        }

        if (ForwardedMark.IsOn(http))
        {
            await Refuse(
                http, Nowhere, service, $"{ServicePlaces.KeyOf(service)} of the process that was asked leads here.");
            return;
        }

        // An open stream would keep this process from stopping in good order; whoever follows it asks another one.
        var until = IsStream(http) ? lifetime.ApplicationStopping : CancellationToken.None;
        var error = await forwarder.SendAsync(http, url.ToString(), _client, Patience, _transformer, until);
        if (error == ForwarderError.None || http.RequestAborted.IsCancellationRequested
            || (until.IsCancellationRequested && http.Response.HasStarted))
        {
            return;
        }

        var cause = http.GetForwarderErrorFeature()?.Exception;
        log.LogWarning(
            "{Service} at {Url} did not answer {Method} {Path}: {Error} {Cause}", service, url, http.Request.Method,
            http.Request.Path, error, cause?.Message);
        if (http.Response.HasStarted)
        {
            http.Abort(); // a stream that breaks off is taken up again by its last id; half an answer must not look whole
            return;
        }

        if (WrongBody(cause) is { } wrong)
        {
            throw new BadHttpRequestException(wrong.Message, wrong.StatusCode, wrong); // the caller's: too large, broken off
        }

        await Refuse(http, HttpMethods.IsGet(http.Request.Method) || WasNotSent(cause) ? Away : BrokeOff, service);
    }

    private static bool IsStream(HttpContext http) => http.GetEndpoint()?.Metadata
        .GetOrderedMetadata<IProducesResponseTypeMetadata>()
        .Any(answer => answer.ContentTypes.Contains(MediaTypeNames.Text.EventStream, StringComparer.Ordinal)) == true;

    private static BadHttpRequestException? WrongBody(Exception? cause) => cause switch
    {
        BadHttpRequestException wrong => wrong,
        AggregateException several => several.InnerExceptions.Select(WrongBody).FirstOrDefault(w => w is not null),
        { InnerException: { } inner } => WrongBody(inner),
        _ => null,
    };

    private static bool WasNotSent(Exception? cause) => cause is
        HttpRequestException { HttpRequestError: HttpRequestError.ConnectionError or HttpRequestError.NameResolutionError }
        or OperationCanceledException { InnerException: TimeoutException }; // no connection in time

    private static Task Refuse(HttpContext http, ApiError error, string service, string? remedy = null)
    {
        ApiAnswers.SetRetryAfter(http, RetryAfter);
        return ApiAnswers.Write(http, error, new { service }, service, remedy);
    }

    /// <summary>The request as it came, bearer and all, with the mark.</summary>
    private sealed class Marked(ForwardedMark mark) : HttpTransformer
    {
        public override async ValueTask TransformRequestAsync(
            HttpContext http, HttpRequestMessage request, string destination, CancellationToken stop)
        {
            await base.TransformRequestAsync(http, request, destination, stop);
            request.Headers.Host = null; // the other process's own
            request.Headers.Remove(ForwardedMark.Header);
            request.Headers.TryAddWithoutValidation(ForwardedMark.Header, mark.Of(http));
        }

        // The service's own word counts: its headers replace ours instead of standing beside them.
        public override ValueTask<bool> TransformResponseAsync(
            HttpContext http, HttpResponseMessage? response, CancellationToken stop)
        {
            foreach (var (name, _) in response?.Headers ?? Enumerable.Empty<KeyValuePair<string, IEnumerable<string>>>())
            {
                http.Response.Headers.Remove(name);
            }

            return base.TransformResponseAsync(http, response, stop);
        }
    }
}
