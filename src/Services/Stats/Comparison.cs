using DoaMarket.Contracts;
using DoaMarket.Kernel;

namespace DoaMarket.Stats;

/// <summary>Old figures and new ones, side by side in one consistent view of the store.</summary>
/// <param name="Compared">Days and products looked at.</param>
/// <param name="Different">How many of them differ.</param>
/// <param name="Examples">Some that differ, in words.</param>
/// <param name="HasPending">Whether messages waited for Stats: replayed, but not heard yet.</param>
internal sealed record Comparison(long Compared, long Different, IReadOnlyList<string> Examples, bool HasPending)
{
    private const int MaxExamples = 20;

    public static async Task<Comparison> Of(IStore store, long old, long next, CancellationToken stop)
    {
        await using var snapshot = await store.Snapshot(stop);
        var found = new Dictionary<string, (string Old, string New)>(StringComparer.Ordinal);
        foreach (var day in snapshot.Scan(StatsKinds.Days).Select(d => (DayFigures)d.State))
        {
            if (day.Figures != Figures.Zero)
            {
                var key = $"{SeoulDay.Text(day.Day)} {day.SellerId?.Value ?? "the shop"}";
                Note(key, day.Generation, Text(day.Figures));
            }
        }

        foreach (var product in snapshot.Scan(StatsKinds.Products).Select(d => (ProductDay)d.State))
        {
            if (product.Figures != ProductFigures.Zero)
            {
                var key = $"{SeoulDay.Text(product.Day)} {product.SellerId} {product.ProductId} {product.VariantId}";
                Note(key, product.Generation, product.Figures.ToString());
            }
        }

        var queue = ShopTopology.Topology.Of(ShopTopology.Stats).Queue;
        var different = found.Where(f => f.Value.Old != f.Value.New).OrderBy(f => f.Key, StringComparer.Ordinal).ToList();
        return new(
            found.Count, different.Count,
            [.. different.Take(MaxExamples).Select(f => $"{f.Key}: {f.Value.Old} → {f.Value.New}")],
            snapshot.Pending().Any(p => p.Queue == queue));

        void Note(string key, long generation, string text)
        {
            var known = found.GetValueOrDefault(key, ("nothing", "nothing"));
            if (generation == old)
            {
                found[key] = (text, known.Item2);
            }
            else if (generation == next)
            {
                found[key] = (known.Item1, text);
            }
        }
    }

    private static string Text(Figures f) =>
        $"{f.Orders} orders, {f.PaidOrders} paid, {f.Gross} gross, {f.Refunded} refunded, {f.CancelledOrders} cancelled, "
        + $"{f.ReturnedOrders} returned, sagas {f.SagasSucceeded}/{f.SagasFailed}/{f.SagasUndone}, "
        + $"took {f.SuccessTook.Count}/{f.FailureTook.Count} in {f.SuccessTook.SumMs}/{f.FailureTook.SumMs} ms";
}
