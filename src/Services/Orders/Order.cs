using DoaMarket.Contracts;
using DoaMarket.Kernel;

namespace DoaMarket.Orders;

/// <summary>What was bought: names and prices as they were then. What moves is in <see cref="OrderSaga"/>.</summary>
public sealed record Order(
    OrderId OrderId,
    string OrderNumber,
    SagaId SagaId,
    CorrelationId CorrelationId,
    UserId UserId,
    IReadOnlyList<OrderItem> Items,
    Money ItemsTotal,
    Money ShippingFee,
    Money DiscountAmount,
    Money TotalAmount,
    ShippingAddress ShippingAddress,
    PaymentMethod PaymentMethod,
    string? DeliveryMemo,
    DateTimeOffset OrderedAt)
{
    /// <summary>What the parcel costs, as it was then; null on orders from before partial cancels.</summary>
    public ShippingTerms? ShippingTerms { get; init; }

    /// <summary>The longest name of an order that the PG takes.</summary>
    private const int MaxNameChars = 100;

    /// <summary>What is to be held in stock.</summary>
    public IReadOnlyList<StockLine> StockLines() =>
        [.. Items.Select(i => new StockLine(i.ProductId, i.VariantId, i.Quantity))];

    /// <summary>Each seller's part, in the order in which the lines name them; the parts add up to the order.</summary>
    public IReadOnlyList<SellerPart> Sellers() => Remains.Sellers(this, Items, Remains.SumsOf(this));

    /// <summary>How the order is called on a card statement: "무선 이어폰 외 2건".</summary>
    public string Name()
    {
        var suffix = Items.Count > 1 ? $" 외 {Items.Count - 1}건" : "";
        var (first, room) = (Items[0].Name, MaxNameChars - suffix.Length);
        if (first.Length <= room)
        {
            return first + suffix;
        }

        return first[..(char.IsHighSurrogate(first[room - 1]) ? room - 1 : room)] + suffix; // never half an emoji
    }
}

/// <summary>
/// The id of an order's saga follows from the order's, and back: neither needs a look-up to find the other.
/// </summary>
public static class OrderSagaId
{
    private const byte Flip = 0xFF;

    /// <summary>The saga of an order.</summary>
    public static SagaId Of(OrderId order) => new(Flipped(order.Value));

    /// <summary>The order of a saga.</summary>
    public static OrderId OrderOf(SagaId saga) => new(Flipped(saga.Value));

    private static Guid Flipped(Guid id)
    {
        Span<byte> bytes = stackalloc byte[16];
        id.TryWriteBytes(bytes, bigEndian: true, out _);
        bytes[15] ^= Flip;
        return new Guid(bytes, bigEndian: true);
    }
}
