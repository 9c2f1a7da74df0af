namespace DoaMarket.Audit;

/// <summary>To which orders an invariant that spans services applies now.</summary>
/// <param name="IsQuiescent">Nothing moves any more: everything must have come to its end.</param>
/// <param name="Now">The time of the audit.</param>
/// <param name="IsStopped">No process writes: the outside books and the snapshot are of the same moment.</param>
internal sealed record Scope(bool IsQuiescent, DateTimeOffset Now, bool IsStopped = false)
{
    /// <summary>
    /// The outside books are read a moment before the snapshot; of an order that has rested this long they tell the
    /// same.
    /// </summary>
    private static readonly TimeSpan Rest = TimeSpan.FromMinutes(1);

    /// <summary>A title that says to what the invariant was applied.</summary>
    public string Title(string title) => $"{title} ({(IsQuiescent ? "every order" : "finished orders only")})";

    /// <summary>Whether the order must have reached what holds at the end.</summary>
    public bool Covers(OrderFile order) => IsQuiescent || order.IsFinished;

    /// <summary>
    /// Whether the order's money must have reached its end: a late capture moves it after its saga has ended.
    /// </summary>
    public bool CoversMoneyOf(OrderFile order) => IsQuiescent || (order.IsFinished && !order.IsMoneyMoving);

    /// <summary>Whether nothing has happened to it for so long that the outside books must agree.</summary>
    public bool IsResting(DateTimeOffset lastMove) => IsQuiescent || IsStopped || lastMove <= Now - Rest;
}
