using System.ComponentModel.DataAnnotations;

namespace DoaMarket.Inventory;

/// <summary>How long stock is held, and how much one order or one item may hold.</summary>
public sealed record InventoryOptions
{
    /// <summary>How long a reservation waits for its payment before the stock is free again.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "1.00:00:00")]
    public TimeSpan HoldFor { get; init; } = TimeSpan.FromMinutes(30);

    /// <summary>
    /// The longest that one reservation may be extended to, counted from when it was made. A virtual account is open
    /// for seven days; one more lets its deposit be reported.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:01", "31.00:00:00")]
    public TimeSpan LongestHold { get; init; } = TimeSpan.FromDays(8);

    /// <summary>
    /// How many different items one order may reserve: it bounds the documents and messages of one commit.
    /// The HTTP API refuses longer orders before they get here.
    /// </summary>
    [Range(1, 60)]
    public int MaxLinesPerOrder { get; init; } = 40;

    /// <summary>How many units an adjustment may bring one item to; far below where an int overflows.</summary>
    [Range(1, 1_000_000_000)]
    public int MaxOnHandUnits { get; init; } = 100_000_000;
}
