using DoaMarket.Contracts;
using DoaMarket.Sagas;

namespace DoaMarket.Orders;

/// <summary>Why an order was cancelled or comes back, for its customer.</summary>
/// <param name="Code">For programs, snake_case.</param>
/// <param name="Message">For people, in the asked language; a person's own words as they are.</param>
public sealed record CancelReasonView(string Code, string Message);

/// <summary>
/// Reads from an order's saga why it goes, or went, back. What participants and the engine give as reasons are codes,
/// a provider's words, or English for operators: customers are told a sentence of ours.
/// </summary>
internal static class CancelReasons
{
    /// <summary>Why the hold of the stock made an order go back, as the saga's ledger has it.</summary>
    public const string HoldExpired = "the stock was held for as long as it can be, and is free again";

    /// <summary>Why a deposit that is gone made an order go back, as the saga's ledger has it.</summary>
    public const string DepositReversed = "the bank took the deposit back";

    private static readonly Dictionary<string, (string Korean, string English)> Texts = new(StringComparer.Ordinal)
    {
        ["insufficient_stock"] = ("상품의 재고가 부족합니다.", "The items are out of stock."),
        ["unknown_product"] = ("더 이상 판매하지 않는 상품입니다.", "An item is not sold any more."),
        ["stock_not_reserved"] = ("재고를 확보하지 못했습니다.", "The items could not be reserved."),
        ["payment_declined"] = ("결제가 승인되지 않았습니다.", "The payment was declined."),
        ["shipping_unavailable"] = ("입력하신 주소로 상품을 보낼 수 없습니다.", "We cannot send the parcel to your address."),
        ["reservation_expired"] = ("재고를 확보해 둔 시간이 지났습니다.", "The time for which the items were held is over."),
        ["deposit_reversed"] = ("은행에서 입금이 취소되었습니다.", "The bank took the deposit back."),
        ["delivery_failed"] = ("상품을 배송하지 못해 반송되었습니다.", "The parcel could not be delivered and comes back."),
        ["returned"] = ("상품이 반품되었습니다.", "The parcel was sent back."),
        ["timed_out"] = ("주문을 제시간에 처리하지 못했습니다.", "The order could not be processed in time."),
        ["other"] = ("주문을 처리하지 못했습니다.", "We were unable to process the order."),
    };

    /// <summary>The reason in the asked language; null when the order does not go back.</summary>
    public static CancelReasonView? Of(OrderSaga order, bool english)
    {
        if (order.CancelWaiting is { } waiting)
        {
            return waiting.ByPerson
                ? new("requested", waiting.Reason)
                : Said(waiting.Reason == DepositReversed ? "deposit_reversed" : "reservation_expired", english);
        }

        if (order.Saga is not { Reason: { } reason } saga || saga.Status is SagaStatus.Completed)
        {
            return null;
        }

        return saga.AskedByPerson ? new("requested", reason) : Said(CodeOf(order, saga, reason), english);
    }

    private static CancelReasonView Said(string code, bool english) =>
        new(code, english ? Texts[code].English : Texts[code].Korean);

    private static string CodeOf(OrderSaga order, SagaState saga, string reason)
    {
        if (reason is HoldExpired or DepositReversed)
        {
            return reason == HoldExpired ? "reservation_expired" : "deposit_reversed";
        }

        if (saga.Steps.FirstOrDefault(s => s.Status is StepStatus.Failed) is { } failed)
        {
            return failed.Name switch
            {
                OrderFlow.ReserveInventory => Texts.ContainsKey(reason) ? reason : "stock_not_reserved",
                OrderFlow.ProcessPayment => "payment_declined",
                OrderFlow.PrepareShipping => "shipping_unavailable",
                _ => "other",
            };
        }

        if (saga.IsComingBack || saga.CameBack)
        {
            return order.Shipment is { Delivered: true } || order.Was(OrderStatus.Delivered)
                ? "returned"
                : "delivery_failed";
        }

        // A step that did not answer keeps the reason with which the saga turned back.
        return saga.Steps.Any(s => s.DoneAt is null && s.Reason == reason) ? "timed_out" : "other";
    }
}
