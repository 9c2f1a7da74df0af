using System.Text.Json;
using System.Text.Json.Serialization;
using DoaMarket.Contracts;
using DoaMarket.Kernel;

namespace DoaMarket.Inventory;

/// <summary>What became of an order's claim on stock.</summary>
[JsonConverter(typeof(SnakeCaseEnumConverter<ReservationStatus>))]
public enum ReservationStatus
{
    /// <summary>The lines are held and wait for the payment.</summary>
    Held,

    /// <summary>Paid: the lines are sold.</summary>
    Committed,

    /// <summary>Given back before the payment.</summary>
    Released,

    /// <summary>The hold ended unpaid.</summary>
    Expired,

    /// <summary>Sold, and given back: the lines are in stock again.</summary>
    Restocked,

    /// <summary>Sold, and lost on the way: it was to be given back, and no line can be.</summary>
    WrittenOff,

    /// <summary>Nothing was ever held: stock was short, or the request came too late.</summary>
    Refused,

    /// <summary>The release came before the reserve: nothing was held, and nothing ever will be.</summary>
    Tombstone,
}

/// <summary>The answer that the reserve request got: exactly one of the two.</summary>
/// <param name="Sent">As what it is sent again.</param>
/// <param name="Reserved">The lines are held.</param>
/// <param name="Failed">Nothing is held.</param>
public sealed record ReserveAnswer(Sent Sent, InventoryReserved? Reserved, ReserveFailed? Failed)
{
    /// <summary>The message itself.</summary>
    [JsonIgnore]
    public IMessage Message => (IMessage?)Reserved ?? Failed
        ?? throw new InvalidOperationException("A reserve answer is either reserved or failed.");
}

/// <summary>The answer that the release request got.</summary>
/// <param name="Sent">As what it is sent again.</param>
/// <param name="Released">What was given back; no lines when there was nothing.</param>
public sealed record ReleaseAnswer(Sent Sent, InventoryReleased Released);

/// <summary>The answer that the last extend request got.</summary>
/// <param name="Sent">As what it is sent again.</param>
/// <param name="Extended">Until when the hold lasts.</param>
public sealed record ExtendAnswer(Sent Sent, InventoryExtended Extended);

/// <summary>The answer that a partial cancel's request got.</summary>
/// <param name="AmendId">The partial cancel.</param>
/// <param name="Sent">As what the answer is sent again.</param>
/// <param name="Lines">What was given back; no lines when there was nothing.</param>
/// <param name="WereSold">True when the lines were sold and are in stock again, false when a hold was given back.</param>
public sealed record LinesAnswer(AmendId AmendId, Sent Sent, IReadOnlyList<ReservedLine> Lines, bool WereSold);

/// <summary>
/// An order's claim on stock: one per order, for ever. Answers are remembered, because a request that is repeated under
/// another id must be answered as before, and under the same id, so that nobody counts the answer twice.
/// </summary>
/// <param name="OrderId">The order.</param>
/// <param name="Status">What became of it.</param>
/// <param name="Lines">What was held: one line per item, ordered by key; none when nothing ever was.</param>
/// <param name="CreatedAt">When it was made, UTC; the longest hold counts from here.</param>
/// <param name="ExpiresAt">When the hold ends unless it is paid; null unless held.</param>
/// <param name="Trail">The customer's request that moved it last.</param>
/// <param name="ReserveAnswer">What the reserve request was told; null while only a release came.</param>
/// <param name="ReleaseAnswer">What the release request was told; null while none came.</param>
/// <param name="ExtendAnswer">What the last extend request was told; null while none came.</param>
/// <param name="LinesAnswers">What each partial cancel was told, in order; null while none came.</param>
public sealed record Reservation(
    OrderId OrderId,
    ReservationStatus Status,
    IReadOnlyList<ReservedLine> Lines,
    DateTimeOffset CreatedAt,
    DateTimeOffset? ExpiresAt,
    Trail Trail,
    ReserveAnswer? ReserveAnswer = null,
    ReleaseAnswer? ReleaseAnswer = null,
    ExtendAnswer? ExtendAnswer = null,
    IReadOnlyList<LinesAnswer>? LinesAnswers = null)
{
    /// <summary>
    /// How many partial cancels one order may have. Each cancels a line or a part of one, so no shop comes near it.
    /// </summary>
    public const int MaxPartialCancels = 100;

    /// <summary>The status as it is written: "held", "committed", …</summary>
    [JsonIgnore]
    public string StatusName => JsonNamingPolicy.SnakeCaseLower.ConvertName(Status.ToString());

    /// <summary>The lines that partial cancels have not given back: what is held or sold now.</summary>
    [JsonIgnore]
    public IReadOnlyList<ReservedLine> Remaining => LinesAnswers is null
        ? Lines
        : [.. Lines.Select(line => line with { Reserved = line.Reserved - GivenBack(line) })
            .Where(line => line.Reserved > 0)];

    /// <summary>The keys of the stock items that it claims.</summary>
    [JsonIgnore]
    public IEnumerable<DocumentKey> StockKeys =>
        Lines.Select(line => InventoryKinds.StockItems.Key(StockItem.KeyOf(line.ProductId, line.VariantId)));

    private int GivenBack(ReservedLine line) => LinesAnswers!
        .SelectMany(answer => answer.Lines)
        .Where(back => back.ProductId == line.ProductId && back.VariantId == line.VariantId)
        .Sum(back => back.Reserved);
}
