using DoaMarket.Kernel;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace DoaMarket.Api;

/// <summary>
/// One correlation id per HTTP request: in the answer's X-Correlation-Id, in every log line of the request, and in
/// everything that the request sets in motion. It is made here: a caller cannot choose one that belongs to others.
/// </summary>
public static class Correlation
{
    /// <summary>The header that tells it.</summary>
    public const string Header = "X-Correlation-Id";

    private static readonly object IdKey = new(), AskedKey = new();

    /// <summary>Adds the middleware; first of all.</summary>
    public static IApplicationBuilder UseCorrelation(this IApplicationBuilder app)
    {
        var log = app.ApplicationServices.GetRequiredService<ILoggerFactory>().CreateLogger("DoaMarket.Api");
        return app.Use(async (http, next) =>
        {
            var id = Of(http);
            http.Response.Headers[Header] = id.ToString();
            using (log.BeginScope(new Dictionary<string, object>(StringComparer.Ordinal)
            {
                ["correlationId"] = id.ToString(),
            }))
            {
                await next(http);
            }
        });
    }

    /// <summary>The request's correlation id.</summary>
    public static CorrelationId Of(HttpContext http)
    {
        if (http.Items.TryGetValue(IdKey, out var known))
        {
            return (CorrelationId)known!;
        }

        var id = new CorrelationId(NewId(http));
        http.Items[IdKey] = id;
        return id;
    }

    /// <summary>
    /// Goes on under an id that another process of the shop has made; before anything asks for it. Whoever calls this knows
    /// that it was one.
    /// </summary>
    public static void Continue(HttpContext http, CorrelationId id) => http.Items[IdKey] = id;

    /// <summary>
    /// The id of a question to a service, from which the ids of what it makes derive: the correlation id itself for the
    /// first of a request, fresh ones for further ones.
    /// </summary>
    internal static Guid AskingId(HttpContext http) =>
        http.Items.TryAdd(AskedKey, true) ? Of(http).Value : NewId(http);

    private static Guid NewId(HttpContext http) =>
        Guid.CreateVersion7(http.RequestServices.GetRequiredService<TimeProvider>().GetUtcNow());
}
