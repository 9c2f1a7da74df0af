using DoaMarket.Api;
using DoaMarket.Contracts;
using DoaMarket.Kernel;
using DoaMarket.Sagas;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace DoaMarket.Orders;

/// <summary>Which step an operator has settled by hand, and how.</summary>
public sealed record ResolveBody(string Step, string Reason);

/// <summary>Why an operator tries again.</summary>
public sealed record RetryBody(string Reason = "retried by an operator");

/// <summary>Orders' part of the HTTP API for operators: sagas, and what a person may do to one.</summary>
public sealed class SagasApi(IStore store)
{
    private const int MaxReasonLength = 500;

    private static readonly ApiError NotNow = new(
        409, "NOT_POSSIBLE_NOW", "지금은 할 수 없습니다: {0}", "Not possible now: {0}");

    /// <summary>Adds the endpoints.</summary>
    public void Map(IEndpointRouteBuilder api)
    {
        var ops = api.MapGroup("/ops/sagas").RequireAuthorization(Roles.Operator).WithTags("Operations");
        ops.MapGet("", List).WithSummary("Sagas, newest first; ?status= &step= narrow the list")
            .Produces<ApiSuccess<IReadOnlyList<SagaView>>>();
        ops.MapGet("/{sagaId:guid}", Show).WithSummary("One saga with its ledger")
            .Produces<ApiSuccess<SagaView>>().Produces<ApiFailure>(404);
        ops.MapPost("/{sagaId:guid}/retry", Retry).WithSummary("Have a failed or unanswered undo tried again (audited)")
            .Accepts<RetryBody>("application/json").Produces<ApiSuccess<SagaView>>().Produces<ApiFailure>(409);
        ops.MapPost("/{sagaId:guid}/resolve", Resolve).WithSummary("Tell that a step was settled by hand (audited)")
            .Accepts<ResolveBody>("application/json").Produces<ApiSuccess<SagaView>>().Produces<ApiFailure>(409);
        ops.MapPost("/{sagaId:guid}/cancel", Cancel).WithSummary("Cancel the saga's order (audited)")
            .Accepts<CancelBody>("application/json").Produces<ApiSuccess<CancelView>>(202).Produces<ApiFailure>(409);
    }

    private async Task<IResult> List(string? status, string? step, HttpContext http)
    {
        if (status is not null && !Enum.GetValues<SagaStatus>().Any(s => Words.Of(s) == status))
        {
            var known = string.Join(", ", Enum.GetValues<SagaStatus>().Select(s => Words.Of(s)));
            throw ApiException.Field("status", $"다음 중 하나여야 합니다: {known}", $"it must be one of: {known}");
        }

        var paging = ApiPaging.Of(http.Request);
        var query = status is null
            ? new DocumentQuery(OrderKinds.Orders, "by_time", [], paging.Limit, Descending: true, paging.Cursor)
            : new DocumentQuery(OrderKinds.Sagas, "by_status", [status], paging.Limit, Descending: true, paging.Cursor);
        var (page, next) = await OrderLists.Read(
            store, query, s => step is null || s.Saga.CurrentStep == step, http.RequestAborted);
        return ApiAnswers.Page(http, [.. page.Select(p => SagaView.Of(p.Saga))], next);
    }

    private async Task<IResult> Show(Guid sagaId, HttpContext http) =>
        await Find(new SagaId(sagaId), http.RequestAborted) is { } saga
            ? ApiAnswers.Ok(http, SagaView.Of(saga))
            : ApiAnswers.Fail(http, ApiError.NotFound, new { sagaId }, sagaId);

    private async Task<IResult> Retry(Guid sagaId, HttpContext http)
    {
        var body = http.Request.ContentLength is null or 0 && http.Request.ContentType is null
            ? new RetryBody()
            : await ApiBody.Read<RetryBody>(http.Request, http.RequestAborted);
        CheckReason(body.Reason);
        return await Answer(http, new SagaId(sagaId), new SagaRetry(new SagaId(sagaId), body.Reason.Trim()));
    }

    private async Task<IResult> Resolve(Guid sagaId, HttpContext http)
    {
        var body = await ApiBody.Read<ResolveBody>(http.Request, http.RequestAborted);
        CheckReason(body.Reason);
        return await Answer(
            http, new SagaId(sagaId), new SagaResolve(new SagaId(sagaId), body.Step, body.Reason.Trim()));
    }

    private static async Task<IResult> Cancel(Guid sagaId, HttpContext http)
    {
        var body = await ApiBody.Read<CancelBody>(http.Request, http.RequestAborted);
        return await OrdersApi.CancelAs(http, OrderSagaId.OrderOf(new SagaId(sagaId)), body.Reason, Caller.Of(http));
    }

    private async Task<IResult> Answer(HttpContext http, SagaId id, Request<SagaInterventionReply> wish) =>
        await http.Ask(ShopTopology.Orders, wish, Caller.Of(http).UserId) switch
        {
            SagaInterventionReply.Accepted => ApiAnswers.Ok(http, SagaView.Of((await Find(id, http.RequestAborted))!)),
            SagaInterventionReply.Refused refused => ApiAnswers.Fail(http, NotNow, new { sagaId = id }, refused.Reason),
            _ => ApiAnswers.Fail(http, ApiError.NotFound, new { sagaId = id }, id),
        };

    private async ValueTask<OrderSaga?> Find(SagaId id, CancellationToken stop) =>
        (OrderSaga?)(await store.Find(OrderKinds.Sagas.Key(OrderSagaId.OrderOf(id)), stop))?.State;

    private static void CheckReason(string reason)
    {
        if (reason.Trim().Length is 0 or > MaxReasonLength)
        {
            throw ApiException.Field(
                "reason", $"1자 이상 {MaxReasonLength}자 이하로 적어 주세요.", $"write 1 to {MaxReasonLength} characters.");
        }
    }
}
