using DoaMarket.Api;
using DoaMarket.Contracts;
using DoaMarket.Kernel;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace DoaMarket.Payments;

/// <summary>Payments as their owners and operators see them.</summary>
internal sealed class PaymentsReadApi(IStore store)
{
    private const int LedgerRowsMax = 500;

    public void Map(IEndpointRouteBuilder api)
    {
        api.MapGet("/payments", (Delegate)List).RequireAuthorization().WithTags("Payments")
            .WithSummary("Payments, newest first: one's own, or, for operators, all; operators may ask for ?status=")
            .Produces<ApiSuccess<IReadOnlyList<PaymentSummaryView>>>().Produces<ApiFailure>(400);
        api.MapGet("/payments/{paymentId:guid}", Show).RequireAuthorization().WithTags("Payments")
            .WithSummary("One payment with its refunds and its ledger")
            .Produces<ApiSuccess<PaymentView>>().Produces<ApiFailure>(404);
    }

    private async Task<IResult> List(HttpContext http)
    {
        var caller = Caller.Of(http);
        var paging = ApiPaging.Of(http.Request);
        var status = http.Request.Query["status"].ToString();
        var (index, equal) = (caller.IsOperator, status.Length > 0) switch
        {
            (true, true) => ("by_status", (object[])[StatusOf(status)]),
            (true, false) => ("by_time", []),
            (false, false) => ("by_user", [caller.UserId.Value]),
            (false, true) => throw ApiException.Field(
                "status", "운영자만 사용할 수 있습니다.", "only operators may ask for a status."),
        };
        var page = await store.Query(
            new(PaymentKinds.Payments, index, equal, paging.Limit, Descending: true, paging.Cursor),
            http.RequestAborted);
        return ApiAnswers.Page(
            http, [.. page.Documents.Select(d => PaymentSummaryView.Of((Payment)d.State))], page.NextCursor);
    }

    private async Task<IResult> Show(Guid paymentId, HttpContext http)
    {
        var caller = Caller.Of(http);
        var id = new PaymentId(paymentId);
        var payment = (Payment?)(await store.Find(PaymentKinds.Payments.Key(id), http.RequestAborted))?.State;
        if (payment is null || !(caller.IsOperator || payment.UserId == caller.UserId))
        {
            return ApiAnswers.Fail(http, ApiError.NotFound, new { paymentId }, paymentId);
        }

        var rows = await store.Query(
            new(PaymentKinds.Ledger, "by_payment", [id.ToString()], LedgerRowsMax), http.RequestAborted);
        return ApiAnswers.Ok(http, new PaymentView(
            PaymentSummaryView.Of(payment), [.. payment.Refunds.Select(r => RefundView.Of(r, caller.IsOperator))],
            [.. rows.Documents.Select(d => LedgerRowView.Of((PaymentLedgerRow)d.State))]));
    }

    private static string StatusOf(string status)
    {
        var known = Enum.GetValues<PaymentStatus>().Select(s => s.Name()).ToList();
        return known.Contains(status, StringComparer.Ordinal)
            ? status
            : throw ApiException.Field(
                "status", $"다음 중 하나여야 합니다: {string.Join(", ", known)}",
                $"it must be one of: {string.Join(", ", known)}");
    }
}
