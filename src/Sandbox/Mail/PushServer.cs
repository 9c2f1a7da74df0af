using DoaMarket.Sandbox.Faults;
using DoaMarket.Sandbox.Http;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace DoaMarket.Sandbox.Mail;

/// <summary>
/// Pushes in the form of FCM's HTTP v1 API under <c>/fcm</c>, and the exchange of a service account's assertion for an
/// access token under <c>/oauth/token</c>. Devices whose token begins with <c>unregistered</c> do not exist any more.
/// </summary>
internal sealed class PushServer(PushAccount? account, FaultGate gate, Inbox inbox, TimeProvider clock)
{
    private const int TokenCharsMax = 4_096;
    private const int TextCharsMax = 4_000;
    private const string TokenPath = "/oauth/token";

    private readonly AccessGrants _grants = new(account, clock);

    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapPost(TokenPath, TokenAsync);
        routes.MapPost("/fcm/v1/projects/{project}/messages:send", SendAsync);
    }

    private async Task TokenAsync(HttpContext http)
    {
        IFormCollection form = http.Request.HasFormContentType
            ? await http.Request.ReadFormAsync(http.RequestAborted)
            : FormCollection.Empty;
        string here = $"{http.Request.Scheme}://{http.Request.Host}{TokenPath}";
        Answer? answer = await gate.RunAsync(
            http, new FaultPoint("push", "token"), status => OAuthError(status, "temporarily_unavailable", "Try later."),
            _ => Task.FromResult(
                form["grant_type"] != "urn:ietf:params:oauth:grant-type:jwt-bearer"
                    ? OAuthError(400, "unsupported_grant_type", "Only JWT assertions are exchanged here.")
                    : _grants.Problem(form["assertion"].ToString(), here) is { } problem
                        ? OAuthError(400, "invalid_grant", problem)
                        : Answer.Json(200, new
                        {
                            access_token = _grants.Issue(),
                            expires_in = (int)AccessGrants.Lifetime.TotalSeconds,
                            token_type = "Bearer",
                        })));
        await (answer?.SendAsync(http) ?? Task.CompletedTask);
    }

    private async Task SendAsync(HttpContext http)
    {
        string project = http.GetRouteValue("project")!.ToString()!;
        RequestFields fields = await RequestFields.ReadAsync(http.Request);
        RequestFields message = fields.Object("message");
        RequestFields notification = message.Object("notification");
        string token = message.Text("token", TokenCharsMax);
        string tag = message.OptionalObject("android")?.OptionalObject("notification")?.OptionalText("tag", 100) ?? "";
        InboxMessage push = new(
            "push", project, token, [token], notification.Text("title", 200), tag,
            notification.Text("body", TextCharsMax), Html: null, message.OptionalTexts("data", 50, TextCharsMax));
        Answer? answer = !_grants.IsGood(http.Request)
            ? Error(401, "UNAUTHENTICATED", "The access token is missing, wrong or too old.")
            : project != account?.ProjectId
                ? Error(403, "PERMISSION_DENIED", $"The account may not send in project '{project}'.")
                : fields.Problem is { } problem
                    ? Error(400, "INVALID_ARGUMENT", $"{problem.Field} {problem.Reason}.", "INVALID_ARGUMENT")
                    : await gate.RunAsync(
                        http, new FaultPoint("push", "send", token, tag), Unavailable,
                        decline => decline || token.StartsWith("unregistered", StringComparison.Ordinal)
                            ? Task.FromResult(
                                Error(404, "NOT_FOUND", "Requested entity was not found.", "UNREGISTERED"))
                            : TakeAsync(project, push));
        await (answer?.SendAsync(http) ?? Task.CompletedTask);
    }

    // FCM takes a message as often as it is sent; it is the device that shows one with a known tag only once.
    private async Task<Answer> TakeAsync(string project, InboxMessage push) => Answer.Json(
        200, new { name = $"projects/{project}/messages/{(await inbox.AddAsync(push)).Id}" });

    private static Answer Unavailable(int status) =>
        Error(status, status == 500 ? "INTERNAL" : "UNAVAILABLE", "The service is currently unavailable.");

    private static Answer Error(int code, string status, string message, string? errorCode = null) =>
        Answer.Json(code, new
        {
            error = new { code, message, status, details = errorCode is null ? [] : new[] { new { errorCode } } },
        });

    private static Answer OAuthError(int status, string error, string description) =>
        Answer.Json(status, new { error, error_description = description });
}
