namespace DoaMarket.Inventory;

/// <summary>Why nothing was held: the reasons that `inventory.reserve_failed` gives.</summary>
public static class RefusalReason
{
    /// <summary>At least one item has too few units available.</summary>
    public const string InsufficientStock = "insufficient_stock";

    /// <summary>At least one item is not kept here.</summary>
    public const string UnknownProduct = "unknown_product";

    /// <summary>The request came after its deadline, when its order may have been given up.</summary>
    public const string DeadlinePassed = "deadline_passed";

    /// <summary>The order's release came before the request.</summary>
    public const string ReleasedBefore = "released_before_reserved";

    /// <summary>No lines, too many lines, or a line without a positive quantity.</summary>
    public const string InvalidLines = "invalid_lines";
}
