using System.Text.Json;
using DoaMarket.Api;
using DoaMarket.Gateways;
using DoaMarket.Kernel;
using DoaMarket.Orders;
using DoaMarket.Payments;
using EventId = DoaMarket.Kernel.EventId;

namespace DoaMarket.Host.Ops;

/// <summary>An alert as operators see it.</summary>
public sealed record AlertView(
    string AlertId, string Service, string Type, AlertSeverity Severity, string Subject, string Text, string? OrderId,
    string Status, DateTimeOffset RaisedAt, int Occurrences, DateTimeOffset? ResolvedAt, string? Resolution,
    CorrelationId? CorrelationId);

/// <summary>Why an operator ends something.</summary>
public sealed record ReasonBody(string Reason);

/// <summary>A dead letter as operators see it.</summary>
public sealed record DeadLetterView(
    Guid DeadLetterId, string Queue, string SourceQueue, EventId EventId, string EventType, CorrelationId CorrelationId,
    DateTimeOffset SentAt, DateTimeOffset DeadAt, int Attempts, string Reason, string Error, JsonElement Headers,
    string Body);

/// <summary>
/// What operators see of the running system beside the sagas: queues, dead letters, alerts, circuit breakers.
/// </summary>
public static class OpsApi
{
    private const int MaxReasonLength = 500;

    private static readonly ApiError NotOpen = new(
        409, "ALERT_NOT_OPEN", "이미 해결된 알림입니다.", "The alert is not open any more.");

    private static readonly ApiError ClosesItself = new(
        409, "ALERT_CLOSES_ITSELF", "이 알림은 원인이 해결되면 자동으로 닫힙니다. 사가를 재시도(retry)하거나 수동 처리(resolve)해 주세요.",
        "This alert closes when its cause is settled: retry or resolve the saga instead.");

    // While the money or the saga hangs, so does the alert: closing it by hand would only hide that.
    private static readonly string[] BoundToTheirCause = [PaymentKinds.RefundFailedAlert, OrderAlerts.Attention];

    /// <summary>Adds the endpoints.</summary>
    public static void Map(
        IEndpointRouteBuilder api, IStore store, ITransport transport, IReadOnlyList<ServiceModule> modules,
        Breakers breakers)
    {
        var ops = api.MapGroup("/ops").RequireAuthorization(Roles.Operator).WithTags("Operations");
        ops.MapGet("/queues", (Delegate)(async (HttpContext http) =>
                ApiAnswers.Ok(http, await transport.Status(http.RequestAborted))))
            .WithSummary("Depth, retries, oldest message and dead letters of each queue")
            .Produces<ApiSuccess<IReadOnlyList<QueueStatus>>>();

        ops.MapGet("/dead-letters", async (string? queue, HttpContext http) =>
            {
                var letters = await transport.DeadLetters(queue, ApiPaging.Of(http.Request).Limit, http.RequestAborted);
                return ApiAnswers.Ok(http, letters.Select(View).ToList());
            })
            .WithSummary("Messages that failed for good, newest first")
            .Produces<ApiSuccess<IReadOnlyList<DeadLetterView>>>();

        ops.MapGet("/breakers", (Delegate)((HttpContext http) => ApiAnswers.Ok(http, breakers.All)))
            .WithSummary("Circuit breakers of the outside systems")
            .Produces<ApiSuccess<IReadOnlyList<BreakerStatus>>>();

        ops.MapGet("/alerts", async (bool? all, HttpContext http) =>
                ApiAnswers.Ok(http, await Alerts(store, modules, all ?? false, http.RequestAborted)))
            .WithSummary("Open alerts, most urgent first; ?all=true also shows resolved ones")
            .Produces<ApiSuccess<IReadOnlyList<AlertView>>>();

        ops.MapPost("/alerts/{alertId}/resolve", (string alertId, HttpContext http) => Resolve(http, modules, alertId))
            .WithSummary("Resolve an alert by hand, with a reason (audited)")
            .Accepts<ReasonBody>("application/json")
            .Produces<ApiSuccess<AlertView>>()
            .Produces<ApiFailure>(404)
            .Produces<ApiFailure>(409);
    }

    private static async Task<List<AlertView>> Alerts(
        IStore store, IReadOnlyList<ServiceModule> modules, bool all, CancellationToken stop)
    {
        const int limit = 200;
        var found = new List<AlertView>();
        foreach (var module in modules)
        {
            long[] states = all ? [1, 0] : [1];
            foreach (var open in states)
            {
                var page = await store.Query(new(module.Alerts, "by_open", [open], limit, Descending: true), stop);
                found.AddRange(page.Documents.Select(d => View((AlertState)d.State)));
            }
        }

        return
        [
            .. found.OrderBy(a => a.Status == "open" ? 0 : 1)
                .ThenBy(a => a.Severity)
                .ThenByDescending(a => a.RaisedAt),
        ];
    }

    private static async Task<IResult> Resolve(HttpContext http, IReadOnlyList<ServiceModule> modules, string alertId)
    {
        var body = await ApiBody.Read<ReasonBody>(http.Request, http.RequestAborted);
        if (body.Reason.Trim().Length is 0 or > MaxReasonLength)
        {
            throw ApiException.Field(
                "reason", $"1자 이상 {MaxReasonLength}자 이하로 적어 주세요.", $"write 1 to {MaxReasonLength} characters.");
        }

        if (alertId.Split('~', 3) is not [var service, var type, var subject]
            || modules.SingleOrDefault(m => m.Service == service) is null)
        {
            return ApiAnswers.Fail(http, ApiError.NotFound, new { alertId }, alertId);
        }

        if (BoundToTheirCause.Contains(type, StringComparer.Ordinal))
        {
            return ApiAnswers.Fail(http, ClosesItself, new { alertId });
        }

        var resolved = await http.Ask(
            service, new ResolveAlert(type, subject, body.Reason.Trim(), ByPerson: true), Caller.Of(http).UserId);
        return resolved
            ? ApiAnswers.Ok(http, new { alertId, status = "resolved" })
            : ApiAnswers.Fail(http, NotOpen, new { alertId });
    }

    private static AlertView View(AlertState a) => new(
        $"{a.Service}~{a.Alert.Type}~{a.Alert.Subject}", a.Service, a.Alert.Type, a.Alert.Severity, a.Alert.Subject,
        a.Alert.Text, a.Alert.OrderId, a.IsOpen ? "open" : "resolved", a.RaisedAt, a.Occurrences, a.ResolvedAt,
        a.Resolution, a.CorrelationId);

    private static DeadLetterView View(DeadLetter d)
    {
        using var headers = JsonDocument.Parse(d.Headers);
        return new(
            d.Id, d.Queue, d.SourceQueue, d.EventId, d.EventType, d.CorrelationId, d.SentAt, d.DeadAt, d.Attempts,
            d.Reason, d.Error, headers.RootElement.Clone(), d.Body);
    }
}
