using System.Text;
using System.Text.Json;
using DoaMarket.Contracts;
using DoaMarket.Kernel;
using DoaMarket.Stats;

namespace DoaMarket.Audit;

/// <summary>F1, F2: the statistics equal a recomputation from the journal.</summary>
internal static class FigureInvariants
{
    private static readonly string Queue = ShopTopology.Topology.Of(ShopTopology.Stats).Queue;

    public static IEnumerable<AuditResult> Of(ShopRecords shop) => [Sums(shop), Facts(shop)];

    private static AuditResult Sums(ShopRecords shop)
    {
        var check = new Check("F1", "the figures are the sum of what each order contributes");
        foreach (var generation in shop.StatsBooks.Counted)
        {
            var days = new Dictionary<FiguresKey, Figures>();
            var products = new Dictionary<ProductKey, ProductFigures>();
            foreach (var order in shop.Orders)
            {
                Add(order.Stats?.State.Of(generation) ?? new OrderFacts(), days, products);
            }

            Compare(
                check, days, Figures.Zero,
                shop.StatsDays.Where(d => d.Generation == generation)
                    .Select(d => (new FiguresKey(d.Day, d.SellerId), d.Figures)));
            Compare(
                check, products, ProductFigures.Zero,
                shop.StatsProducts.Where(p => p.Generation == generation)
                    .Select(p => (new ProductKey(p.Day, p.SellerId, p.ProductId, p.VariantId), p.Figures)));
        }

        return check.Result;
    }

    private static void Add(
        OrderFacts facts, Dictionary<FiguresKey, Figures> days, Dictionary<ProductKey, ProductFigures> products)
    {
        var contribution = Contribution.Of(facts);
        foreach (var (key, figures) in contribution.Days)
        {
            days[key] = days.GetValueOrDefault(key, Figures.Zero).Plus(figures);
        }

        foreach (var (key, figures) in contribution.Products)
        {
            products[key] = products.GetValueOrDefault(key, ProductFigures.Zero).Plus(figures);
        }
    }

    private static void Compare<TKey, TValue>(
        Check check, Dictionary<TKey, TValue> summed, TValue zero, IEnumerable<(TKey Key, TValue Value)> kept)
        where TKey : notnull where TValue : class
    {
        foreach (var (key, value) in kept)
        {
            check.Look();
            check.Expect(
                value.Equals(summed.GetValueOrDefault(key, zero)),
                () => $"{key}: {value} is kept, the orders add up to {summed.GetValueOrDefault(key, zero)}");
            summed.Remove(key);
        }

        foreach (var (key, value) in summed)
        {
            check.Look();
            check.Expect(value.Equals(zero), () => $"{key}: nothing is kept, the orders add up to {value}");
        }
    }

    // Once nothing about the order waits, its facts are those of the messages that it has taken in; after a rebuild also
    // those of messages that it has not (dead letters: O2 tells of them).
    private static AuditResult Facts(ShopRecords shop)
    {
        var check = new Check("F2", "what the statistics know of an order is what the journal tells");
        foreach (var order in shop.Orders)
        {
            var told = order.Told.Where(t => ToldReader.Figures.Contains(t.Type)).ToList();
            if (told.Any(t => shop.Pending.Contains((Queue, t.Id))) || (told.Count == 0 && order.Stats is null))
            {
                continue;
            }

            check.Look();
            var kept = Text(order.Stats?.State.Of(shop.StatsBooks.Generation) ?? new OrderFacts());
            var handled = order.Stats?.Handled ?? [];
            check.Expect(
                kept == Text(Merged(told)) || kept == Text(Merged(told.Where(t => handled.Contains(t.Id)))),
                () => $"order {order.Id}: the statistics know {kept}, the journal tells {Text(Merged(told))}");
        }

        return check.Result;
    }

    private static OrderFacts Merged(IEnumerable<Told> told) => told.Where(t => t.Body is not null)
        .Aggregate(new OrderFacts(), (facts, t) => facts.With(t.Body!, t.SentAtMs, new(t.Id)));

    private static string Text(OrderFacts facts) =>
        Encoding.UTF8.GetString(JsonSerializer.SerializeToUtf8Bytes(facts, StatsJson.Default.OrderFacts));
}
