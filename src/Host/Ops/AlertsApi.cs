using DoaMarket.Api;
using DoaMarket.Kernel;
using DoaMarket.Orders;
using DoaMarket.Payments;

namespace DoaMarket.Host.Ops;

/// <summary>An alert as operators see it.</summary>
/// <param name="Status">open or resolved.</param>
/// <param name="AcknowledgedAt">When somebody said that they are on it.</param>
public sealed record AlertView(
    string AlertId, string Service, string Type, AlertSeverity Severity, string Subject, string Text, string? OrderId,
    string Status, DateTimeOffset RaisedAt, int Occurrences, DateTimeOffset? AcknowledgedAt, UserId? AcknowledgedBy,
    DateTimeOffset? ResolvedAt, string? Resolution, CorrelationId? CorrelationId)
{
    internal static AlertView Of(AlertState a) => new(
        $"{a.Service}~{a.Alert.Type}~{a.Alert.Subject}", a.Service, a.Alert.Type, a.Alert.Severity, a.Alert.Subject,
        a.Alert.Text, a.Alert.OrderId, a.IsOpen ? "open" : "resolved", a.RaisedAt, a.Occurrences, a.AcknowledgedAt,
        a.AcknowledgedBy, a.ResolvedAt, a.Resolution, a.CorrelationId);
}

/// <summary>Alerts of all services: look, acknowledge, resolve.</summary>
public sealed class AlertsApi(IStore store, IReadOnlyList<ServiceModule> modules)
{
    private static readonly string[] Statuses = ["open", "resolved", "all"];

    private static readonly ApiError NotOpen = new(
        409, "ALERT_NOT_OPEN", "이미 해결된 알림입니다.", "The alert is not open any more.");

    private static readonly ApiError ClosesItself = new(
        409, "ALERT_CLOSES_ITSELF", "이 알림은 원인이 해결되면 자동으로 닫힙니다: {0}",
        "This alert closes when its cause is settled: {0}");

    private static readonly ApiError NothingToWake = new(
        409, "NOTHING_TO_WAKE", "멈춰 있는 문서에 대한 알림이 아니거나, 이미 해결된 알림입니다.",
        "The alert is not about a parked document, or not open any more.");

    // While its cause is there, so is the alert: closing it by hand would only hide that.
    private static readonly Dictionary<string, string> BoundToTheirCause = new(StringComparer.Ordinal)
    {
        [PaymentKinds.RefundFailedAlert] = "POST /ops/sagas/{sagaId}/retry | /resolve",
        [OrderAlerts.Attention] = "POST /ops/sagas/{sagaId}/retry | /resolve",
        [KernelKinds.ParkedAlert] = "POST /ops/alerts/{alertId}/wake",
        [QueueWatch.DeadLetterAlert] = "POST /ops/dead-letters/{deadLetterId}/redrive | /discard",
    };

    // As the index is sorted, backwards: open ones first, the most urgent of them first, the newest of those first.
    private static readonly IComparer<AlertState> MostUrgentFirst = Comparer<AlertState>.Create(static (a, b) =>
        Place(b).CompareTo(Place(a)));

    private static (bool, int, long) Place(AlertState a) =>
        (a.IsOpen, 4 - (int)a.Alert.Severity, a.RaisedAt.ToUnixTimeMilliseconds());

    /// <summary>Adds the endpoints.</summary>
    public void Map(IEndpointRouteBuilder ops)
    {
        ops.MapGet("/alerts", List)
            .WithSummary("Alerts, most urgent first; ?status=open|resolved|all ?severity=P1…P4 ?type=")
            .Produces<ApiSuccess<IReadOnlyList<AlertView>>>();
        ops.MapGet("/alerts/{alertId}", Show).WithSummary("One alert")
            .Produces<ApiSuccess<AlertView>>().Produces<ApiFailure>(404);
        ops.MapPost("/alerts/{alertId}/acknowledge", Acknowledge)
            .WithSummary("Say that somebody is on it; the first one counts (audited)")
            .Accepts<OptionalReasonBody>("application/json").Produces<ApiSuccess<AlertView>>()
            .Produces<ApiFailure>(404).Produces<ApiFailure>(409);
        ops.MapPost("/alerts/{alertId}/resolve", Resolve)
            .WithSummary("Resolve an alert by hand, with a reason (audited); 409 for one that closes with its cause")
            .Accepts<ReasonBody>("application/json").Produces<ApiSuccess<AlertView>>()
            .Produces<ApiFailure>(404).Produces<ApiFailure>(409);
        ops.MapPost("/alerts/{alertId}/wake", Wake)
            .WithSummary("Let the parked document that a DOCUMENT_PARKED alert is about go on, with a reason (audited)")
            .Accepts<ReasonBody>("application/json").Produces<ApiSuccess<AlertView>>()
            .Produces<ApiFailure>(404).Produces<ApiFailure>(409);
    }

