using DoaMarket.Contracts;

namespace DoaMarket.Notifications;

/// <summary>
/// Why an order was cancelled, as its customer is told it: a person's own words as they are, everything else in a
/// sentence of ours. What the flow itself gives as reason (codes, a provider's English) is for operators.
/// </summary>
/// <param name="Words">What a person wrote; null when the shop itself had the reason.</param>
/// <param name="Korean">Our sentence in Korean.</param>
/// <param name="English">Our sentence in English.</param>
public sealed record NoticeReason(string? Words, string Korean, string English)
{
    /// <summary>Nothing is known that a customer could make use of.</summary>
    public static NoticeReason Unsaid { get; } = new(
        null, "주문을 처리하지 못했습니다.", "We were unable to process the order.");

    /// <summary>Reads a cancelled order's reason.</summary>
    public static NoticeReason Of(OrderCancelled m) => m.Cause switch
    {
        CancelCauses.Person => Unsaid with { Words = m.Reason },
        CancelCauses.Stock => new(null, "상품의 재고가 부족합니다.", "The items are out of stock."),
        CancelCauses.Payment => new(null, "결제가 완료되지 않았습니다.", "The payment could not be completed."),
        CancelCauses.Shipping => new(
            null, "입력하신 주소로 상품을 보낼 수 없습니다.", "We cannot send the parcel to your address."),
        _ => Unsaid,
    };

    /// <summary>What to say.</summary>
    public string In(string language) => Words ?? (language == Languages.Korean ? Korean : English);
}
