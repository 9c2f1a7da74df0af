using System.Globalization;
using DoaMarket.Api;
using DoaMarket.Contracts;
using DoaMarket.Kernel;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace DoaMarket.Payments.Reconciling;

/// <summary>A run as operators see it.</summary>
/// <param name="Status">reading_pg, reading_ledger, judging, completed or failed.</param>
/// <param name="Unsettled">Orders not judged because something of theirs is still under way.</param>
/// <param name="Settled">Differences of earlier runs that are settled now.</param>
public sealed record ReconciliationView(
    Guid ReconciliationId, string Status, DateTimeOffset From, DateTimeOffset To, DateTimeOffset StartedAt,
    DateTimeOffset? EndedAt, string? RequestedBy, long Transactions, long Rows, int Unsettled, int Settled,
    IReadOnlyList<Difference> Differences, string? Error)
{
    /// <summary>What of a run is shown.</summary>
    public static ReconciliationView Of(Reconciliation r) => new(
        r.Id, Words.Of(r.Status), r.From, r.To, r.StartedAt, r.EndedAt, r.RequestedBy?.Value, r.Transactions, r.Rows,
        r.Unsettled + r.SuspectsLeftOut, r.Settled, r.Differences, r.Error);
}

/// <summary>Which time is to be compared.</summary>
/// <param name="From">ISO 8601; without it from where the last run ended.</param>
/// <param name="To">ISO 8601; without it as late as entries have settled.</param>
public sealed record ReconcileBody(DateTimeOffset? From = null, DateTimeOffset? To = null);

/// <summary>Runs of the reconciliation with the PG, for operators.</summary>
internal sealed class ReconciliationApi(IStore store, PaymentsOptions options)
{
    private static readonly ApiError Busy = new(
        409, "RECONCILIATION_RUNNING", "다른 대사가 진행 중입니다: {0}", "Another reconciliation is running: {0}");

    private static readonly ApiError TooYoung = new(
        409, "NOTHING_SETTLED_YET", "{0} 이전 내역만 대사할 수 있습니다.", "Only what is older than {0} can be compared yet.");

    public void Map(IEndpointRouteBuilder api)
    {
        var runs = api.MapGroup("/ops/reconciliations").RequireAuthorization(Roles.Operator).WithTags("Operations");
        runs.MapPost("", (Delegate)Begin)
            .WithSummary("Compare the payment ledger with the PG's transactions, both directions (audited)")
            .Accepts<ReconcileBody>("application/json").Produces<ApiSuccess<ReconciliationView>>(202)
            .Produces<ApiFailure>(400).Produces<ApiFailure>(409);
        runs.MapGet("", (Delegate)List).WithSummary("Runs, newest first")
            .Produces<ApiSuccess<IReadOnlyList<ReconciliationView>>>();
        runs.MapGet("/{id:guid}", Show).WithSummary("One run with what it found")
            .Produces<ApiSuccess<ReconciliationView>>().Produces<ApiFailure>(404);
    }

    private async Task<IResult> Begin(HttpContext http)
    {
        var body = await ApiBody.Read<ReconcileBody>(http.Request, http.RequestAborted);
        if (body.From >= body.To)
        {
            throw ApiException.Field("from", "to보다 앞서야 합니다.", "it must be before to.");
        }

        if (body.From is { } from && (body.To ?? DateTimeOffset.MaxValue) - from > options.ReconcileWindowMax
            && body.To is not null)
        {
            throw ApiException.Field(
                "from", $"기간은 {options.ReconcileWindowMax.TotalDays:0}일을 넘을 수 없습니다.",
                $"at most {options.ReconcileWindowMax.TotalDays:0} days can be compared at once.");
        }

        var wish = new Reconcile(body.From?.ToUniversalTime(), body.To?.ToUniversalTime());
        switch (await http.Ask(ShopTopology.Payments, wish, Caller.Of(http).UserId))
        {
            case ReconcileReply.Begun begun:
                http.Response.Headers.Location = $"/api/v1/ops/reconciliations/{begun.RunId}";
                var run = await Find(begun.RunId, http.RequestAborted)
                    ?? throw new InvalidOperationException($"Run {begun.RunId} was begun and is not there.");
                return ApiAnswers.Ok(http, ReconciliationView.Of(run), StatusCodes.Status202Accepted);
            case ReconcileReply.Busy busy:
                return ApiAnswers.Fail(http, Busy, new { reconciliationId = busy.RunId }, busy.RunId);
            case ReconcileReply.TooYoung young:
                return ApiAnswers.Fail(
                    http, TooYoung, new { settledBefore = young.SettledBefore },
                    young.SettledBefore.ToString("O", CultureInfo.InvariantCulture));
            default:
                throw new InvalidOperationException("A wish for a reconciliation was not answered.");
        }
    }

    private async Task<IResult> List(HttpContext http)
    {
        var paging = ApiPaging.Of(http.Request);
        var page = await store.Query(
            new(ReconciliationKinds.Runs, "by_time", [], paging.Limit, Descending: true, paging.Cursor),
            http.RequestAborted);
        return ApiAnswers.Page(
            http, [.. page.Documents.Select(d => ReconciliationView.Of((Reconciliation)d.State))], page.NextCursor);
    }

    private async Task<IResult> Show(Guid id, HttpContext http) =>
        await Find(id, http.RequestAborted) is { } run
            ? ApiAnswers.Ok(http, ReconciliationView.Of(run))
            : ApiAnswers.Fail(http, ApiError.NotFound, new { reconciliationId = id }, id);

    private async Task<Reconciliation?> Find(Guid id, CancellationToken stop) =>
        (Reconciliation?)(await store.Find(
            ReconciliationKinds.Runs.Key(ReconciliationKinds.KeyOf(id)), stop))?.State;
}
