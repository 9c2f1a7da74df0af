using System.Globalization;

namespace DoaMarket.Api;

/// <summary>A failure as the API tells it: a stable code, a status, and what to say in Korean and English.</summary>
/// <param name="Status">HTTP status.</param>
/// <param name="Code">Stable code for programs, UPPER_SNAKE_CASE.</param>
/// <param name="Korean">For people; {0}, {1} … are filled in.</param>
/// <param name="English">For people; {0}, {1} … are filled in.</param>
public sealed record ApiError(int Status, string Code, string Korean, string English)
{
    /// <summary>The body is no JSON of the expected form.</summary>
    public static readonly ApiError InvalidJson =
        new(400, "INVALID_JSON", "요청 본문이 올바르지 않습니다: {0}", "The request body is not valid: {0}");

    /// <summary>A field has a value that is not allowed.</summary>
    public static readonly ApiError InvalidField =
        new(400, "INVALID_FIELD", "'{0}' 값이 올바르지 않습니다: {1}", "'{0}' is not valid: {1}");

    /// <summary>The body is larger than allowed.</summary>
    public static readonly ApiError TooLarge =
        new(413, "BODY_TOO_LARGE", "요청 본문은 {0}바이트를 넘을 수 없습니다.", "The request body may have {0} bytes at most.");

    /// <summary>The body is not declared as JSON.</summary>
    public static readonly ApiError NotJson =
        new(
            415, "UNSUPPORTED_MEDIA_TYPE", "Content-Type은 application/json이어야 합니다.",
            "Content-Type must be application/json.");

    /// <summary>No or no valid token.</summary>
    public static readonly ApiError Unauthorized =
        new(
            401, "UNAUTHORIZED", "로그인이 필요합니다. Authorization: Bearer 토큰을 보내 주세요.",
            "Sign in first: send Authorization: Bearer <token>.");

    /// <summary>The role is not enough.</summary>
    public static readonly ApiError Forbidden =
        new(403, "FORBIDDEN", "이 작업을 할 권한이 없습니다.", "Your role does not allow this.");

    /// <summary>There is no such thing, or it belongs to somebody else.</summary>
    public static readonly ApiError NotFound =
        new(404, "NOT_FOUND", "찾을 수 없습니다: {0}", "Not found: {0}");

    /// <summary>The path exists, not with this method.</summary>
    public static readonly ApiError MethodNotAllowed =
        new(405, "METHOD_NOT_ALLOWED", "허용되지 않는 메서드입니다: {0}", "This method is not allowed here: {0}");

    /// <summary>A parameter of the address cannot be read.</summary>
    public static readonly ApiError BadParameter =
        new(400, "INVALID_PARAMETER", "요청 주소의 값이 올바르지 않습니다: {0}", "A parameter of the address is not valid: {0}");

    /// <summary>Too much waits already.</summary>
    public static readonly ApiError Busy =
        new(503, "BUSY", "주문이 많아 잠시 후 다시 시도해 주세요.", "Too much is waiting; please try again shortly.");

    /// <summary>The store cannot be reached.</summary>
    public static readonly ApiError Unavailable =
        new(
            503, "UNAVAILABLE", "일시적으로 처리할 수 없습니다. 잠시 후 다시 시도해 주세요.",
            "The service cannot work right now; please try again shortly.");

    /// <summary>A bug.</summary>
    public static readonly ApiError Internal =
        new(
            500, "INTERNAL", "서버 오류가 발생했습니다. traceId를 알려 주세요.",
            "Something went wrong here. Please report the traceId.");

    /// <summary>The text in the language that was asked for.</summary>
    public string Text(bool english, params ReadOnlySpan<object?> arguments) =>
        string.Format(CultureInfo.InvariantCulture, english ? English : Korean, arguments);
}

/// <summary>
/// Ends a request with an <see cref="ApiError"/>. Thrown at the edge only, where the HTTP request is read.
/// </summary>
public sealed class ApiException(ApiError error, object? details, params object?[] arguments) : Exception(error.Code)
{
    /// <summary>What to answer.</summary>
    public ApiError Error { get; } = error;

    /// <summary>Machine-readable details, e.g. the field.</summary>
    public object? Details { get; } = details;

    /// <summary>What fills the text.</summary>
    public IReadOnlyList<object?> Arguments { get; } = arguments;

    /// <summary>A field has a value that is not allowed.</summary>
    /// <param name="field">Path of the field, as in the body.</param>
    /// <param name="korean">What is wrong and what is allowed.</param>
    /// <param name="english">The same in English.</param>
    public static ApiException Field(string field, string korean, string english) =>
        new(
            new(400, "INVALID_FIELD", $"'{field}' 값이 올바르지 않습니다: {korean}", $"'{field}' is not valid: {english}"),
            new { field });
}
