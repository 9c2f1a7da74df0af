using DoaMarket.Api;
using DoaMarket.Contracts;
using DoaMarket.Kernel;
using DoaMarket.Sagas;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace DoaMarket.Orders;

/// <summary>Which step an operator has settled by hand, and how.</summary>
/// <param name="Amount">Of process_payment: what was given back, in won; left out, it is all that is owed.</param>
/// <param name="Restock">
/// Of prepare_shipping: false when the goods are lost and must not be put back into stock; left out, they are there.
/// </param>
public sealed record ResolveBody(string Step, string Reason, Money? Amount = null, bool? Restock = null);

/// <summary>Why an operator tries again.</summary>
public sealed record RetryBody(string Reason = "retried by an operator");

/// <summary>Which step would be settled by hand, and how.</summary>
/// <param name="Amount">As in the settlement itself.</param>
/// <param name="Restock">As in the settlement itself.</param>
public sealed record ResolveStepBody(string Step, Money? Amount = null, bool? Restock = null);

/// <summary>What an action on a saga would do now; nothing of it has happened.</summary>
/// <param name="Rehearsal">What would be written, sent and told; "refused" with the reason when it is not possible.</param>
/// <param name="Status">Where the saga would stand.</param>
/// <param name="Outlook">What it would wait for, and what would remain.</param>
public sealed record SagaPreview(Rehearsal Rehearsal, SagaStatus? Status, SagaOutlook? Outlook);

/// <summary>Orders' part of the HTTP API for operators: sagas, and what a person may do to one.</summary>
/// <param name="outlines">The definitions that sagas may have, by name and version.</param>
public sealed class SagasApi(IStore store, HeldUpBy heldUp, IReadOnlyList<SagaOutline> outlines)
{
    private const int MaxReasonLength = 500;
    private const long MaxAmountWon = 1_000_000_000_000;

    private const string NoReason = "–"; // of a rehearsal, which leaves nothing behind

    private static readonly ApiError NotNow = new(
        409, "NOT_POSSIBLE_NOW", "지금은 할 수 없습니다: {0}", "Not possible now: {0}");

    /// <summary>Adds the endpoints.</summary>
    public void Map(IEndpointRouteBuilder api)
    {
        var ops = api.MapGroup("/ops/sagas").RequireAuthorization(Roles.Operator).WithTags("Operations");
        ops.MapGet("", List)
            .WithSummary("Sagas of orders and of partial cancels, newest first; ?status= &step= &definition= narrow it")
            .Produces<ApiSuccess<IReadOnlyList<SagaView>>>();
        api.MapGet("/ops/saga-definitions", (Delegate)((HttpContext http) => ApiAnswers.Ok(http, outlines)))
            .RequireAuthorization(Roles.Operator).WithTags("Operations")
            .WithSummary("The definitions of sagas: steps, commands, replies, deadlines, undos; all versions in use")
            .Produces<ApiSuccess<IReadOnlyList<SagaOutline>>>();
        ops.MapGet("/{sagaId:guid}", Show).WithSummary("One saga with its ledger")
            .Produces<ApiSuccess<SagaView>>().Produces<ApiFailure>(404);
        ops.MapPost("/{sagaId:guid}/retry", Retry)
            .WithSummary("Have a failed or unanswered undo, or a stuck step, tried again (audited)")
            .Accepts<RetryBody>("application/json").Produces<ApiSuccess<SagaView>>().Produces<ApiFailure>(409);
        ops.MapPost("/{sagaId:guid}/resolve", Resolve).WithSummary("Tell that a step was settled by hand (audited)")
            .WithDescription(
                "The participant closes its document, writes the settlement down and gives its ordinary reply. `amount` "
                + "(process_payment) is what was given back, `restock: false` (prepare_shipping) says that the goods are lost.")
            .Accepts<ResolveBody>("application/json").Produces<ApiSuccess<SagaView>>()
            .Produces<ApiFailure>(400).Produces<ApiFailure>(409);
        ops.MapPost("/{sagaId:guid}/cancel", Cancel)
            .WithSummary("Cancel the saga's order, or a partial cancel before its pivot (audited)")
            .Accepts<CancelBody>("application/json").Produces<ApiSuccess<CancelView>>(202).Produces<ApiFailure>(409);
        MapPreviews(ops);
    }

