using DoaMarket.Api;
using DoaMarket.Contracts;
using DoaMarket.Kernel;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace DoaMarket.Payments;

/// <summary>Tells whether an order's parcel has left. Shipping knows; the host connects the two.</summary>
public delegate Task<bool> WasDispatched(OrderId order, CancellationToken stop);

/// <summary>What operators do with money: give a part back, try again, settle by hand, read anew. All of it audited.</summary>
internal sealed class RefundsApi(IStore store, WasDispatched wasDispatched)
{
    private const int ReasonCharsMax = 200, KeyCharsMax = 200;
    private const long AmountMax = 1_000_000_000_000;

    private static readonly Dictionary<string, ApiError> Refusals = new List<ApiError>
    {
        new(422, "IDEMPOTENCY_KEY_REUSED", "같은 Idempotency-Key로 다른 환불이 이미 접수되었습니다. 새 키를 사용해 주세요.",
            "This Idempotency-Key was used with another body. Use a new key for a new refund."),
        new(409, "PAYMENT_NOT_CAPTURED", "승인된 금액이 없는 결제입니다.", "Nothing is captured of this payment."),
        new(409, "NOTHING_TO_REFUND", "이미 전액 환불된 결제입니다.", "Everything has been given back already."),
        new(409, "EARLIER_REFUND_FAILED", "실패한 환불이 있습니다. 먼저 재시도하거나 수동 처리해 주세요.",
            "An earlier refund has failed: retry or settle that one first."),
        new(409, "FULL_REFUND_UNDER_WAY", "전액 환불이 진행 중입니다.", "The whole payment is being given back."),
        new(409, "REFUND_EXCEEDS_REST", "환불 가능 금액({0})을 초과했습니다.",
            "This is more than what can still be given back ({0})."),
        new(409, "USE_CANCEL", "발송 전 전액 환불은 주문 취소를 사용해 주세요.",
            "Before dispatch, giving everything back is a cancel: cancel the order instead."),
        new(409, "TOO_MANY_REFUNDS", "대기 중인 환불이 너무 많습니다. 잠시 후 다시 시도해 주세요.",
            "Too many refunds of this payment wait; please try again later."),
        new(409, "REFUND_NOT_FAILED", "실패한 환불이 아닙니다.", "This refund has not failed."),
        new(409, "PAYMENT_UNDER_WAY", "결제가 아직 처리 중입니다.", "The payment is still under way."),
    }.ToDictionary(e => e.Code, StringComparer.Ordinal);

    public void Map(IEndpointRouteBuilder api)
    {
        var payments = api.MapGroup("/payments/{paymentId:guid}").RequireAuthorization(Roles.Operator)
            .WithTags("Payments");
        payments.MapPost("/refund", Refund)
            .WithSummary("Give a part back: 202 while it is under way, 200 when it is done. Idempotency-Key is required")
            .Accepts<RefundBody>("application/json").Produces<ApiSuccess<RefundView>>(202)
            .Produces<ApiSuccess<RefundView>>().Produces<ApiFailure>(400).Produces<ApiFailure>(404)
            .Produces<ApiFailure>(409).Produces<ApiFailure>(422);
        payments.MapPost("/refunds/{refundId:guid}/retry", (Guid paymentId, Guid refundId, HttpContext http) =>
                Act(http, paymentId, reason => new RetryRefund(new(paymentId), new(refundId), reason)))
            .WithSummary("Try a part again that the PG had refused for good")
            .Accepts<PaymentReasonBody>("application/json").Produces<ApiSuccess<RefundView>>(202)
            .Produces<ApiFailure>(404).Produces<ApiFailure>(409);
        payments.MapPost("/refunds/{refundId:guid}/settle", (Guid paymentId, Guid refundId, HttpContext http) =>
                Act(http, paymentId, reason => new SettleRefund(new(paymentId), new(refundId), reason)))
            .WithSummary("Say that the money of a failed part was given back outside the PG")
            .Accepts<PaymentReasonBody>("application/json").Produces<ApiSuccess<RefundView>>()
            .Produces<ApiFailure>(404).Produces<ApiFailure>(409);
        payments.MapPost("/reread", (Guid paymentId, HttpContext http) =>
                Act(http, paymentId, reason => new RereadPayment(new(paymentId), reason)))
            .WithSummary("Read a payment anew at the PG: what was refunded at its console goes into the books")
            .Accepts<PaymentReasonBody>("application/json").Produces(202)
            .Produces<ApiFailure>(404).Produces<ApiFailure>(409);
    }

