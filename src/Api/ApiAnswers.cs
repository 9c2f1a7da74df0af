using System.Diagnostics;
using System.Globalization;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace DoaMarket.Api;

/// <summary>A successful answer.</summary>
/// <param name="Success">True.</param>
/// <param name="Data">What was asked for.</param>
/// <param name="Timestamp">When it was answered, UTC.</param>
/// <param name="Meta">For lists: where the next page begins.</param>
public sealed record ApiSuccess<T>(bool Success, T Data, DateTimeOffset Timestamp, ApiMeta? Meta = null);

/// <summary>About a list.</summary>
/// <param name="NextCursor">Pass it as ?cursor= for the next page; null on the last.</param>
public sealed record ApiMeta(string? NextCursor);

/// <summary>A failed answer.</summary>
public sealed record ApiFailure(bool Success, ApiFailureBody Error, DateTimeOffset Timestamp);

/// <summary>
/// What failed: a stable code, a sentence in the asked language, details for programs, the trace to report.
/// </summary>
public sealed record ApiFailureBody(string Code, string Message, object? Details, string TraceId);

/// <summary>Makes answers in DOA Market's form.</summary>
public static class ApiAnswers
{
    /// <summary>200 with data.</summary>
    public static IResult Ok<T>(HttpContext http, T data, int status = StatusCodes.Status200OK) =>
        Results.Json(new ApiSuccess<T>(true, data, Now(http)), ApiJson.Answers, statusCode: status);

    /// <summary>200 with a page of a list.</summary>
    public static IResult Page<T>(HttpContext http, IReadOnlyList<T> items, string? nextCursor) =>
        Results.Json(
            new ApiSuccess<IReadOnlyList<T>>(true, items, Now(http), new ApiMeta(nextCursor)), ApiJson.Answers);

    /// <summary>A failure in the caller's language.</summary>
    public static IResult Fail(HttpContext http, ApiError error, object? details = null, params object?[] arguments) =>
        Results.Json(Failure(http, error, details, arguments), ApiJson.Answers, statusCode: error.Status);

    /// <summary>Writes a failure where no endpoint can (middleware, authentication).</summary>
    public static Task Write(HttpContext http, ApiError error, object? details = null, params object?[] arguments)
    {
        http.Response.StatusCode = error.Status;
        return http.Response.WriteAsJsonAsync(Failure(http, error, details, arguments), ApiJson.Answers);
    }

    /// <summary>503 with Retry-After.</summary>
    public static IResult Busy(HttpContext http, TimeSpan retryAfter)
    {
        SetRetryAfter(http, retryAfter);
        return Fail(http, ApiError.Busy);
    }

    /// <summary>Says when it is worth trying again, in whole seconds, 1 at least.</summary>
    public static void SetRetryAfter(HttpContext http, TimeSpan retryAfter) =>
        http.Response.Headers.RetryAfter = Math.Max(1, (int)Math.Ceiling(retryAfter.TotalSeconds))
            .ToString(CultureInfo.InvariantCulture);

    /// <summary>True when the caller prefers English; Korean is the default.</summary>
    public static bool WantsEnglish(HttpContext http)
    {
        var preferred = http.Request.GetTypedHeaders().AcceptLanguage
            .OrderByDescending(l => l.Quality ?? 1)
            .Select(l => l.Value.Value ?? "")
            .FirstOrDefault(l => l.StartsWith("ko", StringComparison.OrdinalIgnoreCase)
                || l.StartsWith("en", StringComparison.OrdinalIgnoreCase));
        return preferred?.StartsWith("en", StringComparison.OrdinalIgnoreCase) ?? false;
    }

    private static ApiFailure Failure(HttpContext http, ApiError error, object? details, object?[] arguments) => new(
        false,
        new(
            error.Code, error.Text(WantsEnglish(http), arguments), details,
            Activity.Current?.TraceId.ToString() ?? http.TraceIdentifier),
        Now(http));

    private static DateTimeOffset Now(HttpContext http) =>
        http.RequestServices.GetRequiredService<TimeProvider>().GetUtcNow();
}
