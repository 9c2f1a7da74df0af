using DoaMarket.Contracts;

namespace DoaMarket.Stats;

/// <summary>The facts of one generation.</summary>
public sealed record FactsOf(long Generation, OrderFacts Facts);

/// <summary>
/// What Stats knows of one order. The document remembers every message that it has taken in; while a rebuild runs, it
/// keeps the facts twice: as they were heard, and as the journal tells them again.
/// </summary>
/// <param name="OrderId">The order.</param>
/// <param name="Generations">The facts, by generation; two at most.</param>
public sealed record OrderBook(OrderId OrderId, IReadOnlyList<FactsOf> Generations)
{
    /// <summary>The facts of a generation; none have been told when it is not there.</summary>
    public OrderFacts Of(long generation) =>
        Generations.FirstOrDefault(g => g.Generation == generation)?.Facts ?? new OrderFacts();

    /// <summary>The book with new facts, and without those of generations that nobody reads any more.</summary>
    internal OrderBook With(long generation, OrderFacts facts, IReadOnlyList<long> read) => this with
    {
        Generations =
        [
            .. Generations.Where(g => g.Generation != generation && read.Contains(g.Generation))
                .Append(new(generation, facts)).OrderBy(g => g.Generation),
        ],
    };
}
