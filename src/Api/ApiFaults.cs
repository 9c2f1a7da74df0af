using DoaMarket.Kernel;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace DoaMarket.Api;

/// <summary>Turns what endpoints throw into answers: bad input into its 4xx, fullness into 503, bugs into 500 with a trace id.</summary>
public static class ApiFaults
{
    /// <summary>Adds the middleware; first of all.</summary>
    public static IApplicationBuilder UseApiFaults(this IApplicationBuilder app) => app.Use(async (http, next) =>
    {
        try
        {
            await next(http);
            if (!http.Response.HasStarted && http.Response.StatusCode is StatusCodes.Status404NotFound or StatusCodes.Status405MethodNotAllowed
                && http.Response.ContentLength is null && http.Response.ContentType is null)
            {
                var status = http.Response.StatusCode;
                await ApiAnswers.Write(http, ApiError.NotFound with { Status = status }, null, $"{http.Request.Method} {http.Request.Path}");
            }
        }
        catch (Exception error) when (!http.Response.HasStarted)
        {
            await Answer(http, error);
        }
    });

    private static async Task Answer(HttpContext http, Exception error)
    {
        switch (error)
        {
            case ApiException known:
                await ApiAnswers.Write(http, known.Error, known.Details, [.. known.Arguments]);
                break;
            case ServiceBusyException busy:
                ApiAnswers.SetRetryAfter(http, busy.RetryAfter);
                await ApiAnswers.Write(http, ApiError.Busy);
                break;
            case StoreUnavailableException:
                ApiAnswers.SetRetryAfter(http, TimeSpan.FromSeconds(2));
                await ApiAnswers.Write(http, ApiError.Unavailable);
                break;
            case FormatException cursor when cursor.Message.Contains("cursor", StringComparison.OrdinalIgnoreCase) || http.Request.Query.ContainsKey("cursor"):
                await ApiAnswers.Write(http, ApiError.InvalidField, new { field = "cursor" }, "cursor", cursor.Message);
                break;
            case BadHttpRequestException bad:
                await ApiAnswers.Write(http, ApiError.InvalidJson with { Status = bad.StatusCode }, null, bad.Message);
                break;
            case OperationCanceledException when http.RequestAborted.IsCancellationRequested:
                http.Response.StatusCode = StatusCodes.Status499ClientClosedRequest;
                break;
            default:
                http.RequestServices.GetRequiredService<ILoggerFactory>().CreateLogger("DoaMarket.Api")
                    .LogError(error, "{Method} {Path} failed.", http.Request.Method, http.Request.Path);
                await ApiAnswers.Write(http, ApiError.Internal);
                break;
        }
    }
}