    private void MapPreviews(IEndpointRouteBuilder ops)
    {
        ops.MapPost("/{sagaId:guid}/retry/dry-run", (Guid sagaId, HttpContext http) =>
                Preview(http, sagaId, new SagaRetry(new(sagaId), NoReason)))
            .WithSummary("What trying again would do; nothing is changed")
            .Produces<ApiSuccess<SagaPreview>>().Produces<ApiFailure>(404);
        ops.MapPost("/{sagaId:guid}/resolve/dry-run", async (Guid sagaId, HttpContext http) =>
            {
                var body = await ApiBody.Read<ResolveStepBody>(http.Request, http.RequestAborted);
                var settlement = SettlementOf(body.Step, NoReason, body.Amount, body.Restock);
                return await Preview(http, sagaId, new SagaResolve(new(sagaId), body.Step, settlement));
            })
            .WithSummary("What telling that a step was settled by hand would do; nothing is changed")
            .Accepts<ResolveStepBody>("application/json")
            .Produces<ApiSuccess<SagaPreview>>().Produces<ApiFailure>(400).Produces<ApiFailure>(404);
        ops.MapPost("/{sagaId:guid}/cancel/dry-run", PreviewCancel)
            .WithSummary("What cancelling would do; nothing is changed")
            .Produces<ApiSuccess<SagaPreview>>().Produces<ApiFailure>(404);
    }

    private async Task<IResult> PreviewCancel(Guid sagaId, HttpContext http)
    {
        var (id, user) = (new SagaId(sagaId), Caller.Of(http).UserId);
        if (await Find(id, http.RequestAborted) is { AmendId: not null })
        {
            return await Preview(http, sagaId, new AmendCancel(id, NoReason));
        }

        var wish = new CancelOrder(OrderSagaId.OrderOf(id), user, AsOperator: true, NoReason);
        var rehearsed = await http.Rehearse(ShopTopology.Orders, wish, user);
        return rehearsed.Reply is CancelOrderReply.NotFound
            ? ApiAnswers.Fail(http, ApiError.NotFound, new { sagaId }, sagaId)
            : ApiAnswers.Ok(http, Preview(rehearsed, (rehearsed.Reply as CancelOrderReply.Refused)?.Reason));
    }

    private async Task<IResult> Preview(HttpContext http, Guid sagaId, Request<SagaInterventionReply> wish)
    {
        var rehearsed = await http.Rehearse(ShopTopology.Orders, wish, Caller.Of(http).UserId);
        return rehearsed.Reply is SagaInterventionReply.NotFound
            ? ApiAnswers.Fail(http, ApiError.NotFound, new { sagaId }, sagaId)
            : ApiAnswers.Ok(http, Preview(rehearsed, (rehearsed.Reply as SagaInterventionReply.Refused)?.Reason));
    }

    private SagaPreview Preview<TReply>(Rehearsed<TReply> rehearsed, string? refusal)
    {
        if (refusal is not null)
        {
            return new(rehearsed.Told with { Verdict = "refused", Explanation = refusal }, null, null);
        }

        var after = rehearsed.States.Values.Select(s => (s as OrderSaga)?.Saga ?? (s as AmendSaga)?.Saga)
            .OfType<SagaState>().FirstOrDefault();
        return new(rehearsed.Told, after?.Status, after is null ? null : OutlookOf(after));
    }

    private async Task<IResult> List(string? status, string? step, string? definition, HttpContext http)
    {
        if (status is not null && !Enum.GetValues<SagaStatus>().Any(s => Words.Of(s) == status))
        {
            var known = string.Join(", ", Enum.GetValues<SagaStatus>().Select(s => Words.Of(s)));
            throw ApiException.Field("status", $"다음 중 하나여야 합니다: {known}", $"it must be one of: {known}");
        }

        var (page, next) = await SagaLists.Read(
            store, status, ApiPaging.Of(http.Request),
            s => (step is null || s.CurrentStep == step) && (definition is null || s.Definition == definition),
            http.RequestAborted);
        return ApiAnswers.Page(http, page, next);
    }