    private async Task<IResult> List(string? status, string? severity, string? type, bool? all, HttpContext http)
    {
        var wanted = status ?? (all == true ? "all" : "open");
        if (!Statuses.Contains(wanted, StringComparer.Ordinal))
        {
            throw ApiException.Field(
                "status", "다음 중 하나여야 합니다: open, resolved, all", "it must be one of: open, resolved, all");
        }

        AlertSeverity? urgency = severity is null ? null : SeverityOf(severity);
        var paging = ApiPaging.Of(http.Request);
        var (page, next) = await MergedPages.Read(
            store,
            modules.ToDictionary(m => m.Service, m => Query(m, wanted, urgency, type), StringComparer.Ordinal),
            MostUrgentFirst,
            paging.Limit, paging.Cursor, http.RequestAborted);
        return ApiAnswers.Page(
            http,
            [
                .. page.Select(a => a.State)
                    .Where(a => (type is null || a.Alert.Type == type)
                        && (urgency is null || a.Alert.Severity == urgency))
                    .Select(AlertView.Of),
            ],
            next);
    }

    // What the index cannot narrow is left out of its pages afterwards: such a page may be short, and still have a next.
    private static DocumentQuery Query(ServiceModule module, string status, AlertSeverity? severity, string? type)
    {
        object[] open = status == "all" ? [] : [status == "open" ? 1L : 0L];
        var (index, equal) = (open, severity, type) switch
        {
            ([var state], _, { } ofType) => ("by_type", new[] { state, ofType }),
            ([var state], { } urgency, _) => ("by_urgency", [state, 4L - (long)urgency]),
            _ => ("by_urgency", open),
        };
        return new(module.Alerts, index, equal, 1, Descending: true);
    }

    private static AlertSeverity SeverityOf(string text) =>
        Enum.GetNames<AlertSeverity>().Contains(text, StringComparer.OrdinalIgnoreCase)
            ? Enum.Parse<AlertSeverity>(text, ignoreCase: true)
            : throw ApiException.Field(
                "severity", "다음 중 하나여야 합니다: P1, P2, P3, P4", "it must be one of: P1, P2, P3, P4");

    private Task<IResult> Show(string alertId, HttpContext http) => With(
        http, alertId, (_, alert) => Task.FromResult(ApiAnswers.Ok(http, AlertView.Of(alert))));

    private async Task<IResult> Acknowledge(string alertId, HttpContext http)
    {
        var reason = await OptionalReasonBody.Of(http.Request, http.RequestAborted);
        return await With(http, alertId, (module, alert) => Ask(
            http, module, alert, new AcknowledgeAlert(alert.Alert.Type, alert.Alert.Subject, reason)));
    }

    private async Task<IResult> Resolve(string alertId, HttpContext http)
    {
        var reason = (await ApiBody.Read<ReasonBody>(http.Request, http.RequestAborted)).Checked();
        return await With(http, alertId, async (module, alert) =>
            BoundToTheirCause.TryGetValue(alert.Alert.Type, out var how) && alert.IsOpen
                ? ApiAnswers.Fail(http, ClosesItself, new { alertId }, how)
                : await Ask(
                    http, module, alert,
                    new ResolveAlert(alert.Alert.Type, alert.Alert.Subject, reason, ByPerson: true)));
    }

    private async Task<IResult> Wake(string alertId, HttpContext http)
    {
        var reason = (await ApiBody.Read<ReasonBody>(http.Request, http.RequestAborted)).Checked();
        return await With(http, alertId, (module, alert) => alert.Alert.Type == KernelKinds.ParkedAlert
            ? Ask(http, module, alert, new WakeDocument(alert.Alert.Subject, reason), NothingToWake)
            : Task.FromResult(ApiAnswers.Fail(http, NothingToWake, new { alertId })));
    }

    private async Task<IResult> Ask(
        HttpContext http, ServiceModule module, AlertState alert, Request<bool> wish, ApiError? otherwise = null)
    {
        var isDone = await http.Ask(module.Service, wish, Caller.Of(http).UserId);
        var after = await Find(module, alert.Alert.Type, alert.Alert.Subject, http.RequestAborted);
        return isDone
            ? ApiAnswers.Ok(http, AlertView.Of(after!))
            : ApiAnswers.Fail(http, otherwise ?? NotOpen, new { alertId = AlertView.Of(alert).AlertId });
    }

    private async Task<IResult> With(
        HttpContext http, string alertId, Func<ServiceModule, AlertState, Task<IResult>> act)
    {
        // A slash within a subject arrives escaped: routing decodes everything but that.
        var id = alertId.Replace("%2F", "/", StringComparison.OrdinalIgnoreCase);
        return id.Split('~', 3) is [var service, var type, var subject]
            && modules.SingleOrDefault(m => m.Service == service) is { } module
            && await Find(module, type, subject, http.RequestAborted) is { } alert
                ? await act(module, alert)
                : ApiAnswers.Fail(http, ApiError.NotFound, new { alertId }, alertId);
    }

    private async Task<AlertState?> Find(ServiceModule module, string type, string subject, CancellationToken stop) =>
        (AlertState?)(await store.Find(module.Alerts.Key(KernelKinds.AlertKey(type, subject)), stop))?.State;
}
