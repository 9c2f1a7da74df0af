using DoaMarket.Kernel;

namespace DoaMarket.Contracts;

/// <summary>How many of a product's variant are wanted.</summary>
public sealed record StockLine(ProductId ProductId, VariantId? VariantId, int Quantity);

/// <summary>How many of a product's variant are held.</summary>
public sealed record ReservedLine(ProductId ProductId, VariantId? VariantId, int Reserved);

/// <summary>`inventory.reserve_requested`: hold all of these lines or none.</summary>
/// <param name="Deadline">No hold begins after it.</param>
public sealed record ReserveRequested(
    OrderId OrderId, IReadOnlyList<StockLine> Items, DateTimeOffset Deadline) : IOrderMessage;

/// <summary>
/// `inventory.release_requested`: give back what this order holds or took; answered also when that is nothing.
/// </summary>
/// <param name="Restock">
/// Whether sold goods are there, to be put back into stock; false when they are lost. Missing in messages from before:
/// they are there.
/// </param>
public sealed record ReleaseRequested(OrderId OrderId, string Reason, bool Restock = true) : IOrderMessage;

/// <summary>`inventory.release_lines_requested`: a partial cancel gives these lines back; the rest stays sold.</summary>
public sealed record ReleaseLinesRequested(
    OrderId OrderId, AmendId AmendId, IReadOnlyList<StockLine> Lines, string Reason) : IOrderMessage;

/// <summary>`inventory.lines_released`: the lines of a partial cancel are free again.</summary>
public sealed record LinesReleased(OrderId OrderId, AmendId AmendId, IReadOnlyList<ReservedLine> Lines) : IOrderMessage;

/// <summary>`inventory.extend_requested`: hold until later than planned (a slow payment method).</summary>
public sealed record ExtendRequested(OrderId OrderId, DateTimeOffset Until) : IOrderMessage;

/// <summary>`inventory.reserved`: all lines are held until <paramref name="ExpiresAt"/>.</summary>
public sealed record InventoryReserved(
    OrderId OrderId, IReadOnlyList<ReservedLine> Reservations, DateTimeOffset ExpiresAt) : IOrderMessage;

/// <summary>`inventory.reserve_failed`: nothing is held.</summary>
public sealed record ReserveFailed(OrderId OrderId, string Reason, IReadOnlyList<StockLine> Missing) : IOrderMessage;

/// <summary>`inventory.released`: the order holds nothing any more; the lines that were given back.</summary>
public sealed record InventoryReleased(OrderId OrderId, IReadOnlyList<ReservedLine> Released) : IOrderMessage;

/// <summary>`inventory.committed`: the held lines are sold.</summary>
public sealed record InventoryCommitted(OrderId OrderId, IReadOnlyList<ReservedLine> Lines) : IOrderMessage;

/// <summary>`inventory.extended`: the hold lasts until then.</summary>
public sealed record InventoryExtended(OrderId OrderId, DateTimeOffset ExpiresAt) : IOrderMessage;

/// <summary>`inventory.restocked`: sold lines came back into stock.</summary>
public sealed record InventoryRestocked(OrderId OrderId, IReadOnlyList<ReservedLine> Lines) : IOrderMessage;

/// <summary>`inventory.reservation_expired`: the hold ended unpaid; the lines are free again.</summary>
public sealed record ReservationExpired(OrderId OrderId, IReadOnlyList<ReservedLine> Lines) : IOrderMessage;

/// <summary>`inventory.low_stock`: the available quantity crossed the item's threshold downwards.</summary>
public sealed record LowStock(ProductId ProductId, VariantId? VariantId, int Available, int Threshold) : IMessage;

/// <summary>`inventory.out_of_stock`: nothing is available any more.</summary>
public sealed record OutOfStock(ProductId ProductId, VariantId? VariantId) : IMessage;

/// <summary>`inventory.adjusted`: a person corrected the stock.</summary>
public sealed record InventoryAdjusted(
    ProductId ProductId, VariantId? VariantId, int Delta, int OnHand, string Reason) : IMessage;
