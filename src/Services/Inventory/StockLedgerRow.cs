using DoaMarket.Kernel;
using System.Text.Json.Serialization;
using DoaMarket.Contracts;

namespace DoaMarket.Inventory;

/// <summary>Why stock changed.</summary>
[JsonConverter(typeof(SnakeCaseEnumConverter<StockReason>))]
public enum StockReason
{
    /// <summary>Goods came in.</summary>
    Received,

    /// <summary>A person corrected the count.</summary>
    Adjusted,

    /// <summary>An order holds it.</summary>
    Reserved,

    /// <summary>An order gave its hold back.</summary>
    Released,

    /// <summary>An order's hold ended unpaid.</summary>
    Expired,

    /// <summary>An order's hold was paid: the units are sold.</summary>
    Committed,

    /// <summary>Sold units came back into stock.</summary>
    Restocked,

    /// <summary>Sold units should have come back and are lost: nothing changes, and the row says why.</summary>
    WrittenOff,
}

/// <summary>
/// One change of one item: written once with the change itself, never touched again. An item's quantities are the sums
/// of its rows, always.
/// </summary>
/// <param name="ProductId">The product.</param>
/// <param name="VariantId">The variant, if any.</param>
/// <param name="Reason">Why.</param>
/// <param name="OnHandDelta">Change of the units in the warehouse.</param>
/// <param name="ReservedDelta">Change of the units held.</param>
/// <param name="OrderId">The order concerned, if any.</param>
/// <param name="At">When, UTC.</param>
/// <param name="AmendId">The partial cancel concerned, if any.</param>
public sealed record StockLedgerRow(
    ProductId ProductId,
    VariantId? VariantId,
    StockReason Reason,
    int OnHandDelta,
    int ReservedDelta,
    OrderId? OrderId,
    DateTimeOffset At,
    AmendId? AmendId = null)
{
    /// <summary>The key of the item that it belongs to.</summary>
    [JsonIgnore]
    public string ItemKey => StockItem.KeyOf(ProductId, VariantId);
}
