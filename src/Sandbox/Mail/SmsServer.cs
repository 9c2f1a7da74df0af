using DoaMarket.Sandbox.Faults;
using DoaMarket.Sandbox.Http;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace DoaMarket.Sandbox.Mail;

/// <summary>
/// Text messages under <c>/sms</c>. A client reference names one message for ever: used again it gives the same
/// answer, for another message it is refused. Numbers that end in 0000 cannot receive.
/// </summary>
internal sealed class SmsServer(string apiKey, FaultGate gate, Inbox inbox)
{
    private const int TextCharsMax = 1_000;

    public void Map(IEndpointRouteBuilder routes) => routes.MapPost("/sms/v1/messages", SendAsync);

    private async Task SendAsync(HttpContext http)
    {
        RequestFields fields = await RequestFields.ReadAsync(http.Request);
        string to = fields.Text("to", 20, charsMin: 8);
        InboxMessage sms = new(
            "sms", fields.OptionalText("from", 20) ?? "sms", to, [to], "",
            fields.OptionalText("clientReference", 100) ?? "", fields.Text("text", TextCharsMax), Html: null, []);
        Answer? answer = !Credentials.HasBearer(http.Request, apiKey)
            ? Answer.Error(401, "UNAUTHORIZED", "The API key is missing or wrong.")
            : fields.Problem is { } problem
                ? problem.ToAnswer()
                : await gate.RunAsync(
                    http, new FaultPoint("sms", "send", to, sms.Reference), Unavailable,
                    decline => decline || to.EndsWith("0000", StringComparison.Ordinal)
                        ? Task.FromResult(Answer.Error(422, "INVALID_NUMBER", "This number cannot receive.", "to"))
                        : TakeAsync(sms));
        await (answer?.SendAsync(http) ?? Task.CompletedTask);
    }

    private async Task<Answer> TakeAsync(InboxMessage sms)
    {
        Kept kept = await inbox.AddAsync(sms);
        if (kept.IsRepeated && (kept.To != sms.To || kept.Body != sms.Body))
        {
            return Answer.Error(
                409, "REFERENCE_REUSED", "The reference belongs to another message.", "clientReference");
        }

        return Answer.Json(kept.IsRepeated ? 200 : 201, new { messageId = $"sms_{kept.Id}" });
    }

    private static Answer Unavailable(int status) =>
        Answer.Error(status, status == 503 ? "UNAVAILABLE" : "INTERNAL_ERROR", "The SMS provider is not available.");
}
