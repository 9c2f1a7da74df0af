using DoaMarket.Contracts;

namespace DoaMarket.Stats;

/// <summary>An amount of money at a moment, shared out among the sellers of an order, to the won.</summary>
internal sealed record SharedAmount(long AtMs, Money Amount, IReadOnlyList<Money> Shares);

/// <summary>
/// Who of an order's sellers gets how much of the capture, and bears how much of each refund. The shares of every amount
/// add up to it; after a full refund nobody has anything left.
/// </summary>
/// <param name="Sellers">The order's sellers, as `order.created` lists them.</param>
/// <param name="Captured">The capture; null when nothing was captured.</param>
/// <param name="Refunds">The refunds, in the order of time.</param>
internal sealed record SellerShares(
    IReadOnlyList<SellerId> Sellers, SharedAmount? Captured, IReadOnlyList<SharedAmount> Refunds)
{
    public static SellerShares Of(OrderFacts facts)
    {
        var parts = facts.Created?.Sellers ?? [];
        var left = parts.Select(_ => Money.Zero).ToArray();
        SharedAmount? captured = null;
        if (facts.Captured is { } paid)
        {
            captured = new(paid.AtMs, paid.Amount, Share(paid.Amount, [.. parts.Select(p => p.Amount)]));
            left = [.. captured.Shares];
        }

        var amends = Reductions(facts, parts);
        var refunds = new List<SharedAmount>();
        foreach (var (atMs, amount) in facts.GivenBack)
        {
            // A partial cancel's refund is borne by those whose lines were cancelled, any other one by what each has.
            var amend = amends.FirstOrDefault(a => a.Total == amount);
            var shares = amend?.Shares ?? Share(amount, left);
            if (amend is not null)
            {
                amends.Remove(amend);
            }

            refunds.Add(new(atMs, amount, shares));
            left = [.. left.Select((won, i) => won - shares[i])];
        }

        return new([.. parts.Select(p => p.SellerId)], captured, refunds);
    }

    private static List<Reduction> Reductions(OrderFacts facts, IReadOnlyList<SellerAmount> parts)
    {
        var before = parts.Select(p => p.Amount).ToArray();
        var reductions = new List<Reduction>();
        foreach (var amend in facts.Amends)
        {
            Money[] after =
            [
                .. parts.Select(p => amend.Sellers.FirstOrDefault(s => s.SellerId == p.SellerId)?.Amount ?? Money.Zero),
            ];
            Money[] shares = [.. before.Select((won, i) => won - after[i])];
            if (shares.Aggregate(Money.Zero, (sum, won) => sum + won) == amend.RefundAmount)
            {
                reductions.Add(new(amend.RefundAmount, shares));
            }

            before = after;
        }

        return reductions;
    }

    // What nobody's part explains (a refund beyond what is left) falls to the first seller rather than to none.
    private static IReadOnlyList<Money> Share(Money amount, Money[] weights) => weights.Length == 0
        ? []
        : ShareOut.Of(amount, [.. weights.Select(w => w < Money.Zero ? Money.Zero : w)]);

    private sealed record Reduction(Money Total, Money[] Shares);
}