    private async Task<IResult> Show(Guid sagaId, HttpContext http) =>
        await Find(new SagaId(sagaId), http.RequestAborted) is { } saga
            ? ApiAnswers.Ok(http, saga)
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
        var settlement = SettlementOf(body.Step, body.Reason.Trim(), body.Amount, body.Restock);
        return await Answer(http, new SagaId(sagaId), new SagaResolve(new SagaId(sagaId), body.Step, settlement));
    }

    private async Task<IResult> Cancel(Guid sagaId, HttpContext http)
    {
        var body = await ApiBody.Read<CancelBody>(http.Request, http.RequestAborted);
        if (await Find(new SagaId(sagaId), http.RequestAborted) is { AmendId: not null })
        {
            CheckReason(body.Reason);
            return await Answer(http, new SagaId(sagaId), new AmendCancel(new SagaId(sagaId), body.Reason.Trim()));
        }

        return await OrdersApi.CancelAs(http, OrderSagaId.OrderOf(new SagaId(sagaId)), body.Reason, Caller.Of(http));
    }

    private async Task<IResult> Answer(HttpContext http, SagaId id, Request<SagaInterventionReply> wish) =>
        await http.Ask(ShopTopology.Orders, wish, Caller.Of(http).UserId) switch
        {
            SagaInterventionReply.Accepted => ApiAnswers.Ok(http, (await Find(id, http.RequestAborted))!),
            SagaInterventionReply.Refused refused => ApiAnswers.Fail(http, NotNow, new { sagaId = id }, refused.Reason),
            _ => ApiAnswers.Fail(http, ApiError.NotFound, new { sagaId = id }, id),
        };

    private async Task<SagaView?> Find(SagaId id, CancellationToken stop)
    {
        if ((await store.Find(OrderKinds.Sagas.Key(OrderSagaId.OrderOf(id)), stop))?.State is OrderSaga saga)
        {
            var view = SagaView.Of(saga) with { Outlook = OutlookOf(saga.Saga) };
            return await view.HeldUp(heldUp, stop);
        }

        return (await store.Find(OrderKinds.Amends.Key(AmendSagaId.AmendOf(id)), stop))?.State is AmendSaga amend
            && await SagaLists.ViewOf(store, amend, stop) is { } amended
            ? amended with { Outlook = OutlookOf(amend.Saga) }
            : null;
    }

    private SagaOutlook OutlookOf(SagaState saga) => SagaOutlook.Of(
        outlines.Single(o => o.Name == saga.Definition && o.Version == saga.DefinitionVersion), saga);

    /// <summary>The settlement, with nothing that the step does not take.</summary>
    private ManualSettlement SettlementOf(string step, string reason, Money? amount, bool? restock)
    {
        if (amount is { Won: < 0 or > MaxAmountWon })
        {
            throw ApiException.Field(
                "amount", $"0에서 {MaxAmountWon} 사이의 원 단위 정수여야 합니다.",
                $"it must be a whole number of won from 0 to {MaxAmountWon}.");
        }

        Check("amount", amount is not null, SettlementDetail.Amount);
        Check("restock", restock is not null, SettlementDetail.Restock);
        return new(reason, amount?.Won, restock ?? true);

        void Check(string field, bool isGiven, SettlementDetail detail)
        {
            var takers = outlines.SelectMany(o => o.Steps).Where(s => s.SettledWith == detail)
                .Select(s => s.Name).Distinct(StringComparer.Ordinal).ToList();
            if (isGiven && !takers.Contains(step, StringComparer.Ordinal))
            {
                var names = string.Join(", ", takers);
                throw ApiException.Field(
                    field, $"다음 단계를 직접 처리할 때만 쓸 수 있습니다: {names}", $"it goes only with the step {names}.");
            }
        }
    }

    private static void CheckReason(string reason)
    {
        if (reason.Trim().Length is 0 or > MaxReasonLength)
        {
            throw ApiException.Field(
                "reason", $"1자 이상 {MaxReasonLength}자 이하로 적어 주세요.", $"write 1 to {MaxReasonLength} characters.");
        }
    }
}