    private async Task<IResult> Refund(Guid paymentId, HttpContext http)
    {
        var key = KeyOf(http.Request);
        var body = await ApiBody.Read<RefundBody>(http.Request, http.RequestAborted);
        var reason = ReasonOf(body.Reason);
        if (body.Amount.Won is < 1 or > AmountMax)
        {
            throw ApiException.Field(
                "amount", $"1에서 {AmountMax} 사이의 원 단위 정수여야 합니다.",
                $"it must be a whole number of won from 1 to {AmountMax}.");
        }

        var id = new PaymentId(paymentId);
        var by = Caller.Of(http).UserId;
        if (await store.Find(PaymentKinds.Payments.Key(id), http.RequestAborted) is not { State: Payment payment })
        {
            return Unknown(http, paymentId);
        }

        var wish = new RefundPart(
            id, new(DerivedId.From(paymentId, $"refund/{by.Value}/{key}")), body.Amount, reason, by,
            await wasDispatched(payment.OrderId, http.RequestAborted));
        return Answer(http, paymentId, await http.Ask(ShopTopology.Payments, wish, by));
    }

    private static async Task<IResult> Act(
        HttpContext http, Guid paymentId, Func<string, Request<RefundPartReply>> wish)
    {
        var body = await ApiBody.Read<PaymentReasonBody>(http.Request, http.RequestAborted);
        var reply = await http.Ask(ShopTopology.Payments, wish(ReasonOf(body.Reason)), Caller.Of(http).UserId);
        return Answer(http, paymentId, reply);
    }

    private static IResult Answer(HttpContext http, Guid paymentId, RefundPartReply reply)
    {
        switch (reply)
        {
            case RefundPartReply.Taken taken:
                if (taken.IsReplay)
                {
                    http.Response.Headers["Idempotent-Replayed"] = "true";
                }

                return ApiAnswers.Ok(
                    http, RefundView.Of(taken.Refund, forOperator: true),
                    taken.Refund.IsOpen ? StatusCodes.Status202Accepted : StatusCodes.Status200OK);
            case RefundPartReply.Reading:
                return ApiAnswers.Ok(http, new { paymentId, status = "reading" }, StatusCodes.Status202Accepted);
            case RefundPartReply.Refused refused:
                return ApiAnswers.Fail(
                    http, Refusals[refused.Code], new { paymentId, refundable = refused.Refundable.Won },
                    refused.Refundable);
            default:
                return Unknown(http, paymentId);
        }
    }

    private static IResult Unknown(HttpContext http, Guid paymentId) =>
        ApiAnswers.Fail(http, ApiError.NotFound, new { paymentId }, paymentId);

    private static string ReasonOf(string reason) => reason.Trim().Length is > 0 and <= ReasonCharsMax
        ? reason.Trim()
        : throw ApiException.Field(
            "reason", $"1자 이상 {ReasonCharsMax}자 이하로 적어 주세요.", $"write 1 to {ReasonCharsMax} characters.");

    private static string KeyOf(HttpRequest request)
    {
        var key = request.Headers["Idempotency-Key"].ToString().Trim();
        return key.Length is >= 1 and <= KeyCharsMax && key.All(c => c is > ' ' and <= '~')
            ? key
            : throw ApiException.Field(
                "Idempotency-Key", $"필수이며, 공백 없는 ASCII {KeyCharsMax}자 이하여야 합니다.",
                $"it is required: 1 to {KeyCharsMax} ASCII characters without spaces.");
    }
}
