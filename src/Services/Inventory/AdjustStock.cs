using DoaMarket.Contracts;
using DoaMarket.Kernel;

namespace DoaMarket.Inventory;

/// <summary>A person corrects how much of an item is on hand.</summary>
/// <param name="ProductId">The product.</param>
/// <param name="VariantId">The variant, if any.</param>
/// <param name="Delta">Units to add, or, when negative, to take away.</param>
/// <param name="Reason">Why, in the person's words; kept in the audit trail.</param>
/// <param name="By">Who asks, as a seller, who reaches only what is theirs; null for an operator.</param>
public sealed record AdjustStock(
    ProductId ProductId, VariantId? VariantId, int Delta, string Reason, SellerId? By = null)
    : Request<AdjustStockReply>;

/// <summary>What came of an adjustment. All but <see cref="Adjusted"/> are refusals that changed nothing.</summary>
public abstract record AdjustStockReply
{
    private AdjustStockReply()
    {
    }

    /// <summary>Done; the item's units as they are now.</summary>
    public sealed record Adjusted(int OnHand, int Reserved, int Available) : AdjustStockReply;

    /// <summary>No such item is kept here.</summary>
    public sealed record UnknownItem : AdjustStockReply;

    /// <summary>It is another seller's.</summary>
    public sealed record NotTheirs : AdjustStockReply;

    /// <summary>Less would be on hand than is held for orders.</summary>
    public sealed record BelowReserved(int OnHand, int Reserved) : AdjustStockReply;

    /// <summary>More would be on hand than one item may have.</summary>
    public sealed record AboveLimit(int MaxOnHandUnits) : AdjustStockReply;

    /// <summary>A delta of zero, or no reason given.</summary>
    public sealed record NothingToDo : AdjustStockReply;
}
