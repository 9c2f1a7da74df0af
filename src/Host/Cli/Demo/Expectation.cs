namespace DoaMarket.Host.Cli.Demo;

/// <summary>How the orders of a scenario must end.</summary>
internal abstract record Expectation
{
    private Expectation()
    {
    }

    /// <summary>Every order has one and the same outcome.</summary>
    public static Expectation Each(Outcome outcome) => new OneOf([outcome]);

    /// <summary>Every order has one of two outcomes, and both are right.</summary>
    public static Expectation Either(Outcome one, Outcome other) => new OneOf([one, other]);

    /// <summary>Exactly what is in stock is sold; whoever comes too late is cancelled.</summary>
    public static Expectation SellsExactlyTheStock { get; } = new ExactStock();

    /// <summary>In the table.</summary>
    public abstract string Words(int orders, Shelf shelf);

    /// <summary>Whether these outcomes, one per order, are as they must be.</summary>
    public abstract bool IsMetBy(IReadOnlyCollection<Outcome> outcomes, Shelf shelf);

    private sealed record OneOf(IReadOnlyList<Outcome> Right) : Expectation
    {
        public override string Words(int orders, Shelf shelf) => string.Join(" or ", Right.Select(OutcomeWords.Of));

        public override bool IsMetBy(IReadOnlyCollection<Outcome> outcomes, Shelf shelf) =>
            outcomes.All(Right.Contains);
    }

    private sealed record ExactStock : Expectation
    {
        public override string Words(int orders, Shelf shelf) =>
            $"{Sold(orders, shelf)} completed, {orders - Sold(orders, shelf)} cancelled";

        public override bool IsMetBy(IReadOnlyCollection<Outcome> outcomes, Shelf shelf)
        {
            var sold = Sold(outcomes.Count, shelf);
            return outcomes.Count(outcome => outcome == Outcome.Completed) == sold
                && outcomes.Count(outcome => outcome == Outcome.Cancelled) == outcomes.Count - sold;
        }

        private static int Sold(int orders, Shelf shelf) =>
            (int)Math.Min(orders, (shelf.Limited?.Available ?? 0) / Shelf.LimitedPieces);
    }
}

/// <summary>Outcomes in words.</summary>
internal static class OutcomeWords
{
    public static string Of(Outcome outcome) => outcome switch
    {
        Outcome.Waiting => "not placed",
        Outcome.InProgress => "in progress",
        Outcome.Completed => "completed",
        Outcome.Cancelled => "cancelled",
        Outcome.NeedsAttention => "needs attention",
        Outcome.Refused => "refused",
        _ => throw new ArgumentOutOfRangeException(nameof(outcome), outcome, "No words for this outcome."),
    };
}
