namespace DoaMarket.Contracts;

/// <summary>Shares an amount out to the won: the shares add up to it, whatever the weights.</summary>
public static class ShareOut
{
    /// <summary>
    /// One share per weight, in proportion (largest remainder: each share is the exact one, rounded down or up; the won
    /// left over go to those cut most, the first of equals first).
    /// </summary>
    /// <param name="amount">What is shared out; not negative.</param>
    /// <param name="weights">Not negative. When all are zero, the first takes everything.</param>
    /// <exception cref="ArgumentException">There is no weight, or something is negative.</exception>
    public static IReadOnlyList<Money> Of(Money amount, IReadOnlyList<Money> weights)
    {
        if (weights.Count == 0 || amount < Money.Zero || weights.Any(w => w < Money.Zero))
        {
            throw new ArgumentException(
                "An amount is shared out among at least one weight, none negative.", nameof(weights));
        }

        var all = weights.Aggregate((Int128)0, (sum, weight) => sum + weight.Won);
        if (all == 0)
        {
            return [amount, .. weights.Skip(1).Select(_ => Money.Zero)];
        }

        var exact = weights.Select(w => Int128.DivRem((Int128)amount.Won * w.Won, all)).ToArray();
        var shares = exact.Select(e => (long)e.Quotient).ToArray();
        var left = (int)(amount.Won - shares.Sum());
        foreach (var i in Enumerable.Range(0, shares.Length).OrderByDescending(i => exact[i].Remainder).Take(left))
        {
            shares[i]++;
        }

        return [.. shares.Select(won => new Money(won))];
    }
}
