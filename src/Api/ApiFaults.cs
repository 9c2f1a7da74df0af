using DoaMarket.Kernel;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace DoaMarket.Api;

/// <summary>
/// Turns what endpoints throw into answers: bad input into its 4xx, fullness into 503, bugs into 500 with a trace id.
/// </summary>
public static class ApiFaults
{
    /// <summary>Adds the middleware; first of all.</summary>
    public static IApplicationBuilder UseApiFaults(this IApplicationBuilder app) => app.Use(async (http, next) =>
    {
        try
        {
            await next(http);
            if (!http.Response.HasStarted
                && http.Response is { StatusCode: >= 400, ContentLength: null, ContentType: null })
            {
                await Fill(http);
            }
        }
        catch (Exception error) when (!http.Response.HasStarted)
        {
            await Answer(http, error);
        }
    });

    // Routing and binding end a request with a bare status: no such path, method or media type, a parameter of the
    // wrong type.
    private static Task Fill(HttpContext http)
    {
        var asked = $"{http.Request.Method} {http.Request.Path}";
        return http.Response.StatusCode switch
        {
            StatusCodes.Status404NotFound => ApiAnswers.Write(http, ApiError.NotFound, null, asked),
            StatusCodes.Status405MethodNotAllowed => ApiAnswers.Write(http, ApiError.MethodNotAllowed, null, asked),
            StatusCodes.Status415UnsupportedMediaType => ApiAnswers.Write(http, ApiError.NotJson),
            var status =>
                ApiAnswers.Write(http, ApiError.BadParameter with { Status = status }, null, http.Request.QueryString),
        };
    }

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
            case FormatException cursor when cursor.Message.Contains("cursor", StringComparison.OrdinalIgnoreCase)
                || http.Request.Query.ContainsKey("cursor"):
                await ApiAnswers.Write(http, ApiError.InvalidField, new { field = "cursor" }, "cursor", cursor.Message);
                break;
            case BadHttpRequestException { StatusCode: StatusCodes.Status413PayloadTooLarge }:
                await ApiAnswers.Write(http, ApiError.TooLarge, null, ApiBody.MaxBytes);
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
