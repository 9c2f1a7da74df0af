using DoaMarket.Api;
using DoaMarket.Kernel;

namespace DoaMarket.Host.Ops;

/// <summary>What a person did: who, what, on what, when and why.</summary>
public sealed record AuditEntryView(
    DateTimeOffset At, UserId? Actor, string Action, string Subject, string? Reason, string Service,
    CorrelationId CorrelationId);

/// <summary>The audit log: what people did in all services, newest first.</summary>
public sealed class AuditLogApi(IStore store, IReadOnlyList<ServiceModule> modules)
{
    private static readonly IComparer<AuditState> NewestFirst =
        Comparer<AuditState>.Create((a, b) => b.At.ToUnixTimeMilliseconds().CompareTo(a.At.ToUnixTimeMilliseconds()));

    /// <summary>Adds the endpoint.</summary>
    public void Map(IEndpointRouteBuilder ops) => ops.MapGet("/audit", List)
        .WithSummary("What people did, newest first: who, what, on what, when and why; ?service= narrows it")
        .Produces<ApiSuccess<IReadOnlyList<AuditEntryView>>>();

    private async Task<IResult> List(string? service, HttpContext http)
    {
        if (service is not null && modules.All(m => m.Service != service))
        {
            var known = string.Join(", ", modules.Select(m => m.Service));
            throw ApiException.Field("service", $"다음 중 하나여야 합니다: {known}", $"it must be one of: {known}");
        }

        var paging = ApiPaging.Of(http.Request);
        var asked = modules.Where(m => service is null || m.Service == service).ToList();
        var (page, next) = await MergedPages.Read(
            store, asked.ToDictionary(
                m => m.Service, m => new DocumentQuery(m.Audits, "by_time", [], paging.Limit, Descending: true),
                StringComparer.Ordinal),
            NewestFirst, paging.Limit, paging.Cursor, http.RequestAborted);
        return ApiAnswers.Page(
            http,
            [
                .. page.Select(a => new AuditEntryView(
                    a.State.At, a.State.Actor, a.State.Action, a.State.Subject, a.State.Reason, a.Service,
                    a.State.CorrelationId)),
            ],
            next);
    }
}
