using System.Text.Json;
using DoaMarket.Sandbox.Faults;
using DoaMarket.Sandbox.Http;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace DoaMarket.Sandbox.Mail;

/// <summary>Push (FCM HTTP v1 form) under <c>/fcm</c> and SMS under <c>/sms</c>; both end in the inbox.</summary>
internal sealed class MessageProviders(string apiKey, FaultGate gate, Inbox inbox)
{
    private const int TokenCharsMax = 4_096;
    private const int TextCharsMax = 4_000;
    private const int SmsCharsMax = 1_000;

    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapPost("/fcm/v1/projects/{project}/messages:send", PushAsync);
        routes.MapPost("/sms/v1/messages", SmsAsync);
    }

    private async Task PushAsync(HttpContext http)
    {
        string project = http.GetRouteValue("project")!.ToString()!;
        RequestFields fields = await RequestFields.ReadAsync(http.Request);
        RequestFields message = fields.Object("message");
        RequestFields notification = message.Object("notification");
        string token = message.Text("token", TokenCharsMax);
        InboxMessage push = new(
            "push", project, token, [token], notification.Text("title", 200), "",
            notification.Text("body", TextCharsMax), Html: null, message.OptionalTexts("data", 50, TextCharsMax));
        Answer? answer = !Credentials.HasBearer(http.Request, apiKey)
            ? PushError(401, "UNAUTHENTICATED", "The bearer token is missing or wrong.")
            : fields.Problem is { } problem
                ? PushError(400, "INVALID_ARGUMENT", $"{problem.Field} {problem.Reason}.")
                : await gate.RunAsync(http, new FaultPoint("push", "send", token), PushUnavailable, async decline =>
                    decline
                        ? PushError(404, "NOT_FOUND", "Requested entity was not found.", "UNREGISTERED")
                        : Answer.Json(200, new { name = $"projects/{project}/messages/{await inbox.AddAsync(push)}" }));
        await (answer?.SendAsync(http) ?? Task.CompletedTask);
    }

    private async Task SmsAsync(HttpContext http)
    {
        RequestFields fields = await RequestFields.ReadAsync(http.Request);
        string to = fields.Text("to", 20, charsMin: 8);
        InboxMessage sms = new(
            "sms", "sms", to, [to], "", fields.OptionalText("clientReference", 100) ?? "",
            fields.Text("text", SmsCharsMax), Html: null, []);
        Answer? answer = !Credentials.HasBearer(http.Request, apiKey)
            ? Answer.Error(401, "UNAUTHORIZED", "The API key is missing or wrong.")
            : fields.Problem is { } problem
                ? problem.ToAnswer()
                : await gate.RunAsync(http, new FaultPoint("sms", "send", to), SmsUnavailable, async decline =>
                    decline
                        ? Answer.Error(422, "INVALID_NUMBER", "This number cannot receive messages.", "to")
                        : Answer.Json(201, new { messageId = $"sms_{await inbox.AddAsync(sms)}" }));
        await (answer?.SendAsync(http) ?? Task.CompletedTask);
    }

    private static Answer PushUnavailable(int status) =>
        PushError(status, status == 500 ? "INTERNAL" : "UNAVAILABLE", "The service is currently unavailable.");

    private static Answer PushError(int code, string status, string message, string? errorCode = null) =>
        Answer.Json(code, new
        {
            error = new { code, message, status, details = errorCode is null ? [] : new[] { new { errorCode } } },
        });

    private static Answer SmsUnavailable(int status) =>
        Answer.Error(status, status == 503 ? "UNAVAILABLE" : "INTERNAL_ERROR", "The SMS provider is not available.");
}
